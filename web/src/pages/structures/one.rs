//! `/structures/NAME`: who stands in the way of one structure, by member.

use std::collections::{BTreeMap, BTreeSet};

use analyzer::{Kind, OriginClass};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use capi::Tracking;
use whatif::{Evidence, Level, Page, Proposal, Rule};

use super::super::trends::{View, over_time};
use super::all::issue;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::visible::cut;
use crate::{address, render, words};

/// What is told of the answer are its sums.
const NO_ROWS: Page = Page { status: None, skipped: 0, rows: 0 };

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
    /// How many projects touched it over time.
    view: View,
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
    let inquiry = app.survey().inquire(&proposal).await?;
    let answer = inquiry.answer(NO_ROWS);
    let mut rows = rows(&inquiry.evidence);
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
        view: over_time(&app, trends::Subject::Structure(known.name.to_owned())).await?,
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
    /// Projects, in all and of each origin, and sites. Hits come by project, so that each is counted once.
    #[derive(Default)]
    struct Tally {
        all: Seen,
        by: BTreeMap<OriginClass, Seen>,
        sites: i64,
    }
    #[derive(Default)]
    struct Seen {
        last: Option<u32>,
        projects: usize,
    }
    impl Seen {
        fn see(&mut self, project: u32) {
            self.projects += usize::from(self.last != Some(project));
            self.last = Some(project);
        }
    }
    let mut items: BTreeMap<(Kind, &str), Tally> = BTreeMap::new();
    for hit in &evidence.hits {
        let class = evidence.origin(hit).class;
        let Some(item) = evidence.item(hit).filter(|_| class != OriginClass::TestOrDoc) else { continue };
        let Some(kind) = item.kind.kind() else { continue };
        // The variables of static types are the projects' own: they are one row.
        let name = if matches!(kind, Kind::StaticType | Kind::ModuleDef) { "" } else { &*item.name };
        let tally = items.entry((kind, name)).or_default();
        tally.all.see(hit.project);
        tally.by.entry(class).or_default().see(hit.project);
        tally.sites += i64::from(hit.sites);
    }
    let mut rows: Vec<Row> = items
        .into_iter()
        .map(|((kind, item), tally)| {
            let of = |class: OriginClass| Count::from(tally.by.get(&class).map_or(0, |seen| seen.projects));
            Row {
                item: item.to_owned(),
                address: if item.is_empty() { String::new() } else { address::item(item, Some(kind.as_str())) },
                kind: words::kind_heading(kind),
                projects: Count::from(tally.all.projects),
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
