//! The project list.

use std::cmp::Ordering;

use analyzer::Outcome;
use capi::Target;
use chrono::{DateTime, Utc};
use packaging::ProjectName;

use super::{Paged, Start, optional_file_word, optional_release_word, starting_at, word};
use crate::standing::{Judged, Standing, StandingProject, place};
use crate::{Error, FileState, ProjectState, ReleaseState, Store, text};

/// Sort orders of the project list.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ProjectSort {
    /// By name.
    #[default]
    Name,
    /// By verdict, then name.
    Verdict,
    /// Most blockers first.
    Blockers,
    /// Latest upload first.
    Uploaded,
}

/// What the project list is asked.
#[derive(Debug, Clone)]
pub struct ProjectQuery {
    /// Part of a name, any case.
    pub search: Option<String>,
    /// Only projects with this verdict.
    pub verdict: Option<Outcome>,
    /// The target the verdicts are for.
    pub target: Target,
    /// The order.
    pub sort: ProjectSort,
    /// Turned round.
    pub descending: bool,
    /// Where the rows begin.
    pub start: Start<ProjectPlace>,
}

/// Where a project stands in the list: it keeps its place when others come and go.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct ProjectPlace {
    /// By what the list is ordered, the smallest first; what has none goes last.
    pub rank: Option<i64>,
    /// Decides between equals.
    pub name: ProjectName,
}

impl ProjectQuery {
    /// The place of a row of its answer.
    pub fn place(&self, row: &ProjectRow) -> ProjectPlace {
        ProjectPlace { rank: self.rank(row.verdict, row.blockers, row.uploaded_at), name: row.name.clone() }
    }

    fn rank(&self, outcome: Option<Outcome>, blockers: i64, uploaded_at: Option<DateTime<Utc>>) -> Option<i64> {
        let rank = match self.sort {
            ProjectSort::Name => None,
            ProjectSort::Verdict => outcome.map(|outcome| outcome as i64),
            ProjectSort::Blockers => outcome.map(|_| -blockers),
            ProjectSort::Uploaded => uploaded_at.map(|at| -at.timestamp_micros()),
        };
        if self.descending { rank.map(|rank| -rank) } else { rank }
    }

    /// The order of two places: what has no rank goes last, whichever way the others go.
    pub fn order(&self, one: &ProjectPlace, other: &ProjectPlace) -> Ordering {
        let names = one.name.cmp(&other.name);
        let names = if self.sort == ProjectSort::Name && self.descending { names.reverse() } else { names };
        (one.rank.is_none(), one.rank).cmp(&(other.rank.is_none(), other.rank)).then(names)
    }
}

/// One line of the project list: the project by the release that stands for it.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct ProjectRow {
    /// The normalised name.
    pub name: ProjectName,
    /// As the project writes it.
    pub display_name: String,
    /// The project's state.
    #[serde(serialize_with = "word")]
    pub state: ProjectState,
    /// The release.
    pub version: Option<String>,
    /// The release's state.
    #[serde(serialize_with = "optional_release_word")]
    pub release_state: Option<ReleaseState>,
    /// The selected file's state.
    #[serde(serialize_with = "optional_file_word")]
    pub file_state: Option<FileState>,
    /// Why, where a state needs it.
    pub reason: Option<String>,
    /// The verdict for the target, if there is one.
    pub verdict: Option<Outcome>,
    /// Items that block.
    pub blockers: i64,
    /// The floor.
    pub floor: Option<Target>,
    /// When the release was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
}

impl Store {
    /// The project list.
    pub async fn projects(&self, query: &ProjectQuery) -> Result<Paged<ProjectRow>, Error> {
        let standing = self.standing().await?;
        Ok(standing.projects(query))
    }
}

impl Standing {
    fn projects(&self, query: &ProjectQuery) -> Paged<ProjectRow> {
        let target = place(query.target);
        let judged =
            |project: &StandingProject| project.report.as_ref().zip(target).map(|(report, place)| report.judged(place));
        let found = match &query.search {
            Some(part) => self.names.containing(&normalised(part)),
            None => (0..self.projects.len()).collect(),
        };
        let found = found.into_iter().filter_map(|place| self.projects.get(place));
        let outcome = |project: &StandingProject| judged(project).and_then(|judged| judged.outcome);
        let mut found: Vec<&StandingProject> =
            found.filter(|project| query.verdict.is_none_or(|asked| outcome(project) == Some(asked))).collect();
        let rank = |project: &StandingProject| {
            let blockers = judged(project).map_or(0, |judged| i64::from(judged.blockers));
            query.rank(outcome(project), blockers, project.uploaded_at)
        };
        // Projects come by name.
        match query.sort {
            ProjectSort::Name if query.descending => found.reverse(),
            ProjectSort::Name => {}
            _ => found.sort_by_cached_key(|project| (rank(project).is_none(), rank(project))),
        }
        let is_before = |project: &&StandingProject, place: &ProjectPlace| {
            query.order(&ProjectPlace { rank: rank(project), name: project.name.clone() }, place).is_le()
        };
        starting_at(&found, &query.start, is_before, |project| Some(row(project, judged(project).unwrap_or_default())))
    }
}

fn row(project: &StandingProject, judged: Judged) -> ProjectRow {
    ProjectRow {
        name: project.name.clone(),
        display_name: project.display_name.to_string(),
        state: project.state,
        version: project.version.as_deref().map(str::to_owned),
        release_state: project.release_state,
        file_state: project.file_state,
        reason: project.reason.as_deref().map(str::to_owned),
        verdict: judged.outcome,
        blockers: i64::from(judged.blockers),
        floor: project.floor,
        uploaded_at: project.uploaded_at,
    }
}

/// What was typed, as normalised names spell it: a part need not be a whole name.
pub(super) fn normalised(search: &str) -> String {
    let mut out = String::new();
    for c in text::clean(search.trim()).chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ProjectPlace, ProjectQuery, ProjectSort, Start, normalised};
    use crate::read::starting_at;

    #[test]
    fn a_part_of_a_name_is_spelled_as_names_are() {
        assert_eq!(normalised(" Zope._Inter"), "zope-inter");
        assert_eq!(normalised("%_"), "%-");
    }

    fn query(sort: ProjectSort, descending: bool) -> ProjectQuery {
        let target = "abi3-3.11".parse().unwrap();
        ProjectQuery { search: None, verdict: None, target, sort, descending, start: Start::Page(1) }
    }

    fn part(
        list: &[ProjectPlace],
        query: &ProjectQuery,
        after: Option<ProjectPlace>,
        rows: usize,
    ) -> Vec<ProjectPlace> {
        let is_before = |one: &ProjectPlace, place: &ProjectPlace| query.order(one, place).is_le();
        starting_at(list, &Start::After(after, rows), is_before, |place| Some(place.clone())).rows
    }

    /// Names are unique in a list.
    fn places() -> impl Strategy<Value = Vec<ProjectPlace>> {
        let place = |(name, rank): (String, _)| ProjectPlace { rank, name: name.parse().unwrap() };
        proptest::collection::btree_map("[a-d]{1,3}", proptest::option::of(-2..3i64), 0..40)
            .prop_map(move |all| all.into_iter().map(place).collect())
    }

    proptest! {
        #[test]
        fn what_stays_is_read_once_though_others_come_and_go_between_two_parts(
            all in places(),
            fates in proptest::collection::vec(0..3u8, 40),
            descending: bool,
            by_name: bool,
            rows in 1..9usize,
        ) {
            let query = query(if by_name { ProjectSort::Name } else { ProjectSort::Verdict }, descending);
            let mut all: Vec<ProjectPlace> =
                all.into_iter().map(|place| ProjectPlace { rank: place.rank.filter(|_| !by_name), ..place }).collect();
            all.sort_by(|one, other| query.order(one, other));
            // 0 stays, 1 comes between the parts, 2 goes between them.
            let with = |absent: u8| -> Vec<ProjectPlace> {
                all.iter().zip(&fates).filter(|(_, fate)| **fate != absent).map(|(place, _)| place.clone()).collect()
            };
            let mut read = part(&with(1), &query, None, rows);
            while let Some(last) = read.last().cloned() {
                let more = part(&with(2), &query, Some(last), rows);
                if more.is_empty() {
                    break;
                }
                read.extend(more);
            }
            prop_assert!(read.windows(2).all(|two| query.order(&two[0], &two[1]).is_lt()), "in order, none twice");
            if !part(&with(1), &query, None, 1).is_empty() {
                for (place, _) in all.iter().zip(&fates).filter(|(_, fate)| **fate == 0) {
                    prop_assert!(read.contains(place), "{place:?} was skipped");
                }
            }
        }
    }
}
