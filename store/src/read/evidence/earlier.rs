//! Releases before the standing one.

use std::collections::BTreeMap;

use sqlx::query;
use whatif::{Earlier, EarlierRelease};

use super::{Asked, Places};
use crate::{Error, Store};

impl Store {
    /// For each project that had a use asked for before its standing release: every release that was read up to that one.
    pub(super) async fn earlier(&self, asked: &Asked, places: &Places) -> Result<Vec<Earlier>, Error> {
        let rows = query!(
            r#"WITH asked AS (
                   SELECT i.id FROM items i
                   WHERE (i.kind, i.name) IN (SELECT * FROM unnest($3::text[], $4::text[])) OR i.kind = ANY ($5)
               ), report AS (
                   SELECT r.project_id, r.version, r.position, r.standing, said.report_id
                   FROM report_versions said
                   JOIN files f ON f.id = said.file_id AND f.selected AND f.state = 'analysed'
                   JOIN releases r ON r.id = f.release_id
                   JOIN releases now ON now.project_id = r.project_id AND now.standing AND now.position >= r.position
                   WHERE said.analyzer_version = $1 AND said.capi_version = $2
               ), used AS (
                   SELECT u.report_id, array_agg(DISTINCT c.condition) AS conditions
                   FROM asked JOIN uses u ON u.item_id = asked.id
                   JOIN origins o ON o.id = u.origin_id AND o.class <> 'test-or-doc'
                   JOIN conditions c ON c.id = u.condition_id
                   GROUP BY u.report_id
               )
               SELECT report.project_id, report.version, coalesce(used.conditions, '{}') AS "conditions!"
               FROM report LEFT JOIN used USING (report_id)
               WHERE report.project_id IN (
                   SELECT past.project_id FROM report past JOIN used USING (report_id) WHERE NOT past.standing)
               ORDER BY report.project_id, report.position"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            &asked.kinds as &[&str],
            &asked.names,
            &asked.whole as &[&str],
        )
        .fetch_all(&self.pool)
        .await?;
        let mut projects: BTreeMap<usize, Vec<EarlierRelease>> = BTreeMap::new();
        for row in rows {
            let Some(&project) = places.get(&row.project_id) else { continue };
            let release = EarlierRelease { version: row.version, conditions: row.conditions };
            projects.entry(project).or_default().push(release);
        }
        Ok(projects.into_iter().map(|(project, releases)| Earlier { project, releases }).collect())
    }
}
