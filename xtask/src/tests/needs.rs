//! What the tests need from the machine, and what is left out where it is missing.

use std::fmt;

use anyhow::bail;
use browser::Programs;

use crate::database;

/// Where a missing program is to be had.
const POSTGRES: &str = "no Postgres: apt-get install postgresql";

/// Tests that cannot run here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Skipped {
    /// The crates that need a Postgres server.
    Postgres,
    /// The pages in a real browser; why.
    Browser(String),
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres => write!(f, "{} ({POSTGRES})", super::runs::WITH_POSTGRES.join(", ")),
            Self::Browser(why) => write!(f, "browser ({why})"),
        }
    }
}

/// What has to be skipped on this machine. In continuous integration nothing is: there it is an error.
pub(super) fn skipped() -> anyhow::Result<Vec<Skipped>> {
    let mut skipped = Vec::new();
    if database::given().is_none() && private_postgres::installed_binaries().is_none() {
        skipped.push(Skipped::Postgres);
    }
    if let Err(missing) = Programs::find() {
        skipped.push(Skipped::Browser(missing.to_string()));
    }
    allowed(skipped, browser::is_ci())
}

fn allowed(skipped: Vec<Skipped>, is_ci: bool) -> anyhow::Result<Vec<Skipped>> {
    if is_ci && !skipped.is_empty() {
        bail!("CI is set, so nothing may be skipped, but this would be: {}", in_words(&skipped));
    }
    Ok(skipped)
}

/// `2 skipped: store (no Postgres: …); browser (no chromium: …)`.
pub(super) fn summary(skipped: &[Skipped]) -> String {
    format!("{} skipped: {}", skipped.len(), in_words(skipped))
}

fn in_words(skipped: &[Skipped]) -> String {
    skipped.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    fn both() -> Vec<Skipped> {
        vec![Skipped::Postgres, Skipped::Browser("no chromium: apt-get install chromium".to_owned())]
    }

    #[test]
    fn what_is_skipped_is_counted_and_said_with_what_to_install() {
        assert_eq!(
            summary(&both()),
            "2 skipped: store, private-postgres, abiscope, xtask (no Postgres: apt-get install postgresql); \
             browser (no chromium: apt-get install chromium)"
        );
    }

    #[test]
    fn in_continuous_integration_nothing_is_skipped() {
        assert_eq!(allowed(both(), false).expect("elsewhere it is"), both());
        assert_eq!(allowed(vec![], true).expect("nothing is missing"), []);
        let error = allowed(both(), true).expect_err("something is missing").to_string();
        assert!(error.contains("apt-get install postgresql") && error.contains("apt-get install chromium"), "{error}");
    }
}
