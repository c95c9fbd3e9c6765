//! `/whatif/ID/difference`: what has become of a saved answer.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use packaging::ProjectName;
use whatif::{Asked, Changed, Difference, difference, formats::difference as written};

use super::form::entered;
use super::formats::{CSV, TEXT, typed};
use super::saved::found;
use super::{Fields, inquire};
use crate::api::versioned;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::visible::cut;
use crate::{address, render};

/// Projects on the page. The files have all.
const ROWS: usize = 500;

#[derive(Template)]
#[template(path = "whatif/difference.html")]
struct Page {
    frame: Frame,
    title: String,
    saved: String,
    sentence: String,
    rows: Vec<Row>,
    more: usize,
    formats: Vec<(&'static str, String)>,
}

struct Row {
    name: String,
    address: String,
    change: &'static str,
    turn: String,
}

pub(crate) async fn page(
    State(app): State<App>,
    here: Here,
    Path(id): Path<String>,
    Query(fields): Fields,
) -> Result<Response, WebError> {
    let found = between(&app, &id, &fields).await?;
    let file = |ending: &str| address::with_query(&format!("/whatif/{id}/difference.{ending}"), &[to(&fields)]);
    let frame = Frame::new("What became of it", "whatif", &here).with_json(file("json")).with_csv(file("csv"));
    let page = render::page(&Page {
        frame,
        title: found.title.clone(),
        saved: format!("/whatif/{id}"),
        sentence: written::sentence(&found),
        rows: found.projects.iter().take(ROWS).map(row).collect(),
        more: found.projects.len().saturating_sub(ROWS),
        formats: vec![("reStructuredText", file("rst")), ("Markdown", file("md"))],
    })?;
    Ok(render::cut_short(page, found.cut_short))
}

fn row(changed: &Changed) -> Row {
    let name = changed.name.parse::<ProjectName>().ok();
    Row {
        name: cut(&changed.name, 80).into_owned(),
        address: name.as_ref().map(address::project).unwrap_or_default(),
        change: changed.change.meaning(),
        turn: cut(&written::turn(changed), 200).into_owned(),
    }
}

pub(crate) async fn json(
    State(app): State<App>,
    here: Here,
    Path(id): Path<String>,
    Query(fields): Fields,
) -> Result<Response, WebError> {
    let found = between(&app, &id, &fields).await?;
    Ok(render::cut_short(versioned(&here, &found), found.cut_short))
}

pub(crate) async fn csv(app: State<App>, id: Path<String>, fields: Fields) -> Result<Response, WebError> {
    text(&app, &id, &fields, CSV, written::csv).await
}

pub(crate) async fn rst(app: State<App>, id: Path<String>, fields: Fields) -> Result<Response, WebError> {
    text(&app, &id, &fields, TEXT, written::rst).await
}

pub(crate) async fn markdown(app: State<App>, id: Path<String>, fields: Fields) -> Result<Response, WebError> {
    text(&app, &id, &fields, TEXT, written::markdown).await
}

async fn text(
    app: &App,
    id: &str,
    fields: &[(String, String)],
    media_type: &'static str,
    form: fn(&Difference) -> String,
) -> Result<Response, WebError> {
    let found = between(app, id, fields).await?;
    Ok(render::cut_short(typed(media_type, form(&found)), found.cut_short))
}

/// Which other answer it is compared with: `to=ID`, or the survey as it stands.
fn to(fields: &[(String, String)]) -> (&'static str, &str) {
    ("to", entered(fields, "to"))
}

async fn between(app: &App, id: &str, fields: &[(String, String)]) -> Result<Difference, WebError> {
    // Two whole answers are held at once.
    let _turn = app.whole_answers().acquire().await;
    let before = found(app, id).await?;
    let (when, answer) = match to(fields).1 {
        "" | "now" => {
            let proposal = before.head.proposal()?;
            let (inquiry, _turn) = inquire(app, &proposal).await?;
            ("now".to_owned(), inquiry.answer(whatif::Page::ALL))
        }
        other => {
            let other = found(app, other).await?;
            (other.head.when(), other.answer)
        }
    };
    let before = Asked { when: &before.head.when(), answer: &before.answer };
    let after = Asked { when: &when, answer: &answer };
    difference(before, after).map_err(|error| WebError::BadRequest(format!("{error}.")))
}
