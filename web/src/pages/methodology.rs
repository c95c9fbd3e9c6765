//! `/methodology`: how the figures about trends come about, how right they are, and what they leave out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use store::TrendMark;
use trends::{Chain, Scope};

use super::about::Misses;
use crate::app::App;
use crate::error::WebError;
use crate::figures::{Asked, Figure};
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::{app, render};

/// How right the analyzer is, as `cargo xtask score` measured and wrote it.
const SCORE: &str = include_str!("../../../analyzer/SCORE.md");

#[derive(Template)]
#[template(path = "methodology.html")]
struct Methodology {
    frame: Frame,
    method: Method,
}

/// What is told of the method, on the page and in reports.
pub(crate) struct Method {
    pub(crate) figures: Vec<(String, &'static str)>,
    /// Figure, value and goal.
    pub(crate) score: Vec<Measured>,
    /// Of which analyzer, over what.
    pub(crate) measured: &'static str,
    pub(crate) misses: Option<Misses>,
    pub(crate) steps: Vec<(Count, &'static str)>,
    pub(crate) until: String,
    pub(crate) observed_from: Option<String>,
    pub(crate) analyzers: Vec<(String, String)>,
}

impl Method {
    /// Of what is known until a day. `chain`: of that day.
    pub(crate) fn new(
        chain: Chain,
        (observed_from, until): (Option<NaiveDate>, NaiveDate),
        marks: &[TrendMark],
        misses: Option<Misses>,
    ) -> Self {
        let asked = Asked { target: app::DEFAULT_TARGET, scope: Scope::All };
        let version =
            |mark: &TrendMark| format!("analyzer {}, C-API data {}", mark.analyzer_version, mark.capi_version);
        Self {
            figures: Figure::ALL.into_iter().map(|figure| (figure.title(asked), figure.definition())).collect(),
            score: goals(SCORE),
            measured: SCORE.lines().find(|line| line.starts_with("Analyzer ")).unwrap_or_default(),
            misses,
            steps: vec![
                (Count(chain.with_files), "projects with files"),
                (Count(chain.with_sdist), "with an sdist"),
                (Count(chain.selected), "selected"),
                (Count(chain.fetched), "fetched"),
                (Count(chain.readable), "read"),
                (Count(chain.with_native), "with native source"),
            ],
            until: until.to_string(),
            observed_from: observed_from.map(|day| day.to_string()),
            analyzers: marks.iter().map(|mark| (mark.on.to_string(), version(mark))).collect(),
        }
    }
}

/// One row of the table of goals.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) figure: &'static str,
    pub(crate) value: &'static str,
    pub(crate) goal: &'static str,
    pub(crate) met: &'static str,
}

pub(crate) async fn methodology(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let (subject, scope) = crate::figures::whole(Asked { target: app::DEFAULT_TARGET, scope: Scope::All });
    let survey = app.survey();
    let (whole, range, marks) =
        tokio::try_join!(survey.series(&subject, scope), survey.trend_range(), survey.trend_marks())?;
    let chain = whole.points.last().map(|point| point.chain).unwrap_or_default();
    let misses = app.misses().await.map(|found| Misses::new(&found));
    render::page(&Methodology {
        frame: Frame::new("How trends are counted", "trends", &here),
        method: Method::new(chain, (range.observed_from, range.until), &marks, misses),
    })
}

/// The rows of the table under "Goals".
fn goals(score: &'static str) -> Vec<Measured> {
    let table = score.split("## Goals").nth(1).unwrap_or_default();
    let rows =
        table.lines().skip_while(|line| !line.starts_with("| --")).skip(1).take_while(|line| line.starts_with('|'));
    let row = |line: &'static str| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        Some(Measured { figure: cells.next()?, value: cells.next()?, goal: cells.next()?, met: cells.next()? })
    };
    rows.filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_read_from_where_it_was_written() {
        let rows = goals(
            "# x\n\n## Goals\n\n| figure | value | goal | met |\n| --- | --: | --: | --- |\n| a, b | 0.9 | 1 | no |\n\n## All\n| c | 1 | 1 | yes |\n",
        );
        assert_eq!(rows, [Measured { figure: "a, b", value: "0.9", goal: "1", met: "no" }]);
        assert!(goals(SCORE).len() > 10);
    }
}
