//! The project list.

use analyzer::Outcome;
use capi::Target;
use chrono::{DateTime, Utc};
use packaging::ProjectName;

use super::{Paged, ROWS, optional_file_word, optional_release_word, paged, word};
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
    /// 1-based; 50 rows each.
    pub page: u32,
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
        // Projects come by name; what has no rank goes last, whichever way the others go.
        let rank = |project: &&StandingProject| {
            let rank = match query.sort {
                ProjectSort::Name => None,
                ProjectSort::Verdict => outcome(project).map(|outcome| outcome as i64),
                ProjectSort::Blockers => {
                    outcome(project).and(judged(project)).map(|judged| -i64::from(judged.blockers))
                }
                ProjectSort::Uploaded => project.uploaded_at.map(|at| -at.timestamp_micros()),
            };
            let rank = if query.descending { rank.map(|rank| -rank) } else { rank };
            (rank.is_none(), rank)
        };
        match query.sort {
            ProjectSort::Name if query.descending => found.reverse(),
            ProjectSort::Name => {}
            _ => found.sort_by_cached_key(rank),
        }
        paged(found.into_iter(), query.page, ROWS, |project| Some(row(project, judged(project).unwrap_or_default())))
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
    use super::normalised;

    #[test]
    fn a_part_of_a_name_is_spelled_as_names_are() {
        assert_eq!(normalised(" Zope._Inter"), "zope-inter");
        assert_eq!(normalised("%_"), "%-");
    }
}
