//! `/`: how many projects could ship one wheel, out of how many.

use analyzer::Outcome;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use capi::{Target, Version};
use store::{Chain, Overview, WheelCounts};

use super::wheels::Wheels;
use super::{Choice, target_choices};
use crate::app::{App, DEFAULT_TARGET};
use crate::bars::{self, Bar, Left};
use crate::error::WebError;
use crate::facts::{self, Instead};
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, minute, share};
use crate::params::Params;
use crate::words::{self, Mark};
use crate::{address, render, states};

/// Blockers shown on the front page.
const TOP: usize = 12;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    target: Target,
    targets: Vec<Choice>,
    answer: Answer,
    free_threaded: Option<Answer>,
    marks: Vec<Mark>,
    bars: Vec<BarRow>,
    rows: Vec<TargetLine>,
    blockers: Vec<BlockerLine>,
    more_blockers: String,
    steps: Vec<Step>,
    states: Vec<StateLine>,
    wheels: Option<Wheels>,
    updated: Option<String>,
    empty: bool,
}

/// One sentence's numbers.
struct Answer {
    target: Target,
    good: Count,
    native: Count,
    share: String,
    open: Count,
    good_address: String,
    open_address: String,
}

struct BarRow {
    label: Target,
    bar: Bar,
    total: Count,
    apart: bool,
}

struct TargetLine {
    target: Target,
    chosen: bool,
    cells: Vec<Cell>,
    native: Count,
}

struct Cell {
    n: Count,
    address: String,
}

struct BlockerLine {
    item: String,
    address: String,
    kind: &'static str,
    limited: String,
    instead: Vec<Instead>,
    projects: Count,
    share: String,
    sites: Count,
}

/// A step of the denominator chain.
pub(super) struct Step {
    pub(super) n: Count,
    pub(super) word: &'static str,
    pub(super) left: Left,
}

struct StateLine {
    of: &'static str,
    word: String,
    n: Count,
    known: &'static str,
}

pub(crate) async fn home(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let target = params.target()?;
    let overview = app.overview(target, here.data_version).await?;
    let query = &here.query;
    let frame = Frame::new("Overview", "", &here)
        .with_json(format!("/overview.json{query}"))
        .with_csv(format!("/overview.csv{query}"));
    let wheels = app.wheels().await;
    let page = model(frame, target, &overview, wheels);
    // Counts that were not ready are soon.
    if wheels.is_some() { render::page(&page) } else { render::fleeting(&page) }
}

fn model(frame: Frame, target: Target, overview: &Overview, wheels: Option<WheelCounts>) -> Home {
    let answer_for = |target: Target| {
        let row = overview.targets.iter().find(|row| row.target == target)?;
        Some(answer(target, row.counts.no_blocker, row.counts.undecided, bars::native(&row.counts)))
    };
    let free_threaded = Target::Abi3t(Version::NEWEST);
    let undecided = overview.chain.with_native - overview.chain.decided;
    Home {
        frame,
        target,
        targets: target_choices(target),
        answer: answer_for(target).unwrap_or_else(|| answer(target, 0, undecided, overview.chain.with_native)),
        free_threaded: if target == free_threaded { None } else { answer_for(free_threaded) },
        marks: bars::PARTS.map(Mark::from).to_vec(),
        bars: overview.targets.iter().map(bar).collect(),
        rows: overview.targets.iter().map(|row| line(row, target)).collect(),
        blockers: overview.top_blockers.iter().take(TOP).map(|hit| blocker(hit, overview.chain.with_native)).collect(),
        more_blockers: "/items".to_owned(),
        steps: steps(&overview.chain, target),
        states: state_lines(overview),
        wheels: wheels.map(|counts| Wheels::new(&counts)),
        updated: overview.updated_at.map(minute),
        empty: overview.chain.all == 0,
    }
}

fn answer(target: Target, good: i64, open: i64, native: i64) -> Answer {
    let list = |outcome: Outcome| projects_with(outcome, target);
    Answer {
        target,
        good: Count(good),
        native: Count(native),
        share: share(good, native),
        open: Count(open),
        good_address: list(Outcome::NoBlocker),
        open_address: list(Outcome::Undecided),
    }
}

fn projects_with(outcome: Outcome, target: Target) -> String {
    address::with_query("/projects", &[("verdict", outcome.as_str()), ("target", &address::target_value(target))])
}

fn bar(row: &store::TargetRow) -> BarRow {
    BarRow {
        label: row.target,
        bar: Bar::new(row.target, row.counts),
        total: Count(bars::native(&row.counts)),
        apart: row.target.is_free_threaded(),
    }
}

fn line(row: &store::TargetRow, chosen: Target) -> TargetLine {
    let cell =
        |outcome| Cell { n: Count(bars::count(&row.counts, outcome)), address: projects_with(outcome, row.target) };
    TargetLine {
        target: row.target,
        chosen: row.target == chosen,
        cells: Outcome::ALL.map(cell).into_iter().collect(),
        native: Count(bars::native(&row.counts)),
    }
}

fn blocker(hit: &store::ItemHit, native: i64) -> BlockerLine {
    let facts = facts::facts(hit.kind, &hit.item);
    BlockerLine {
        address: address::item(&hit.item, Some(hit.kind.as_str())),
        kind: words::kind_heading(hit.kind),
        limited: facts.as_ref().map(|facts| format!("{}, {}", facts.what, facts.limited)).unwrap_or_default(),
        instead: facts.map(|facts| facts.instead).unwrap_or_default().into_iter().take(2).collect(),
        item: hit.item.clone(),
        projects: Count(hit.projects),
        share: share(hit.projects, native),
        sites: Count(hit.sites),
    }
}

/// The denominator chain in words.
pub(super) fn steps(chain: &Chain, target: Target) -> Vec<Step> {
    let last = if target == DEFAULT_TARGET { "decided" } else { "decided for this target" };
    [
        (chain.all, "projects in the survey"),
        (chain.with_files, "with files"),
        (chain.with_sdist, "with an sdist"),
        (chain.selected, "selected: not pure by tags"),
        (chain.fetched, "fetched"),
        (chain.readable, "readable"),
        (chain.with_native, "with native source"),
        (chain.decided, last),
    ]
    .into_iter()
    .map(|(n, word)| Step { n: Count(n), word, left: Left { n, all: chain.all } })
    .collect()
}

fn state_lines(overview: &Overview) -> Vec<StateLine> {
    let projects = overview.projects.iter().map(|(word, n)| StateLine {
        of: "project",
        known: store::ProjectState::from_word(word).map_or("", |state| states::project(state).known),
        word: word.clone(),
        n: Count(*n),
    });
    let files = overview.files.iter().map(|(word, n)| StateLine {
        of: "sdist",
        known: store::FileState::from_word(word).map_or("", |state| states::file(state).known),
        word: word.clone(),
        n: Count(*n),
    });
    projects.chain(files).collect()
}
