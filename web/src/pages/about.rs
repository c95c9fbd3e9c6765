//! `/about`: the words, how verdicts come about, and what is not looked at. Without a database only the measured figures
//! are missing.

use analyzer::{Kind, Outcome};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use store::PureMisses;

use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::numbers::{Count, per_cent, share, wilson};
use crate::states::{self, Explained};
use crate::words::{self, Mark};
use crate::{address, render};

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    frame: Frame,
    verdicts: Vec<(Mark, &'static str)>,
    kinds: Vec<(&'static str, &'static str, &'static str)>,
    states: Vec<Explained>,
    misses: Option<Misses>,
    analyzer_version: &'static str,
    capi_version: &'static str,
    program_version: &'static str,
}

/// How often the prefilter misses, as measured.
pub(crate) struct Misses {
    pub(crate) pure: Count,
    pub(crate) sampled: Count,
    pub(crate) decided: Count,
    pub(crate) with_native: Count,
    /// Nothing of the sample is decided.
    pub(crate) is_unmeasured: bool,
    pub(crate) rate: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Project and version, and where they are.
    pub(crate) named: Vec<(String, String)>,
    pub(crate) more: Count,
}

/// Misses that are named.
const NAMED: usize = 20;

impl Misses {
    pub(crate) fn new(found: &PureMisses) -> Self {
        let (from, to) = wilson(found.with_native, found.decided);
        let named = found.misses.iter().take(NAMED);
        let named: Vec<_> =
            named.map(|(name, version)| (format!("{name} {version}"), address::release(name, version))).collect();
        let more = found.with_native - i64::try_from(named.len()).unwrap_or(0);
        Self {
            pure: Count(found.pure),
            sampled: Count(found.sampled),
            decided: Count(found.decided),
            with_native: Count(found.with_native),
            is_unmeasured: found.decided == 0,
            rate: share(found.with_native, found.decided),
            from: per_cent(from),
            to: per_cent(to),
            named,
            more: Count(more),
        }
    }
}

pub(crate) async fn about(State(app): State<App>) -> Result<Response, WebError> {
    let kind = |kind: Kind| (words::kind_heading(kind), kind.as_str(), words::kind_meaning(kind));
    let releases = store::ReleaseState::ALL.iter().map(|state| states::release(*state));
    let files = store::FileState::ALL.iter().map(|state| states::file(*state));
    render::page(&About {
        frame: Frame::plain("About and method", "about"),
        verdicts: Outcome::ALL.iter().map(|outcome| (Mark::from(*outcome), meaning(*outcome))).collect(),
        kinds: Kind::ALL.map(kind).to_vec(),
        states: releases.chain(files).collect(),
        misses: app.misses().await.map(|found| Misses::new(&found)),
        analyzer_version: analyzer::ANALYZER_VERSION,
        capi_version: capi::DATA_VERSION,
        program_version: env!("CARGO_PKG_VERSION"),
    })
}

const fn meaning(outcome: analyzer::Outcome) -> &'static str {
    use analyzer::Outcome;
    match outcome {
        Outcome::NoBlocker => {
            "Nothing was found that stands in the way. It is not a promise that the project builds or works."
        }
        Outcome::Blocked => "Live code uses what the target does not have; each item is listed with its sites.",
        Outcome::ToolBlocks => {
            "The code itself has no live blocker, but a tool that it is built with cannot make such a wheel: pybind11, or Cython pinned below 3.1."
        }
        Outcome::Undecided => "An open question could block, and the sources do not answer it; the question is named.",
        Outcome::Pure => "The sdist was read and holds no native source.",
    }
}
