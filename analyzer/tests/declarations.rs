//! What packages declare, and what of it does not fit together: the packages in `packages/`, one a file.
//!
//! `=== PATH` starts a file of the package. A line that ends in `# ~ DECLARATION; DECLARATION` has exactly these
//! declarations, every other line has none; the comment is not part of the file. A declaration is written as its form,
//! what it says, its ABI, its floor, what it sets, `probable`, and `if CONDITION`, each where there is one. The build
//! backend and `requires-python` may be left untold.
//!
//! `=== wheels` lists tags of wheels. `=== contradictions` has one a line: its code, its severity, `probable` if it is
//! that, and its places; a line that starts with `>` has a text that one of its changes writes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use analyzer::{
    CODES, Certainty, Contradiction, Declaration, Form, Options, Report, Says, SourceFile, SourceTree, WheelTag,
    analyze,
};

/// A package as its fixture tells it.
#[derive(Debug, Default)]
struct Package {
    name: String,
    files: Vec<(String, String)>,
    /// Path, line, declaration.
    declared: BTreeSet<(String, u32, String)>,
    wheels: Option<Vec<WheelTag>>,
    contradictions: Vec<Told>,
}

/// A contradiction as its fixture tells it.
#[derive(Debug, Default)]
struct Told {
    head: String,
    changes: Vec<String>,
}

#[test]
fn every_package_declares_exactly_what_its_lines_tell() {
    let mut wrong = Vec::new();
    for package in packages() {
        let report = report(&package);
        let found: BTreeSet<_> = report
            .declarations
            .iter()
            .map(|found| (found.path.clone(), found.line, written(found)))
            .filter(|found| package.declared.contains(found) || !may_be_untold(&found.2))
            .collect();
        for (path, line, what) in package.declared.difference(&found) {
            wrong.push(format!("{} {path}:{line}: not found: {what}", package.name));
        }
        for (path, line, what) in found.difference(&package.declared) {
            wrong.push(format!("{} {path}:{line}: not expected: {what}", package.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_package_has_exactly_the_contradictions_that_it_tells() {
    let mut wrong = Vec::new();
    for package in packages() {
        let found = report(&package).contradictions(package.wheels.as_deref());
        let heads: Vec<String> = found.iter().map(head).collect();
        let told: Vec<String> = package.contradictions.iter().map(|told| told.head.clone()).collect();
        if heads != told {
            let mut text = String::new();
            for found in &found {
                _ = write!(text, "{}\n{found}", head(found));
            }
            wrong.push(format!("{}: told {told:#?}, found\n{text}", package.name));
            continue;
        }
        for (told, found) in package.contradictions.iter().zip(&found) {
            let writes = |text: &String| found.changes.iter().any(|change| change.text.contains(text.as_str()));
            let missing = told.changes.iter().filter(|text| !writes(text));
            wrong.extend(missing.map(|text| format!("{}: {text:?} is not written by\n{found}", package.name)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_form_and_every_rule_has_a_package() {
    let packages = packages();
    let forms: BTreeSet<Form> =
        packages.iter().flat_map(|package| report(package).declarations).map(|d| d.form).collect();
    let missing: Vec<_> = Form::ALL.iter().filter(|form| !forms.contains(form)).collect();
    assert!(missing.is_empty(), "no package declares {missing:?}");
    let told: BTreeSet<&str> = packages
        .iter()
        .flat_map(|package| &package.contradictions)
        .filter_map(|told| told.head.split(' ').next())
        .collect();
    let missing: Vec<_> = CODES.iter().filter(|code| !told.contains(**code)).collect();
    assert!(missing.is_empty(), "no package has {missing:?}");
    let unknown: Vec<_> = told.iter().filter(|code| !CODES.contains(code)).collect();
    assert!(unknown.is_empty(), "no such rule: {unknown:?}");
}

#[test]
fn a_contradiction_says_what_to_write_and_where() {
    for package in packages() {
        for found in report(&package).contradictions(package.wheels.as_deref()) {
            assert!(found.explanation.len() > 40, "{found}");
            assert!(CODES.contains(&found.code), "{found}");
            assert!(found.changes.iter().all(|change| !change.path.is_empty() && !change.text.is_empty()), "{found}");
            assert!(found.changes.iter().all(|change| change.line != Some(0)), "{found}");
        }
    }
}

fn packages() -> Vec<Package> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packages");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the packages").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 20, "only {} packages found", paths.len());
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Package {
    let text = fs::read_to_string(path).expect("a text");
    let mut package =
        Package { name: path.file_stem().expect("a name").to_string_lossy().into_owned(), ..Package::default() };
    let mut section = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            name.clone_into(&mut section);
            match name {
                "wheels" => package.wheels = Some(Vec::new()),
                "contradictions" => {}
                path => package.files.push((path.to_owned(), String::new())),
            }
            continue;
        }
        match section.as_str() {
            // What stands above the first file is about the package.
            "" => {}
            _ if line.is_empty() && ["wheels", "contradictions"].contains(&section.as_str()) => {}
            "wheels" => package.wheels.get_or_insert_default().push(line.parse().expect("a tag")),
            "contradictions" => match line.strip_prefix("> ") {
                Some(change) => {
                    let last = package.contradictions.last_mut().expect("a contradiction above");
                    last.changes.push(change.to_owned());
                }
                None => package.contradictions.push(Told { head: line.to_owned(), ..Told::default() }),
            },
            path => {
                let (_, text) = package.files.last_mut().expect("a file");
                let number = u32::try_from(text.lines().count()).expect("a number") + 1;
                let (code, told) = parted(line);
                _ = writeln!(text, "{code}");
                let told = told.split(';').map(str::trim).filter(|what| !what.is_empty());
                package.declared.extend(told.map(|what| (path.to_owned(), number, what.to_owned())));
            }
        }
    }
    package
}

fn parted(line: &str) -> (&str, &str) {
    let parts = line.split_once("# ~ ").or_else(|| line.split_once("// ~ "));
    parts.map_or((line, ""), |(code, told)| (code.trim_end(), told))
}

fn report(package: &Package) -> Report {
    let file =
        |(path, text): &(String, String)| SourceFile { path: path.clone(), bytes: text.as_bytes().to_vec().into() };
    let mut files: Vec<SourceFile> = package.files.iter().map(file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    analyze(
        &SourceTree { name: format!("{}-1.0.tar.gz", package.name), files, ..SourceTree::default() },
        &Options::default(),
    )
}

fn may_be_untold(what: &str) -> bool {
    ["build-backend ", "requires-python "].iter().any(|form| what.starts_with(form))
}

fn written(found: &Declaration) -> String {
    let mut words = vec![found.form.as_str().to_owned(), found.says.as_str().to_owned()];
    words.extend(found.abi.map(|abi| abi.as_str().to_owned()));
    words.extend(found.floor.map(|floor| floor.to_string()));
    if !found.sets.is_empty() {
        words.push(found.sets.to_string());
    }
    if found.certainty == Certainty::Probable {
        words.push("probable".to_owned());
    }
    if let Some(when) = &found.when {
        words.push(format!("if {when}"));
    }
    assert!(found.says == Says::Context || found.abi.is_some(), "{found}");
    assert_eq!(found.when.is_some(), !found.depends_on.is_empty(), "{found}");
    words.join(" ")
}

fn head(found: &Contradiction) -> String {
    let mut words = vec![found.code.to_owned(), found.severity.as_str().to_owned()];
    if found.certainty == Certainty::Probable {
        words.push("probable".to_owned());
    }
    words.extend(found.places.iter().map(ToString::to_string));
    words.join(" ")
}
