//! `/items`: what of the C API the survey uses, by how many projects.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Choice, Pager, ROWS, kind_choices};
use crate::app::{App, DEFAULT_TARGET};
use crate::blockers::LONGEST_NAME;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, share};
use crate::params::Params;
use crate::visible::cut;
use crate::{address, facts, render, words};

#[derive(Template)]
#[template(path = "items.html")]
struct Items {
    frame: Frame,
    search: String,
    kinds: Vec<Choice>,
    found: String,
    native: Count,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    item: String,
    address: String,
    kind: &'static str,
    tier: String,
    projects: Count,
    share: String,
    sites: Count,
}

pub(crate) async fn items(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let (search, kind, page) = (params.search(), params.kind()?, params.page()?);
    let found = app.survey().items(search.as_deref(), kind, &store::Start::Page(page)).await?;
    let native = app.overview(DEFAULT_TARGET, here.data_version).await?.chain.with_native;
    let pairs =
        [("q", search.clone().unwrap_or_default()), ("kind", kind.map_or("", analyzer::Kind::as_str).to_owned())];
    let list = |path: &str, page: u32| {
        let page = address::page_value(page);
        address::with_query(path, &[(pairs[0].0, &pairs[0].1), (pairs[1].0, &pairs[1].1), ("page", &page)])
    };
    let mut frame = Frame::new("Items of the C API", "items", &here)
        .with_json(list("/items.json", page))
        .with_csv(list("/items.csv", 1));
    frame.search = search.clone().unwrap_or_default();
    let mut sentence = Count(found.total).of("item");
    if let Some(kind) = kind {
        sentence = format!("{sentence} of the kind “{}”", words::kind_heading(kind));
    }
    if let Some(search) = &search {
        sentence = format!("{sentence} with “{search}” in the name");
    }
    render::page(&Items {
        frame,
        search: search.unwrap_or_default(),
        kinds: kind_choices(kind),
        found: sentence,
        native: Count(native),
        rows: found.rows.iter().map(|hit| row(hit, native)).collect(),
        pager: Pager::new(page, ROWS, found.total, |page| list("/items", page)),
    })
}

fn row(hit: &store::ItemHit, native: i64) -> Row {
    Row {
        item: cut(&hit.item, LONGEST_NAME).into_owned(),
        address: address::item(&hit.item, Some(hit.kind.as_str())),
        kind: words::kind_heading(hit.kind),
        tier: facts::tier(hit.kind, &hit.item),
        projects: Count(hit.projects),
        share: share(hit.projects, native),
        sites: Count(hit.sites),
    }
}
