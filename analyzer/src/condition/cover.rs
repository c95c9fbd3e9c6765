//! From a decision tree to a short formula.
//!
//! The paths to "true" are a sum of products. Each product is widened as far as the function allows, then those that
//! the others cover are dropped. The same is done for the negation, which gives a product of sums, and the shorter wins.
//!
//! Bounded: a formula that would cost too much is right, but longer than it has to be.

use std::cell::Cell;
use std::ops::Range;

use super::tree::Tree;
use super::variable::Variable;

/// One variable has a value in one of the ranges: sorted, apart from each other, never the whole domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Literal {
    pub(super) variable: Variable,
    pub(super) ranges: Vec<(u32, u32)>,
}

/// A formula over literals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Formula {
    Is(Literal),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// All of these hold; sorted by variable.
type Product = Vec<Literal>;

/// Steps for each leaf of a tree; formulas of real packages need up to 5,400.
const STEPS: usize = 8_000;

/// The steps that are left for one formula.
struct Steps(Cell<usize>);

impl Steps {
    /// Whether so many more may be taken.
    fn take(&self, count: usize) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(count));
        left >= count
    }
}

/// The formula of a tree that is neither true nor false throughout.
pub(super) fn formula(tree: &Tree<bool>) -> Formula {
    let steps = Steps(Cell::new(tree.leaves().saturating_mul(STEPS)));
    let sum = cover(tree, &steps);
    let negated = cover(&tree.negate(), &steps);
    if size(&sum) <= size(&negated) { sum_of_products(sum) } else { product_of_sums(negated) }
}

/// Atoms in print.
fn size(products: &[Product]) -> usize {
    products.iter().flatten().map(Literal::size).sum()
}

/// What every product has in common comes first.
fn sum_of_products(mut products: Vec<Product>) -> Formula {
    let (first, others) = products.split_first().map_or((&[][..], &[][..]), |(first, others)| (&first[..], others));
    let shared: Product =
        first.iter().filter(|literal| others.iter().all(|other| other.contains(literal))).cloned().collect();
    for product in &mut products {
        product.retain(|literal| !shared.contains(literal));
    }
    let mut all: Vec<Formula> = shared.into_iter().map(Formula::Is).collect();
    let rest: Vec<Formula> = products
        .into_iter()
        .map(|product| join(product.into_iter().map(Formula::Is).collect(), Formula::All))
        .collect();
    if rest.len() > 1 || all.is_empty() {
        all.push(join(rest, Formula::Any));
    } else if let Some(Formula::All(literals)) = rest.into_iter().next() {
        all.extend(literals);
    }
    join(all, Formula::All)
}

/// De Morgan: each product of the negation becomes a sum of negated literals.
fn product_of_sums(products: Vec<Product>) -> Formula {
    let sums = products.into_iter().map(|product| {
        join(product.into_iter().map(|literal| Formula::Is(literal.complement())).collect(), Formula::Any)
    });
    join(sums.collect(), Formula::All)
}

fn join(mut parts: Vec<Formula>, wrap: fn(Vec<Formula>) -> Formula) -> Formula {
    match parts.len() {
        1 => parts.remove(0),
        _ => wrap(parts),
    }
}

/// A small sum of products that is true exactly where the tree is.
fn cover(tree: &Tree<bool>, steps: &Steps) -> Vec<Product> {
    let mut products = Vec::new();
    paths(tree, &mut Vec::new(), &mut products);
    for product in &mut products {
        widen(product, tree, steps);
    }
    for product in &mut products {
        product.sort_by(|a, b| a.variable.rank().cmp(&b.variable.rank()));
    }
    products.sort_by(|a, b| order(a).cmp(order(b)));
    products.dedup();
    without_redundant(products, steps)
}

/// Products are printed by their literals.
fn order(product: &[Literal]) -> impl Iterator<Item = (impl Ord + '_, &[(u32, u32)])> {
    product.iter().map(|literal| (literal.variable.rank(), &literal.ranges[..]))
}

/// Every path to "true"; edges to equal children are one literal.
fn paths(tree: &Tree<bool>, path: &mut Product, found: &mut Vec<Product>) {
    match tree {
        Tree::Leaf(true) => found.push(path.clone()),
        Tree::Leaf(false) => {}
        Tree::Branch(branch) => {
            let mut children: Vec<&Tree<bool>> = Vec::new();
            for (_, child) in &branch.edges {
                if !children.contains(&child) {
                    children.push(child);
                }
            }
            for child in children {
                let ranges = spans(&branch.edges, branch.variable.size())
                    .filter(|(_, other)| *other == child)
                    .map(|(span, _)| (span.start, span.end))
                    .collect();
                path.push(Literal { variable: branch.variable.clone(), ranges });
                paths(child, path, found);
                path.pop();
            }
        }
    }
}

/// The edges with the values that take them.
fn spans<T>(edges: &[(u32, T)], size: u32) -> impl Iterator<Item = (Range<u32>, &T)> {
    let ends = edges.iter().skip(1).map(|(from, _)| *from).chain([size]);
    edges.iter().zip(ends).map(|((from, child), to)| (*from..to, child))
}

/// Drops literals, and bounds of literals, that the function does not need.
fn widen(product: &mut Product, tree: &Tree<bool>, steps: &Steps) {
    let mut index = 0;
    while index < product.len() {
        let literal = product.remove(index);
        if implies(product, tree, steps) {
            continue;
        }
        product.insert(index, literal);
        let mut best = product[index].size();
        for wider in product[index].wider() {
            let narrow = std::mem::replace(&mut product[index], wider);
            if product[index].size() <= best && implies(product, tree, steps) {
                best = product[index].size();
            } else {
                product[index] = narrow;
            }
        }
        index += 1;
    }
}

/// Whether the tree is true wherever the product is, as far as the steps go.
fn implies(product: &[Literal], tree: &Tree<bool>, steps: &Steps) -> bool {
    if !steps.take(1 + product.len()) {
        return false;
    }
    match tree {
        Tree::Leaf(value) => *value,
        Tree::Branch(branch) => {
            let literal = product.iter().find(|literal| literal.variable == branch.variable);
            spans(&branch.edges, branch.variable.size())
                .filter(|(span, _)| literal.is_none_or(|literal| literal.meets(span)))
                .all(|(_, child)| implies(product, child, steps))
        }
    }
}

/// Without products that are true only where others are. If it costs too much to tell, all are kept.
fn without_redundant(products: Vec<Product>, steps: &Steps) -> Vec<Product> {
    if products.len() < 2 {
        return products;
    }
    let trees: Vec<Tree<bool>> = products.iter().map(|product| tree_of(product)).collect();
    let mut after = vec![Tree::FALSE];
    for tree in trees.iter().rev() {
        match after.last().map(|rest| rest.or(tree)) {
            Some(Ok(rest)) => after.push(rest),
            _ => return products,
        }
    }
    let mut before = Tree::FALSE;
    let mut kept = Vec::new();
    let last = products.len() - 1;
    for (index, (product, tree)) in products.iter().zip(&trees).enumerate() {
        let (Ok(others), Ok(with)) = (before.or(&after[last - index]), before.or(tree)) else {
            return products;
        };
        if !implies(product, &others, steps) {
            kept.push(product.clone());
            before = with;
        }
    }
    kept
}

fn tree_of(product: &[Literal]) -> Tree<bool> {
    let mut literals: Vec<&Literal> = product.iter().collect();
    literals.sort_by(|a, b| a.variable.cmp(&b.variable));
    literals.into_iter().rev().fold(Tree::TRUE, |rest, literal| {
        let mut edges = Vec::new();
        let mut end = 0;
        for (from, to) in &literal.ranges {
            if *from > end || end == 0 && *from > 0 {
                edges.push((end, Tree::FALSE));
            }
            edges.push((*from, rest.clone()));
            end = *to;
        }
        if end < literal.variable.size() {
            edges.push((end, Tree::FALSE));
        }
        Tree::branch(literal.variable.clone(), edges)
    })
}

impl Literal {
    /// The values between and around the ranges.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (u32, u32)> {
        let starts = std::iter::once(0).chain(self.ranges.iter().map(|(_, to)| *to));
        let ends = self.ranges.iter().map(|(from, _)| *from).chain([self.variable.size()]);
        starts.zip(ends).filter(|(from, to)| from < to)
    }

    /// Every other value.
    pub(super) fn complement(&self) -> Self {
        Self { variable: self.variable.clone(), ranges: self.gaps().collect() }
    }

    fn meets(&self, span: &Range<u32>) -> bool {
        self.ranges.iter().any(|(from, to)| *from < span.end && span.start < *to)
    }

    /// The literal with one more gap each filled. The gap before `Py_LIMITED_API`'s first version is two: "not defined" is
    /// a value of its own.
    fn wider(&self) -> Vec<Self> {
        let split = |(from, to): (u32, u32)| match self.variable {
            Variable::Limited if from == 0 && to > 1 => vec![(0, 1), (1, to), (0, to)],
            _ => vec![(from, to)],
        };
        self.gaps().flat_map(split).filter_map(|gap| self.with(gap)).collect()
    }

    /// The literal with a gap filled, unless nothing would be left out.
    fn with(&self, gap: (u32, u32)) -> Option<Self> {
        let mut all: Vec<(u32, u32)> = self.ranges.iter().copied().chain([gap]).collect();
        all.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for (from, to) in all {
            match ranges.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => ranges.push((from, to)),
            }
        }
        let whole = ranges == [(0, self.variable.size())];
        (!whole).then(|| Self { variable: self.variable.clone(), ranges })
    }
}
