//! The smallest conditions: one name, or one comparison.

use std::fmt;
use std::sync::Arc;

use capi::Version;

use super::tree::Tree;
use super::variable::{
    Variable, is_identifier, limited_value, limited_version, python_next, python_value, python_version,
};
use super::{Condition, Repr};

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Op {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// The operators as written, longer ones before their prefixes.
pub(super) const OPS: [(&str, Op); 6] = [
    ("<=", Op::LessOrEqual),
    (">=", Op::GreaterOrEqual),
    ("==", Op::Equal),
    ("!=", Op::NotEqual),
    ("<", Op::Less),
    (">", Op::Greater),
];

/// The longest text inside `opaque(…)`; longer ones are named by their hash.
const MAX_OPAQUE: usize = 160;

impl Condition {
    /// `python OP version`.
    pub fn python(op: Op, version: Version) -> Self {
        Self(Repr::Known(python(op, version)))
    }

    /// `limited`: `Py_LIMITED_API` is defined.
    pub fn limited() -> Self {
        Self(Repr::Known(is_limited()))
    }

    /// `limited OP version`: defined, and the comparison holds.
    pub fn limited_api(op: Op, version: Version) -> Self {
        Self(Repr::Known(limited(op, version)))
    }

    /// `opaque(text)`, for a macro's name or another C expression that cannot be decided.
    pub fn opaque(text: &str) -> Self {
        Self(Repr::Known(opaque(text)))
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(OPS.iter().find(|(_, op)| op == self).map_or("", |(text, _)| text))
    }
}

pub(super) fn python(op: Op, version: Version) -> Tree<bool> {
    let value = python_value(version);
    // A version that never was lies between two values.
    let next = if python_version(value) == version { python_next(value) } else { value };
    compare(Variable::Python, 0, op, value, next)
}

pub(super) fn limited(op: Op, version: Version) -> Tree<bool> {
    let value = limited_value(version);
    let next = if limited_version(value) == version { value + 1 } else { value };
    compare(Variable::Limited, 1, op, value, next)
}

pub(super) fn is_limited() -> Tree<bool> {
    Tree::within(Variable::Limited, 1, Variable::Limited.size())
}

/// Values from `least` on that compare with `value`, whose successor is `next`.
fn compare(variable: Variable, least: u32, op: Op, value: u32, next: u32) -> Tree<bool> {
    Tree::by_value(variable, [0, least, value, next], |other| {
        other >= least
            && match op {
                Op::Less => other < value,
                Op::LessOrEqual => other < next,
                Op::Greater => other >= next,
                Op::GreaterOrEqual => other >= value,
                Op::Equal => other >= value && other < next,
                Op::NotEqual => other < value || other >= next,
            }
    })
}

/// A flag is set.
pub(super) fn flag(variable: Variable) -> Tree<bool> {
    Tree::within(variable, 1, 2)
}

/// A worded variable has the value at `index`.
pub(super) fn word(variable: Variable, index: u32) -> Tree<bool> {
    Tree::within(variable, index, index + 1)
}

/// See [`Condition::opaque`].
pub(super) fn opaque(text: &str) -> Tree<bool> {
    let text = opaque_text(text);
    let zero_test = |suffix| text.strip_suffix(suffix).filter(|name| is_identifier(name)).map(Arc::from);
    if let Some(name) = zero_test(" != 0") {
        Tree::within(Variable::Opaque(name), 2, 3)
    } else if let Some(name) = zero_test(" == 0") {
        Tree::within(Variable::Opaque(name), 0, 2)
    } else {
        let variable = Variable::Opaque(text.as_str().into());
        let size = variable.size();
        Tree::within(variable, 1, size)
    }
}

/// The text as it can stand between parentheses: single spaces, balanced, printable, not too long.
pub(super) fn opaque_text(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let plain =
        !text.is_empty() && text.len() <= MAX_OPAQUE && !text.chars().any(char::is_control) && is_balanced(&text);
    if plain { text } else { opaque_name(&text) }
}

/// A short name for an expression that is too long or too strange to print.
pub(super) fn opaque_name(text: &str) -> String {
    format!("expression_{:016x}", fnv1a(text.as_bytes()))
}

fn is_balanced(text: &str) -> bool {
    let depth = text.bytes().try_fold(0_u32, |depth, byte| match byte {
        b'(' => depth.checked_add(1),
        b')' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

/// A stable 64-bit hash (FNV-1a), good enough to tell expressions apart.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
