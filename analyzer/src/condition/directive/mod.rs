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
mod remembered;
#[cfg(test)]
mod tests;
mod token;
mod value;

use super::possible::simplified;
use super::{Condition, Macros, Repr};
use expression::{Fault, MAX_STEPS, Scope};
use remembered::{Consulted, Names, Remembered};
use value::Meaning;

pub(super) use token::{clean, is_name as is_name_char};

/// Turns directives into conditions. Keep one for a file, or longer: it remembers what it has evaluated, for as long as
/// the macros that had a say stay as they are.
///
/// An expression that cannot be decided is `opaque(EXPRESSION)`; a macro about which nothing is known is
/// `opaque(MACRO)`, not zero. A macro's body is evaluated as if it stood in parentheses.
///
/// Directives that take many steps, one after the other, use up what it may spend; then they are not decided.
#[derive(Debug)]
pub struct Evaluator {
    /// Conditions by expression.
    conditions: Remembered<Condition>,
    /// Conditions by what follows `#ifdef`.
    definitions: Remembered<Condition>,
    memory: Memory,
    /// Steps that may still be spent.
    credit: usize,
}

/// What directives have in common.
#[derive(Debug, Default)]
struct Memory {
    /// Values of macros without parameters.
    meanings: Remembered<Meaning>,
    names: Names,
}

/// The longest expression that is remembered.
const MAX_REMEMBERED_LENGTH: usize = 2_000;

/// Steps that the first directives may spend in excess, and those that each directive adds: with them the time for a
/// file grows no faster than the number of its directives.
const CREDIT: usize = 20 * MAX_STEPS;
const CREDIT_PER_DIRECTIVE: usize = 1_000;

impl Default for Evaluator {
    fn default() -> Self {
        Self {
            conditions: Remembered::default(),
            definitions: Remembered::default(),
            memory: Memory::default(),
            credit: CREDIT,
        }
    }
}

impl Evaluator {
    /// What follows `#if` or `#elif`.
    pub fn evaluate(&mut self, expression: &[u8], macros: &dyn Macros) -> Condition {
        if let Some((known, _)) = self.conditions.get(expression, macros) {
            return known.clone();
        }
        let text = clean(expression);
        let tokens = token::tokens(&text);
        let (condition, consulted) = self.scoped(macros, |scope| match scope.truth(&tokens) {
            Ok(tree) => Condition::from_tree(simplified(tree)),
            Err(Fault) => Condition::opaque(&token::spell(&tokens)),
        });
        if let Some(consulted) = consulted.filter(|_| expression.len() <= MAX_REMEMBERED_LENGTH) {
            self.conditions.insert(expression, condition.clone(), consulted);
        }
        condition
    }

    /// What follows `#ifdef`; negate it for `#ifndef`.
    pub fn defined(&mut self, name: &[u8], macros: &dyn Macros) -> Condition {
        if let Some((known, _)) = self.definitions.get(name, macros) {
            return known.clone();
        }
        let text = clean(name);
        let token = token::tokens(&text).first().copied();
        let (condition, consulted) = self.scoped(macros, |scope| match token {
            Some(token::Token::Name(name)) => match scope.defined(name) {
                Ok(tree) => Condition::from_tree(tree),
                Err(Fault) => Condition::opaque(name),
            },
            _ => Condition(Repr::Unknown),
        });
        if let Some(consulted) = consulted.filter(|_| name.len() <= MAX_REMEMBERED_LENGTH) {
            self.definitions.insert(name, condition.clone(), consulted);
        }
        condition
    }

    /// Runs `f` within the steps that are left. Also returns the macros that had a say, unless the result depends on
    /// what other directives have spent.
    fn scoped(
        &mut self,
        macros: &dyn Macros,
        f: impl FnOnce(&mut Scope<'_>) -> Condition,
    ) -> (Condition, Option<Vec<Consulted>>) {
        let steps = self.credit.min(MAX_STEPS);
        let mut scope = Scope::new(macros, &mut self.memory, steps);
        let condition = f(&mut scope);
        let used_up = scope.steps == 0 && steps < MAX_STEPS;
        self.credit = (self.credit + CREDIT_PER_DIRECTIVE).saturating_sub(steps - scope.steps).min(CREDIT);
        let mut consulted = std::mem::take(&mut scope.consulted);
        remembered::tidy(&mut consulted, 0);
        (condition, (!used_up).then_some(consulted))
    }
}
