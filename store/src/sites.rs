//! The sites of a report with their source lines: a pack whose texts are named by item.

use std::collections::{BTreeMap, HashMap};

use analyzer::{Report, SourceTree, Use};
use serde::{Deserialize, Serialize};

use crate::pack::{self, PackError};
use crate::{SiteLine, text, visible};

/// A site as stored: path, line, column, origin, condition, source line.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Stored(String, u32, u32, String, String, String);

/// Packs the sites of `report`, each with its line of `tree`, by item, then path, line and column.
pub(crate) fn write(tree: &SourceTree, report: &Report) -> Result<Vec<u8>, PackError> {
    let mut lines = Lines::of(tree);
    let mut items: BTreeMap<String, Vec<Stored>> = BTreeMap::new();
    for use_ in &report.uses {
        let sites = items.entry(text::key(&use_.item()).into_owned()).or_default();
        sites.extend(stored(use_, report, &mut lines));
    }
    let mut texts = Vec::with_capacity(items.len());
    for (item, mut sites) in items {
        sites.sort_unstable();
        texts.push((item, serde_json::to_vec(&sites).map_err(|error| PackError(error.to_string()))?));
    }
    pack::write(texts.iter().map(|(item, json)| (item.as_str(), json.as_slice())))
}

fn stored(use_: &Use, report: &Report, lines: &mut Lines<'_>) -> Vec<Stored> {
    let site = |site: &analyzer::Site| {
        let path = report.files.get(site.file as usize).map_or("", String::as_str);
        let line = lines.line(path, site.line);
        Stored(
            path.to_owned(),
            site.line,
            site.column,
            use_.origin.class.as_str().to_owned(),
            use_.condition.to_string(),
            visible::line(line, site.column),
        )
    };
    use_.sites.iter().map(site).collect()
}

/// The sites in the text of one item.
pub(crate) fn read(json: &[u8]) -> Result<Vec<SiteLine>, PackError> {
    let sites: Vec<Stored> = serde_json::from_slice(json).map_err(|error| PackError(error.to_string()))?;
    let site =
        |Stored(path, line, column, origin, condition, text)| SiteLine { path, line, column, origin, condition, text };
    Ok(sites.into_iter().map(site).collect())
}

/// Finds lines in files, looking for each file's line ends once.
struct Lines<'a> {
    files: HashMap<&'a str, &'a [u8]>,
    starts: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Lines<'a> {
    fn of(tree: &'a SourceTree) -> Self {
        let files = tree.files.iter().map(|file| (file.path.as_str(), file.bytes.as_ref())).collect();
        Self { files, starts: HashMap::new() }
    }

    /// The 1-based line of a file without its end; empty if there is no such line.
    fn line(&mut self, path: &str, line: u32) -> &'a [u8] {
        let Some((path, bytes)) = self.files.get_key_value(path) else {
            return &[];
        };
        let starts = self.starts.entry(path).or_insert_with(|| line_starts(bytes));
        let index = (line as usize).saturating_sub(1);
        let Some(start) = starts.get(index) else { return &[] };
        let end = starts.get(index + 1).map_or(bytes.len(), |next| next - 1);
        &bytes[*start..end]
    }
}

fn line_starts(bytes: &[u8]) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use analyzer::{Accesses, Certainty, Condition, Kind, Options, Origin, OriginClass, Site, SourceFile};
    use proptest::prelude::*;

    use super::*;
    use crate::pack::Index;

    /// A report on one file with uses of the items `i0`, `i1`, …, each at these lines and columns.
    fn report(tree: &SourceTree, uses: &[Vec<(u32, u32)>]) -> Report {
        let mut report = analyzer::analyze(tree, &Options::default());
        report.files = vec!["a.c".to_owned()];
        let site = |(line, column): &(u32, u32)| Site { file: 0, line: *line, column: *column, expansions: 0 };
        let one = |(n, sites): (usize, &Vec<(u32, u32)>)| Use {
            kind: Kind::Api,
            name: format!("i{n}"),
            structure: None,
            member_path: None,
            access: Accesses::default(),
            origin: Origin { class: OriginClass::Own, by: None },
            condition: Condition::always(),
            active: None,
            certainty: Certainty::Certain,
            sites: sites.iter().map(site).collect(),
        };
        report.uses = uses.iter().enumerate().map(one).collect();
        report
    }

    fn lines() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[ -~]{0,60}", 1..40)
    }

    proptest! {
        #[test]
        fn sites_returned_are_sites_written(
            lines in lines(),
            uses in prop::collection::vec(prop::collection::vec((1_u32..60, 1_u32..60), 1..20), 0..10),
        ) {
            let file = SourceFile { path: "a.c".to_owned(), bytes: lines.join("\n").into() };
            let tree = SourceTree { files: vec![file], ..SourceTree::default() };
            let pack = write(&tree, &report(&tree, &uses)).unwrap();
            let index = Index::read(&pack, pack.len() as u64).unwrap();
            for (n, written) in uses.iter().enumerate() {
                let span = index.whole(&format!("i{n}")).unwrap();
                let part = &pack[usize::try_from(span.blob.start).unwrap()..usize::try_from(span.blob.end).unwrap()];
                let sites = read(&index.bytes(&span, part).unwrap()).unwrap();
                let mut expected = written.clone();
                expected.sort_unstable();
                prop_assert_eq!(sites.iter().map(|site| (site.line, site.column)).collect::<Vec<_>>(), expected);
                for site in sites {
                    let line = lines.get(site.line as usize - 1).map_or("", String::as_str);
                    prop_assert_eq!(&site.text, line);
                }
            }
        }
    }
}
