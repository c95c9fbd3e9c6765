//! Who builds for the limited API, as declared or as the wheels say.

use analyzer::{Abi, Declaration, Says, WheelTag};
use capi::Version;
use sqlx::query;
use whatif::Limited;

use super::Places;
use crate::read::json;
use crate::{Error, Store};

impl Store {
    /// Projects whose standing release asks for abi3 or has a wheel of it, with the lowest level of either.
    pub(super) async fn limited(&self, places: &Places) -> Result<Vec<Limited>, Error> {
        let rows = query!(
            r#"SELECT s.project_id AS "id!", rep.declarations AS "declarations?", w.tags AS "tags?"
               FROM standing($1, $2) s
               LEFT JOIN reports rep ON rep.id = s.report_id
               LEFT JOIN (
                   SELECT f.release_id, array_agg(DISTINCT f.detail) AS tags FROM files f
                   WHERE f.kind = 'wheel' AND f.detail LIKE '%abi3%'
                   GROUP BY f.release_id) w ON w.release_id = s.release_id
               WHERE w.tags IS NOT NULL OR rep.declarations @> '[{"abi": "abi3"}]'"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_all(&self.pool)
        .await?;
        let mut limited = Vec::new();
        for row in rows {
            let Some(&project) = places.get(&row.id) else { continue };
            let declarations: Vec<Declaration> = row.declarations.map(json).transpose()?.unwrap_or_default();
            let tags = row.tags.unwrap_or_default();
            let tags: Vec<WheelTag> = tags.iter().filter_map(|tag| tag.parse().ok()).collect();
            limited.extend(lowest(&declarations, &tags).map(|level| Limited { project, level }));
        }
        Ok(limited)
    }
}

/// The lowest level that is declared or tagged. A declaration without a level is taken for the oldest there is.
fn lowest(declarations: &[Declaration], tags: &[WheelTag]) -> Option<Version> {
    let declared = declarations
        .iter()
        .filter(|found| found.abi == Some(Abi::Abi3) && found.says == Says::On && !found.sets.is_empty())
        .map(|found| found.floor.unwrap_or(Version::OLDEST_LIMITED));
    let tagged = tags.iter().filter(|tag| tag.abis().any(|abi| abi == Abi::Abi3)).filter_map(WheelTag::floor);
    declared.chain(tagged).min()
}
