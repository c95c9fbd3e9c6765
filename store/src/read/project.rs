//! A project's page.

use analyzer::Outcome;
use capi::Target;
use chrono::{DateTime, Utc};
use packaging::ProjectName;
use sqlx::query;

use super::{optional, optional_file_word, word};
use crate::{Error, FileState, ProjectState, ReleaseState, Store, words};

/// A project and its releases.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct ProjectDetail {
    /// The normalised name.
    pub name: ProjectName,
    /// As the project writes it.
    pub display_name: String,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: ProjectState,
    /// Why.
    pub reason: Option<String>,
    /// The index's word, verbatim.
    pub status_text: Option<String>,
    /// When its page was last read.
    pub read_at: DateTime<Utc>,
    /// Newest first.
    pub releases: Vec<ReleaseRow>,
}

/// One line of a project's release table.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct ReleaseRow {
    /// The version.
    pub version: String,
    /// The release that stands for the project.
    pub latest: bool,
    /// A pre-release.
    pub prerelease: bool,
    /// Yanked as a whole.
    pub yanked: bool,
    /// When it was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: ReleaseState,
    /// The selected file's state.
    #[serde(serialize_with = "optional_file_word")]
    pub file_state: Option<FileState>,
    /// The verdict for the target asked for.
    pub verdict: Option<Outcome>,
    /// The floor.
    pub floor: Option<Target>,
    /// Wheels, each by its tags.
    pub wheels: i64,
    /// Of them, those that their tags call abi3 or abi3t.
    pub stable_wheels: i64,
}

impl Store {
    /// A project and its releases, verdicts being for `target`.
    pub async fn project(&self, name: &ProjectName, target: Target) -> Result<Option<ProjectDetail>, Error> {
        let found = query!(
            "SELECT id, display_name, state, reason, status_text, read_at FROM projects WHERE name = $1",
            name.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(found) = found else { return Ok(None) };
        Ok(Some(ProjectDetail {
            name: name.clone(),
            display_name: found.display_name,
            state: words::project_state(&found.state)?,
            reason: found.reason,
            status_text: found.status_text,
            read_at: found.read_at,
            releases: self.release_rows(found.id, target).await?,
        }))
    }

    async fn release_rows(&self, project: i64, target: Target) -> Result<Vec<ReleaseRow>, Error> {
        let rows = query!(
            r#"SELECT r.version, r.latest, r.prerelease, r.yanked, r.uploaded_at, r.state,
                   f.state AS file_state, v.verdict AS "verdict?", rep.floor,
                   coalesce(w.wheels, 0) AS "wheels!", coalesce(w.stable, 0) AS "stable_wheels!"
               FROM releases r
               LEFT JOIN files f ON f.release_id = r.id AND f.selected
               LEFT JOIN report_versions said ON said.file_id = f.id AND f.state = 'analysed'
                   AND said.analyzer_version = $2 AND said.capi_version = $3
               LEFT JOIN reports rep ON rep.id = said.report_id
               LEFT JOIN verdicts v ON v.report_id = rep.id AND v.target = $4
               LEFT JOIN (
                   SELECT wheel.release_id, count(DISTINCT wheel.detail) AS wheels,
                       count(DISTINCT wheel.detail) FILTER (
                           WHERE split_part(wheel.detail, '-', 2) ~ '(^|[.])abi3t?([.]|$)') AS stable
                   FROM releases own JOIN files wheel ON wheel.release_id = own.id
                   WHERE own.project_id = $1 AND wheel.kind = 'wheel'
                   GROUP BY wheel.release_id) w ON w.release_id = r.id
               WHERE r.project_id = $1
               ORDER BY r.listed DESC, r.position DESC"#,
            project,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            target.to_string(),
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ReleaseRow {
                    version: row.version,
                    latest: row.latest,
                    prerelease: row.prerelease,
                    yanked: row.yanked,
                    uploaded_at: row.uploaded_at,
                    state: words::release_state(&row.state)?,
                    file_state: optional(row.file_state.as_deref(), words::file_state)?,
                    verdict: optional(row.verdict.as_deref(), words::outcome)?,
                    floor: optional(row.floor.as_deref(), words::target)?,
                    wheels: row.wheels,
                    stable_wheels: row.stable_wheels,
                })
            })
            .collect()
    }
}
