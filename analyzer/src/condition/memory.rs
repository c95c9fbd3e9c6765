//! What the operations on conditions gave: packages combine the same few conditions again and again.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use hashbrown::{Equivalent, HashMap};
use rustc_hash::FxBuildHasher;

use super::Condition;
use super::tree::Tree;

/// An operation of [`Condition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    And,
    Or,
    Negate,
}

/// Leaves of all the trees in one thread's memory; when there are more, it starts anew.
const MAX_WEIGHT: usize = 1 << 18;

/// Leaves of operands that are combined faster than looked up.
const SMALL: usize = 6;

/// Trees carry a keyed hash of their own, so a plain hasher is enough.
#[derive(Default)]
struct Memory {
    results: HashMap<Question, Condition, FxBuildHasher>,
    prints: HashMap<Tree<bool>, Rc<str>, FxBuildHasher>,
    weight: usize,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

#[derive(PartialEq, Eq)]
struct Question(Operation, Tree<bool>, Tree<bool>);

struct Asked<'t>(Operation, &'t Tree<bool>, &'t Tree<bool>);

impl Hash for Question {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, &self.1, &self.2).hash(state);
    }
}

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.1, self.2).hash(state);
    }
}

impl Equivalent<Question> for Asked<'_> {
    fn equivalent(&self, question: &Question) -> bool {
        self.0 == question.0 && *self.1 == question.1 && *self.2 == question.2
    }
}

/// The result of `operation`, from memory or else from `compute`.
pub(super) fn remembered(
    operation: Operation,
    left: &Tree<bool>,
    right: &Tree<bool>,
    compute: impl FnOnce() -> Condition,
) -> Condition {
    let trivial = |tree: &Tree<bool>| matches!(tree, Tree::Leaf(_));
    let small = left.leaves() + right.leaves() <= SMALL;
    if small || trivial(left) || trivial(right) && operation != Operation::Negate {
        return compute();
    }
    let asked = Asked(operation, left, right);
    if let Some(known) = MEMORY.with_borrow(|memory| memory.results.get(&asked).cloned()) {
        return known;
    }
    let result = compute();
    let weight = left.leaves() + right.leaves() + result.tree().map_or(0, Tree::leaves);
    MEMORY.with_borrow_mut(|memory| {
        memory.make_room(weight);
        memory.results.insert(Question(operation, left.clone(), right.clone()), result.clone());
    });
    result
}

/// What `print` makes of `tree`, from memory if it has been printed before: reports name few conditions many times.
pub(super) fn printed(tree: &Tree<bool>, print: impl FnOnce() -> String) -> Rc<str> {
    if let Some(known) = MEMORY.with_borrow(|memory| memory.prints.get(tree).cloned()) {
        return known;
    }
    let text: Rc<str> = print().into();
    MEMORY.with_borrow_mut(|memory| {
        memory.make_room(tree.leaves());
        memory.prints.insert(tree.clone(), Rc::clone(&text));
    });
    text
}

impl Memory {
    /// Takes note of so many more leaves.
    fn make_room(&mut self, weight: usize) {
        if self.weight + weight > MAX_WEIGHT {
            *self = Self::default();
        }
        self.weight += weight;
    }
}
