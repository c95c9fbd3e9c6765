//! `/structures/NAME`: who stands in the way of one structure, by member.

use std::collections::{BTreeMap, BTreeSet};

use analyzer::{Kind, OriginClass};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use capi::Tracking;
use whatif::{Evidence, Level, Proposal, Rule};

use super::all::issue;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::visible::cut;
use crate::{address, render, words};

/// Rows of the table.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "structures/one.html")]
struct Structure {
    frame: Frame,
    name: String,
    header: &'static str,
    limited: String,
    tracking: Option<&'static Tracking>,
    issue: &'static str,
    sentences: Vec<String>,
    question: String,
    rows: Vec<Row>,
    more: usize,
}

struct Row {
    item: String,
    address: String,
    kind: &'static str,
    projects: Count,
    own: Count,
    generated: Count,
    vendored: Count,
    sites: Count,
}

pub(crate) async fn structure(
    State(app): State<App>,
    here: Here,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let Some(known) = capi::structure(&name) else {
        return Err(WebError::NotFound(unknown(&name)));
    };
    let proposal = Proposal {
        title: String::new(),
        python: capi::Version::NEWEST,
        rules: BTreeSet::from([Rule::Opaque(known.name.to_owned(), Level::Api)]),
    };
    let evidence = app.survey().evidence(&proposal).await?;
    let answer = whatif::answer(&proposal, &evidence);
    let mut rows = rows(&evidence);
    let more = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    let question = address::with_query("/whatif", &[("opaque", known.name)]);
    let json = address::with_query("/whatif.json", &[("opaque", known.name)]);
    render::page(&Structure {
        frame: Frame::new(known.name, "structures", &here).with_json(json),
        name: known.name.to_owned(),
        header: known.header,
        limited: limited(known),
        tracking: capi::tracking().iter().find(|tracking| tracking.structures.contains(&known.name)),
        issue: issue(known.name),
        sentences: whatif::formats::sentences(&answer),
        question,
        rows,
        more,
    })
}

fn unknown(name: &str) -> String {
    let close = capi::similar(name, 3).into_iter().filter(|close| capi::structure(close).is_some()).collect::<Vec<_>>();
    match close.first() {
        Some(close) => format!("CPython has no structure {}. Close to it: {close}.", cut(name, 80)),
        None => format!("CPython has no structure {}.", cut(name, 80)),
    }
}

/// Where its members can be seen.
fn limited(known: &capi::Structure) -> String {
    let plain = match known.limited_since {
        Some(since) => format!("Its members are in the limited API since {since}"),
        None => "The limited API hides its members at every level".to_owned(),
    };
    let free = if known.opaque_in_abi3t { "abi3t hides them" } else { "abi3t has them" };
    format!("{plain}; {free}.")
}

/// How many projects use each item, by who wrote the code. Tests do not count.
fn rows(evidence: &Evidence) -> Vec<Row> {
    /// Projects of each origin, and sites.
    #[derive(Default)]
    struct Tally {
        all: BTreeSet<usize>,
        by: BTreeMap<String, BTreeSet<usize>>,
        sites: i64,
    }
    let mut items: BTreeMap<(Kind, &str), Tally> = BTreeMap::new();
    for hit in evidence.hits.iter().filter(|hit| hit.origin != OriginClass::TestOrDoc.as_str()) {
        // The variables of static types are the projects' own: they are one row.
        let item = if matches!(hit.kind, Kind::StaticType | Kind::ModuleDef) { "" } else { hit.item.as_str() };
        let tally = items.entry((hit.kind, item)).or_default();
        tally.all.insert(hit.project);
        tally.by.entry(hit.origin.clone()).or_default().insert(hit.project);
        tally.sites += hit.sites;
    }
    let mut rows: Vec<Row> = items
        .into_iter()
        .map(|((kind, item), tally)| {
            let of = |origin: OriginClass| Count::from(tally.by.get(origin.as_str()).map_or(0, BTreeSet::len));
            Row {
                item: item.to_owned(),
                address: if item.is_empty() { String::new() } else { address::item(item, Some(kind.as_str())) },
                kind: words::kind_heading(kind),
                projects: Count::from(tally.all.len()),
                own: of(OriginClass::Own),
                generated: of(OriginClass::Generated),
                vendored: of(OriginClass::Vendored),
                sites: Count(tally.sites),
            }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.projects.0, row.sites.0)));
    rows
}
