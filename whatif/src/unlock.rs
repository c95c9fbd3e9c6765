//! The unlock curve: which items, if the limited API had them, would free the most blocked projects.
//!
//! Greedy: in each step the item is taken that frees the most at once, and among equals the one that brings most projects
//! nearest. The best set of a given size is hard to find; this one is easy to follow.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

/// A blocked project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// What it counts for: 1, or its downloads.
    pub weight: i64,
    /// Everything that blocks it, each once; one that has none is never freed.
    pub blockers: Vec<String>,
}

/// One item of the curve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct UnlockStep {
    /// The item.
    pub item: String,
    /// Weight of the projects that it blocks at all.
    pub blocks: i64,
    /// Weight of those that are free once this and all earlier items are there, and were not before.
    pub frees: i64,
    /// Weight of all that are free by now.
    pub free: i64,
}

/// The first `steps` items of the curve; fewer if nothing is left to free.
pub fn unlock(blocked: &[Blocked], steps: usize) -> Vec<UnlockStep> {
    let mut curve = Curve::new(blocked);
    std::iter::from_fn(|| curve.step()).take(steps).collect()
}

struct Curve<'b> {
    blocked: &'b [Blocked],
    /// Blockers that are left of each project.
    left: Vec<usize>,
    /// The projects that each item blocks, by name.
    items: BTreeMap<&'b str, Vec<usize>>,
    free: i64,
}

impl<'b> Curve<'b> {
    fn new(blocked: &'b [Blocked]) -> Self {
        let mut items: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (project, one) in blocked.iter().enumerate() {
            for item in &one.blockers {
                items.entry(item).or_default().push(project);
            }
        }
        Self { left: blocked.iter().map(|one| one.blockers.len()).collect(), blocked, items, free: 0 }
    }

    fn step(&mut self) -> Option<UnlockStep> {
        let gains: HashMap<&str, (i64, f64)> = self.items.iter().map(|(item, by)| (*item, self.gain(by))).collect();
        let better = |one: &str, other: &str| {
            let ((now, near), (other_now, other_near)) = (gains[one], gains[other]);
            // Of equal ones the first by name.
            now.cmp(&other_now).then(near.total_cmp(&other_near)).then_with(|| other.cmp(one))
        };
        let item = self.items.keys().copied().max_by(|one, other| better(one, other))?;
        let (frees, _) = gains[item];
        let projects = self.items.remove(item)?;
        for project in &projects {
            self.left[*project] -= 1;
        }
        self.free += frees;
        let blocks = projects.iter().map(|project| self.blocked[*project].weight).sum();
        Some(UnlockStep { item: item.to_owned(), blocks, frees, free: self.free })
    }

    /// What an item frees at once, and how near it brings the others: a project with few blockers left counts more.
    fn gain(&self, projects: &[usize]) -> (i64, f64) {
        let mut gain = (0, 0.0);
        for project in projects {
            let (weight, left) = (self.blocked[*project].weight, self.left[*project]);
            if left == 1 {
                gain.0 += weight;
            }
            #[expect(clippy::cast_precision_loss, reason = "only compared")]
            let near = weight as f64 / (left * left) as f64;
            gain.1 += near;
        }
        gain
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn blocked(weight: i64, blockers: &[&str]) -> Blocked {
        Blocked { weight, blockers: blockers.iter().map(|item| (*item).to_owned()).collect() }
    }

    fn told(blocked: &[Blocked]) -> Vec<(String, i64, i64, i64)> {
        unlock(blocked, 10).into_iter().map(|step| (step.item, step.blocks, step.frees, step.free)).collect()
    }

    #[test]
    fn what_frees_most_comes_first_then_what_brings_most_near() {
        let projects = [blocked(1, &["a"]), blocked(1, &["a", "b"]), blocked(1, &["c"]), blocked(1, &["b", "c", "d"])];
        let step = |item: &str, blocks, frees, free| (item.to_owned(), blocks, frees, free);
        assert_eq!(told(&projects), [step("a", 2, 1, 1), step("b", 2, 1, 2), step("c", 2, 1, 3), step("d", 1, 1, 4)]);
        let weighed = [blocked(1, &["a"]), blocked(50, &["b"])];
        assert_eq!(told(&weighed)[0], step("b", 50, 50, 50));
        assert!(told(&[]).is_empty());
    }

    proptest! {
        /// Each step's sum is what a plain count of free projects gives, and in the end all are free.
        #[test]
        fn the_curve_counts_each_project_once(
            sets in prop::collection::vec((1..9_i64, prop::collection::btree_set(0..8_u8, 1..5)), 0..20),
        ) {
            let projects: Vec<Blocked> = sets
                .iter()
                .map(|(weight, items)| Blocked { weight: *weight, blockers: items.iter().map(u8::to_string).collect() })
                .collect();
            let mut there = BTreeSet::new();
            for step in unlock(&projects, 100) {
                there.insert(step.item.clone());
                let free: i64 = projects
                    .iter()
                    .filter(|one| one.blockers.iter().all(|item| there.contains(item)))
                    .map(|one| one.weight)
                    .sum();
                prop_assert_eq!(step.free, free);
            }
            prop_assert_eq!(unlock(&projects, 100).last().map_or(0, |step| step.free), sets.iter().map(|(w, _)| w).sum::<i64>());
        }
    }
}
