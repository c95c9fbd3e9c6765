//! The dashboard's pages in a real, headless Chromium: finding the programs that this takes, and running the tests.
//!
//! The tests are JavaScript, in `tests/`, for node's own test runner. They drive Chromium by `playwright-core` and audit
//! pages with `axe-core`; `package-lock.json` fixes both. `abiscope/tests/browser` starts the dashboard they visit.

mod programs;
mod run;

pub use programs::{Missing, Programs};

/// Whether this is a run of continuous integration, where what is missing is a failure and never skipped.
pub fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty())
}
