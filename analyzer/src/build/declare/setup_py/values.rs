//! The values that an expression may have: variables and choices are followed.

use crate::lexer::{Kind, Sym};

use super::super::page::When;
use super::Reader;

/// Assignments of one variable that are followed.
const MAX_VALUES: usize = 6;

/// Variables that are followed from one to the next.
const MAX_DEPTH: usize = 4;

/// A value with what has to hold for it.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) when: When,
}

impl Reader<'_, '_, '_> {
    /// The index after the value that starts at `from`.
    pub(super) fn end_of_value(&self, from: usize) -> usize {
        let script = self.script;
        let mut at = from;
        while at < script.tokens.len() {
            match script.kind(at) {
                Kind::LParen | Kind::LBracket | Kind::LBrace => at = self.after(at),
                Kind::Comma | Kind::RParen | Kind::RBracket | Kind::RBrace | Kind::Newline | Kind::Semi | Kind::End => {
                    break;
                }
                _ => at += 1,
            }
        }
        at
    }

    /// The values that an expression may have: variables and choices are followed.
    pub(super) fn values(&self, from: usize, to: usize, when: &When) -> Vec<Value> {
        let mut found = Vec::new();
        let mut open = vec![(Value { from, to, when: when.clone() }, 0, Vec::<Sym>::new())];
        while let Some((value, depth, seen)) = open.pop() {
            if found.len() + open.len() > MAX_VALUES || depth > MAX_DEPTH {
                found.push(value);
                continue;
            }
            if let Some(choices) = self.choices(&value) {
                open.extend(choices.into_iter().map(|choice| (choice, depth + 1, seen.clone())));
                continue;
            }
            let variable = self.variable(&value).filter(|name| !seen.contains(name));
            let assigned: Vec<Value> = variable.map_or_else(Vec::new, |name| self.assigned(name, &value));
            if assigned.is_empty() {
                found.push(value);
                continue;
            }
            let seen: Vec<Sym> = seen.iter().copied().chain(variable).collect();
            open.extend(assigned.into_iter().map(|value| (value, depth + 1, seen.clone())));
        }
        found.sort_by_key(|value| value.from);
        found
    }

    /// The one name that the value is.
    pub(super) fn variable(&self, value: &Value) -> Option<Sym> {
        let is_name = value.to == value.from + 1 && self.script.kind(value.from) == Kind::Ident;
        let is_constant = matches!(self.script.word(value.from), b"True" | b"False" | b"None");
        (is_name && !is_constant).then(|| self.script.tokens[value.from].sym)
    }

    /// What is assigned to a variable, wherever; each with the conditions around it.
    pub(super) fn assigned(&self, name: Sym, to: &Value) -> Vec<Value> {
        self.lines_of(name)
            .take(MAX_VALUES)
            .map(|line| Value { from: line.start + 2, to: line.end, when: self.around(line.start).both(&to.when) })
            .collect()
    }

    /// `A if C else B`.
    pub(super) fn choices(&self, value: &Value) -> Option<[Value; 2]> {
        let script = self.script;
        let outside = |word: &[u8]| {
            let mut at = value.from;
            while at < value.to {
                match script.kind(at) {
                    Kind::LParen | Kind::LBracket | Kind::LBrace => at = self.after(at),
                    _ if script.word(at) == word => return Some(at),
                    _ => at += 1,
                }
            }
            None
        };
        let (then, otherwise) = (outside(b"if")?, outside(b"else")?);
        let condition = self.written(then + 1, otherwise);
        let depends = self.asked_by(&condition);
        Some([
            Value { from: value.from, to: then, when: value.when.clone().and(&condition, &depends) },
            Value {
                from: otherwise + 1,
                to: value.to,
                when: value.when.clone().and(&format!("not ({condition})"), &depends),
            },
        ])
    }
}
