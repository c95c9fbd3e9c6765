//! `/feeds/NAME.atom`: the releases of a project whose verdict is another than that of the release before.

use atom_syndication::{Entry, Feed, FixedDateTime, Link, Text};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use capi::{Target, Version};
use chrono::{DateTime, Utc};
use packaging::ProjectName;
use store::{ProjectDetail, ReleaseRow};

use super::not_here;
use crate::address;
use crate::app::App;
use crate::error::WebError;
use crate::params::{self, NameAsked};
use crate::words::Mark;

/// The newest changes that a feed has.
const ENTRIES: usize = 50;

pub(crate) async fn feed(State(app): State<App>, Path(file): Path<String>) -> Result<Response, WebError> {
    let asked = file.strip_suffix(".atom").ok_or_else(|| WebError::NotFound("A feed ends in .atom.".to_owned()))?;
    let (NameAsked::Normal(name) | NameAsked::Other(name)) = params::name(asked)?;
    let abi3 = app.survey().project(&name, Target::Abi3(Version::NEWEST)).await?;
    let abi3t = app.survey().project(&name, Target::Abi3t(Version::NEWEST)).await?;
    let (Some(abi3), Some(abi3t)) = (abi3, abi3t) else { return Err(not_here(&name)) };
    let mut response = written(&name, &abi3, &abi3t).to_string().into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/atom+xml; charset=utf-8"));
    Ok(response)
}

fn written(name: &ProjectName, abi3: &ProjectDetail, abi3t: &ProjectDetail) -> Feed {
    let mut entries: Vec<Entry> = changes(abi3, abi3t).iter().map(|change| entry(name, change, abi3.read_at)).collect();
    entries.reverse();
    entries.truncate(ENTRIES);
    let path = format!("/feeds/{name}.atom");
    Feed {
        title: Text::plain(format!("{}: stable ABI", abi3.display_name)),
        id: format!("urn:abiscope:project:{name}"),
        updated: entries.first().map_or_else(|| at(abi3.read_at), |entry| entry.updated),
        links: vec![link(path, "self"), link(address::project(name), "alternate")],
        entries,
        ..Feed::default()
    }
}

/// A release that says something else than the one before.
struct Change<'a> {
    row: &'a ReleaseRow,
    now: String,
    before: Option<String>,
}

/// From the oldest release that was judged to the newest.
fn changes<'a>(abi3: &'a ProjectDetail, abi3t: &ProjectDetail) -> Vec<Change<'a>> {
    let mut changes: Vec<Change<'a>> = Vec::new();
    for row in abi3.releases.iter().rev().filter(|row| row.verdict.is_some()) {
        let of_abi3t = abi3t.releases.iter().find(|other| other.version == row.version);
        let now = said(row, of_abi3t);
        let before = changes.last().map(|last| last.now.clone());
        if before.as_ref() != Some(&now) {
            changes.push(Change { row, now, before });
        }
    }
    changes
}

/// `abi3: no blocker from 3.11; abi3t: blocked`.
fn said(abi3: &ReleaseRow, abi3t: Option<&ReleaseRow>) -> String {
    let word = |row: &ReleaseRow| row.verdict.map_or("not judged", |outcome| Mark::from(outcome).word());
    let first = match abi3.floor {
        Some(floor) => format!("no blocker from {}", floor.version()),
        None => word(abi3).to_owned(),
    };
    format!("abi3: {first}; abi3t: {}", abi3t.map_or("not judged", word))
}

fn entry(name: &ProjectName, change: &Change<'_>, read_at: DateTime<Utc>) -> Entry {
    let version = &change.row.version;
    let summary = match &change.before {
        Some(before) => format!("{}. Before: {before}.", change.now),
        None => format!("{}. It is the first release that was judged.", change.now),
    };
    Entry {
        title: Text::plain(format!("{version}: {}", change.now)),
        id: format!("urn:abiscope:release:{name}:{}", address::escape(version)),
        updated: at(change.row.uploaded_at.unwrap_or(read_at)),
        links: vec![link(address::release(name, version), "alternate")],
        summary: Some(Text::plain(summary)),
        ..Entry::default()
    }
}

fn at(time: DateTime<Utc>) -> FixedDateTime {
    time.fixed_offset()
}

fn link(href: String, rel: &str) -> Link {
    Link { href, rel: rel.to_owned(), ..Link::default() }
}
