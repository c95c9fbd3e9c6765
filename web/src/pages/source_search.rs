//! `/search/source` and `/api/v1/source`: the stored sources, searched for a regular expression.
//!
//! The address holds the whole question, its parts always in the same order. Of each file only some lines are shown, and
//! of each project the archive's hash: see docs/CONTRACT.md, "Other people's source".

use std::time::Duration;

use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use packaging::ProjectName;
use search::{PathFilter, Pattern};
use serde::Deserialize;
use store::{SourceFound, SourceHit, SourceQuery};

use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::visible::cut;
use crate::{address, api, params, render};

/// When a search stops.
const TIME: Duration = Duration::from_secs(5);
/// Hits on a page.
const HITS: usize = 200;
/// Hits of an answer for programs.
const HITS_OF_API: usize = 1000;
/// Hits of one file that are shown: nobody gets a whole file.
const OF_A_FILE: usize = 20;
/// Lines around a hit on each side: seven with it.
const AROUND: u32 = 3;
/// The CPythons to choose among.
const PYTHONS: std::ops::RangeInclusive<u8> = 8..=15;

/// What an address asks.
#[derive(Debug, Default, Clone, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    project: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    own: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    active: String,
    #[serde(default)]
    around: String,
}

impl<S: Sync + Send> FromRequestParts<S> for Asked {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        params::each_once(parts, state).await
    }
}

/// A mark that is set or not: `1` in addresses.
fn is_set(value: &str) -> bool {
    !value.is_empty() && value != "0"
}

impl Asked {
    /// The same question in its one way of being written.
    fn address(&self, path: &str) -> String {
        let mark = |value: &str| if is_set(value) { "1" } else { "" };
        let around = self.around().map(|n| n.to_string()).unwrap_or_default();
        address::with_query(
            path,
            &[
                ("q", &self.q),
                ("case", if self.case == "any" { "any" } else { "" }),
                ("project", self.project.trim()),
                ("path", self.path.trim()),
                ("own", mark(&self.own)),
                ("code", mark(&self.code)),
                ("active", self.active.trim()),
                ("around", if around == "0" { "" } else { &around }),
            ],
        )
    }

    fn around(&self) -> Result<u32, String> {
        let around = if self.around.is_empty() { Ok(0) } else { self.around.parse() };
        around.ok().filter(|around| *around <= AROUND).ok_or_else(|| format!("around= is a number up to {AROUND}"))
    }

    /// What to search for, or what is wrong with it.
    fn query(&self, limit: usize) -> Result<SourceQuery, String> {
        let (project, path, active) = (self.project.trim(), self.path.trim(), self.active.trim());
        let given = |text: &str| !text.is_empty();
        let project = Some(project).filter(|text| given(text)).map(str::parse::<ProjectName>).transpose();
        let path = Some(path).filter(|text| given(text)).map(str::parse::<PathFilter>).transpose();
        let active = Some(active).filter(|text| given(text)).map(str::parse::<capi::Version>).transpose();
        Ok(SourceQuery {
            pattern: Pattern::parse(&self.q, self.case == "any").map_err(|error| error.to_string())?,
            project: project.map_err(|error| error.to_string())?,
            path: path.map_err(|error| error.to_string())?,
            own: is_set(&self.own),
            code: is_set(&self.code),
            active: active.map_err(|_| "active= is a version of CPython, such as 3.13".to_owned())?,
            context: self.around()?,
            limit,
            of_a_file: OF_A_FILE,
            time: TIME,
        })
    }
}

async fn searched(app: &App, query: &SourceQuery) -> Result<SourceFound, WebError> {
    // The semaphore is never closed; were it, the guard's time limit would still hold.
    let _turn = app.searches().acquire().await;
    Ok(app.survey().source_search(query).await?)
}

pub(crate) async fn source_search_json(State(app): State<App>, here: Here, asked: Asked) -> Result<Response, WebError> {
    let query = asked.query(HITS_OF_API).map_err(|why| WebError::BadRequest(format!("{why}.")))?;
    let found = searched(&app, &query).await?;
    Ok(render::cut_short(api::versioned(&here, &found), !found.complete))
}

#[derive(Template)]
#[template(path = "source_search.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    is_own: bool,
    is_code: bool,
    any_case: bool,
    around: u32,
    pythons: Vec<(String, bool)>,
    complaint: String,
    answer: Option<Answer>,
    examples: Vec<(&'static str, String, String)>,
}

struct Answer {
    lines: String,
    files: String,
    projects: String,
    searched: Count,
    cut_short: bool,
    selective: bool,
    shown: usize,
    is_part: bool,
    link: String,
    rows: Vec<Row>,
    files_found: Vec<File>,
}

struct Row {
    name: String,
    version: String,
    address: String,
    only: String,
    lines: Count,
    files: Count,
    sha256: String,
}

struct File {
    project: String,
    path: String,
    snippets: Vec<Vec<Line>>,
}

struct Line {
    number: u32,
    address: String,
    /// Before the match, the match, and behind it; around hits all is before.
    text: [String; 3],
    hit: bool,
}

pub(crate) async fn source_search(State(app): State<App>, here: Here, asked: Asked) -> Result<Response, WebError> {
    let (mut complaint, mut found) = (String::new(), None);
    if !asked.q.is_empty() {
        match asked.query(HITS) {
            Ok(query) => found = Some((searched(&app, &query).await?, query.pattern)),
            Err(why) => complaint = why,
        }
    }
    let mut frame = Frame::new("Search the sources", "", &here);
    if found.is_some() {
        frame = frame.with_json(asked.address("/api/v1/source"));
    }
    let page = Page {
        frame,
        is_own: is_set(&asked.own),
        is_code: is_set(&asked.code),
        any_case: asked.case == "any",
        around: asked.around().unwrap_or(0),
        pythons: PYTHONS
            .rev()
            .map(|minor| format!("3.{minor}"))
            .map(|text| (text.clone(), text == asked.active))
            .collect(),
        complaint,
        answer: found.as_ref().map(|(found, pattern)| answer(&asked, found, pattern)),
        examples: examples(),
        asked,
    };
    let response = render::page(&page)?;
    Ok(match &found {
        Some((found, _)) => render::cut_short(response, !found.complete),
        None if page.complaint.is_empty() => response,
        None => (StatusCode::BAD_REQUEST, render::Designed, response).into_response(),
    })
}

/// Questions to start from: their meaning, their pattern, their address.
fn examples() -> Vec<(&'static str, String, String)> {
    let asked = |q: &str| Asked { q: q.to_owned(), ..Asked::default() };
    [
        ("Who sets the type of an object by hand?", asked(r"ob_type\s*=[^=]")),
        (
            "Who would still compile tp_print on 3.13?",
            Asked { code: "1".into(), active: "3.13".into(), ..asked(r"\btp_print\b") },
        ),
        (
            "Which projects include CPython's internal headers themselves?",
            Asked { own: "1".into(), ..asked(r"#\s*include\s*.internal/pycore_") },
        ),
        (
            "Where is free threading still to be done?",
            Asked { case: "any".into(), around: "1".into(), ..asked("(todo|fixme|xxx).*(free.?thread|nogil|gil)") },
        ),
    ]
    .into_iter()
    .map(|(words, asked)| (words, asked.q.clone(), asked.address("/search/source")))
    .collect()
}

fn answer(asked: &Asked, found: &SourceFound, pattern: &Pattern) -> Answer {
    let count = |number: u64| Count(i64::try_from(number).unwrap_or(i64::MAX));
    let rows = found.projects.iter().map(|row| Row {
        name: row.project.to_string(),
        version: cut(&row.version, 60).into_owned(),
        address: address::release(&row.project, &row.version),
        only: Asked { project: row.project.to_string(), ..asked.clone() }.address("/search/source"),
        lines: count(row.lines),
        files: count(row.files),
        sha256: row.sha256.clone(),
    });
    let same = |one: &SourceHit, other: &SourceHit| one.project == other.project && one.path == other.path;
    let files = found.hits.chunk_by(same).map(|hits| File {
        project: hits.first().map(|hit| hit.project.to_string()).unwrap_or_default(),
        path: hits.first().map(|hit| cut(&hit.path, 200).into_owned()).unwrap_or_default(),
        snippets: hits.iter().map(|hit| snippet(hit, pattern)).collect(),
    });
    Answer {
        lines: count(found.lines).of("line"),
        files: count(found.files).of("file"),
        projects: count(found.projects.len() as u64).of("project"),
        searched: count(found.searched),
        cut_short: !found.complete,
        selective: found.selective,
        shown: found.hits.len(),
        is_part: (found.hits.len() as u64) < found.lines,
        link: asked.address("/search/source"),
        rows: rows.collect(),
        files_found: files.collect(),
    }
}

fn snippet(hit: &SourceHit, pattern: &Pattern) -> Vec<Line> {
    let first = hit.line.saturating_sub(u32::try_from(hit.before.len()).unwrap_or(0));
    let place = |number: u32| address::source(&hit.project, &hit.version, &hit.path, number);
    let plain = |(number, text): (u32, &String)| Line {
        number,
        address: place(number),
        text: [text.clone(), String::new(), String::new()],
        hit: false,
    };
    let before = (first..).zip(&hit.before).map(plain);
    let after = (hit.line + 1..).zip(&hit.after).map(plain);
    let own = Line {
        number: hit.line,
        address: place(hit.line),
        text: pattern.marked(&hit.text).map(str::to_owned),
        hit: true,
    };
    before.chain([own]).chain(after).collect()
}
