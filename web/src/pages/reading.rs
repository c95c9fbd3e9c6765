//! Looking a project up: what is being read for whoever waits, and what can be asked for.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use packaging::ProjectName;
use serde::Deserialize;
use store::{FileState, JobKind, LookedUp, LookupState, ProjectState, Underway};

use crate::app::App;
use crate::asker::Asker;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{minute, span};
use crate::{address, render};

/// Where look-ups are posted to.
const ADDRESS: &str = "/lookup";

/// Bytes of a name; longer than any on PyPI.
const LONGEST: usize = 200;

/// Somebody is at work who was seen within this time.
const AT_WORK: i64 = 60;

/// Seconds until a page looks again: while a job is new, and later.
const SOON: u32 = 2;
const LATER: u32 = 10;

/// For how long a job is new.
const NEW: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

/// What is posted.
#[derive(Deserialize)]
pub(crate) struct Asked {
    name: String,
}

/// A button that has a project read.
pub(crate) struct Offer {
    pub(crate) name: String,
    pub(crate) word: String,
    pub(crate) address: &'static str,
}

impl Offer {
    pub(crate) fn new(name: &ProjectName, word: impl Into<String>) -> Self {
        Self { name: name.to_string(), word: word.into(), address: ADDRESS }
    }
}

/// What a page says about reading its project.
#[derive(Default)]
pub(super) struct Reading {
    /// The three steps and which of them is next; empty: nobody waits.
    pub(super) steps: Vec<Step>,
    pub(super) sentences: Vec<String>,
    pub(super) offer: Option<Offer>,
    /// Seconds until the page looks again by itself.
    pub(super) reload: Option<u32>,
}

pub(super) struct Step {
    pub(super) word: &'static str,
    pub(super) done: bool,
    pub(super) now: bool,
}

/// What is known of a project that decides what is offered.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) state: ProjectState,
    pub(super) file: Option<FileState>,
    pub(super) read_at: DateTime<Utc>,
}

impl Reading {
    pub(super) fn of(name: &ProjectName, lookup: &LookupState, known: Option<Known>, now: DateTime<Utc>) -> Self {
        match &lookup.underway {
            Some(job) if job.in_a_hurry => Self::under_way(job, lookup.workers_silent_seconds, now),
            job => Self::offered(name, job.as_ref(), known, now),
        }
    }

    fn under_way(job: &Underway, silent: Option<i64>, now: DateTime<Utc>) -> Self {
        let mut sentences = vec![doing(job).to_owned()];
        if let (Some(error), false) = (&job.last_error, job.running) {
            sentences.push(format!("The last try did not succeed: {error}"));
        }
        if job.due_seconds > 0 {
            sentences.push(format!("It is tried again in {}.", span(job.due_seconds)));
        }
        let at_work = job.running || is_at_work(silent);
        if !at_work {
            sentences.push(nobody(silent));
        }
        let is_new = now - job.queued_at < NEW && job.due_seconds == 0 && at_work;
        Self { steps: steps(job.kind), sentences, offer: None, reload: Some(if is_new { SOON } else { LATER }) }
    }

    fn offered(name: &ProjectName, job: Option<&Underway>, known: Option<Known>, now: DateTime<Utc>) -> Self {
        let mut reading = Self::default();
        if job.is_some() {
            reading.sentences.push("It is in the queue of the crawl, behind others.".to_owned());
        }
        let lasts = match known {
            Some(Known { state: ProjectState::NotFound, .. }) => store::NOT_FOUND_FOR,
            Some(_) => store::READ_AGAIN_AFTER,
            None => Duration::ZERO,
        };
        let again_at = known.map(|known| known.read_at + lasts).filter(|again| *again > now);
        let waits = known.is_some_and(|known| matches!(known.file, Some(FileState::Queued | FileState::Fetched)));
        match (known, again_at) {
            (None, _) => reading.offer = Some(Offer::new(name, format!("Read {name} now"))),
            (Some(_), _) if waits => reading.offer = Some(Offer::new(name, "Read it now")),
            (Some(known), Some(again)) if known.state == ProjectState::NotFound => reading.sentences.push(format!(
                "PyPI was asked at {}; it is asked again when somebody looks the name up after {}.",
                minute(known.read_at),
                minute(again)
            )),
            (Some(_), Some(_)) => {}
            (Some(known), None) if known.state == ProjectState::NotFound => {
                reading.offer = Some(Offer::new(name, "Ask PyPI again"));
            }
            (Some(_), None) => reading.offer = Some(Offer::new(name, "Read again")),
        }
        reading
    }
}

fn steps(next: JobKind) -> Vec<Step> {
    let order = [
        (JobKind::ReadProject, "read its page on PyPI"),
        (JobKind::Fetch, "fetch its sdist"),
        (JobKind::Analyse, "analyse it"),
    ];
    let at = order.iter().position(|(kind, _)| *kind == next).unwrap_or(0);
    let step = |(i, (_, word)): (usize, &(JobKind, &'static str))| Step { word, done: i < at, now: i == at };
    order.iter().enumerate().map(step).collect()
}

const fn doing(job: &Underway) -> &'static str {
    match (job.kind, job.running) {
        (JobKind::Fetch, true) => "Its sdist is being fetched.",
        (JobKind::Fetch, false) => "Its sdist is first in the queue to be fetched.",
        (JobKind::Analyse, true) => "Its sdist is being analysed.",
        (JobKind::Analyse, false) => "Its sdist is fetched and first in the queue to be analysed.",
        (_, true) => "Its page on PyPI is being read.",
        (_, false) => "It is first in the queue: its page on PyPI is read next.",
    }
}

/// Whether a worker was seen within the last minute.
pub(super) fn is_at_work(silent: Option<i64>) -> bool {
    silent.is_some_and(|seconds| seconds < AT_WORK)
}

/// That nobody is at work, since when, and what to do.
pub(super) fn nobody(silent: Option<i64>) -> String {
    let since =
        silent.map_or_else(|| "none within a day".to_owned(), |seconds| format!("the last one {} ago", span(seconds)));
    format!(
        "No worker has been seen for a minute ({since}), so nothing is read now. What waits keeps its place; “abiscope work” starts a worker."
    )
}

#[derive(Template)]
#[template(path = "unread.html")]
struct Unread {
    frame: Frame,
    name: String,
    /// Nobody has asked for it yet.
    is_new: bool,
    reading: Reading,
}

/// The page of a project that the survey has not read: being read, or to be asked for.
pub(super) fn unread(here: &Here, name: &ProjectName, lookup: &LookupState) -> Result<Response, WebError> {
    let reading = Reading::of(name, lookup, None, Utc::now());
    let is_new = reading.steps.is_empty();
    let mut frame =
        Frame::new(format!("{name}: {}", if is_new { "not read yet" } else { "being read" }), "projects", here);
    frame.reload = reading.reload;
    let page = render::fleeting(&Unread { frame, name: name.to_string(), is_new, reading })?;
    Ok(if is_new { (StatusCode::NOT_FOUND, render::Designed, page).into_response() } else { page })
}

/// Puts a project first in the queue and leads to its page.
pub(crate) async fn look_up(
    State(app): State<App>,
    asker: Asker,
    form: Result<Form<Asked>, FormRejection>,
) -> Result<Response, WebError> {
    let needed = |_| WebError::BadRequest("A look-up needs a form with name=, such as name=numpy.".to_owned());
    let Form(Asked { name }) = form.map_err(needed)?;
    let not_a_name = |error: packaging::NotAName| WebError::BadRequest(format!("{error}."));
    let name = name.trim();
    if name.len() > LONGEST {
        return Err(WebError::BadRequest(format!("A project's name has at most {LONGEST} characters here.")));
    }
    let name: ProjectName = name.parse().map_err(not_a_name)?;
    app.askers().ask(asker).map_err(WebError::TooOften)?;
    match app.survey().look_up(&name).await? {
        LookedUp::Full => Err(WebError::Full),
        LookedUp::Queued | LookedUp::ReadLately | LookedUp::NotFoundLately => {
            // What was queued moves the data version; the visitor's next page shall know.
            app.forget_version();
            Ok(Redirect::to(&address::project(&name)).into_response())
        }
    }
}
