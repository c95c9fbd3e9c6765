//! Builds that exist: `Py_LIMITED_API` is never above the version of the headers.
//!
//! Cython writes `#if (Py_LIMITED_API & 0xffff0000) > (PY_VERSION_HEX & 0xffff0000)` with an `#error` at the head of
//! every file. Taken literally every line below would be compiled "where for each version either ...": true, and of no
//! use to anybody.

use super::tree::Tree;
use super::variable::{Variable, limited_value, python_value};
use capi::Version;

/// The last minor version of CPython 3 that is told apart from those after it. A package that compares
/// `Py_LIMITED_API` with later ones does not exist yet.
pub(super) const LAST_MINOR: u8 = 31;

/// A function that differs from `tree` at most in builds that cannot exist, if there is a smaller one.
///
/// In such builds the answer of the oldest headers that fit counts. Trees ask for `limited` before `python`, so this is
/// a matter of the two topmost levels.
pub(super) fn simplified(tree: Tree<bool>) -> Tree<bool> {
    let Tree::Branch(branch) = &tree else { return tree };
    if branch.variable != Variable::Limited {
        return tree;
    }
    let mut edges: Vec<(u32, Tree<bool>)> = Vec::new();
    for (index, (from, child)) in branch.edges.iter().enumerate() {
        let to = branch.edges.get(index + 1).map_or(Variable::Limited.size(), |(next, _)| *next);
        for start in starts(child, *from, to) {
            edges.push((start, with_headers_for(start, child)));
        }
    }
    let simpler = Tree::branch(Variable::Limited, edges);
    if simpler.leaves() < tree.leaves() { simpler } else { tree }
}

/// The values of `limited` in `from..to` at which the headers that fit lose a case of `child`.
fn starts(child: &Tree<bool>, from: u32, to: u32) -> Vec<u32> {
    let end = limited_value(Version::new(3, LAST_MINOR + 1));
    let mut starts = vec![from];
    if let Tree::Branch(branch) = child
        && branch.variable == Variable::Python
    {
        let minors = (0..=LAST_MINOR).map(|minor| Version::new(3, minor));
        let cuts = minors.filter(|version| branch.edges.iter().any(|(cut, _)| *cut == python_value(*version)));
        starts.extend(cuts.map(limited_value).filter(|value| from < *value && *value < to));
    }
    // What lies beyond the versions that are told apart goes on as before.
    starts.retain(|start| *start < end);
    starts
}

/// What is left of `child`, below a value of `limited`, when the headers are new enough.
fn with_headers_for(limited: u32, child: &Tree<bool>) -> Tree<bool> {
    let Tree::Branch(branch) = child else { return child.clone() };
    if branch.variable != Variable::Python || limited < limited_value(Version::new(3, 0)) {
        return child.clone();
    }
    let oldest = python_value(Version::new(3, u8::try_from(limited - 2).unwrap_or(u8::MAX)));
    let first = branch.edges.partition_point(|(from, _)| *from <= oldest).saturating_sub(1);
    let edges = branch.edges[first..].iter().map(|(from, child)| (*from, child.clone()));
    let edges: Vec<_> = edges.enumerate().map(|(i, (from, child))| (if i == 0 { 0 } else { from }, child)).collect();
    Tree::branch(Variable::Python, edges)
}

#[cfg(test)]
mod tests {
    use super::super::Condition;
    use super::*;

    fn simple(text: &str) -> String {
        let condition: Condition = text.parse().expect("a condition");
        let tree = condition.tree().expect("known").clone();
        Condition::from_tree(simplified(tree)).to_string()
    }

    #[test]
    fn no_build_asks_for_more_than_its_headers_have() {
        assert_eq!(simple("limited >= 3.12 and python < 3.12"), "never");
        assert_eq!(simple("limited >= 3.12 and python < 3.11 or debug"), "debug");
        assert_eq!(simple("not limited >= 3.12 or python >= 3.12"), "always");
        assert_eq!(simple("limited >= 3.12 and python >= 3.9"), "limited >= 3.12");
    }

    #[test]
    fn what_can_be_is_kept_as_it_is() {
        for kept in ["python < 3.9", "python < 3.14 and limited >= 3.12", "python < 3.12 and not limited"] {
            assert_eq!(simple(kept), kept);
        }
    }
}
