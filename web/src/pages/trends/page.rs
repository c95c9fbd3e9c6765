//! The pages: all figures, one of them with its values, and one subject by itself.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::TrendRange;
use trends::{Point, Scope, Series, Subject};

use super::{ONE, changed, data, figured, figured_one};
use crate::app::App;
use crate::charts::{Chart, Plot, summary};
use crate::error::WebError;
use crate::figures::{Asked, Figure, Figured, Weight, changes_address, places};
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, share};
use crate::pages::{Choice, target_choices};
use crate::params::Params;
use crate::{address, render};

/// Years that a page with several figures shows.
const YEARS: i32 = 3;

#[derive(Template)]
#[template(path = "trends/overview.html")]
struct Overview {
    frame: Frame,
    lead: Vec<String>,
    form: Form,
    range: Range,
    figures: Vec<(View, Table)>,
}

#[derive(Template)]
#[template(path = "trends/figure.html")]
struct FigurePage {
    frame: Frame,
    form: Form,
    range: Range,
    view: View,
    table: Table,
}

/// What can be chosen.
struct Form {
    action: String,
    targets: Vec<Choice>,
    scopes: Vec<Choice>,
    /// What is kept of the address.
    of: String,
}

/// Since when the survey looked.
struct Range {
    observed: Option<String>,
    /// What changed in how it is counted.
    definitions: Vec<String>,
}

/// A figure as it is shown.
pub(crate) struct View {
    pub(crate) title: String,
    pub(crate) definition: String,
    pub(crate) address: String,
    pub(crate) csv: String,
    pub(crate) json: String,
    pub(crate) charts: Vec<ChartView>,
}

/// One of its charts.
pub(crate) struct ChartView {
    pub(crate) chart: Chart,
    pub(crate) caption: &'static str,
    pub(crate) svg: String,
}

impl ChartView {
    pub(crate) fn plot(&self) -> Plot<'_> {
        Plot(&self.chart)
    }

    pub(crate) fn summary(&self) -> String {
        summary(&self.chart)
    }
}

/// A subject over time, for a page about something else.
pub(crate) async fn over_time(app: &App, subject: Subject) -> Result<View, WebError> {
    let query = [("of", subject.to_string())];
    let made = figured_one(app, subject, Scope::All).await?;
    let marks = changed(&app.survey().trend_marks().await?);
    let shown = places(&made.whole.points, Some(YEARS));
    Ok(view(&made, &shown, &marks, &query))
}

/// The values.
pub(crate) struct Table {
    pub(crate) heads: Vec<String>,
    pub(crate) has_downloads: bool,
    /// Numbers lead to who came and went.
    pub(crate) has_addresses: bool,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    pub(crate) on: String,
    pub(crate) is_observed: bool,
    pub(crate) cells: Vec<Cell>,
    pub(crate) native: Count,
    pub(crate) read: Count,
    pub(crate) files: Count,
    pub(crate) list: String,
}

pub(crate) struct Cell {
    pub(crate) projects: Count,
    pub(crate) share: String,
    pub(crate) downloads: String,
    pub(crate) address: String,
}

pub(crate) async fn trends(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let asked = Asked { target: params.target()?, scope: params.scope()? };
    let (range, marks) = tokio::try_join!(app.survey().trend_range(), app.survey().trend_marks())?;
    let marks = changed(&marks);
    let (mut figures, mut lead) = (Vec::new(), Vec::new());
    for figure in Figure::ALL {
        let made = figured(&app, figure, asked).await?;
        if figure == Figure::Verdicts {
            lead = sentences(&made, asked);
        }
        let shown = places(&made.whole.points, Some(YEARS));
        let view = view(&made, &shown, &marks, &query(asked, figure.has_target()));
        figures.push((view, table(&made, &shown, false)));
    }
    render::page(&Overview {
        frame: Frame::new("Trends", "trends", &here).with_json(address::with_query("/trends.json", &[])),
        lead,
        form: form("/trends", asked, &range, String::new()),
        range: Range::of(&range, &marks),
        figures,
    })
}

pub(crate) async fn figure(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let asked = Asked { target: params.target()?, scope: params.scope()? };
    let (word, ending) = file.split_once('.').map_or((file.as_str(), None), |(word, ending)| (word, Some(ending)));
    // The pictures of one figure are told apart by how projects count.
    let weighed = word.rsplit_once('-').and_then(|(word, weight)| Some((word, Weight::from_word(weight)?)));
    let (word, weight) = weighed.map_or((word, None), |(word, weight)| (word, Some(weight)));
    let figure = Figure::ALL.into_iter().find(|figure| figure.as_str() == word);
    let made = match figure {
        Some(figure) => figured(&app, figure, asked).await?,
        None if word == ONE => figured_one(&app, params.subject()?, asked.scope).await?,
        None => return Err(no_figure()),
    };
    match (figure, ending) {
        (_, Some(ending)) => {
            let marks = changed(&app.survey().trend_marks().await?);
            data::file(&made, ending, weight, &marks, &here)
        }
        (Some(figure), None) if weight.is_none() => {
            let action = format!("/trends/{}", figure.as_str());
            let form_of = |range: &TrendRange| form(&action, asked, range, String::new());
            shown(&app, &here, made, form_of, &query(asked, figure.has_target())).await
        }
        _ => Err(no_figure()),
    }
}

/// A subject by itself.
pub(crate) async fn one_series(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let (subject, scope) = (params.subject()?, params.scope()?);
    let of = subject.to_string();
    let made = figured_one(&app, subject, scope).await?;
    let asked = Asked { target: params.target()?, scope };
    let form_of = |range: &TrendRange| form("/trends/series", asked, range, of.clone());
    let scope = if scope == Scope::All { String::new() } else { scope.to_string() };
    shown(&app, &here, made, form_of, &[("of", of.clone()), ("scope", scope)]).await
}

async fn shown(
    app: &App,
    here: &Here,
    made: Figured,
    form_of: impl FnOnce(&TrendRange) -> Form,
    query: &[(&'static str, String)],
) -> Result<Response, WebError> {
    let (range, marks) = tokio::try_join!(app.survey().trend_range(), app.survey().trend_marks())?;
    let marks = changed(&marks);
    let shown = places(&made.whole.points, None);
    let view = view(&made, &shown, &marks, query);
    let frame = Frame::new(made.title.clone(), "trends", here);
    render::page(&FigurePage {
        frame: frame.with_json(view.json.clone()).with_csv(view.csv.clone()),
        form: form_of(&range),
        range: Range::of(&range, &marks),
        table: table(&made, &shown, true),
        view,
    })
}

fn no_figure() -> WebError {
    let known: Vec<&str> = Figure::ALL.into_iter().map(Figure::as_str).collect();
    WebError::NotFound(format!("There is no such figure: {}.", known.join(", ")))
}

/// What an address says of what is asked, beyond the default.
fn query(asked: Asked, has_target: bool) -> Vec<(&'static str, String)> {
    let target = if has_target { address::target_value(asked.target) } else { String::new() };
    let scope = if asked.scope == Scope::All { String::new() } else { asked.scope.to_string() };
    vec![("target", target), ("scope", scope)]
}

fn query_text(query: &[(&'static str, String)]) -> String {
    let pairs: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    address::with_query("", &pairs)
}

/// A figure as pages and reports show it.
pub(crate) fn view(
    made: &Figured,
    shown: &[usize],
    marks: &[(chrono::NaiveDate, String)],
    query: &[(&'static str, String)],
) -> View {
    let base = format!("/trends/{}", made.id);
    let chart = |weight: Weight, caption| ChartView {
        chart: made.chart(weight, shown, marks),
        caption,
        svg: format!("{base}-{}.svg{}", weight.as_str(), query_text(query)),
    };
    let each = chart(Weight::Each, "Each project counts one");
    let weighed = made.is_weighed().then(|| chart(Weight::Downloads, "Each project counts its downloads"));
    let charts = match weighed {
        // Shares compare, numbers do not.
        Some(weighed) if !made.is_one => {
            let (one, other) = each.chart.paired(weighed.chart);
            vec![ChartView { chart: one, ..each }, ChartView { chart: other, ..weighed }]
        }
        weighed => std::iter::once(each).chain(weighed).collect(),
    };
    View {
        title: made.title.clone(),
        definition: made.definition.clone(),
        address: format!("{base}{}", query_text(query)),
        csv: format!("{base}.csv{}", query_text(query)),
        json: format!("{base}.json{}", query_text(query)),
        charts,
    }
}

pub(crate) fn table(made: &Figured, shown: &[usize], has_addresses: bool) -> Table {
    let row = |(before, at): (Option<usize>, usize)| {
        let whole = made.whole.points.get(at)?;
        let cell = |(wanted, series): &(crate::figures::Wanted, Series)| {
            let point = series.points.get(at)?;
            let (projects, downloads) = (point.projects, point.downloads);
            let weighed = downloads.zip(whole.native_downloads).filter(|(_, all)| *all > 0);
            let (after, until) = (month(made, before?), month(made, at)?);
            Some(Cell {
                projects: Count(projects),
                share: share(projects, whole.chain.with_native),
                downloads: weighed.map(|(part, all)| share(part, all)).unwrap_or_default(),
                address: changes_address(&wanted.subject, wanted.scope, after?, until),
            })
        };
        Some(Row {
            on: whole.on.to_string(),
            is_observed: made.whole.observed_from.is_none_or(|from| whole.on >= from),
            cells: made.lines.iter().filter_map(cell).collect(),
            native: Count(whole.chain.with_native),
            read: Count(whole.chain.readable),
            files: Count(whole.chain.with_files),
            list: whole.downloads_of.clone().unwrap_or_default(),
        })
    };
    // What the first date is compared with is the month before it.
    let befores = std::iter::once(shown.first().and_then(|first| first.checked_sub(1)).or(Some(0)));
    let befores = befores.chain(shown.iter().map(|at| Some(*at)));
    let mut rows: Vec<Row> = befores.zip(shown.iter().copied()).filter_map(row).collect();
    rows.reverse();
    Table {
        heads: made.lines.iter().map(|(wanted, _)| wanted.label.clone()).collect(),
        has_downloads: made.is_weighed(),
        has_addresses,
        rows,
    }
}

fn month(made: &Figured, at: usize) -> Option<trends::Month> {
    Some(trends::Month::of(made.whole.points.get(at)?.on))
}

/// What the figures say, in two sentences.
pub(crate) fn sentences(made: &Figured, asked: Asked) -> Vec<String> {
    let Some((free, whole)) = made.lines.first().map(|(_, series)| series).zip(Some(&made.whole)) else {
        return Vec::new();
    };
    let told = |at: usize| {
        let (point, whole) = (free.points.get(at)?, whole.points.get(at)?);
        (whole.chain.with_native > 0).then(|| {
            let share = share(point.projects, whole.chain.with_native);
            format!("{} of {} ({share})", Count(point.projects), Count(whole.chain.with_native).of("project"))
        })
    };
    let Some(last) = whole.points.len().checked_sub(1) else { return Vec::new() };
    let of = if asked.scope == Scope::All { String::new() } else { format!(" ({})", asked.scope) };
    let now = told(last).map(|told| {
        format!("On {}, {told} with native source{of} have no blocker for {}.", whole.points[last].on, asked.target)
    });
    let before = last.checked_sub(12 * 3).or_else(|| whole.points.iter().position(|point| point.chain.with_native > 0));
    let before = before
        .filter(|at| at + 1 < last)
        .and_then(|at| Some(format!("On {} it was {}.", whole.points[at].on, told(at)?)));
    let unread = whole.points.last().map(|point: &Point| point.chain).filter(|chain| chain.with_files > chain.readable);
    let unread = unread.map(|chain| {
        format!(
            "Of {} with files, {} were read; the others have only pure wheels or no sdist, or were not read yet.",
            Count(chain.with_files).of("project"),
            Count(chain.readable)
        )
    });
    now.into_iter().chain(before).chain(unread).collect()
}

fn form(action: &str, asked: Asked, range: &TrendRange, of: String) -> Form {
    let choice = |value: String, word: String, chosen: bool| Choice { value, word, chosen };
    let scopes = Scope::moving().chain(range.years.iter().rev().map(|year| Scope::Cohort(*year)));
    Form {
        action: action.to_owned(),
        targets: target_choices(asked.target),
        scopes: scopes
            .map(|scope| {
                let value = if scope == Scope::All { String::new() } else { scope.to_string() };
                choice(value, scope_words(scope), scope == asked.scope)
            })
            .collect(),
        of,
    }
}

fn scope_words(scope: Scope) -> String {
    match scope {
        Scope::All => "all projects".to_owned(),
        Scope::Cohort(year) => format!("those that were there when {year} began"),
        Scope::Toolchain(toolchain) => format!("made with {}", toolchain.name()),
        Scope::Band(band) => match band {
            trends::Band::Rest => "beyond rank 15,000 by downloads".to_owned(),
            _ => format!("ranks {} by downloads", band.as_str().replace('-', " to ")),
        },
        Scope::Age(age) => match age {
            trends::Age::Oldest => "first uploaded 10 years before or more".to_owned(),
            _ => format!("first uploaded {} years before", age.as_str().replace('-', " to ")),
        },
    }
}

impl Range {
    fn of(range: &TrendRange, marks: &[(chrono::NaiveDate, String)]) -> Self {
        Self {
            observed: range.observed_from.map(|day| day.to_string()),
            definitions: marks.iter().map(|(day, word)| format!("{day}: {word}")).collect(),
        }
    }
}
