//! `cargo xtask sqlx`: the committed answers of a server about every query, so that a build needs no server.
//!
//! The query macros of sqlx write one file each into `SQLX_OFFLINE_DIR` when they are expanded with a server at hand.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context as _, bail};

use crate::database::Database;
use crate::workspace::{cargo, root, succeeds};

/// The files of a folder, by name.
type Files = BTreeMap<String, Vec<u8>>;

/// Writes `.sqlx/`, or with `check` only compares it.
pub(crate) async fn run(check: bool) -> anyhow::Result<ExitCode> {
    let database = Database::start().await?;
    let fresh = ask(&database).await;
    database.close().await;
    let fresh = fresh?;

    let committed = root().join(".sqlx");
    let found = files(&committed)?;
    let differences = differences(&found, &fresh);
    if check {
        for difference in &differences {
            eprintln!("xtask: .sqlx/{difference}");
        }
        if !differences.is_empty() {
            bail!(".sqlx/ is out of date: run `cargo xtask sqlx` and commit the result");
        }
        eprintln!("xtask: .sqlx/ is up to date, {} queries", fresh.len());
    } else {
        replace(&committed, &found, &fresh)?;
        eprintln!("xtask: {} queries in .sqlx/, {} files changed", fresh.len(), differences.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// Migrates the server, has every query of `store` expanded against it, and returns the answers.
async fn ask(database: &Database) -> anyhow::Result<Files> {
    database.migrate().await?;
    let answers = tempfile::tempdir().context("cannot make a temporary folder")?;
    touch(&root().join("store"))?;
    let mut check = cargo();
    check.args(["check", "--quiet", "-p", "store", "--all-targets"]);
    check.env("DATABASE_URL", database.url()).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", answers.path());
    if !succeeds(&mut check).await? {
        bail!("store does not compile against a server with all migrations");
    }
    files(answers.path())
}

/// Makes cargo compile the crate again: the server's address is nothing it watches.
fn touch(package: &Path) -> anyhow::Result<()> {
    let mut roots = vec![package.join("src/lib.rs")];
    if let Ok(tests) = std::fs::read_dir(package.join("tests")) {
        roots.extend(
            tests.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ext| ext == "rs")),
        );
    }
    for path in roots {
        let touched = File::options().append(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        touched.with_context(|| format!("cannot touch {}", path.display()))?;
    }
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(files),
        entries => entries.with_context(|| format!("cannot read {}", folder.display()))?,
    };
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let content = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        files.insert(name.to_owned(), content);
    }
    Ok(files)
}

/// What `found` lacks, has too much, or has otherwise than `fresh`.
fn differences(found: &Files, fresh: &Files) -> Vec<String> {
    let missing = fresh.keys().filter(|&name| !found.contains_key(name)).map(|name| format!("{name} is missing"));
    let other = found.iter().filter_map(|(name, content)| match fresh.get(name) {
        None => Some(format!("{name} belongs to no query")),
        Some(wanted) if wanted != content => Some(format!("{name} is not what the server says")),
        Some(_) => None,
    });
    missing.chain(other).collect()
}

fn replace(folder: &Path, found: &Files, fresh: &Files) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for name in found.keys().filter(|&name| !fresh.contains_key(name)) {
        std::fs::remove_file(folder.join(name)).with_context(|| format!("cannot remove {name}"))?;
    }
    for (name, content) in fresh.iter().filter(|&(name, content)| found.get(name) != Some(content)) {
        std::fs::write(folder.join(name), content).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(files: &[(&str, &str)]) -> Files {
        files.iter().map(|&(name, content)| (name.to_owned(), content.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_difference_is_a_file_missing_left_over_or_changed() {
        let fresh = some(&[("a", "1"), ("b", "2"), ("c", "3")]);
        assert_eq!(differences(&fresh, &fresh), [] as [&str; 0]);
        let found = some(&[("a", "1"), ("b", "old"), ("d", "4")]);
        assert_eq!(
            differences(&found, &fresh),
            ["c is missing", "b is not what the server says", "d belongs to no query"]
        );
    }

    #[test]
    fn after_replacing_there_is_no_difference() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".sqlx");
        let fresh = some(&[("a", "1"), ("b", "2")]);
        replace(&path, &some(&[]), &some(&[("b", "old"), ("c", "3")])).unwrap();
        replace(&path, &files(&path).unwrap(), &fresh).unwrap();
        assert_eq!(differences(&files(&path).unwrap(), &fresh), [] as [&str; 0]);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_files() {
        assert_eq!(files(Path::new("/nowhere/at/all")).unwrap(), some(&[]));
    }
}
