//! What blocked the releases of a project, one after the other.

use analyzer::Outcome;
use capi::Target;
use chrono::{DateTime, Utc};
use packaging::ProjectName;
use sqlx::query;

use super::STATIC_TYPES;
use crate::{Error, Store, words};

/// A release that was read, and what blocks it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct ReleaseBlockers {
    /// The version.
    pub version: String,
    /// When it was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// Yanked as a whole.
    pub yanked: bool,
    /// The verdict for the target asked about.
    pub verdict: Outcome,
    /// Identifiers and members that block, sorted; all static types are one of them.
    pub blockers: Vec<String>,
}

impl Store {
    /// The releases of a project that were read, lowest version first, each with what blocks it for `target`.
    pub async fn release_blockers(&self, name: &ProjectName, target: Target) -> Result<Vec<ReleaseBlockers>, Error> {
        let rows = query!(
            r#"SELECT r.version, r.uploaded_at, r.yanked, v.verdict, v.blocking || v.blocking_members AS "blockers!",
                   cardinality(v.blocking_types) > 0 AS "has_types!"
               FROM projects p JOIN releases r ON r.project_id = p.id
               JOIN files f ON f.release_id = r.id AND f.selected AND f.state = 'analysed'
               JOIN report_versions said ON said.file_id = f.id AND said.analyzer_version = $2 AND said.capi_version = $3
               JOIN verdicts v ON v.report_id = said.report_id AND v.target = $4
               WHERE p.name = $1 ORDER BY r.position"#,
            name.as_str(),
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            target.to_string(),
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let mut blockers = row.blockers;
                blockers.extend(row.has_types.then(|| STATIC_TYPES.to_owned()));
                blockers.sort_unstable();
                blockers.dedup();
                Ok(ReleaseBlockers {
                    version: row.version,
                    uploaded_at: row.uploaded_at,
                    yanked: row.yanked,
                    verdict: words::outcome(&row.verdict)?,
                    blockers,
                })
            })
            .collect()
    }
}
