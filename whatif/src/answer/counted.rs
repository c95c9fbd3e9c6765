//! The hits that count: what is asked for, after what people said.

use super::asked::AskedItems;
use super::reviewed::Replayed;
use crate::{Evidence, Hit};

/// The evidence as a question counts it.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) asked: &'a AskedItems<'a>,
    pub(super) replayed: &'a Replayed,
}

impl Counted<'_> {
    /// The hits of a project.
    pub(super) fn of(&self, project: u32) -> Vec<Hit> {
        let mut hits = self.evidence.hits.of(project);
        self.narrow(project, &mut hits);
        hits
    }

    /// What `work` makes of each project with hits, in the order of projects.
    pub(super) fn each<T: Send>(&self, work: impl Fn(u32, &[Hit]) -> Option<T> + Sync) -> Vec<T> {
        self.evidence.hits.each(|project, hits| {
            self.narrow(project, hits);
            if hits.is_empty() { None } else { work(project, hits) }
        })
    }

    fn narrow(&self, project: u32, hits: &mut Vec<Hit>) {
        self.replayed.apply(project, hits);
        if !self.asked.is_all() {
            hits.retain(|hit| self.asked.has(hit));
        }
    }
}
