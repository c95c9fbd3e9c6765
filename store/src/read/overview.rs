//! The front page.

use std::collections::BTreeMap;

use analyzer::{Kind, Outcome};
use capi::Target;
use chrono::{DateTime, Utc};
use sqlx::query;

use super::{Chain, ItemHit};
use crate::{Error, Store, words};

/// Rows of the list of blockers.
const BLOCKERS: i64 = 20;

/// How many projects have each verdict for one target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[expect(missing_docs, reason = "the verdicts' own words")]
pub struct OutcomeCounts {
    pub no_blocker: i64,
    pub blocked: i64,
    pub tool_blocks: i64,
    pub undecided: i64,
    pub pure: i64,
}

/// One line of the overview's table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TargetRow {
    /// The target.
    pub target: Target,
    /// Projects by verdict, each by the release that stands for it.
    pub counts: OutcomeCounts,
}

/// The front page.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Overview {
    /// The chain, `decided` being about the target asked for.
    pub chain: Chain,
    /// Every target.
    pub targets: Vec<TargetRow>,
    /// The items that block most projects for the target asked for, most first.
    pub top_blockers: Vec<ItemHit>,
    /// Projects by state.
    pub projects: BTreeMap<String, i64>,
    /// Selected files by state.
    pub files: BTreeMap<String, i64>,
    /// When anything was last written.
    pub updated_at: Option<DateTime<Utc>>,
}

impl OutcomeCounts {
    fn of(&mut self, outcome: Outcome) -> &mut i64 {
        match outcome {
            Outcome::NoBlocker => &mut self.no_blocker,
            Outcome::Blocked => &mut self.blocked,
            Outcome::ToolBlocks => &mut self.tool_blocks,
            Outcome::Undecided => &mut self.undecided,
            Outcome::Pure => &mut self.pure,
        }
    }
}

impl Store {
    /// The front page, for `target`.
    pub async fn overview(&self, target: Target) -> Result<Overview, Error> {
        let status = self.counts().await?;
        Ok(Overview {
            chain: self.chain(target).await?,
            targets: self.target_rows().await?,
            top_blockers: self.top_blockers(target).await?,
            projects: status.projects,
            files: status.files,
            updated_at: status.updated_at,
        })
    }

    async fn target_rows(&self) -> Result<Vec<TargetRow>, Error> {
        let rows = query!(
            r#"SELECT v.target, v.verdict, count(*) AS "projects!"
               FROM standing($1, $2) s JOIN verdicts v ON v.report_id = s.report_id
               GROUP BY v.target, v.verdict"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_all(&self.pool)
        .await?;
        let mut counts: BTreeMap<String, OutcomeCounts> = BTreeMap::new();
        for row in rows {
            *counts.entry(row.target).or_default().of(words::outcome(&row.verdict)?) = row.projects;
        }
        let row = |target: Target| TargetRow { target, counts: counts.remove(&target.to_string()).unwrap_or_default() };
        Ok(Target::all().map(row).collect())
    }

    /// Identifiers and members; static types are variables of the projects' own. Sites in tests do not count.
    async fn top_blockers(&self, target: Target) -> Result<Vec<ItemHit>, Error> {
        let rows = query!(
            r#"WITH now AS MATERIALIZED (SELECT report_id FROM standing($1, $2)),
            blocker AS (
                SELECT b.item, b.is_member, count(*) AS projects
                FROM now
                JOIN verdicts v ON v.report_id = now.report_id AND v.target = $3
                CROSS JOIN LATERAL (
                    SELECT unnest(v.blocking) AS item, false AS is_member
                    UNION SELECT unnest(v.blocking_members), true
                ) b
                GROUP BY b.item, b.is_member ORDER BY projects DESC, b.item LIMIT $4
            )
            SELECT b.item AS "item!", b.is_member AS "is_member!", b.projects AS "projects!",
                coalesce(sum(u.sites), 0)::bigint AS "sites!"
            FROM blocker b
            LEFT JOIN items i ON i.name = b.item AND (i.kind = 'member') = b.is_member
            LEFT JOIN uses u ON u.item_id = i.id AND u.report_id IN (SELECT report_id FROM now)
                AND u.origin_id NOT IN (SELECT id FROM origins WHERE class = 'test-or-doc')
            GROUP BY b.item, b.is_member, b.projects ORDER BY b.projects DESC, b.item"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            target.to_string(),
            BLOCKERS,
        )
        .fetch_all(&self.pool)
        .await?;
        let hit = |is_member| if is_member { Kind::Member } else { Kind::Api };
        Ok(rows
            .into_iter()
            .map(|row| ItemHit { item: row.item, kind: hit(row.is_member), projects: row.projects, sites: row.sites })
            .collect())
    }
}
