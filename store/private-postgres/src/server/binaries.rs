//! Which Postgres is run: one on the machine, or one downloaded before.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version that will do.
const OLDEST: u32 = 14;

/// The major version that is downloaded for a new cluster.
const DOWNLOADED: u32 = 18;

/// Where packages put Postgres; `*` stands for any one name. The first four are Debian's, the Postgres project's own
/// default, its packages for Red Hat, and Alpine's.
const USUAL: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/local/pgsql/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/opt/homebrew/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// A directory with `postgres` and `initdb`, and their major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binaries {
    pub(crate) dir: PathBuf,
    pub(crate) major: u32,
}

impl Binaries {
    /// The binaries in `dir`, if it has them and they run.
    pub(crate) fn at(dir: &Path) -> Option<Self> {
        if !dir.join("initdb").is_file() || !dir.join("postgres").is_file() {
            return None;
        }
        let output = Command::new(dir.join("postgres")).arg("--version").output().ok()?;
        let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self { dir: dir.to_owned(), major })
    }
}

/// The directory with `postgres`, `initdb` and `pg_ctl` on this machine, if there is one: the newest, 14 or later.
pub fn installed_binaries() -> Option<PathBuf> {
    newest(&installed()).map(|binaries| binaries.dir.clone())
}

/// Every Postgres that packages have installed.
pub(crate) fn installed() -> Vec<Binaries> {
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let usual = USUAL.iter().flat_map(|pattern| matches(pattern));
    let mut dirs: Vec<PathBuf> =
        configured.into_iter().chain(usual).filter_map(|dir| dir.canonicalize().ok()).collect();
    dirs.sort();
    dirs.dedup();
    dirs.iter().filter_map(|dir| Binaries::at(dir)).collect()
}

/// Every Postgres that was downloaded into `folder`.
pub(crate) fn downloaded(folder: &Path) -> Vec<Binaries> {
    let pattern = folder.join("*").join("bin");
    matches(&pattern.to_string_lossy()).iter().filter_map(|dir| Binaries::at(dir)).collect()
}

/// What to do about binaries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Choice<'a> {
    Use(&'a Binaries),
    /// There is none of the cluster's version, but of this one.
    Refuse {
        installed: u32,
    },
    /// There is none at all: get this major version.
    Download(u32),
}

/// Chooses for a cluster made by the major version `cluster`, or for a new one.
pub(crate) fn choose(cluster: Option<u32>, found: &[Binaries]) -> Choice<'_> {
    match (cluster, newest(found)) {
        (None, Some(newest)) => Choice::Use(newest),
        (None, None) => Choice::Download(DOWNLOADED),
        (Some(major), newest) => match found.iter().find(|binaries| binaries.major == major) {
            Some(same) => Choice::Use(same),
            None => newest.map_or(Choice::Download(major), |other| Choice::Refuse { installed: other.major }),
        },
    }
}

fn newest(found: &[Binaries]) -> Option<&Binaries> {
    found.iter().filter(|binaries| binaries.major >= OLDEST).max_by_key(|binaries| binaries.major)
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` or `… 19beta1`.
fn major_of(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    let digits = number.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The directories that match a path of which one component has a `*`.
fn matches(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (folder, prefix) = before.rsplit_once('/').unwrap_or((".", before));
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.starts_with(prefix) && !name.starts_with('.'))
        .map(|name| PathBuf::from(format!("{folder}/{name}{after}")))
        .filter(|path| path.is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binaries(major: u32) -> Binaries {
        Binaries { dir: PathBuf::from(format!("/pg/{major}")), major }
    }

    #[test]
    fn the_major_version_is_read_from_what_postgres_says_of_itself() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major_of("postgres: command not found"), None);
        assert_eq!(major_of(""), None);
    }

    #[test]
    fn a_new_cluster_is_made_by_the_newest_and_none_too_old() {
        assert_eq!(choose(None, &[binaries(15), binaries(17), binaries(16)]), Choice::Use(&binaries(17)));
        assert_eq!(choose(None, &[binaries(13)]), Choice::Download(DOWNLOADED));
        assert_eq!(choose(None, &[]), Choice::Download(DOWNLOADED));
    }

    #[test]
    fn a_cluster_is_run_by_its_own_version_or_not_at_all() {
        assert_eq!(choose(Some(15), &[binaries(15), binaries(17)]), Choice::Use(&binaries(15)));
        assert_eq!(choose(Some(16), &[binaries(15), binaries(17)]), Choice::Refuse { installed: 17 });
        assert_eq!(choose(Some(16), &[]), Choice::Download(16));
    }

    #[test]
    fn a_star_stands_for_one_name_and_only_directories_match() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["pg-15/bin", "pg-16/bin", "pg-17", "other/bin"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        let mut found = matches(&format!("{}/pg-*/bin", dir.path().display()));
        found.sort();
        assert_eq!(found, [dir.path().join("pg-15/bin"), dir.path().join("pg-16/bin")]);
        assert_eq!(matches("/nowhere/at/all/*/bin"), [] as [PathBuf; 0]);
    }

    #[test]
    fn a_directory_without_initdb_has_no_binaries() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Binaries::at(dir.path()), None);
    }
}
