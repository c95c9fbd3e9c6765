//! Uses of what is asked for, project by project.

use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use super::Hit;

/// Projects that one thread goes through at a time.
const PART: usize = 128;

/// Uses in the releases that stand for the projects: those that are held here, and those that whoever has the survey finds
/// when a project is asked about. A question about common items has millions of them, so they are counted where they are
/// found and kept nowhere.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    found: Option<Arc<dyn FindHits>>,
    /// By project.
    held: Vec<Hit>,
}

/// Finds the uses of one project.
pub trait FindHits: fmt::Debug + Send + Sync {
    /// The projects that may have any, ascending, each once.
    fn projects(&self) -> Vec<u32>;

    /// Adds the uses of a project, in whatever order.
    fn add(&self, project: u32, to: &mut Vec<Hit>);
}

impl Hits {
    /// Those that are found when they are asked for.
    pub fn found(by: impl FindHits + 'static) -> Self {
        Self { found: Some(Arc::new(by)), held: Vec::new() }
    }

    /// Adds some to be held.
    pub fn hold(&mut self, hits: &[Hit]) {
        self.held.extend_from_slice(hits);
        self.held.sort_by_key(|hit| hit.project);
    }

    /// Those of a project.
    pub fn of(&self, project: u32) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.add(project, &mut hits);
        hits
    }

    fn add(&self, project: u32, to: &mut Vec<Hit>) {
        if let Some(found) = &self.found {
            found.add(project, to);
        }
        let start = self.held.partition_point(|hit| hit.project < project);
        to.extend(self.held[start..].iter().take_while(|hit| hit.project == project));
    }

    /// What `work` makes of each project that has any, in the order of projects. Projects have nothing to do with each other,
    /// so that all processors work.
    pub fn each<T: Send>(&self, work: impl Fn(u32, &mut Vec<Hit>) -> Option<T> + Sync) -> Vec<T> {
        let of_part = |part: &[u32]| {
            let mut hits = Vec::new();
            let one = |project: &u32| {
                hits.clear();
                self.add(*project, &mut hits);
                if hits.is_empty() { None } else { work(*project, &mut hits) }
            };
            part.iter().filter_map(one).collect::<Vec<T>>()
        };
        let parts: Vec<Vec<T>> = self.projects().par_chunks(PART).map(of_part).collect();
        parts.into_iter().flatten().collect()
    }

    fn projects(&self) -> Vec<u32> {
        let mut projects = self.found.as_ref().map(|found| found.projects()).unwrap_or_default();
        if !self.held.is_empty() {
            projects.extend(self.held.iter().map(|hit| hit.project));
            projects.sort_unstable();
            projects.dedup();
        }
        projects
    }
}

impl From<Vec<Hit>> for Hits {
    fn from(hits: Vec<Hit>) -> Self {
        let mut held = Self::default();
        held.hold(&hits);
        held
    }
}
