//! `/about`: the words, how verdicts come about, and what is not looked at. Needs no database.

use analyzer::{Kind, Outcome};
use askama::Template;
use axum::response::Response;

use crate::error::WebError;
use crate::frame::Frame;
use crate::render;
use crate::states::{self, Explained};
use crate::words::{self, Mark};

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    frame: Frame,
    verdicts: Vec<(Mark, &'static str)>,
    kinds: Vec<(&'static str, &'static str, &'static str)>,
    states: Vec<Explained>,
    analyzer_version: &'static str,
    capi_version: &'static str,
    program_version: &'static str,
}

pub(crate) async fn about() -> Result<Response, WebError> {
    let kind = |kind: Kind| (words::kind_heading(kind), kind.as_str(), words::kind_meaning(kind));
    let releases = store::ReleaseState::ALL.iter().map(|state| states::release(*state));
    let files = store::FileState::ALL.iter().map(|state| states::file(*state));
    render::page(&About {
        frame: Frame::plain("About and method", "about"),
        verdicts: Outcome::ALL.iter().map(|outcome| (Mark::from(*outcome), meaning(*outcome))).collect(),
        kinds: Kind::ALL.map(kind).to_vec(),
        states: releases.chain(files).collect(),
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
