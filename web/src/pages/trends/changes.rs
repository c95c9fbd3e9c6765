//! `/trends/changes`: who made a figure move.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use store::{TrendChange, TrendChanges};
use trends::{Month, Scope, Subject};

use crate::api::versioned;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::params::Params;
use crate::{address, render};

/// Projects in one list of the page; the JSON has all.
const SHOWN: usize = 500;

#[derive(Template)]
#[template(path = "trends/changes.html")]
struct ChangesPage {
    frame: Frame,
    subject: String,
    scope: String,
    series: String,
    after: Month,
    until: Month,
    lists: Vec<List>,
}

struct List {
    heading: String,
    rows: Vec<Row>,
    more: usize,
}

struct Row {
    name: String,
    address: String,
    before: String,
    now: String,
    now_address: String,
}

/// Who made a series move.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ChangesAnswer {
    /// What is counted.
    of: String,
    /// Which projects.
    scope: String,
    /// From the end of this month.
    after: String,
    /// To the end of this one.
    until: String,
    #[serde(flatten)]
    changes: TrendChanges,
}

/// What an address asks for, with the answer.
struct Asked {
    subject: Subject,
    scope: Scope,
    after: Month,
    until: Month,
    changes: TrendChanges,
}

async fn asked(app: &App, params: &Params) -> Result<Asked, WebError> {
    let (subject, scope, (after, until)) = (params.subject()?, params.scope()?, params.months()?);
    let none = || WebError::NotFound(format!("Nothing is counted of {subject} in {until}."));
    let changes = app.survey().trend_changes(&subject, scope, (after, until)).await?.ok_or_else(none)?;
    Ok(Asked { subject, scope, after, until, changes })
}

pub(crate) async fn changes(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let Asked { subject, scope, after, until, changes } = asked(&app, &params).await?;
    let scope_value = if scope == Scope::All { String::new() } else { scope.to_string() };
    let subject = subject.to_string();
    let json = format!("/api/v1/series/changes{}", here.query);
    render::page(&ChangesPage {
        frame: Frame::new(format!("Who moved {subject}"), "trends", &here).with_json(json),
        series: address::with_query("/trends/series", &[("of", &subject), ("scope", &scope_value)]),
        lists: vec![
            list("count now and did not before", &changes.entered),
            list("counted before and do not now", &changes.left),
            list("stood at one end by a release that was not read: what they did is not known", &changes.unread),
        ],
        scope: scope.to_string(),
        subject,
        after,
        until,
    })
}

fn list(what: &str, changes: &[TrendChange]) -> List {
    let verb = Count::from(changes.len()).of("project");
    List {
        heading: format!("{verb} {what}"),
        more: changes.len().saturating_sub(SHOWN),
        rows: changes.iter().take(SHOWN).map(row).collect(),
    }
}

fn row(change: &TrendChange) -> Row {
    let project = format!("/projects/{}", address::escape(&change.project));
    let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "was not there".to_owned());
    Row {
        name: change.project.clone(),
        before: version(&change.before),
        now: version(&change.now),
        now_address: change.now.as_ref().map(|now| format!("{project}/{}", address::escape(now))).unwrap_or_default(),
        address: project,
    }
}

pub(crate) async fn changes_json(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let Asked { subject, scope, after, until, changes } = asked(&app, &params).await?;
    let (of, scope) = (subject.to_string(), scope.to_string());
    Ok(versioned(&here, ChangesAnswer { of, scope, after: after.to_string(), until: until.to_string(), changes }))
}
