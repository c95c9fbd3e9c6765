//! The denominator chain.

use capi::Target;
use sqlx::query_as;

use crate::{Error, Store};

/// The denominator chain: how many projects are left at each step. Never a number without it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Chain {
    /// Projects in the survey.
    pub all: i64,
    /// With any file.
    pub with_files: i64,
    /// With an sdist.
    pub with_sdist: i64,
    /// Whose sdist was selected by the prefilter.
    pub selected: i64,
    /// Whose sdist was fetched.
    pub fetched: i64,
    /// Whose sdist could be read.
    pub readable: i64,
    /// With native source in it.
    pub with_native: i64,
    /// With a verdict other than `undecided`, for the target asked about.
    pub decided: i64,
}

impl Store {
    /// The chain of the whole survey, each project by the release that stands for it; each step counts only projects
    /// that were counted in the step before.
    pub(crate) async fn chain(&self, target: Target) -> Result<Chain, Error> {
        let chain = query_as!(
            Chain,
            r#"WITH project AS (
                SELECT s.*,
                    EXISTS (SELECT FROM files f WHERE f.release_id = s.release_id) AS has_files,
                    EXISTS (SELECT FROM files f WHERE f.release_id = s.release_id AND f.kind = 'sdist') AS has_sdist,
                    coalesce(v.verdict <> 'undecided', false) AS is_decided
                FROM standing($1, $2) s
                LEFT JOIN verdicts v ON v.report_id = s.report_id AND v.target = $3
            )
            SELECT count(*) AS "all!",
                count(*) FILTER (WHERE has_files) AS "with_files!",
                count(*) FILTER (WHERE has_sdist) AS "with_sdist!",
                count(*) FILTER (WHERE file_id IS NOT NULL) AS "selected!",
                count(*) FILTER (WHERE fetched_at IS NOT NULL) AS "fetched!",
                count(*) FILTER (WHERE report_id IS NOT NULL) AS "readable!",
                count(*) FILTER (WHERE native_files > 0) AS "with_native!",
                count(*) FILTER (WHERE native_files > 0 AND is_decided) AS "decided!"
            FROM project"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            target.to_string(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(chain)
    }
}
