//! Conditions from expressions: the grammar of the contract.

use std::str::FromStr;

use super::atom::{self, OPS, Op};
use super::tree::{TooLarge, Tree};
use super::variable::{FLAGS, Variable};
use super::{Condition, Repr};

/// Why a text is not a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a condition: {why}")]
pub struct NotACondition {
    /// What was read.
    pub text: String,
    /// What was expected, and where.
    pub why: String,
}

/// Parentheses inside each other that are read.
const MAX_DEPTH: usize = 100;

impl FromStr for Condition {
    type Err = NotACondition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim() == "unknown" {
            return Ok(Self(Repr::Unknown));
        }
        let mut parser = Parser { rest: text, depth: 0 };
        let fail = |why| Err(NotACondition { text: text.to_owned(), why });
        match parser.or() {
            Ok(_) if !parser.space().is_empty() => fail(format!("cannot read {:?}", parser.rest)),
            Ok(tree) => Ok(Self::from_tree(tree)),
            Err(Fault::TooLarge) => Ok(Self::unknown()),
            Err(Fault::Syntax(why)) => fail(why),
        }
    }
}

enum Fault {
    Syntax(String),
    TooLarge,
}

impl From<TooLarge> for Fault {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn or(&mut self) -> Result<Tree<bool>, Fault> {
        let mut all = self.and()?;
        while self.keyword("or") {
            all = all.or(&self.and()?)?;
        }
        Ok(all)
    }

    fn and(&mut self) -> Result<Tree<bool>, Fault> {
        let mut all = self.not()?;
        while self.keyword("and") {
            all = all.and(&self.not()?)?;
        }
        Ok(all)
    }

    fn not(&mut self) -> Result<Tree<bool>, Fault> {
        if self.keyword("not") { Ok(self.atom()?.negate()) } else { self.atom() }
    }

    fn atom(&mut self) -> Result<Tree<bool>, Fault> {
        if self.punctuation("(") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(Fault::Syntax("parentheses are nested too deeply".to_owned()));
            }
            let inner = self.or()?;
            self.depth -= 1;
            return if self.punctuation(")") { Ok(inner) } else { Err(self.expected("')'")) };
        }
        match self.name() {
            "always" => Ok(Tree::TRUE),
            "never" => Ok(Tree::FALSE),
            "python" => {
                let op = self.op()?.ok_or_else(|| self.expected("a comparison after \"python\""))?;
                Ok(atom::python(op, self.version()?))
            }
            "limited" => match self.op()? {
                Some(op) => Ok(atom::limited(op, self.version()?)),
                None => Ok(atom::is_limited()),
            },
            "platform" => self.word(&Variable::Platform),
            "implementation" => self.word(&Variable::Implementation),
            "opaque" => self.opaque(),
            name => FLAGS.iter().find(|(flag, _)| *flag == name).map_or_else(
                || Err(Fault::Syntax(format!("{name:?} is not a name to ask about"))),
                |(_, variable)| Ok(atom::flag(variable.clone())),
            ),
        }
    }

    /// `== VALUE` or `!= VALUE`.
    fn word(&mut self, variable: &Variable) -> Result<Tree<bool>, Fault> {
        let op = self.op()?;
        let value = self.name();
        let words = variable.words().unwrap_or_default();
        let Some((_, index)) = words.iter().zip(0..).find(|(word, _)| **word == value) else {
            return Err(Fault::Syntax(format!("{} is one of {}", variable.name(), words.join(", "))));
        };
        let tree = atom::word(variable.clone(), index);
        match op {
            Some(Op::Equal) => Ok(tree),
            Some(Op::NotEqual) => Ok(tree.negate()),
            _ => Err(Fault::Syntax(format!("{} is compared with == or !=", variable.name()))),
        }
    }

    fn opaque(&mut self) -> Result<Tree<bool>, Fault> {
        if !self.punctuation("(") {
            return Err(self.expected("'(' after \"opaque\""));
        }
        let mut depth = 1_usize;
        let end = self.rest.bytes().position(|byte| {
            depth = match byte {
                b'(' => depth + 1,
                b')' => depth - 1,
                _ => depth,
            };
            depth == 0
        });
        let Some(end) = end else {
            return Err(self.expected("')' after \"opaque(\""));
        };
        let text = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        if text.trim().is_empty() {
            return Err(Fault::Syntax("opaque() names nothing".to_owned()));
        }
        Ok(atom::opaque(text))
    }

    fn op(&mut self) -> Result<Option<Op>, Fault> {
        let found = OPS.iter().find(|(text, _)| self.space().starts_with(text));
        let Some((text, op)) = found else {
            return Ok(None);
        };
        self.punctuation(text);
        if self.space().starts_with(['<', '>', '=', '!']) {
            return Err(self.expected("a value"));
        }
        Ok(Some(*op))
    }

    fn version(&mut self) -> Result<capi::Version, Fault> {
        let rest = self.space();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        self.rest = after;
        text.parse().map_err(|error: <capi::Version as FromStr>::Err| Fault::Syntax(error.to_string()))
    }

    /// The next word; empty if there is none.
    fn name(&mut self) -> &'t str {
        let rest = self.space();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        self.rest = after;
        name
    }

    fn keyword(&mut self, word: &str) -> bool {
        let before = self.space();
        let found = self.name() == word;
        if !found {
            self.rest = before;
        }
        found
    }

    fn punctuation(&mut self, mark: &str) -> bool {
        let rest = self.space();
        rest.strip_prefix(mark).map(|after| self.rest = after).is_some()
    }

    fn space(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    fn expected(&self, what: &str) -> Fault {
        Fault::Syntax(format!("expected {what} before {:?}", self.rest))
    }
}
