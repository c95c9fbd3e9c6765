//! Where the first site of a use is: the one thing about it that is not in memory.

use sqlx::query;

use crate::standing::{Standing, StandingReport, StandingUse};
use crate::{Error, Store};

/// A use, its words as numbers.
pub(super) struct Found {
    pub(super) project: usize,
    pub(super) item: u32,
    pub(super) row: StandingUse,
}

impl Standing {
    fn report(&self, project: usize) -> Option<&StandingReport> {
        self.projects.get(project)?.report.as_deref()
    }
}

impl Store {
    /// For each of some uses `path:line`; empty if its report is gone meanwhile.
    pub(super) async fn first_sites_of(&self, standing: &Standing, uses: &[Found]) -> Result<Vec<String>, Error> {
        let words = &standing.words;
        let ids = |id: &dyn Fn(&Found) -> i32| uses.iter().map(id).collect::<Vec<i32>>();
        let rows = query!(
            r#"SELECT t.n AS "n!", coalesce(rep.paths[u.first_file + 1], '') AS "path!", u.first_line
               FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::smallint[], $6::boolean[])
                   WITH ORDINALITY AS t (report, item, origin, condition, access, probable, n)
               JOIN uses u ON u.report_id = t.report AND u.item_id = t.item AND u.access = t.access
                   AND u.origin_id = t.origin AND u.condition_id = t.condition AND u.probable = t.probable
               JOIN reports rep ON rep.id = u.report_id"#,
            &ids(&|found| standing.report(found.project).map_or(0, |report| report.id)),
            &ids(&|found| words.items.id(found.item)),
            &ids(&|found| words.origins.id(found.row.origin)),
            &ids(&|found| words.conditions.id(found.row.condition)),
            &uses.iter().map(|found| i16::from(found.row.access)).collect::<Vec<i16>>(),
            &uses.iter().map(|found| found.row.probable).collect::<Vec<bool>>(),
        )
        .fetch_all(&self.pool)
        .await?;
        let mut sites = vec![String::new(); uses.len()];
        for row in rows {
            let place = usize::try_from(row.n - 1).unwrap_or(usize::MAX);
            if let Some(site) = sites.get_mut(place) {
                *site = format!("{}:{}", row.path, row.first_line);
            }
        }
        Ok(sites)
    }
}
