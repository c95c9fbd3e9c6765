//! What stands in the way of opaque structures, and of the stable ABI, over all projects.

use capi::Target;
use sqlx::{query, query_as};
use whatif::Blocked;

use crate::{Error, Store};

/// What stands for all static types among blockers: their variables are the projects' own.
pub const STATIC_TYPES: &str = "static types";

/// How many projects touch one structure, each by the release that stands for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StructureRow {
    /// The structure.
    pub structure: String,
    /// Projects whose code touches it itself: members, itself by value, static variables.
    pub direct: i64,
    /// The sites of these.
    pub direct_sites: i64,
    /// Projects that touch it through macros and inline functions only.
    pub inside: i64,
    /// The sites of macros, of all projects.
    pub inside_sites: i64,
}

/// Blocked projects, twice: each counting one, and each counting its downloads.
#[derive(Debug, Clone, Default)]
pub struct BlockedProjects {
    /// Each counts one.
    pub each: Vec<Blocked>,
    /// Each counts its downloads; empty without a list of downloads.
    pub weighed: Vec<Blocked>,
}

impl Store {
    /// Every structure that a project touches, most projects first.
    pub async fn structures(&self) -> Result<Vec<StructureRow>, Error> {
        let rows = query_as!(
            StructureRow,
            r#"WITH touched AS (
                   SELECT t.key AS structure, (t.value ->> 'api_level')::bigint AS direct,
                       (t.value ->> 'abi_level')::bigint AS inside
                   FROM standing($1, $2) s
                   JOIN reports rep ON rep.id = s.report_id
                   CROSS JOIN LATERAL jsonb_each(rep.structures) t
               )
               SELECT structure AS "structure!", count(*) FILTER (WHERE direct > 0) AS "direct!",
                   sum(direct)::bigint AS "direct_sites!", count(*) FILTER (WHERE direct = 0 AND inside > 0) AS "inside!",
                   sum(inside)::bigint AS "inside_sites!"
               FROM touched GROUP BY structure ORDER BY 2 DESC, 4 DESC, 1"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows)
    }

    /// Every project that is blocked for `target`, with what blocks it.
    pub async fn blocked_projects(&self, target: Target) -> Result<BlockedProjects, Error> {
        let rows = query!(
            r#"SELECT v.blocking || v.blocking_members AS "blockers!", cardinality(v.blocking_types) > 0 AS "types!",
                   d.downloads AS "downloads?"
               FROM standing($1, $2) s
               JOIN verdicts v ON v.report_id = s.report_id AND v.target = $3 AND v.verdict = 'blocked'
               LEFT JOIN project_downloads d
                   ON d.name = s.name AND d.month = (SELECT max(month) FROM project_downloads)"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            target.to_string(),
        )
        .fetch_all(&self.pool)
        .await?;
        let mut blocked = BlockedProjects::default();
        for row in rows {
            let mut blockers = row.blockers;
            blockers.extend(row.types.then(|| STATIC_TYPES.to_owned()));
            if let Some(weight) = row.downloads {
                blocked.weighed.push(Blocked { weight, blockers: blockers.clone() });
            }
            blocked.each.push(Blocked { weight: 1, blockers });
        }
        Ok(blocked)
    }
}
