//! Who builds for the limited API, as declared or as the wheels say.

use std::collections::HashMap;

use analyzer::{Abi, Declaration, Level, WheelTag};
use capi::Version;
use sqlx::{PgExecutor, query};

use crate::Error;
use crate::read::json;

/// Projects, by their rows, whose standing release asks for abi3 or has a wheel of it, with the lowest level of either.
pub(crate) async fn limited(from: impl PgExecutor<'_>) -> Result<HashMap<i64, Version>, Error> {
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
    .fetch_all(from)
    .await?;
    let mut limited = HashMap::new();
    for row in rows {
        let declarations: Vec<Declaration> = row.declarations.map(json).transpose()?.unwrap_or_default();
        let tags = row.tags.unwrap_or_default();
        let tags: Vec<WheelTag> = tags.iter().filter_map(|tag| tag.parse().ok()).collect();
        limited.extend(lowest(&declarations, &tags).map(|level| (row.id, level)));
    }
    Ok(limited)
}

/// The lowest level that is compiled for or tagged. Who compiles for abi3 without telling a level asks for the oldest.
fn lowest(declarations: &[Declaration], tags: &[WheelTag]) -> Option<Version> {
    let told = |level: &Level| match level {
        Level::From(levels) => levels.first().copied(),
        Level::Set | Level::NotSet => None,
    };
    let intent = analyzer::intent(declarations, Abi::Abi3);
    let declared = intent.iter().flat_map(|intent| [told(&intent.compiled), told(&intent.tagged)]).flatten();
    let tagged = tags.iter().filter(|tag| tag.abis().any(|abi| abi == Abi::Abi3)).filter_map(WheelTag::floor);
    let untold = intent.as_ref().filter(|intent| intent.compiled == Level::Set).map(|_| Version::OLDEST_LIMITED);
    declared.chain(tagged).min().or(untold)
}

#[cfg(test)]
mod tests {
    use analyzer::{SourceFile, SourceTree};

    use super::*;

    fn level(setup: &str, tags: &[&str]) -> Option<String> {
        let file = |path: &str, text: &str| SourceFile { path: path.into(), bytes: text.as_bytes().to_vec().into() };
        let files = vec![file("a.c", "#include <Python.h>"), file("setup.py", setup)];
        let tree = SourceTree { files, ..SourceTree::default() };
        let report = analyzer::analyze(&tree, &analyzer::Options::default());
        let tags: Vec<WheelTag> = tags.iter().map(|tag| tag.parse().expect("a tag")).collect();
        lowest(&report.declarations, &tags).map(|level| level.to_string())
    }

    #[test]
    fn the_level_is_that_of_the_macro_or_the_tag_and_a_suffix_alone_says_none() {
        let suffix = "setup(ext_modules=[Extension('a', ['a.c'], py_limited_api=True)])";
        let level_of_macro = "Extension('a', ['a.c'], define_macros=[('Py_LIMITED_API', '0x03080000')])";
        let bare = "Extension('a', ['a.c'], define_macros=[('Py_LIMITED_API', None)])";
        assert_eq!(level(suffix, &["cp39-abi3-win_amd64"]).as_deref(), Some("3.9"));
        assert_eq!(level(level_of_macro, &["cp39-abi3-win_amd64"]).as_deref(), Some("3.8"));
        assert_eq!(level(bare, &[]).as_deref(), Some("3.2"));
        assert_eq!(level(suffix, &[]), None);
        assert_eq!(level("setup()", &["cp39-cp39-win_amd64"]), None);
    }
}
