//! `/trends`: how every figure moved.

mod changes;
mod data;
mod page;
mod shown;
mod words;

pub(crate) use changes::{ChangesAnswer, changes, changes_json};
pub(crate) use data::{TrendsAnswer, policy as svg_policy, series_json, trends_json};
pub(crate) use page::{figure, one_series, over_time, trends};
pub(crate) use shown::{Table, View, table, view};
pub(crate) use words::sentences;

use std::collections::HashMap;

use analyzer::OriginClass;
use chrono::NaiveDate;
use store::TrendMark;
use trends::{Scope, Subject};

use crate::app::App;
use crate::error::WebError;
use crate::figures::{Asked, Figure, Figured, Wanted, whole};

/// A figure with its series.
async fn figured(app: &App, figure: Figure, asked: Asked) -> Result<Figured, WebError> {
    let mut known = HashMap::new();
    for (subject, scope) in figure.series(asked) {
        let found = app.survey().series(&subject, scope).await?;
        known.insert((subject, scope), found);
    }
    let found = figure.of(asked, |subject, scope| known.get(&(subject.clone(), scope)).cloned());
    found.ok_or_else(|| WebError::NotFound(format!("{} is not there.", figure.as_str())))
}

/// The word of a subject by itself in addresses.
const ONE: &str = "series";

/// The parts of those who touch a structure.
const WRITTEN: [(OriginClass, &str); 3] = [
    (OriginClass::Own, "in code of their own"),
    (OriginClass::Vendored, "else in copied code"),
    (OriginClass::Generated, "in generated code only"),
];

/// A subject by itself as a figure; a structure also by who wrote the code that touches it.
async fn figured_one(app: &App, subject: Subject, scope: Scope) -> Result<Figured, WebError> {
    let mut wanted = vec![Wanted::one(subject.to_string(), subject.clone(), scope)];
    if let Subject::Structure(name) = &subject {
        "in all".clone_into(&mut wanted[0].label);
        let by = |(class, label): (OriginClass, &str)| {
            Wanted::one(label.to_owned(), Subject::StructureBy(name.clone(), class), scope)
        };
        wanted.extend(WRITTEN.map(by));
    }
    let mut lines = Vec::new();
    for one in wanted {
        let series = app.survey().series(&one.subject, scope).await?;
        lines.push((one, series));
    }
    let (target, definition) = (crate::app::DEFAULT_TARGET, "Projects with native source of which it is true.");
    let (whole, whole_scope) = whole(Asked { target, scope });
    Ok(Figured {
        id: ONE.to_owned(),
        title: subject.to_string(),
        definition: definition.to_owned(),
        is_stacked: false,
        is_one: true,
        lines,
        whole: app.survey().series(&whole, whole_scope).await?,
    })
}

/// Where what is counted changed: from the second analyzer on.
pub(crate) fn changed(marks: &[TrendMark]) -> Vec<(NaiveDate, String)> {
    let word = |mark: &TrendMark| format!("analyzer {}, C-API data {}", mark.analyzer_version, mark.capi_version);
    marks.iter().skip(1).map(|mark| (mark.on, word(mark))).collect()
}
