//! `#[cfg(…)]`: for which builds an item is compiled.

use crate::Condition;
use crate::lexer::{Kind, Names, Token};
use crate::scan::{Guard, Guards};

/// Open conditions that are told apart; deeper ones are those around them.
const MAX_OPEN: usize = 64;

/// Tokens of the longest attribute.
const MAX_ATTRIBUTE: usize = 256;

/// A condition in force, and where it ends.
#[derive(Debug, Clone, Copy)]
struct Open {
    guard: Guard,
    /// Brackets that were open where the item starts.
    depth: usize,
    /// A function or the like: it ends with its braces, not with a comma.
    is_item: bool,
}

/// The conditions along a file.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    depth: usize,
    open: Vec<Open>,
}

impl Conditions {
    /// Goes over the token at `at`; gives the condition that it is under.
    pub(super) fn step(&mut self, tokens: &[Token], at: usize, names: &Names, guards: &mut Guards) -> Guard {
        let guard = self.open.last().map_or(Guard::ALWAYS, |open| open.guard);
        match tokens[at].kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => self.depth += 1,
            Kind::RParen | Kind::RBracket | Kind::RBrace => {
                self.depth = self.depth.saturating_sub(1);
                let ends = |open: &Open| self.depth < open.depth;
                let closes = |open: &Open| self.depth == open.depth && tokens[at].kind == Kind::RBrace;
                while self.open.last().is_some_and(|open| ends(open) || closes(open)) {
                    self.open.pop();
                }
            }
            Kind::Semi | Kind::Comma => {
                let is_comma = tokens[at].kind == Kind::Comma;
                while self.open.last().is_some_and(|open| self.depth == open.depth && !(is_comma && open.is_item)) {
                    self.open.pop();
                }
            }
            Kind::Hash => self.attribute(tokens, at, guard, names, guards),
            _ => {}
        }
        guard
    }

    /// `#[cfg(…)]` in front of an item, `#![cfg(…)]` inside one or at the file's start.
    fn attribute(&mut self, tokens: &[Token], at: usize, outer: Guard, names: &Names, guards: &mut Guards) {
        let kind = |at: usize| tokens.get(at).map_or(Kind::End, |token| token.kind);
        let word = |at: usize| tokens.get(at).map_or(&b""[..], |token| names.bytes(token.sym));
        let is_inner = kind(at + 1) == Kind::Not;
        let open = at + 1 + usize::from(is_inner);
        let condition = match word(open + 1) {
            b"test" if kind(open + 2) == Kind::RBracket => Condition::never(),
            b"cfg" if kind(open + 2) == Kind::LParen => condition(tokens, open + 3, names),
            _ => return,
        };
        if kind(open) != Kind::LBracket || self.open.len() >= MAX_OPEN {
            return;
        }
        let end = (open..tokens.len().min(open + MAX_ATTRIBUTE)).find(|&at| kind(at) == Kind::RBracket);
        let next = end.map_or(open, |end| end + 1);
        let own = guards.number(condition);
        let guard = guards.both(outer, own);
        let is_item = matches!(
            word(next),
            b"pub"
                | b"fn"
                | b"unsafe"
                | b"extern"
                | b"async"
                | b"const"
                | b"static"
                | b"impl"
                | b"mod"
                | b"struct"
                | b"enum"
                | b"trait"
                | b"use"
        );
        let depth = if is_inner { self.depth.saturating_sub(1) } else { self.depth };
        self.open.push(Open { guard, depth, is_item: is_item || is_inner });
    }
}

/// What a list of conditions means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    All,
    Any,
    Not,
}

/// The condition from `from` to the parenthesis that closes it.
fn condition(tokens: &[Token], from: usize, names: &Names) -> Condition {
    let mut lists = vec![(Operator::All, Condition::always())];
    for at in from..tokens.len().min(from + MAX_ATTRIBUTE) {
        let known = match tokens[at].kind {
            Kind::Ident => match names.bytes(tokens[at].sym) {
                b"all" | b"any" | b"not" if tokens.get(at + 1).is_some_and(|next| next.kind == Kind::LParen) => {
                    let (operator, empty) = match names.bytes(tokens[at].sym) {
                        b"any" => (Operator::Any, Condition::never()),
                        b"not" => (Operator::Not, Condition::always()),
                        _ => (Operator::All, Condition::always()),
                    };
                    lists.push((operator, empty));
                    continue;
                }
                word => atom(word, tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Assign)),
            },
            Kind::RParen => match lists.pop() {
                Some((_, whole)) if lists.is_empty() => return whole,
                Some((Operator::Not, inner)) => inner.negate(),
                Some((_, inner)) => inner,
                None => return Condition::unknown(),
            },
            _ => continue,
        };
        if let Some((operator, list)) = lists.last_mut() {
            *list = if *operator == Operator::Any { list.or(&known) } else { list.and(&known) };
        }
    }
    Condition::unknown()
}

/// One condition by its name; those with a value are not followed.
fn atom(word: &[u8], has_value: bool) -> Condition {
    let text = String::from_utf8_lossy(word);
    if let Some(minor) = text.strip_prefix("Py_3_").filter(|minor| minor.parse::<u8>().is_ok()) {
        // PyO3 takes the level that the build asks for as the version.
        return parsed(&format!("python >= 3.{minor} and (not limited or limited >= 3.{minor})"));
    }
    match &*text {
        _ if has_value => Condition::unknown(),
        "test" => Condition::never(),
        "Py_LIMITED_API" => parsed("limited"),
        "Py_GIL_DISABLED" => parsed("free_threaded"),
        "PyPy" => parsed("implementation == pypy"),
        "GraalPy" => parsed("implementation == graalpy"),
        "windows" => parsed("platform == windows"),
        "unix" => parsed("platform != windows"),
        _ => Condition::unknown(),
    }
}

fn parsed(text: &str) -> Condition {
    text.parse().unwrap_or_else(|_| Condition::unknown())
}
