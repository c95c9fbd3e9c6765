//! The project list.

use analyzer::Outcome;
use capi::Target;
use chrono::{DateTime, Utc};
use packaging::ProjectName;
use sqlx::{query, query_scalar};

use super::{Paged, ROWS, offset, optional, optional_file_word, optional_release_word, project_name, word};
use crate::{Error, FileState, ProjectState, ReleaseState, Store, text, words};

/// Sort orders of the project list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
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
#[derive(Debug, Clone, serde::Serialize)]
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
        let search = query.search.as_deref().map(normalised);
        let verdict = query.verdict.map(Outcome::as_str);
        let total = query_scalar!(
            r#"SELECT count(*) AS "n!" FROM standing($1, $2) s
               LEFT JOIN verdicts v ON v.report_id = s.report_id AND v.target = $3
               WHERE ($4::text IS NULL OR strpos(s.name, $4) > 0) AND ($5::text IS NULL OR v.verdict = $5)"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            query.target.to_string(),
            search,
            verdict,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Paged { rows: self.project_rows(query, search, verdict).await?, total })
    }

    async fn project_rows(
        &self,
        query: &ProjectQuery,
        search: Option<String>,
        verdict: Option<&str>,
    ) -> Result<Vec<ProjectRow>, Error> {
        let rows = query!(
            r#"SELECT name AS "name!", display_name AS "display_name!", project_state AS "project_state!", version,
                   release_state, file_state, coalesce(file_reason, release_reason, project_reason) AS reason,
                   verdict AS "verdict?", coalesce(blockers, 0)::bigint AS "blockers!", floor, uploaded_at
               FROM (
                   SELECT s.*, v.verdict, v.blockers,
                       CASE $6
                           WHEN 'verdict' THEN array_position(
                               ARRAY['no-blocker', 'blocked', 'tool-blocks', 'undecided', 'pure'], v.verdict)::float8
                           WHEN 'blockers' THEN -v.blockers
                           WHEN 'uploaded' THEN -extract(epoch FROM s.uploaded_at)
                       END AS rank
                   FROM standing($1, $2) s
                   LEFT JOIN verdicts v ON v.report_id = s.report_id AND v.target = $3
                   WHERE ($4::text IS NULL OR strpos(s.name, $4) > 0) AND ($5::text IS NULL OR v.verdict = $5)
               ) listed
               ORDER BY CASE WHEN $7 THEN -rank ELSE rank END NULLS LAST,
                   CASE WHEN $6 = 'name' AND $7 THEN name END DESC, name
               LIMIT $8 OFFSET $9"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            query.target.to_string(),
            search,
            verdict,
            query.sort.as_str(),
            query.descending,
            ROWS,
            offset(query.page),
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ProjectRow {
                    name: project_name(&row.name)?,
                    display_name: row.display_name,
                    state: words::project_state(&row.project_state)?,
                    version: row.version,
                    release_state: optional(row.release_state.as_deref(), words::release_state)?,
                    file_state: optional(row.file_state.as_deref(), words::file_state)?,
                    reason: row.reason,
                    verdict: optional(row.verdict.as_deref(), words::outcome)?,
                    blockers: row.blockers,
                    floor: optional(row.floor.as_deref(), words::target)?,
                    uploaded_at: row.uploaded_at,
                })
            })
            .collect()
    }
}

impl ProjectSort {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Verdict => "verdict",
            Self::Blockers => "blockers",
            Self::Uploaded => "uploaded",
        }
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
