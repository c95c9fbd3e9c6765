//! The pages: all figures, one of them with its values, and one subject by itself.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::TrendRange;
use trends::{Scope, Subject};

use super::shown::{Table, View, table, view};
use super::words::{Form, Range, form, sentences};
use super::{ONE, changed, data, figured, figured_one};
use crate::app::App;
use crate::error::WebError;
use crate::figures::{Asked, Figure, Figured, Weight, places};
use crate::frame::Frame;
use crate::fresh::Here;
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

/// A subject over time, for a page about something else.
pub(crate) async fn over_time(app: &App, subject: Subject) -> Result<View, WebError> {
    let query = [("of", subject.to_string())];
    let made = figured_one(app, subject, Scope::All).await?;
    let marks = changed(&app.survey().trend_marks().await?);
    let shown = places(&made.whole.points, Some(YEARS));
    Ok(view(&made, &shown, &marks, &query))
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
