//! What the tests need from the machine.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// Names the Chromium to drive.
const OVERRIDE: &str = "ABISCOPE_CHROMIUM";

/// What Chromium is called: by Debian, by others, and as Google packs it.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The programs that drive the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    pub(crate) node: PathBuf,
    pub(crate) npm: PathBuf,
    pub(crate) chromium: PathBuf,
}

/// Programs that this machine does not have, by the Debian packages that have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(Vec<&'static str>);

impl Programs {
    /// Looks for the programs on `PATH`; for Chromium, where `ABISCOPE_CHROMIUM` says, if it is set.
    pub fn find() -> Result<Self, Missing> {
        let named = std::env::var_os(OVERRIDE).filter(|value| !value.is_empty());
        Self::among(&std::env::var_os("PATH").unwrap_or_default(), named)
    }

    fn among(path: &OsString, chromium: Option<OsString>) -> Result<Self, Missing> {
        let on_path = |names: &[&str]| {
            let files = names.iter().flat_map(|name| std::env::split_paths(path).map(move |folder| folder.join(name)));
            files.into_iter().find(|file| file.is_file())
        };
        let chromium = match chromium {
            Some(named) => Some(PathBuf::from(named)).filter(|file| Path::is_file(file)),
            None => on_path(CHROMIUM),
        };
        match (chromium, on_path(&["node"]), on_path(&["npm"])) {
            (Some(chromium), Some(node), Some(npm)) => Ok(Self { node, npm, chromium }),
            (chromium, node, npm) => {
                let all = [("chromium", chromium), ("nodejs", node), ("npm", npm)];
                let missing = all.into_iter().filter(|(_, found)| found.is_none()).map(|(package, _)| package);
                Err(Missing(missing.collect()))
            }
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {}: apt-get install {}", self.0.join(", no "), self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(programs: &[&str]) -> (tempfile::TempDir, OsString) {
        let folder = tempfile::tempdir().expect("a folder");
        for program in programs {
            std::fs::write(folder.path().join(program), "").expect("written");
        }
        let path = std::env::join_paths([Path::new("/nowhere"), folder.path()]).expect("a path");
        (folder, path)
    }

    #[test]
    fn programs_are_found_on_the_path_under_each_of_their_names() {
        let (folder, path) = machine(&["google-chrome", "node", "npm"]);
        let found = Programs::among(&path, None).expect("all are there");
        assert_eq!(found.chromium, folder.path().join("google-chrome"));
        assert_eq!(found.node, folder.path().join("node"));
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_install() {
        let (_folder, path) = machine(&["node"]);
        let missing = Programs::among(&path, None).expect_err("two are missing");
        assert_eq!(missing.to_string(), "no chromium, no npm: apt-get install chromium npm");
    }

    #[test]
    fn a_chromium_that_is_named_and_not_there_is_missing_whatever_the_path_has() {
        let (_folder, path) = machine(&["chromium", "node", "npm"]);
        assert!(Programs::among(&path, None).is_ok());
        let missing = Programs::among(&path, Some("/nowhere/chromium".into())).expect_err("it is not there");
        assert_eq!(missing.to_string(), "no chromium: apt-get install chromium");
    }
}
