//! `/projects/NAME/changes`: what each release added to what blocks it, and what it took away.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use capi::Target;
use packaging::ProjectName;
use serde::Serialize;
use store::{ProjectDetail, ReleaseBlockers, STATIC_TYPES};

use crate::api::versioned;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, day};
use crate::pages::{Choice, not_here, target_choices};
use crate::params::{self, NameAsked, Params};
use crate::words::Mark;
use crate::{address, render};

/// Items that are named in one cell.
const NAMED: usize = 12;

#[derive(Template)]
#[template(path = "project/changes.html")]
struct ChangesPage {
    frame: Frame,
    name: String,
    address: String,
    target: Target,
    targets: Vec<Choice>,
    lead: String,
    /// Newest first.
    rows: Vec<Row>,
    /// Blockers that came back after they had gone.
    returned: Vec<(String, String)>,
}

struct Row {
    version: String,
    address: String,
    uploaded: String,
    yanked: bool,
    mark: Mark,
    blockers: Count,
    added: Names,
    removed: Names,
}

/// Items, of which only so many are named.
struct Names {
    shown: Vec<(String, String)>,
    more: usize,
}

impl Names {
    fn of<'a>(names: impl Iterator<Item = &'a String>) -> Self {
        let all: Vec<&String> = names.collect();
        let link = |name: &&String| ((*name).clone(), item_address(name));
        Self { more: all.len().saturating_sub(NAMED), shown: all.iter().take(NAMED).map(link).collect() }
    }
}

fn item_address(name: &str) -> String {
    if name == STATIC_TYPES { "/items?kind=static-type".to_owned() } else { address::item(name, None) }
}

/// The releases of a project that were read, each with what blocks it.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct BlockersAnswer {
    project: String,
    #[schemars(with = "String")]
    target: Target,
    /// Lowest version first.
    releases: Vec<ReleaseBlockers>,
}

/// A project, and its releases that were read.
async fn found(
    app: &App,
    name: &ProjectName,
    target: Target,
) -> Result<(ProjectDetail, Vec<ReleaseBlockers>), WebError> {
    let project = app.survey().project(name, target).await?.ok_or_else(|| not_here(name))?;
    Ok((project, app.survey().release_blockers(name, target).await?))
}

pub(crate) async fn changes(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path(asked): Path<String>,
) -> Result<Response, WebError> {
    let name = match params::name(&asked)? {
        NameAsked::Normal(name) => name,
        NameAsked::Other(name) => {
            return Ok(Redirect::permanent(&format!("/projects/{name}/changes{}", here.query)).into_response());
        }
    };
    let target = params.target()?;
    let (project, releases) = found(&app, &name, target).await?;
    let json = format!("/api/v1/projects/{name}/blockers{}", here.query);
    render::page(&ChangesPage {
        frame: Frame::new(format!("What changed in {}", project.display_name), "projects", &here).with_json(json),
        address: address::project(&name),
        target,
        targets: target_choices(target),
        lead: lead(&releases, target),
        rows: rows(&releases, |version| address::release(&name, version)),
        returned: returned(&releases),
        name: project.display_name,
    })
}

pub(crate) async fn json(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path(asked): Path<String>,
) -> Result<Response, WebError> {
    let (NameAsked::Normal(name) | NameAsked::Other(name)) = params::name(&asked)?;
    let target = params.target()?;
    let (_, releases) = found(&app, &name, target).await?;
    Ok(versioned(&here, BlockersAnswer { project: name.to_string(), target, releases }))
}

/// What became of its blockers, in a sentence.
fn lead(releases: &[ReleaseBlockers], target: Target) -> String {
    let (Some(first), Some(last)) = (releases.first(), releases.last()) else {
        return "No release of it was read.".to_owned();
    };
    let count = |release: &ReleaseBlockers| Count::from(release.blockers.len()).of("item");
    if releases.len() == 1 {
        return format!("One release was read, {}: {} block it for {target}.", first.version, count(first));
    }
    let free = releases.iter().find(|release| release.blockers.is_empty());
    let free = match free {
        Some(free) => format!(" {} was the first without any.", free.version),
        None => String::new(),
    };
    let releases = Count::from(releases.len());
    format!(
        "Of {releases} releases that were read {} had {} in the way of {target}, and {} has {}.{free}",
        first.version,
        count(first),
        last.version,
        count(last)
    )
}

fn rows(releases: &[ReleaseBlockers], address: impl Fn(&str) -> String) -> Vec<Row> {
    let none = BTreeSet::new();
    let sets: Vec<BTreeSet<&String>> = releases.iter().map(|release| release.blockers.iter().collect()).collect();
    let row = |(at, release): (usize, &ReleaseBlockers)| {
        let (now, before) = (&sets[at], at.checked_sub(1).and_then(|at| sets.get(at)).unwrap_or(&none));
        // Of the first release everything would be new.
        let added = now.difference(before).copied().filter(|_| at > 0);
        Row {
            address: address(&release.version),
            version: release.version.clone(),
            uploaded: day(release.uploaded_at),
            yanked: release.yanked,
            mark: Mark::from(release.verdict),
            blockers: Count::from(release.blockers.len()),
            added: Names::of(added),
            removed: Names::of(before.difference(now).copied()),
        }
    };
    releases.iter().enumerate().map(row).rev().collect()
}

/// Blockers that had gone and came back: the name, and in which release.
fn returned(releases: &[ReleaseBlockers]) -> Vec<(String, String)> {
    let mut last_seen: BTreeMap<&String, usize> = BTreeMap::new();
    let mut returned = Vec::new();
    for (at, release) in releases.iter().enumerate() {
        for blocker in &release.blockers {
            if last_seen.insert(blocker, at).is_some_and(|last| last + 1 < at) {
                returned.push((blocker.clone(), release.version.clone()));
            }
        }
    }
    returned
}

#[cfg(test)]
mod tests {
    use analyzer::Outcome;

    use super::*;

    fn release(version: &str, blockers: &[&str]) -> ReleaseBlockers {
        ReleaseBlockers {
            version: version.to_owned(),
            uploaded_at: None,
            yanked: false,
            verdict: if blockers.is_empty() { Outcome::NoBlocker } else { Outcome::Blocked },
            blockers: blockers.iter().map(ToString::to_string).collect(),
        }
    }

    fn names(names: &Names) -> Vec<&str> {
        names.shown.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn what_a_release_added_and_took_away_is_told_beside_the_one_before() {
        let releases = [release("1.0", &["A", "B"]), release("2.0", &[]), release("3.0", &["B", "C"])];
        let rows = rows(&releases, str::to_owned);
        let told: Vec<_> =
            rows.iter().map(|row| (row.version.as_str(), names(&row.added), names(&row.removed))).collect();
        assert_eq!(told, [("3.0", vec!["B", "C"], vec![]), ("2.0", vec![], vec!["A", "B"]), ("1.0", vec![], vec![])]);
        assert_eq!(returned(&releases), [("B".to_owned(), "3.0".to_owned())]);
        let target = "abi3-3.11".parse().expect("a target");
        assert_eq!(
            lead(&releases, target),
            "Of 3 releases that were read 1.0 had 2 items in the way of abi3-3.11, and 3.0 has 2 items. 2.0 was the first \
             without any."
        );
        assert_eq!(lead(&releases[..1], target), "One release was read, 1.0: 2 items block it for abi3-3.11.");
        assert_eq!(lead(&[], target), "No release of it was read.");
    }
}
