//! From the expressions of `#if` to conditions.
//!
//! Every number is a decision tree over the build: `PY_VERSION_HEX` has one leaf for each feature version. Operators work
//! leaf by leaf, so arithmetic stays exact, and a comparison gives a tree of truths: the condition.

#[cfg(test)]
mod brute;
mod builtin;
mod expression;
mod integer;
mod number;
#[cfg(test)]
mod tests;
mod token;
mod value;

use std::collections::HashMap;

use super::{Condition, Macros, Repr};
use expression::{Fault, Scope};
use value::Meaning;

pub(super) use token::{clean, is_name as is_name_char};

/// Turns directives into conditions. Keep one for a file, or longer: it remembers what it has evaluated.
///
/// An expression that cannot be decided is `opaque(EXPRESSION)`; a macro about which nothing is known is
/// `opaque(MACRO)`, not zero. A macro's body is evaluated as if it stood in parentheses.
#[derive(Debug, Default)]
pub struct Evaluator {
    generation: u64,
    /// Values of macros without parameters, in this generation of the package's macros.
    meanings: HashMap<String, Meaning>,
    /// Conditions by expression.
    conditions: HashMap<Box<[u8]>, Remembered>,
}

#[derive(Debug)]
struct Remembered {
    condition: Condition,
    /// Holds whatever the package's macros are.
    lasting: bool,
}

/// Expressions that are remembered, and the longest of them.
const MAX_REMEMBERED: usize = 20_000;
const MAX_REMEMBERED_LENGTH: usize = 2_000;

impl Evaluator {
    /// What follows `#if` or `#elif`.
    pub fn evaluate(&mut self, expression: &[u8], macros: &dyn Macros) -> Condition {
        self.refresh(macros);
        if let Some(known) = self.conditions.get(expression) {
            return known.condition.clone();
        }
        let text = clean(expression);
        let tokens = token::tokens(&text);
        let mut scope = Scope::new(macros, &mut self.meanings);
        let condition = match scope.truth(&tokens) {
            Ok(tree) => Condition::from_tree(tree),
            Err(Fault) => Condition::opaque(&token::spell(&tokens)),
        };
        let lasting = !scope.looked_up;
        self.remember(expression, &condition, lasting);
        condition
    }

    /// What follows `#ifdef`; negate it for `#ifndef`.
    pub fn defined(&mut self, name: &[u8], macros: &dyn Macros) -> Condition {
        self.refresh(macros);
        let text = clean(name);
        let mut scope = Scope::new(macros, &mut self.meanings);
        match token::tokens(&text).first() {
            Some(token::Token::Name(name)) => match scope.meaning(name) {
                Ok(meaning) => Condition::from_tree(meaning.defined),
                Err(Fault) => Condition::opaque(name),
            },
            _ => Condition(Repr::Unknown),
        }
    }

    fn refresh(&mut self, macros: &dyn Macros) {
        let generation = macros.generation();
        if self.generation != generation {
            self.generation = generation;
            self.meanings.clear();
            self.conditions.retain(|_, known| known.lasting);
        }
    }

    fn remember(&mut self, expression: &[u8], condition: &Condition, lasting: bool) {
        if expression.len() <= MAX_REMEMBERED_LENGTH && self.conditions.len() < MAX_REMEMBERED {
            self.conditions.insert(expression.into(), Remembered { condition: condition.clone(), lasting });
        }
    }
}
