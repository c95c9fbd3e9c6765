//! For which builds the preprocessor keeps a line.

mod atom;
mod cover;
mod directive;
mod macros;
mod memory;
mod parse;
mod possible;
mod print;
mod stack;
#[cfg(test)]
mod tests;
mod tree;
mod variable;
mod words;
mod world;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use memory::{Operation, remembered};
use tree::{TooLarge, Tree};

pub use atom::Op;
pub use directive::Evaluator;
pub use macros::{Definition, Macro, MacroTable, Macros};
pub use parse::NotACondition;
pub use stack::ConditionStack;
pub use words::condition_in_words;
pub use world::{Implementation, Limited, Truth, World};

/// When a line is compiled: `always`, `never`, `unknown`, or an expression over the names of docs/CONTRACT.md
/// (`python < 3.9 and implementation == cpython`).
///
/// Conditions that hold in the same builds are equal, whatever way they were made: contradictions are `never`,
/// tautologies `always`, ranges are merged. Printing then parsing gives the same value. Cheap to clone and to hash;
/// the order is fixed but has no meaning.
///
/// **python** is the feature version of the headers: a version stands for its newest patch release.
/// **limited** is the state of `Py_LIMITED_API`: `limited` alone means defined, and every comparison implies it.
/// So `limited < 3.11` is "defined, and lower"; the C idiom `Py_LIMITED_API+0 < 0x030b0000`, true also where it is not
/// defined, is `not limited >= 3.11`; and `!defined(Py_LIMITED_API) || Py_LIMITED_API+0 >= 0x030b0000` is
/// `not limited < 3.11`. A value that names no version (empty, or 3) is lower than every version.
/// **opaque(MACRO)** means that the macro is defined; `opaque(MACRO != 0)` that it is defined and not zero; with any
/// other C expression inside, that it is true.
///
/// Bounded: a condition that would need more than 256 cases becomes `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition(Repr);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    Known(Tree<bool>),
    Unknown,
}

/// Leaves of the largest decision tree that is kept.
const MAX_LEAVES: usize = 256;

impl Condition {
    /// Kept in every build.
    pub const fn always() -> Self {
        Self(Repr::Known(Tree::TRUE))
    }

    /// Kept in no build.
    pub const fn never() -> Self {
        Self(Repr::Known(Tree::FALSE))
    }

    /// It cannot be told.
    pub const fn unknown() -> Self {
        Self(Repr::Unknown)
    }

    /// Whether every build keeps the line.
    pub fn is_always(&self) -> bool {
        *self == Self::always()
    }

    /// Whether no build keeps the line.
    pub fn is_never(&self) -> bool {
        *self == Self::never()
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::unknown()
    }

    /// Both hold. `unknown` with `never` is `never`.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Repr::Known(a), Repr::Known(b)) => {
                remembered(Operation::And, a, b, || Self::from_result(a.and_up_to(MAX_LEAVES, b)))
            }
            _ if self.is_never() || other.is_never() => Self::never(),
            _ => Self::unknown(),
        }
    }

    /// At least one holds. `unknown` with `always` is `always`.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Repr::Known(a), Repr::Known(b)) => {
                remembered(Operation::Or, a, b, || Self::from_result(a.or_up_to(MAX_LEAVES, b)))
            }
            _ if self.is_always() || other.is_always() => Self::always(),
            _ => Self::unknown(),
        }
    }

    /// It does not hold.
    #[must_use]
    pub fn negate(&self) -> Self {
        self.tree().map_or(Self::unknown(), |tree| {
            remembered(Operation::Negate, tree, &Tree::TRUE, || Self(Repr::Known(tree.negate())))
        })
    }

    /// Whether this holds only where `other` does. `false` if it cannot be told.
    pub fn implies(&self, other: &Self) -> bool {
        self.and(&other.negate()).is_never()
    }

    /// How many cases it tells apart: what it costs to keep.
    pub(crate) fn cases(&self) -> usize {
        self.tree().map_or(0, Tree::leaves)
    }

    fn tree(&self) -> Option<&Tree<bool>> {
        match &self.0 {
            Repr::Known(tree) => Some(tree),
            Repr::Unknown => None,
        }
    }

    fn from_tree(tree: Tree<bool>) -> Self {
        if tree.leaves() > MAX_LEAVES {
            return Self::unknown();
        }
        Self(Repr::Known(tree))
    }

    fn from_result(tree: Result<Tree<bool>, TooLarge>) -> Self {
        tree.map_or(Self::unknown(), Self::from_tree)
    }
}

/// A line outside every `#if`.
impl Default for Condition {
    fn default() -> Self {
        Self::always()
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
