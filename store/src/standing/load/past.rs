//! Reading what only earlier releases had. It is derived once for each set of releases and kept in the database.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use sqlx::query;

use crate::leb128::{Reader, push};
use crate::standing::Vocabulary;
use crate::standing::past::Gone;
use crate::{Error, Store};

/// Projects of which it is derived at a time.
const AT_ONCE: usize = 50;

/// More projects than these take a while, which is said.
const MANY: usize = 1000;

/// What projects had, by their rows.
pub(super) type Pasts = HashMap<i64, RawPast>;

/// What one project had.
#[derive(Default)]
pub(super) struct RawPast {
    reports: Vec<i32>,
    releases: Arc<[Box<str>]>,
    /// Ids of items, as differences, and of conditions, and the place of the last release, packed.
    uses: Box<[u8]>,
}

impl Store {
    /// What each project had of which an earlier release was read.
    pub(super) async fn pasts(&self) -> Result<Pasts, Error> {
        let mut rows = query!(
            r#"WITH read AS (
                   SELECT r.project_id, array_agg(r.version ORDER BY r.position) AS releases,
                       array_agg(said.report_id ORDER BY r.position)
                           || CASE WHEN bool_or(r.standing) THEN '{}'::integer[] ELSE '{0}' END AS reports
                   FROM report_versions said
                   JOIN files f ON f.id = said.file_id AND f.selected AND f.state = 'analysed'
                   JOIN releases r ON r.id = f.release_id
                   JOIN releases now ON now.project_id = r.project_id AND now.standing AND now.position >= r.position
                   WHERE said.analyzer_version = $1 AND said.capi_version = $2
                   GROUP BY r.project_id HAVING NOT bool_and(r.standing))
               SELECT read.project_id, read.releases AS "releases!", read.reports AS "reports!", past.items AS "items?",
                   past.conditions AS "conditions?", past.last AS "last?"
               FROM read LEFT JOIN project_past past USING (project_id, reports)"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch(&self.pool);
        let (mut pasts, mut unknown) = (Pasts::new(), Vec::new());
        while let Some(row) = rows.try_next().await? {
            let releases = row.releases.into_iter().map(Into::into).collect();
            let mut past = RawPast { reports: row.reports, releases, ..RawPast::default() };
            match (row.items, row.conditions, row.last) {
                (Some(items), Some(conditions), Some(last)) => past.uses = packed(&items, &conditions, &last),
                _ => unknown.push(row.project_id),
            }
            pasts.insert(row.project_id, past);
        }
        drop(rows);
        if unknown.len() > MANY {
            tracing::info!("counting what earlier releases of {} projects had; this is done once", unknown.len());
        }
        for some in unknown.chunks(AT_ONCE) {
            self.derive_pasts(some, &mut pasts).await?;
        }
        Ok(pasts)
    }

    /// Derives what projects had from the uses of their reports, and keeps it.
    async fn derive_pasts(&self, projects: &[i64], pasts: &mut Pasts) -> Result<(), Error> {
        let (mut owners, mut reports, mut places, mut stands) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for project in projects {
            let known = pasts.get(project).map_or(&[][..], |past| &past.reports);
            owners.extend(known.iter().map(|_| *project));
            reports.extend(known);
            places.extend((0_i32..).zip(known).map(|(place, _)| place));
            stands.extend((1..=known.len()).map(|n| n == known.len()));
        }
        let rows = query!(
            r#"WITH asked AS (
                   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::boolean[])
                       AS t (project_id, report_id, place, stands)
               ), gone AS (
                   SELECT project_id, item_id, condition_id, max(place) AS last
                   FROM asked JOIN uses u USING (report_id)
                   JOIN origins o ON o.id = u.origin_id AND o.class <> 'test-or-doc'
                   GROUP BY project_id, item_id, condition_id HAVING NOT bool_or(stands)
               ), packed AS (
                   SELECT project_id, array_agg(item_id) AS items, array_agg(condition_id) AS conditions,
                       array_agg(last) AS last
                   FROM gone GROUP BY project_id
               ), made AS (
                   SELECT project_id, array_agg(report_id ORDER BY place) AS reports FROM asked GROUP BY project_id)
               INSERT INTO project_past AS past (project_id, reports, items, conditions, last)
               SELECT project_id, reports, coalesce(items, '{}'), coalesce(conditions, '{}'), coalesce(last, '{}')
               FROM made LEFT JOIN packed USING (project_id)
               ORDER BY project_id
               ON CONFLICT (project_id) DO UPDATE SET reports = excluded.reports, items = excluded.items,
                   conditions = excluded.conditions, last = excluded.last
               RETURNING past.project_id, past.items, past.conditions, past.last"#,
            &owners,
            &reports,
            &places,
            &stands,
        )
        .fetch_all(&self.pool)
        .await?;
        for row in rows {
            if let Some(past) = pasts.get_mut(&row.project_id) {
                past.uses = packed(&row.items, &row.conditions, &row.last);
            }
        }
        Ok(())
    }
}

impl RawPast {
    /// The versions of the releases that were read.
    pub(super) fn releases(&self) -> Arc<[Box<str>]> {
        Arc::clone(&self.releases)
    }

    /// Each use: the ids of its item and its condition, and the place of the last release that had it.
    pub(super) fn uses(&self) -> impl Iterator<Item = (i32, i32, u32)> {
        let (mut reader, mut item) = (Reader(&self.uses), 0_u32);
        std::iter::from_fn(move || {
            item = item.checked_add(reader.number()?)?;
            let condition = i32::try_from(reader.number()?).ok()?;
            Some((i32::try_from(item).ok()?, condition, reader.number()?))
        })
    }

    /// Its uses in the vocabulary's numbers. A word that is gone from the database since takes its use with it.
    pub(super) fn gone(&self, project: u32, words: &Vocabulary) -> impl Iterator<Item = Gone> {
        self.uses().filter_map(move |(item, condition, last)| {
            let (item, condition) = (words.items.number(item)?, words.conditions.number(condition)?);
            Some(Gone { item, project, condition, last })
        })
    }
}

fn packed(items: &[i32], conditions: &[i32], last: &[i32]) -> Box<[u8]> {
    let positive = |id: &i32| u32::try_from(*id).unwrap_or(0);
    let uses = items.iter().zip(conditions).zip(last);
    let mut uses: Vec<[u32; 3]> = uses.map(|((item, condition), last)| [item, condition, last].map(positive)).collect();
    uses.sort_unstable();
    let (mut bytes, mut before) = (Vec::with_capacity(uses.len() * 5), 0);
    for [item, condition, last] in uses {
        for number in [item - before, condition, last] {
            push(&mut bytes, number);
        }
        before = item;
    }
    bytes.into()
}
