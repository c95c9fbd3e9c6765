//! `/structures/NAME`: who stands in the way of one structure, by member.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use analyzer::{Kind, OriginClass};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use capi::Tracking;
use whatif::{Evidence, Hit, Level, Page, Proposal, Rule};

use super::super::trends::{View, over_time};
use super::all::issue;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::visible::cut;
use crate::{Survey, address, render, words};

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
    question: String,
    touched: Arc<Touched>,
    /// How many projects touched it over time.
    view: View,
}

/// Who touches a structure as the survey stands: asked of all projects once for each data version.
pub(crate) struct Touched {
    sentences: Vec<String>,
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
    let touched = app.touched(known.name, here.data_version).await?;
    let question = address::with_query("/whatif", &[("opaque", known.name)]);
    let json = address::with_query("/whatif.json", &[("opaque", known.name)]);
    render::page(&Structure {
        frame: Frame::new(known.name, "structures", &here).with_json(json),
        name: known.name.to_owned(),
        header: known.header,
        limited: limited(known),
        tracking: capi::tracking().iter().find(|tracking| tracking.structures.contains(&known.name)),
        issue: issue(known.name),
        question,
        touched,
        view: over_time(&app, trends::Subject::Structure(known.name.to_owned())).await?,
    })
}

/// Asks who touches a structure.
pub(crate) async fn touched(survey: &dyn Survey, name: &str) -> Result<Touched, store::Error> {
    let proposal = Proposal {
        title: String::new(),
        python: capi::Version::NEWEST,
        rules: BTreeSet::from([Rule::Opaque(name.to_owned(), Level::Api)]),
    };
    let inquiry = survey.inquire(&proposal).await?;
    let answer = inquiry.answer(NO_ROWS);
    let mut rows = rows(&inquiry.evidence);
    let more = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    Ok(Touched { sentences: whatif::formats::sentences(&answer), rows, more })
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

/// Of one group of items: projects, in all and of each origin, and sites.
#[derive(Default)]
struct Tally {
    projects: usize,
    own: usize,
    generated: usize,
    vendored: usize,
    sites: i64,
}

/// Who wrote code, as bits.
const OWN: u8 = 1;
const GENERATED: u8 = 2;
const VENDORED: u8 = 4;

/// What one project has of a group of items: who wrote it, and how many sites.
type Part = (u32, u8, i64);

/// How many projects use each item, by who wrote the code. Tests do not count.
fn rows(evidence: &Evidence) -> Vec<Row> {
    // The variables of static types are the projects' own: they are one row.
    let (mut numbers, mut groups) = (BTreeMap::<(Kind, &str), u32>::new(), Vec::with_capacity(evidence.items.len()));
    for item in &evidence.items {
        groups.push(item.kind.kind().map(|kind| {
            let name = if matches!(kind, Kind::StaticType | Kind::ModuleDef) { "" } else { &*item.name };
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry((kind, name)).or_insert(next)
        }));
    }
    let parts = evidence.hits.each(|_, hits| Some(parts(evidence, &groups, hits)));
    let mut tallies: Vec<Tally> = numbers.iter().map(|_| Tally::default()).collect();
    for (group, writers, sites) in parts.into_iter().flatten() {
        let Some(tally) = tallies.get_mut(group as usize) else { continue };
        let by = |bit: u8| usize::from(writers & bit != 0);
        tally.projects += 1;
        tally.own += by(OWN);
        tally.generated += by(GENERATED);
        tally.vendored += by(VENDORED);
        tally.sites += sites;
    }
    let told = numbers.into_iter().filter_map(|((kind, item), number)| {
        let tally = tallies.get(number as usize).filter(|tally| tally.projects > 0)?;
        Some(Row {
            item: item.to_owned(),
            address: if item.is_empty() { String::new() } else { address::item(item, Some(kind.as_str())) },
            kind: words::kind_heading(kind),
            projects: Count::from(tally.projects),
            own: Count::from(tally.own),
            generated: Count::from(tally.generated),
            vendored: Count::from(tally.vendored),
            sites: Count(tally.sites),
        })
    });
    let mut rows: Vec<Row> = told.collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.projects.0, row.sites.0)));
    rows
}

/// What a project has, group by group.
fn parts(evidence: &Evidence, groups: &[Option<u32>], hits: &[Hit]) -> Vec<Part> {
    let part = |hit: &Hit| {
        let writer = match evidence.origin(hit).class {
            OriginClass::Own => OWN,
            OriginClass::Generated => GENERATED,
            OriginClass::Vendored => VENDORED,
            OriginClass::TestOrDoc => return None,
        };
        Some((groups.get(hit.item as usize).copied().flatten()?, writer, i64::from(hit.sites)))
    };
    let mut parts: Vec<Part> = hits.iter().filter_map(part).collect();
    parts.sort_unstable_by_key(|(group, ..)| *group);
    let sum = |of_one: &[Part]| {
        let add = |sum: Part, part: &Part| (part.0, sum.1 | part.1, sum.2 + part.2);
        of_one.iter().fold((0, 0, 0), add)
    };
    parts.chunk_by(|one, other| one.0 == other.0).map(sum).collect()
}
