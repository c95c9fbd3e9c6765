//! Figures as files, and series for programs.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use chrono::NaiveDate;
use export::{Format, Writer};
use serde::Serialize;
use sha2::Digest as _;
use store::{TrendMark, TrendRange};
use trends::Series;

use crate::api::versioned;
use crate::app::App;
use crate::charts::{STYLE, standalone};
use crate::error::WebError;
use crate::figures::{Figured, Weight, places};
use crate::fresh::Here;
use crate::params::Params;
use crate::series_table;

/// What there is to ask for, and where what is counted changed.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct TrendsAnswer {
    range: TrendRange,
    /// Every point of every series is of the current analyzer.
    analyzers: Vec<TrendMark>,
}

/// A figure's series.
#[derive(Serialize)]
struct FigureAnswer<'f> {
    title: &'f str,
    definition: &'f str,
    series: Vec<&'f Series>,
}

pub(crate) async fn trends_json(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let (range, analyzers) = tokio::try_join!(app.survey().trend_range(), app.survey().trend_marks())?;
    Ok(versioned(&here, TrendsAnswer { range, analyzers }))
}

pub(crate) async fn series_json(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    Ok(versioned(&here, app.survey().series(&params.subject()?, params.scope()?).await?))
}

/// A figure as a file with an ending.
pub(super) fn file(
    made: &Figured,
    ending: &str,
    weight: Option<Weight>,
    marks: &[(NaiveDate, String)],
    here: &Here,
) -> Result<Response, WebError> {
    match ending {
        "svg" => Ok(svg(made, weight.unwrap_or(Weight::Each), marks, here)),
        "csv" => csv(made),
        "json" => {
            let series = made.lines.iter().map(|(_, series)| series).collect();
            Ok(versioned(here, FigureAnswer { title: &made.title, definition: &made.definition, series }))
        }
        _ => Err(WebError::NotFound("A figure is there as .svg, .csv and .json.".to_owned())),
    }
}

fn svg(made: &Figured, weight: Weight, marks: &[(NaiveDate, String)], here: &Here) -> Response {
    let mut chart = made.chart(weight, &places(&made.whole.points, None), marks);
    // A file by itself has nowhere to lead.
    chart.addresses.clear();
    let source = format!(
        "abiscope, analyzer {}, C-API data {}, data {}",
        analyzer::ANALYZER_VERSION,
        capi::DATA_VERSION,
        here.data_version
    );
    let mut response = standalone(&chart, &source).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml; charset=utf-8"));
    if let Ok(policy) = HeaderValue::try_from(policy()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A chart by itself brings its style, and nothing else may.
pub(crate) fn policy() -> String {
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'")
}

/// A row for each line and date.
fn csv(made: &Figured) -> Result<Response, WebError> {
    let written = || {
        let mut writer = Writer::new(&series_table::TABLE, Format::Csv, Vec::new())?;
        for (_, series) in &made.lines {
            for point in &series.points {
                series_table::row(&mut writer, series, point)?;
            }
        }
        writer.finish()
    };
    let bytes = written().map_err(WebError::Table)?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], bytes).into_response())
}
