//! What the 40 real packages declare, against what was found by eye (`declared.tsv`).
//!
//! `ABISCOPE_SDISTS` names a folder with the archives of `corpus/packages.txt`; without it the table alone is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use analyzer::{Abi, Declaration, Form, Limits, Options, Says, analyze, intent, read_sdist};

/// Package and version, the intent, the lines.
type Row = (String, String, BTreeSet<String>);

fn rows() -> Vec<Row> {
    let table = include_str!("declared.tsv").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut next = || cells.next().unwrap_or_default();
        let (package, intent, lines) = (next(), next(), next());
        (package, intent, lines.split_whitespace().map(str::to_owned).collect())
    };
    table.map(row).collect()
}

#[test]
fn the_table_has_each_package_of_the_corpus() {
    let corpus = include_str!("../../corpus/packages.txt").lines().filter(|line| !line.starts_with('#'));
    let corpus: BTreeSet<String> = corpus.map(|line| line.trim().to_lowercase().replace('-', "_")).collect();
    let table: BTreeSet<String> = rows().into_iter().map(|(package, ..)| package).collect();
    assert_eq!(table, corpus);
}

#[test]
fn real_packages_declare_what_was_found_by_eye() {
    let Ok(folder) = std::env::var("ABISCOPE_SDISTS") else {
        println!("40 packages skipped: ABISCOPE_SDISTS names no folder of them");
        return;
    };
    let mut wrong = BTreeMap::new();
    for (package, told, lines) in rows() {
        let name = format!("{}.tar.gz", package.replace("==", "-"));
        let bytes = fs::read(Path::new(&folder).join(&name)).expect("the archive");
        let tree = read_sdist(&name, &bytes, &Limits::default()).expect("an sdist");
        let report = analyze(&tree, &Options::default());
        let intents = [Abi::Abi3, Abi::Abi3t].into_iter().filter_map(|abi| intent(&report.declarations, abi));
        let intents: Vec<String> = intents.map(|intent| intent.to_string()).collect();
        let found = if intents.is_empty() { "nothing".to_owned() } else { intents.join("; ") };
        let places: BTreeSet<String> =
            report.declarations.iter().filter(|found| is_told(found)).map(Declaration::place).collect();
        if (&found, &places) != (&told, &lines) {
            wrong.insert(package, (found, places));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether it asks for the stable ABI or refuses it, in whatever words.
fn is_told(found: &Declaration) -> bool {
    found.says != Says::Context || found.form == Form::SetuptoolsRust
}
