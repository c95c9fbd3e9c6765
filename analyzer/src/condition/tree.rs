//! Ordered decision trees: one shape for every function of the build's variables, so that equal functions are equal trees.

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, LazyLock, OnceLock};

use smallvec::SmallVec;

use super::variable::Variable;

/// A function from builds to `T`.
///
/// Variables appear in rising order on every path, neighbouring edges differ, and a branch has at least two edges:
/// therefore each function has exactly one tree, whatever operations made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Tree<T> {
    Leaf(T),
    Branch(Arc<Branch<T>>),
}

/// Most branches have two.
type Edges<T> = SmallVec<[(u32, Tree<T>); 2]>;

/// Asks for one variable.
#[derive(Debug)]
pub(super) struct Branch<T> {
    pub(super) variable: Variable,
    /// Each edge is taken from its value up to the next edge's; the first starts at 0.
    pub(super) edges: Edges<T>,
    leaves: usize,
    /// Conditions are looked up far more often than they are made: each is hashed once.
    hash: OnceLock<u64>,
}

impl<T: PartialEq> PartialEq for Branch<T> {
    fn eq(&self, other: &Self) -> bool {
        let hashes = self.hash.get().zip(other.hash.get());
        self.leaves == other.leaves
            && hashes.is_none_or(|(a, b)| a == b)
            && self.variable == other.variable
            && self.edges == other.edges
    }
}

impl<T: Eq> Eq for Branch<T> {}

impl PartialOrd for Tree<bool> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tree<bool> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Leaf(a), Self::Leaf(b)) => a.cmp(b),
            (Self::Leaf(_), Self::Branch(_)) => Ordering::Less,
            (Self::Branch(_), Self::Leaf(_)) => Ordering::Greater,
            (Self::Branch(a), Self::Branch(b)) => (&a.variable, &a.edges).cmp(&(&b.variable, &b.edges)),
        }
    }
}

/// The key of every hash of what a package wrote: not known to its author.
pub(super) static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl<T: Hash> Hash for Branch<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(*self.hash.get_or_init(|| HASHES.hash_one((&self.variable, &self.edges))));
    }
}

/// Pairs of nodes that one operation may visit: what keeps hostile conditions cheap.
const WORK: usize = 1 << 14;

/// An operation would visit too many nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

impl<T: Clone + Eq> Tree<T> {
    /// A branch in its one shape.
    pub(super) fn branch(variable: Variable, edges: impl IntoIterator<Item = (u32, Self)>) -> Self {
        let mut kept: Edges<T> = edges.into_iter().collect();
        kept.dedup_by(|(_, child), (_, last)| child == last);
        match kept.pop() {
            Some((_, only)) if kept.is_empty() => only,
            Some(last) => {
                kept.push(last);
                Self::apart(variable, kept)
            }
            None => unreachable!("a branch is made from at least one edge"),
        }
    }

    /// A branch whose neighbouring edges differ.
    fn apart(variable: Variable, edges: Edges<T>) -> Self {
        let leaves = edges.iter().fold(0_usize, |sum, (_, child)| sum.saturating_add(child.leaves()));
        Self::Branch(Arc::new(Branch { variable, edges, leaves, hash: OnceLock::new() }))
    }

    /// The number of leaves, those that paths share counted for each.
    pub(super) fn leaves(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::Branch(branch) => branch.leaves,
        }
    }

    /// The tree with every leaf replaced.
    pub(super) fn map<U: Clone + Eq>(&self, f: &mut impl FnMut(&T) -> U) -> Tree<U> {
        match self {
            Self::Leaf(value) => Tree::Leaf(f(value)),
            Self::Branch(branch) => {
                Tree::branch(branch.variable.clone(), branch.edges.iter().map(|(from, child)| (*from, child.map(f))))
            }
        }
    }

    /// The leaves, from left to right.
    pub(super) fn each(&self, f: &mut impl FnMut(&T)) {
        match self {
            Self::Leaf(value) => f(value),
            Self::Branch(branch) => branch.edges.iter().for_each(|(_, child)| child.each(f)),
        }
    }

    /// The variable asked first.
    fn variable(&self) -> Option<&Variable> {
        match self {
            Self::Leaf(_) => None,
            Self::Branch(branch) => Some(&branch.variable),
        }
    }

    /// The edges if `variable` is asked first, else nothing: the tree does not depend on it here.
    fn edges_on(&self, variable: &Variable) -> &[(u32, Self)] {
        match self {
            Self::Branch(branch) if branch.variable == *variable => &branch.edges,
            _ => &[],
        }
    }
}

/// Combines two trees. `answer` sees pairs of sub-trees from the top down and may answer early; it must answer for two leaves.
pub(super) fn combine<A, B, C>(
    left: &Tree<A>,
    right: &Tree<B>,
    answer: &impl Fn(&Tree<A>, &Tree<B>) -> Option<Tree<C>>,
) -> Result<Tree<C>, TooLarge>
where
    A: Clone + Eq,
    B: Clone + Eq,
    C: Clone + Eq,
{
    combine_up_to(usize::MAX, left, right, answer)
}

/// Like [`combine`]; a result with more than `leaves` leaves is given up as soon as it shows.
fn combine_up_to<A, B, C>(
    leaves: usize,
    left: &Tree<A>,
    right: &Tree<B>,
    answer: &impl Fn(&Tree<A>, &Tree<B>) -> Option<Tree<C>>,
) -> Result<Tree<C>, TooLarge>
where
    A: Clone + Eq,
    B: Clone + Eq,
    C: Clone + Eq,
{
    let mut work = Work { pairs: WORK, leaves, edges: Vec::new() };
    combine_within(left, right, answer, &mut work)
}

/// What one combination may still do, and the edges of the branches being made, inner ones last.
struct Work<C> {
    pairs: usize,
    leaves: usize,
    edges: Vec<(u32, Tree<C>)>,
}

fn combine_within<A, B, C>(
    left: &Tree<A>,
    right: &Tree<B>,
    answer: &impl Fn(&Tree<A>, &Tree<B>) -> Option<Tree<C>>,
    work: &mut Work<C>,
) -> Result<Tree<C>, TooLarge>
where
    A: Clone + Eq,
    B: Clone + Eq,
    C: Clone + Eq,
{
    work.pairs = work.pairs.checked_sub(1).ok_or(TooLarge)?;
    if let Some(known) = answer(left, right) {
        return Ok(known);
    }
    let variable = match (left.variable(), right.variable()) {
        (Some(x), Some(y)) => x.min(y),
        (Some(x), None) | (None, Some(x)) => x,
        (None, None) => unreachable!("two leaves have been answered"),
    };
    let mut left = Cursor::new(left, variable);
    let mut right = Cursor::new(right, variable);
    let start = work.edges.len();
    let mut from = Some(0);
    while let Some(value) = from {
        let child = combine_within(left.child, right.child, answer, work)?;
        if work.edges[start..].last().is_none_or(|(_, last)| *last != child) {
            work.edges.push((value, child));
        }
        from = match (left.next_from(), right.next_from()) {
            (Some(x), Some(y)) => Some(x.min(y)),
            (x, y) => x.or(y),
        };
        if let Some(value) = from {
            left.advance(value);
            right.advance(value);
        }
    }
    if let [_, _, ..] = &work.edges[start..] {
        let tree = Tree::apart(variable.clone(), work.edges.drain(start..).collect());
        return if tree.leaves() > work.leaves { Err(TooLarge) } else { Ok(tree) };
    }
    match work.edges.pop() {
        Some((_, only)) => Ok(only),
        None => unreachable!("a branch is made from at least one edge"),
    }
}

/// Walks along the edges of one side.
struct Cursor<'t, T> {
    child: &'t Tree<T>,
    rest: &'t [(u32, Tree<T>)],
}

impl<'t, T: Clone + Eq> Cursor<'t, T> {
    fn new(tree: &'t Tree<T>, variable: &Variable) -> Self {
        match tree.edges_on(variable) {
            [] => Self { child: tree, rest: &[] },
            [(_, child), rest @ ..] => Self { child, rest },
        }
    }

    fn next_from(&self) -> Option<u32> {
        self.rest.first().map(|(from, _)| *from)
    }

    fn advance(&mut self, value: u32) {
        if let [(from, child), rest @ ..] = self.rest
            && *from == value
        {
            (self.child, self.rest) = (child, rest);
        }
    }
}

impl Tree<bool> {
    pub(super) const TRUE: Self = Self::Leaf(true);
    pub(super) const FALSE: Self = Self::Leaf(false);

    /// True where `variable` has a value in `from..to`.
    pub(super) fn within(variable: Variable, from: u32, to: u32) -> Self {
        Self::by_value(variable, [0, from, to], |value| value >= from && value < to)
    }

    /// True where `holds`, which changes its answer at most at `cuts`, of which 0 is one.
    pub(super) fn by_value<const N: usize>(
        variable: Variable,
        mut cuts: [u32; N],
        holds: impl Fn(u32) -> bool,
    ) -> Self {
        let size = variable.size();
        cuts.sort_unstable();
        let cuts = cuts.into_iter().filter(|cut| *cut < size);
        Self::branch(variable, cuts.map(|cut| (cut, Self::Leaf(holds(cut)))))
    }

    pub(super) fn and(&self, other: &Self) -> Result<Self, TooLarge> {
        self.and_up_to(usize::MAX, other)
    }

    /// Gives up at more than `leaves` leaves.
    pub(super) fn and_up_to(&self, leaves: usize, other: &Self) -> Result<Self, TooLarge> {
        combine_up_to(leaves, self, other, &|a, b| match (a, b) {
            (Tree::Leaf(false), _) | (_, Tree::Leaf(false)) => Some(Self::FALSE),
            (Tree::Leaf(true), x) | (x, Tree::Leaf(true)) => Some(x.clone()),
            _ => None,
        })
    }

    pub(super) fn or(&self, other: &Self) -> Result<Self, TooLarge> {
        self.or_up_to(usize::MAX, other)
    }

    /// Gives up at more than `leaves` leaves.
    pub(super) fn or_up_to(&self, leaves: usize, other: &Self) -> Result<Self, TooLarge> {
        combine_up_to(leaves, self, other, &|a, b| match (a, b) {
            (Tree::Leaf(true), _) | (_, Tree::Leaf(true)) => Some(Self::TRUE),
            (Tree::Leaf(false), x) | (x, Tree::Leaf(false)) => Some(x.clone()),
            _ => None,
        })
    }

    pub(super) fn negate(&self) -> Self {
        self.map(&mut |value| !value)
    }

    /// `then` where this is true, else `otherwise`.
    pub(super) fn choose<T: Clone + Eq>(&self, then: &Tree<T>, otherwise: &Tree<T>) -> Result<Tree<T>, TooLarge> {
        let chosen: Tree<Option<T>> = combine(self, then, &|a, b| match a {
            Tree::Leaf(true) => Some(b.map(&mut |value| Some(value.clone()))),
            Tree::Leaf(false) => Some(Tree::Leaf(None)),
            Tree::Branch(_) => None,
        })?;
        combine(&chosen, otherwise, &|a, b| match a {
            Tree::Leaf(Some(value)) => Some(Tree::Leaf(value.clone())),
            Tree::Leaf(None) => Some(b.clone()),
            Tree::Branch(_) => None,
        })
    }
}
