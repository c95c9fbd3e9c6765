//! Projects made from a seed, when they are asked for.

mod archives;
mod case;
mod files;
mod history;

use bytes::Bytes;
use serde_json::{Map, Value, json};

pub use case::{Case, Expected};

use crate::world::{Instead, page};
use archives::Archives;
use history::History;

/// What stands before the number in a normalised name.
const PREFIX: &str = "gen-project-";

/// Thousands of projects, each a function of the seed, its number and the steps of time.
#[derive(Debug)]
pub(crate) struct Generated {
    /// `http://127.0.0.1:PORT`
    root: String,
    seed: u64,
    projects: u32,
    /// How often time passed.
    steps: u32,
    archives: Archives,
}

/// One project as it is now.
struct Project {
    case: Case,
    /// Normalised.
    name: String,
    serial: i64,
    history: History,
    releases: Vec<Release>,
}

/// A release, its files as the page has them.
struct Release {
    version: String,
    files: Vec<(Map<String, Value>, Option<Bytes>)>,
}

impl Generated {
    pub(crate) fn new(root: &str, seed: u64, projects: u32) -> Self {
        Self { root: root.to_owned(), seed, projects, steps: 0, archives: Archives::new() }
    }

    pub(crate) fn evolve(&mut self) {
        self.steps += 1;
    }

    pub(crate) fn grow(&mut self, projects: u32) {
        self.projects += projects;
    }

    pub(crate) fn all(&self) -> Vec<(String, Case)> {
        (0..self.projects).map(|number| (name(number), Case::of(self.seed, number))).collect()
    }

    /// Display name and serial of those that the listing has.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (String, i64)> {
        (0..self.projects).filter_map(|number| {
            let case = Case::of(self.seed, number);
            let history = History::of(self.seed, number, case, self.steps);
            let quarantined = case == Case::Quarantined || history.quarantined;
            let absent = quarantined || history.deleted || case == Case::Moved;
            (!absent).then(|| (display_name(number), history.serial))
        })
    }

    /// What the address of a project gives.
    pub(crate) fn project(&self, name: &str) -> Option<(Instead, Value)> {
        let number = self.number(name)?;
        let project = self.build(number);
        if project.history.deleted {
            return None;
        }
        let instead = match project.case {
            Case::Gone => Instead::NotFound,
            Case::Moved => Instead::MovedTo(self::name(number - 3)),
            _ => Instead::Page,
        };
        let versions = project.releases.iter().map(|release| &release.version);
        let files = project.releases.iter().flat_map(|release| release.files.iter().map(|(entry, _)| entry));
        let mut page = page(&display_name(number), project.serial, versions, files);
        if let Some(status) = project.status() {
            page["project-status"] = json!({ "status": status });
            if status == "quarantined" {
                page["files"] = json!([]);
            }
        }
        Some((instead, page))
    }

    pub(crate) fn file(&self, name: &str, filename: &str) -> Option<Bytes> {
        let project = self.build(self.number(name)?);
        let mut files = project.releases.into_iter().flat_map(|release| release.files);
        files.find(|(entry, _)| entry["filename"] == filename)?.1
    }

    fn build(&self, number: u32) -> Project {
        let case = Case::of(self.seed, number);
        let history = History::of(self.seed, number, case, self.steps);
        let mut project = Project { case, name: name(number), serial: history.serial, history, releases: Vec::new() };
        self.add_releases(number, &mut project);
        project
    }

    fn number(&self, name: &str) -> Option<u32> {
        let number = name.strip_prefix(PREFIX)?.parse().ok()?;
        (number < self.projects && name == self::name(number)).then_some(number)
    }
}

impl Project {
    fn status(&self) -> Option<&'static str> {
        match self.case {
            _ if self.history.quarantined => Some("quarantined"),
            Case::Quarantined => Some("quarantined"),
            Case::Archived => Some("archived"),
            Case::Deprecated => Some("deprecated"),
            _ => None,
        }
    }
}

fn name(number: u32) -> String {
    format!("{PREFIX}{number:06}")
}

/// As the project spells itself: in one of three ways.
fn display_name(number: u32) -> String {
    match number % 3 {
        0 => format!("gen-project-{number:06}"),
        1 => format!("Gen.Project_{number:06}"),
        _ => format!("gen_project-{number:06}"),
    }
}
