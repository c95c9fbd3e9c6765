//! Values of expressions, in every build at once.

use super::super::atom;
use super::super::tree::{TooLarge, Tree, combine};
use super::number::{Decision, Number};

/// What a sub-expression gives.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A comparison or logical expression: 0 or 1.
    Truth(Tree<bool>),
    Number(Tree<Number>),
}

/// A macro: where it is defined, and its value.
#[derive(Debug, Clone)]
pub(super) struct Meaning {
    pub(super) defined: Tree<bool>,
    pub(super) value: Value,
}

/// Leaves of the largest tree that an expression may have on its way.
pub(super) const MAX_LEAVES: usize = 8192;

impl Value {
    pub(super) fn known(value: i64) -> Self {
        Self::Number(Tree::Leaf(Number::known(value)))
    }

    pub(super) fn opaque(text: &str) -> Self {
        Self::Number(Tree::Leaf(Number::opaque(text)))
    }

    /// As a number.
    pub(super) fn number(&self) -> Tree<Number> {
        match self {
            Self::Number(tree) => tree.clone(),
            Self::Truth(tree) => tree.map(&mut |truth| Number::known(i64::from(*truth))),
        }
    }

    /// Where it is not zero.
    pub(super) fn truth(&self) -> Result<Tree<bool>, TooLarge> {
        match self {
            Self::Truth(tree) => Ok(tree.clone()),
            Self::Number(tree) => settle(&tree.map(&mut Number::truth)),
        }
    }

    /// How much it costs to work with.
    pub(super) fn leaves(&self) -> usize {
        match self {
            Self::Truth(tree) => tree.leaves(MAX_LEAVES),
            Self::Number(tree) => tree.leaves(MAX_LEAVES),
        }
    }

    /// `then` where `condition` holds, else `otherwise`.
    pub(super) fn choose(condition: &Tree<bool>, then: &Self, otherwise: &Self) -> Result<Self, TooLarge> {
        match (then, otherwise) {
            _ if *condition == Tree::TRUE => Ok(then.clone()),
            _ if *condition == Tree::FALSE => Ok(otherwise.clone()),
            (Self::Truth(then), Self::Truth(otherwise)) => condition.choose(then, otherwise).map(Self::Truth),
            _ => condition.choose(&then.number(), &otherwise.number()).map(Self::Number),
        }
    }

    /// An arithmetic operator or a comparison.
    pub(super) fn operate(left: &Self, op: &str, right: &Self) -> Result<Self, TooLarge> {
        let (left, right) = (left.number(), right.number());
        if matches!(op, "==" | "!=" | "<" | "<=" | ">" | ">=") {
            let decisions = leaf_by_leaf(&left, &right, |a, b| Number::compare(a, op, b))?;
            return settle(&decisions).map(Self::Truth);
        }
        leaf_by_leaf(&left, &right, |a, b| Number::operate(a, op, b)).map(Self::Number)
    }
}

fn leaf_by_leaf<T: Clone + Eq>(
    left: &Tree<Number>,
    right: &Tree<Number>,
    f: impl Fn(&Number, &Number) -> T,
) -> Result<Tree<T>, TooLarge> {
    combine(left, right, &|a, b| match (a, b) {
        (Tree::Leaf(a), Tree::Leaf(b)) => Some(Tree::Leaf(f(a, b))),
        _ => None,
    })
}

/// Makes each undecided comparison an opaque condition of its own.
fn settle(decisions: &Tree<Decision>) -> Result<Tree<bool>, TooLarge> {
    let mut open: Vec<Decision> = Vec::new();
    decisions.each(&mut |decision| {
        if matches!(decision, Decision::Opaque { .. }) && !open.contains(decision) {
            open.push(decision.clone());
        }
    });
    let mut settled = decisions.map(&mut |decision| *decision == Decision::Decided(true));
    for decision in open {
        let Decision::Opaque { text, negated } = &decision else {
            continue;
        };
        let opaque = atom::opaque(text);
        let opaque = if *negated { opaque.negate() } else { opaque };
        let here = decisions.map(&mut |other| *other == decision);
        settled = settled.or(&here.and(&opaque)?)?;
    }
    Ok(settled)
}
