//! `/whatif/ID`: an answer that was given once, and saving one.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use store::{ProposalId, SavedHead, SavedProposal};
use whatif::{Answer, ProposalError, formats};

use super::formats::{CSV, TEXT, typed};
use super::place::{self, Place};
use super::{Fields, Page, Shown, answered, inquire, read};
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::{chunks, render};

/// Saved answers that the page with the form names.
const NAMED: u32 = 10;

/// What a saved answer is, over it.
pub(super) struct Banner {
    pub(super) on: String,
    pub(super) id: String,
    pub(super) snapshot: String,
    pub(super) versions: String,
    /// The same question of the survey as it stands.
    pub(super) again: String,
    pub(super) difference: String,
}

/// A saved answer in a list.
pub(super) struct Named {
    pub(super) address: String,
    pub(super) words: String,
    pub(super) on: String,
}

/// The answers that were saved last.
pub(super) async fn named(app: &App) -> Result<Vec<Named>, WebError> {
    let heads = app.survey().saved_proposals(NAMED).await?;
    let named = |head: SavedHead| Named {
        address: format!("/whatif/{}", head.id),
        on: head.saved_at.format("%F").to_string(),
        words: if head.title.is_empty() { head.canonical.replace('\n', ", ") } else { head.title },
    };
    Ok(heads.into_iter().map(named).collect())
}

/// The saved answer of an ID.
pub(super) async fn found(app: &App, id: &str) -> Result<SavedProposal, WebError> {
    let none = || WebError::NotFound("No answer is saved under this ID.".to_owned());
    let id: ProposalId = id.parse().map_err(|_| none())?;
    app.survey().saved_proposal(&id).await?.ok_or_else(none)
}

pub(crate) async fn saved(
    State(app): State<App>,
    here: Here,
    Path(id): Path<String>,
    Query(fields): Fields,
) -> Result<Response, WebError> {
    let SavedProposal { head, answer } = found(&app, &id).await?;
    let (place, shown) = (Place::Saved(head.id.clone()), Shown::of(&fields));
    let page = shown.cut(answer);
    let title = if head.title.is_empty() { "A saved answer" } else { &head.title };
    let frame = Frame::new(title, "whatif", &here);
    let frame = frame.with_json(place.form("json", &page)).with_csv(place.form("csv", &page));
    let form = super::Form::of(&asked_before(&page));
    let answered = Some(answered(&page, shown, &place));
    let banner = Some(banner(&head, &page));
    render::page(&Page { banner, answered, ..Page::empty(frame, form) })
}

/// What fills the form: the question that was answered.
fn asked_before(answer: &Answer) -> Vec<(String, String)> {
    answer.fields.iter().cloned().chain([("title".to_owned(), answer.title.clone())]).collect()
}

fn banner(head: &SavedHead, answer: &Answer) -> Banner {
    Banner {
        on: head.saved_at.format("%F").to_string(),
        id: head.id.to_string(),
        snapshot: head.snapshot.to_string(),
        versions: format!("analyzer {}, C-API data {}", head.analyzer_version, head.capi_version),
        again: place::question(answer),
        difference: format!("/whatif/{}/difference", head.id),
    }
}

/// `answer.json`, `.csv`, `.rst`, `.md`: files that never change.
pub(crate) async fn file(
    State(app): State<App>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let ending = file.strip_prefix("answer.").unwrap_or_default();
    let none = || WebError::NotFound("A saved answer is there as answer.json, .csv, .rst and .md.".to_owned());
    if !["json", "csv", "rst", "md"].contains(&ending) {
        return Err(none());
    }
    let saved = found(&app, &id).await?;
    let response = match ending {
        "csv" => typed(CSV, formats::csv(&saved.answer)),
        "rst" => typed(TEXT, formats::rst(&saved.answer)),
        "md" => typed(TEXT, formats::markdown(&saved.answer)),
        _ => whole(&saved),
    };
    Ok(for_ever(response, &saved.head.id))
}

pub(crate) async fn json(State(app): State<App>, Path(id): Path<String>) -> Result<Response, WebError> {
    let saved = found(&app, &id).await?;
    Ok(for_ever(whole(&saved), &saved.head.id))
}

/// A saved answer as JSON.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct SavedAnswer<'a> {
    /// The shape of this.
    schema_version: u32,
    #[serde(flatten)]
    head: &'a SavedHead,
    answer: &'a Answer,
}

/// The answer with what it was made from: not this program's versions, but those of then.
fn whole(saved: &SavedProposal) -> Response {
    let SavedProposal { head, answer } = saved;
    chunks::json(&SavedAnswer { schema_version: analyzer::SCHEMA_VERSION, head, answer })
}

fn for_ever(mut response: Response, id: &ProposalId) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, render::KEPT_FOR_EVER);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{id}\"")) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// `POST /api/v1/whatif` with the fields of a proposal: saves its answer, for the operator.
pub(crate) async fn save(
    State(app): State<App>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let Some(token) = &app.config().operator_token else { return Err(WebError::NothingIsSaved) };
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !sent.and_then(|sent| sent.strip_prefix("Bearer ")).is_some_and(|sent| token.is(sent)) {
        return Err(WebError::NotTheOperator);
    }
    let proposal = read(&fields).map_err(|error: ProposalError| WebError::BadRequest(error.to_string()))?;
    let (inquiry, _turn) = inquire(&app, &proposal).await?;
    if !inquiry.is_complete() {
        return Err(WebError::BadRequest(
            "The search for a pattern was cut short, and half an answer is not saved: abiscope whatif --save takes the \
             time that it needs."
                .to_owned(),
        ));
    }
    let saved = app.survey().proposal_saved(&inquiry).await?;
    app.forget_version();
    let place = format!("/whatif/{}", saved.head.id);
    let mut response = (StatusCode::CREATED, Json(&saved.head)).into_response();
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}
