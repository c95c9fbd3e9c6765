//! Projects for tests.

use std::sync::Arc;

use analyzer::Outcome;
use chrono::NaiveDate;

use crate::{Facts, Project, Release, Step, Switch, TagDates, Told, Toolchain};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A release that was read and uses nothing, with its sdist uploaded with it.
pub(crate) fn release(id: i64, uploaded: &str) -> Release {
    Release {
        id,
        uploaded: day(uploaded),
        is_prerelease: false,
        yanked: Switch::default(),
        gone: Switch::default(),
        sdist: Some(day(uploaded)),
        selected: Some(day(uploaded)),
        step: Step::Native,
        tags: TagDates::default(),
        told: Some(told(i32::try_from(id).expect("a small id"), facts(Outcome::Blocked))),
    }
}

/// A report that says this.
pub(crate) fn told(report: i32, facts: Facts) -> Told {
    Told { report, facts: Arc::new(facts) }
}

/// Native code by hand with the same verdict for each target.
pub(crate) fn facts(outcome: Outcome) -> Facts {
    Facts {
        is_native: true,
        outcomes: capi::Target::all().map(|_| Some(outcome)).collect(),
        toolchains: Toolchain::Plain.bit(),
        ..Facts::default()
    }
}

/// A project that was seen first on 1 June 2024.
pub(crate) fn project(releases: Vec<Release>) -> Project {
    Project {
        name: "made".into(),
        first_seen: day("2024-06-01"),
        away: Switch::default(),
        releases,
        downloads: Vec::new(),
    }
}
