//! What became of a question: two answers to it, and the projects whose part in it is not the same.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Answer, Row, Status};

/// An answer, and when it was given.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// In words: `2026-11-26`, `now`.
    pub when: &'a str,
    /// What was answered.
    pub answer: &'a Answer,
}

/// The projects whose part differs between an answer and a later one, or one of another survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Difference {
    /// The title of the question; may be empty.
    pub title: String,
    /// The question, as addresses have it.
    pub fields: Vec<(String, String)>,
    /// When the first answer was given.
    pub before: String,
    /// When the second was.
    pub after: String,
    /// A search for a pattern ran into its bounds in one of them: what seems to have changed may not have. Absent where
    /// none did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
    /// By change, then rank, then name.
    pub projects: Vec<Changed>,
}

/// A project whose part is not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Changed {
    /// Its name.
    pub name: String,
    /// What changed.
    pub change: Change,
    /// Its part in the first answer; `None`: it had none.
    pub before: Option<Side>,
    /// Its part in the second.
    pub after: Option<Side>,
    /// Its place in the list of downloads, of the second answer where that knows it.
    rank: (Option<i64>, Option<i64>),
}

/// A project's part in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Side {
    /// The release.
    pub version: String,
    /// Its status.
    pub status: Status,
    /// Its sites, whoever wrote them.
    pub sites: i64,
}

/// What changed. In this order the first that is true counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Nothing was left to do, now something is.
    NewlyAffected,
    /// Something was left to do, now nothing is.
    NoLongerAffected,
    /// Its status is another one, or it has one for the first time or none any more.
    Status,
    /// It has more sites or fewer.
    Sites,
}

impl Change {
    /// Each one, in order.
    pub const ALL: [Self; 4] = [Self::NewlyAffected, Self::NoLongerAffected, Self::Status, Self::Sites];

    /// The word used in formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewlyAffected => "newly-affected",
            Self::NoLongerAffected => "no-longer-affected",
            Self::Status => "status",
            Self::Sites => "sites",
        }
    }

    /// For people: a heading over such projects.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NewlyAffected => "newly affected",
            Self::NoLongerAffected => "no longer affected",
            Self::Status => "with another status",
            Self::Sites => "with other numbers of sites",
        }
    }
}

/// Two answers that have no difference, because they answer different questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these are answers to two questions, not to one: their rules or their CPython differ")]
pub struct OtherQuestion;

/// What is not the same in `after`.
pub fn difference(before: Asked<'_>, after: Asked<'_>) -> Result<Difference, OtherQuestion> {
    if before.answer.fields != after.answer.fields {
        return Err(OtherQuestion);
    }
    let mut projects: BTreeMap<&str, (Option<&Row>, Option<&Row>)> = BTreeMap::new();
    for row in &before.answer.rows {
        projects.entry(&row.name).or_default().0 = Some(row);
    }
    for row in &after.answer.rows {
        projects.entry(&row.name).or_default().1 = Some(row);
    }
    let changed = projects.into_iter().filter_map(|(name, (before, after))| changed(name, before, after));
    let mut difference = Difference {
        title: after.answer.title.clone(),
        fields: after.answer.fields.clone(),
        before: before.when.to_owned(),
        after: after.when.to_owned(),
        cut_short: before.answer.cut_short || after.answer.cut_short,
        projects: changed.collect(),
    };
    difference.sort();
    Ok(difference)
}

fn changed(name: &str, before: Option<&Row>, after: Option<&Row>) -> Option<Changed> {
    let rank = (before.and_then(|row| row.rank), after.and_then(|row| row.rank));
    let (before, after) = (before.map(side), after.map(side));
    let is_open = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.status.is_open());
    let change = match (is_open(&before), is_open(&after)) {
        (false, true) => Change::NewlyAffected,
        (true, false) => Change::NoLongerAffected,
        _ => match (&before, &after) {
            (Some(before), Some(after)) if before.status == after.status => {
                if before.sites == after.sites {
                    return None;
                }
                Change::Sites
            }
            _ => Change::Status,
        },
    };
    Some(Changed { name: name.to_owned(), change, before, after, rank })
}

fn side(row: &Row) -> Side {
    Side { version: row.version.clone(), status: row.status, sites: row.sites.values().sum() }
}

impl Difference {
    /// The projects with this change.
    pub fn with(&self, change: Change) -> impl Iterator<Item = &Changed> {
        self.projects.iter().filter(move |project| project.change == change)
    }

    fn sort(&mut self) {
        let rank = |one: &Changed| one.rank.1.or(one.rank.0).unwrap_or(i64::MAX);
        self.projects
            .sort_by(|one, other| (one.change, rank(one), &one.name).cmp(&(other.change, rank(other), &other.name)));
    }
}

#[cfg(test)]
mod tests;
