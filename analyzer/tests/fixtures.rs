//! The findings of every file in `fixtures/`, told on the very lines.
//!
//! A line that ends in `// ~ FINDING; FINDING` (`# ~ …` in Cython) has exactly these findings; every other line has
//! none. A finding is written as `api PyList_New`, `member PyTypeObject.tp_name read`, `lvalue Py_TYPE write`, …,
//! with `probable` behind it where it is that, and `if CONDITION` where it is not always kept.
//! A fixture's first line, `// only: member lvalue`, names the kinds that it is about. The files of a folder are one
//! package.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use analyzer::{Certainty, Condition, Options, Report, SourceFile, SourceTree, Use, analyze};

#[test]
fn every_fixture_has_exactly_the_findings_on_its_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        let files = if path.is_dir() {
            fs::read_dir(&path).expect("a folder").map(|entry| read(&entry.expect("an entry").path())).collect()
        } else {
            vec![read(&path)]
        };
        seen += 1;
        wrong.extend(check(&files));
    }
    assert!(seen > 5, "only {seen} fixtures found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The name and text of one file.
fn read(path: &Path) -> (String, String) {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    (name, fs::read_to_string(path).expect("a text"))
}

/// What differs between the comments and the findings of one package, in words.
fn check(files: &[(String, String)]) -> Vec<String> {
    let report = report(files);
    files.iter().flat_map(|(name, text)| check_file(&report, name, text)).collect()
}

fn check_file(report: &Report, name: &str, text: &str) -> Vec<String> {
    let only: Vec<&str> = text
        .lines()
        .next()
        .and_then(|line| line.split_once("only:"))
        .map(|(_, kinds)| kinds.split_whitespace().collect())
        .unwrap_or_default();
    let expected: BTreeSet<(u32, String)> =
        (1..).zip(text.lines()).flat_map(|(number, line)| told(number, line)).collect();
    let found: BTreeSet<(u32, String)> = findings(report, name, &only);
    let missing = expected.difference(&found).map(|(line, what)| format!("{name}:{line}: not found: {what}"));
    let surplus = found.difference(&expected).map(|(line, what)| format!("{name}:{line}: not expected: {what}"));
    missing.chain(surplus).collect()
}

fn told(number: u32, line: &str) -> Vec<(u32, String)> {
    let comment = line.split_once("// ~ ").or_else(|| line.split_once("# ~ "));
    let told = comment.map_or("", |(_, told)| told.trim_end_matches("*/").trim_end_matches(['\\', ' ']));
    told.split(';').map(str::trim).filter(|what| !what.is_empty()).map(|what| (number, what.to_owned())).collect()
}

fn findings(report: &Report, name: &str, only: &[&str]) -> BTreeSet<(u32, String)> {
    let path = format!("src/{name}");
    let file = report.files.iter().position(|file| *file == path);
    let wanted = |found: &&Use| only.is_empty() || only.contains(&found.kind.as_str());
    let sites = report.uses.iter().filter(wanted).flat_map(|found| found.sites.iter().map(move |site| (site, found)));
    sites
        .filter(|(site, _)| Some(site.file as usize) == file)
        .map(|(site, found)| (site.line, written(found)))
        .collect()
}

fn report(files: &[(String, String)]) -> Report {
    let file = |(name, text): &(String, String)| SourceFile {
        path: format!("src/{name}"),
        bytes: text.as_bytes().to_vec().into(),
    };
    let tree = SourceTree {
        name: "fixture-1.0.tar.gz".into(),
        files: files.iter().map(file).collect(),
        ..SourceTree::default()
    };
    analyze(&tree, &Options::default())
}

fn written(found: &Use) -> String {
    let mut words = vec![found.kind.as_str().to_owned(), found.item()];
    if !found.access.is_empty() {
        words.push(found.access.to_string());
    }
    if found.certainty == Certainty::Probable {
        words.push("probable".to_owned());
    }
    if found.condition != Condition::always() {
        words.push(format!("if {}", found.condition));
    }
    words.join(" ")
}
