//! `/search`: the header's field. An exact name goes straight to its page.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use store::{SearchHit, SearchPlace};

use super::reading::Offer;
use crate::app::App;
use crate::blockers::LONGEST_NAME;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::params::Params;
use crate::visible::cut;
use crate::{address, render};

/// Hits of each sort.
const HITS: usize = 30;

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    frame: Frame,
    text: String,
    projects: Vec<(String, String)>,
    items: Vec<(String, String, Count)>,
    /// A project of this very name, which the survey has not read.
    offer: Option<Offer>,
    /// The same, searched for in the sources.
    sources: String,
}

pub(crate) async fn search(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let text = params.search().unwrap_or_default();
    let hits = match text.as_str() {
        "" => Vec::new(),
        text => app.survey().search(text, &SearchPlace::default(), HITS).await?.hits,
    };
    if let Some(address) = exact(&text, &hits) {
        return Ok(Redirect::to(&address).into_response());
    }
    let mut frame = Frame::new("Search", "", &here).with_json(address::with_query("/api/v1/search", &[("q", &text)]));
    frame.search.clone_from(&text);
    let (mut projects, mut items) = (Vec::new(), Vec::new());
    for hit in hits {
        match hit {
            SearchHit::Project(name) => projects.push((name.to_string(), address::project(&name))),
            SearchHit::Item(item, n) => {
                items.push((cut(&item, LONGEST_NAME).into_owned(), address::item(&item, None), Count(n)));
            }
        }
    }
    // An exact hit has led to its page already; what reads like an item of the C API is none on PyPI.
    let name = text.parse().ok().filter(|_| !is_like_an_item(&text));
    let offer = name.map(|name| Offer::new(&name, format!("Read {name} now")));
    let sources = address::with_query("/search/source", &[("q", &text)]);
    render::page(&Search { frame, text, projects, items, offer, sources })
}

/// Names that CPython takes for itself.
fn is_like_an_item(text: &str) -> bool {
    ["Py", "_Py", "PY_"].iter().any(|start| text.starts_with(start)) && text.contains('_')
}

/// Where an exact name leads; names of projects come first, they are typed more often.
fn exact(text: &str, hits: &[SearchHit]) -> Option<String> {
    let project = text.parse::<packaging::ProjectName>().ok();
    let is = |hit: &&SearchHit| match hit {
        SearchHit::Project(name) => Some(name) == project.as_ref(),
        SearchHit::Item(item, _) => item == text,
    };
    hits.iter().find(is).map(|hit| match hit {
        SearchHit::Project(name) => address::project(name),
        SearchHit::Item(item, _) => address::item(item, None),
    })
}
