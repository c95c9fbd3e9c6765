//! `/badge/NAME.svg`: one verdict as a small picture for a project's own page.

use analyzer::Outcome;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use capi::{Target, Version};
use store::ReleaseRow;

use crate::app::App;
use crate::error::WebError;
use crate::params::{self, NameAsked, Params};
use crate::render;
use crate::words::Mark;

/// Rough width of a character of the badge's font, in pixels; `textLength` makes it exact.
const CHARACTER: usize = 7;

/// Room around a text.
const ROOM: usize = 12;

#[derive(Template)]
#[template(path = "badge.svg", escape = "html")]
struct Badge {
    /// What it is about: `abi3`, `abi3t-3.15`.
    label: String,
    /// `● no blocker from 3.11`.
    text: String,
    /// Dark enough for white letters (contrast 4.5 : 1).
    colour: &'static str,
    label_width: usize,
    text_width: usize,
}

/// The badge of the release that stands for the project. With `target` it is about that one, without about all of abi3.
pub(crate) async fn badge(
    State(app): State<App>,
    params: Params,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let asked = file.strip_suffix(".svg").ok_or_else(|| WebError::NotFound("A badge ends in .svg.".to_owned()))?;
    let (NameAsked::Normal(name) | NameAsked::Other(name)) = params::name(asked)?;
    let target = params.target_given()?;
    let verdict_for = target.unwrap_or(Target::Abi3(Version::NEWEST));
    let project = app.survey().project(&name, verdict_for).await?;
    let standing = project.as_ref().and_then(|project| project.releases.iter().find(|row| row.latest));
    let label = target.map_or_else(|| "abi3".to_owned(), |target| target.to_string());
    let (text, colour) = said(standing, target.is_none());
    let badge = Badge {
        label_width: label.chars().count() * CHARACTER + ROOM,
        text_width: text.chars().count() * CHARACTER + ROOM,
        label,
        text,
        colour,
    };
    let mut response = render::text(&badge)?.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml; charset=utf-8"));
    Ok(response)
}

/// Words and colour. `floor`: a floor says more than the verdict for one target.
fn said(row: Option<&ReleaseRow>, floor: bool) -> (String, &'static str) {
    let Some(row) = row else { return ("not read".to_owned(), GREY) };
    match (row.verdict, row.floor.filter(|_| floor)) {
        (Some(_), Some(from)) => (format!("● no blocker from {}", from.version()), colour(Outcome::NoBlocker)),
        (Some(outcome), None) => {
            let mark = Mark::from(outcome);
            (format!("{} {}", mark.shape(), mark.word()), colour(outcome))
        }
        (None, _) => (row.file_state.map_or(row.state.as_str(), |state| state.as_str()).replace('-', " "), GREY),
    }
}

const GREY: &str = "#5a646f";

const fn colour(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NoBlocker => "#11694d",
        Outcome::Blocked => "#a1421a",
        Outcome::ToolBlocks => "#6b3fa5",
        Outcome::Undecided => "#765600",
        Outcome::Pure => GREY,
    }
}
