//! `/projects`: the list, searched, filtered and sorted by link.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use capi::Target;
use store::{ProjectQuery, ProjectRow, ProjectSort, Start};

use super::{Choice, Pager, ROWS, target_choices};
use crate::app::App;
use crate::bars;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, day};
use crate::params::Params;
use crate::visible::cut;
use crate::words::Mark;
use crate::{address, render, states};

#[derive(Template)]
#[template(path = "projects.html")]
struct Projects {
    frame: Frame,
    target: Target,
    search: String,
    verdict: &'static str,
    sort: &'static str,
    descending: bool,
    targets: Vec<Choice>,
    found: String,
    all: Count,
    chips: Vec<Chip>,
    heads: Vec<Head>,
    rows: Vec<Row>,
    pager: Pager,
}

struct Chip {
    mark: Option<Mark>,
    n: Count,
    address: String,
    chosen: bool,
}

/// A column that the list can be sorted by.
struct Head {
    word: &'static str,
    number: bool,
    address: String,
    /// `ascending` or `descending`, if the list is sorted by it.
    sorted: Option<&'static str>,
    /// `↑` or `↓`, if it is.
    arrow: &'static str,
}

struct Row {
    name: String,
    address: String,
    version: String,
    mark: Mark,
    /// The reason of a state without verdict.
    why: String,
    blockers: Option<Count>,
    floor: String,
    uploaded: String,
}

pub(crate) async fn projects(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let (query, page) = (list_query(&params)?, params.page()?);
    let found = app.survey().projects(&query).await?;
    let overview = app.overview(query.target, here.data_version).await?;
    let counts =
        overview.targets.iter().find(|row| row.target == query.target).map(|row| row.counts).unwrap_or_default();
    let mut frame = Frame::new("Projects", "projects", &here)
        .with_json(list_address("/projects.json", &query, page))
        .with_csv(list_address("/projects.csv", &query, 1));
    frame.search = query.search.clone().unwrap_or_default();
    render::page(&Projects {
        target: query.target,
        search: frame.search.clone(),
        frame,
        verdict: query.verdict.map_or("", analyzer::Outcome::as_str),
        sort: sort_word(query.sort),
        descending: query.descending,
        targets: target_choices(query.target),
        found: sentence(&query, found.total),
        all: Count(overview.chain.all),
        chips: chips(&query, &counts, overview.chain.all),
        heads: heads(&query),
        rows: found.rows.iter().map(row).collect(),
        pager: Pager::new(page, ROWS, found.total, |page| list_address("/projects", &query, page)),
    })
}

/// The list that an address asks for.
pub(crate) fn list_query(params: &Params) -> Result<ProjectQuery, WebError> {
    Ok(ProjectQuery {
        search: params.search(),
        verdict: params.verdict()?,
        target: params.target()?,
        sort: params.sort()?,
        descending: params.descending(),
        start: Start::Page(params.page()?),
    })
}

/// The address of page `page` of a list, whatever its format.
pub(crate) fn list_address(path: &str, query: &ProjectQuery, page: u32) -> String {
    let pairs = [
        ("q", query.search.as_deref().unwrap_or("")),
        ("verdict", query.verdict.map_or("", analyzer::Outcome::as_str)),
        ("target", &address::target_value(query.target)),
        ("sort", if query.sort == ProjectSort::Name { "" } else { sort_word(query.sort) }),
        ("desc", if query.descending { "1" } else { "" }),
        ("page", &address::page_value(page)),
    ];
    address::with_query(path, &pairs)
}

const fn sort_word(sort: ProjectSort) -> &'static str {
    match sort {
        ProjectSort::Name => "name",
        ProjectSort::Verdict => "verdict",
        ProjectSort::Blockers => "blockers",
        ProjectSort::Uploaded => "uploaded",
    }
}

fn sentence(query: &ProjectQuery, total: i64) -> String {
    let mut text = Count(total).of("project");
    if let Some(verdict) = query.verdict {
        text = format!("{text} with the verdict “{}” for {}", Mark::from(verdict).word(), query.target);
    }
    if let Some(search) = &query.search {
        text = format!("{text} with “{search}” in the name");
    }
    text
}

fn chips(query: &ProjectQuery, counts: &store::OutcomeCounts, all: i64) -> Vec<Chip> {
    let with = |verdict| list_address("/projects", &ProjectQuery { verdict, ..query.clone() }, 1);
    let every = Chip { mark: None, n: Count(all), address: with(None), chosen: query.verdict.is_none() };
    let of = |outcome| Chip {
        mark: Some(Mark::from(outcome)),
        n: Count(bars::count(counts, outcome)),
        address: with(Some(outcome)),
        chosen: query.verdict == Some(outcome),
    };
    [every].into_iter().chain(analyzer::Outcome::ALL.map(of)).collect()
}

fn heads(query: &ProjectQuery) -> Vec<Head> {
    let head = |word, sort, number| {
        let chosen = query.sort == sort;
        let turned = ProjectQuery { sort, descending: chosen && !query.descending, ..query.clone() };
        // Counts and dates are asked for from the top: the store's own order of these columns starts there.
        let downwards = matches!(sort, ProjectSort::Blockers | ProjectSort::Uploaded) != query.descending;
        Head {
            word,
            number,
            address: list_address("/projects", &turned, 1),
            sorted: chosen.then_some(if downwards { "descending" } else { "ascending" }),
            arrow: match (chosen, downwards) {
                (false, _) => "",
                (true, true) => " ↓",
                (true, false) => " ↑",
            },
        }
    };
    vec![
        head("Project", ProjectSort::Name, false),
        head("Verdict", ProjectSort::Verdict, false),
        head("Blockers", ProjectSort::Blockers, true),
        head("Uploaded", ProjectSort::Uploaded, false),
    ]
}

fn row(row: &ProjectRow) -> Row {
    let state = states::instead_of_verdict(row.state, row.release_state, row.file_state);
    let mark = row.verdict.map_or(state.mark, Mark::from);
    let why = if row.verdict.is_some() { None } else { row.reason.as_deref().or(Some(state.known)) };
    Row {
        name: cut(&row.display_name, 80).into_owned(),
        address: address::project(&row.name),
        version: cut(row.version.as_deref().unwrap_or(""), 40).into_owned(),
        mark,
        why: cut(why.unwrap_or(""), 160).into_owned(),
        blockers: (row.verdict == Some(analyzer::Outcome::Blocked)).then_some(Count(row.blockers)),
        floor: row.floor.map(|floor| floor.to_string()).unwrap_or_default(),
        uploaded: day(row.uploaded_at),
    }
}
