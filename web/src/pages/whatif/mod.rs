//! `/whatif`: what a change of CPython would break. The proposal lives in the address.

pub(crate) mod difference;
mod examples;
mod form;
mod formats;
mod place;
mod rows;
pub(crate) mod saved;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use store::Inquiry;
use tokio::sync::{AcquireError, SemaphorePermit};
use whatif::{Answer, Proposal, ProposalError, Status, formats::sentences};

pub(crate) use formats::{csv, json, markdown, rst};

use self::examples::{EXAMPLES, Example};
use self::form::{Form, entered};
use self::place::Place;
use self::rows::Row;
use self::saved::{Banner, Named};
use super::Pager;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, share};
use crate::render;
use crate::words::Mark;

/// Projects on a page.
const ROWS: usize = 100;

/// The fields of an address, as they come.
pub(crate) type Fields = Query<Vec<(String, String)>>;

#[derive(Template)]
#[template(path = "whatif/page.html")]
struct Page {
    frame: Frame,
    form: Form,
    examples: &'static [Example],
    /// What is wrong with the proposal.
    complaints: Vec<String>,
    /// Over a saved answer.
    banner: Option<Banner>,
    answered: Option<Answered>,
    /// Saved answers to look at.
    named: Vec<Named>,
}

impl Page {
    fn empty(frame: Frame, form: Form) -> Self {
        Self {
            frame,
            form,
            examples: EXAMPLES,
            complaints: Vec::new(),
            banner: None,
            answered: None,
            named: Vec::new(),
        }
    }
}

/// An answer, as a page shows it.
struct Answered {
    title: String,
    /// The first says what was asked, the second who stands in the way.
    sentences: Vec<String>,
    counts: Vec<StatusCount>,
    strata: Vec<Stratum>,
    rows: Vec<Row>,
    pager: Pager,
    /// Name and address of each form to paste.
    formats: Vec<(&'static str, String)>,
}

struct StatusCount {
    mark: Mark,
    meaning: &'static str,
    projects: Count,
    address: String,
    chosen: bool,
}

struct Stratum {
    name: String,
    projects: Count,
    scanned: Count,
    affected: Count,
    share: String,
    open: Count,
}

pub(crate) async fn whatif(State(app): State<App>, here: Here, Query(fields): Fields) -> Result<Response, WebError> {
    let frame = Frame::new("What if", "whatif", &here);
    let mut page = Page { named: saved::named(&app).await?, ..Page::empty(frame, Form::of(&fields)) };
    match read(&fields) {
        Ok(proposal) => {
            let shown = Shown::of(&fields);
            let (inquiry, _turn) = inquire(&app, &proposal).await?;
            let mut answer = inquiry.answer(shown.page());
            app.survey().say_first_sites(&inquiry, &mut answer.rows).await?;
            let place = Place::Question;
            page.frame = page.frame.with_json(place.form("json", &answer)).with_csv(place.form("csv", &answer));
            page.answered = Some(answered(&answer, shown, &place));
            Ok(render::cut_short(render::page(&page)?, answer.cut_short))
        }
        // Nothing was asked yet.
        Err(ProposalError::Empty) if page.form.is_untouched() => render::page(&page),
        Err(ProposalError::Names(sentences)) => refused(page, sentences),
        Err(error) => refused(page, vec![error.to_string()]),
    }
}

fn refused(mut page: Page, complaints: Vec<String>) -> Result<Response, WebError> {
    page.complaints = complaints;
    Ok((StatusCode::BAD_REQUEST, render::Designed, render::page(&page)?).into_response())
}

/// The proposal in the fields of an address.
fn read(fields: &[(String, String)]) -> Result<Proposal, ProposalError> {
    Proposal::from_fields(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Somebody's turn, which others wait for.
type Turn<'a> = Result<SemaphorePermit<'a>, AcquireError>;

/// Puts the question to the survey when its turn has come. Patterns wait for that of a search of sources.
async fn inquire<'a>(app: &'a App, proposal: &Proposal) -> Result<(Inquiry, Turn<'a>), WebError> {
    let turns = if proposal.has_patterns() { app.searches() } else { app.questions() };
    // Nobody closes them; were they, the time limit would still hold.
    let turn = turns.acquire().await;
    Ok((app.survey().inquire(proposal).await?, turn))
}

/// The answer of the survey as it stands, all of it. It is written before its turn ends.
async fn ask<'a>(app: &'a App, proposal: &Proposal) -> Result<(Answer, Turn<'a>), WebError> {
    let turn = app.whole_answers().acquire().await;
    let (inquiry, _turn) = inquire(app, proposal).await?;
    let mut answer = inquiry.answer(whatif::Page::ALL);
    app.survey().say_first_sites(&inquiry, &mut answer.rows).await?;
    Ok((answer, turn))
}

/// The page of an answer that is asked for.
#[derive(Debug, Clone, Copy)]
struct Shown {
    status: Option<Status>,
    number: u32,
}

impl Shown {
    fn of(fields: &[(String, String)]) -> Self {
        let chosen = entered(fields, "status");
        let status = Status::ALL.into_iter().find(|status| status.as_str() == chosen);
        Self { status, number: entered(fields, "page").parse().unwrap_or(1).max(1) }
    }

    fn page(self) -> whatif::Page {
        let skipped = (self.number as usize - 1).saturating_mul(ROWS);
        whatif::Page { status: self.status, skipped, rows: ROWS }
    }

    /// An answer that has every row, with those of the page alone.
    fn cut(self, mut answer: Answer) -> Answer {
        let whatif::Page { status, skipped, rows } = self.page();
        answer.rows.retain(|row| status.is_none_or(|status| row.status == status));
        answer.rows = answer.rows.into_iter().skip(skipped).take(rows).collect();
        answer
    }
}

fn answered(answer: &Answer, shown: Shown, place: &Place) -> Answered {
    let chosen = shown.status;
    let count = |status| answer.sums.statuses.get(&status).copied().unwrap_or(0);
    let total = chosen.map_or_else(|| answer.sums.statuses.values().sum(), count);
    let here = |status: Option<Status>, page: u32| place.page(answer, status, page);
    Answered {
        title: answer.title.clone(),
        sentences: sentences(answer),
        counts: Status::ALL
            .into_iter()
            .filter_map(|status| {
                let projects = Count(answer.sums.statuses.get(&status).copied()?);
                let is_chosen = chosen == Some(status);
                Some(StatusCount {
                    mark: Mark::from(status),
                    meaning: status.meaning(),
                    projects,
                    address: here(Some(status).filter(|_| !is_chosen), 1),
                    chosen: is_chosen,
                })
            })
            .collect(),
        strata: answer.sums.strata.iter().map(stratum).collect(),
        rows: answer.rows.iter().map(rows::row).collect(),
        pager: Pager::new(shown.number, i64::try_from(ROWS).unwrap_or(i64::MAX), total, |page| here(chosen, page)),
        formats: [("reStructuredText", "rst"), ("Markdown", "md")]
            .map(|(name, ending)| (name, place.form(ending, answer)))
            .into(),
    }
}

fn stratum(part: &whatif::Stratum) -> Stratum {
    Stratum {
        name: part.name.clone(),
        projects: Count(part.projects),
        scanned: Count(part.scanned),
        affected: Count(part.affected),
        share: share(part.affected, part.scanned),
        open: Count(part.open),
    }
}
