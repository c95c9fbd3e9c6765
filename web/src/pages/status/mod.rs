//! `/status`: how fresh everything is, what waits, who works, where everything stands.

mod crawl;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::Utc;
use store::{FileState, ProjectState, ReleaseState};

use self::crawl::Crawl;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, minute, size};
use crate::states::Explained;
use crate::{render, states};

/// Seconds after which the page looks again while something is being done.
const WHILE_BUSY: u32 = 30;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    frame: Frame,
    crawl: Crawl,
    groups: Vec<Group>,
    schema: i64,
    database: String,
    updated: Option<String>,
    waiting: Count,
    files: Count,
}

struct Group {
    heading: &'static str,
    caption: &'static str,
    total: Count,
    rows: Vec<Row>,
}

struct Row {
    word: String,
    n: Count,
    explained: Option<Explained>,
}

pub(crate) async fn status(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let status = app.status().await?;
    let crawl = Crawl::new(&status, Utc::now());
    let mut frame = Frame::new("Status", "status", &here).with_json("/status.json");
    frame.reload = crawl.is_busy().then_some(WHILE_BUSY);
    let waiting = [FileState::Queued, FileState::Fetched, FileState::Deferred]
        .iter()
        .filter_map(|state| status.files.get(state.as_str()))
        .sum();
    render::fleeting(&StatusPage {
        frame,
        crawl,
        groups: vec![
            group("Projects", "Each project of the survey is in one state.", &status.projects, |word| {
                ProjectState::from_word(word).map(states::project)
            }),
            group("Releases", "Each release of these projects is in one state.", &status.releases, |word| {
                ReleaseState::from_word(word).map(states::release)
            }),
            group(
                "Selected sdists",
                "Each sdist that was selected is in one state; only analysed ones have verdicts.",
                &status.files,
                |word| FileState::from_word(word).map(states::file),
            ),
        ],
        schema: status.schema,
        database: size(status.database_bytes),
        updated: status.updated_at.map(minute),
        waiting: Count(waiting),
        files: Count(status.files.values().sum()),
    })
}

fn group(
    heading: &'static str,
    caption: &'static str,
    counts: &BTreeMap<String, i64>,
    explain: impl Fn(&str) -> Option<Explained>,
) -> Group {
    let row = |(word, n): (&String, &i64)| Row { word: word.clone(), n: Count(*n), explained: explain(word) };
    Group { heading, caption, total: Count(counts.values().sum()), rows: counts.iter().map(row).collect() }
}
