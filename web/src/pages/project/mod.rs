//! `/projects/NAME` and `/projects/NAME/VERSION`: can this ship one wheel, from which Python, and what blocks it.

pub(crate) mod changes;
mod declared;
mod history;
mod judged;
mod port;
mod structures;
mod sure;
mod wheels;

use analyzer::Outcome;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use capi::Target;
use chrono::Utc;
use packaging::ProjectName;
use store::{LookupState, ProjectDetail, ReleaseDetail, SourceHidden};

use self::history::History;
use self::judged::Judged;
use self::wheels::Wheels;
use super::reading::{self, Known, Reading};
use super::{Pager, ROWS, not_here};
use crate::app::App;
use crate::blockers::Doubt;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, day, minute};
use crate::params::{self, NameAsked, Params};
use crate::states::Explained;
use crate::visible::cut;
use crate::words::Mark;
use crate::{address, hidden, render, states};

#[derive(Template)]
#[template(path = "project/page.html")]
struct ProjectPage {
    frame: Frame,
    name: String,
    /// The normal name, for addresses.
    normal: String,
    target: Target,
    version: String,
    notes: Vec<String>,
    requires_python: String,
    uploaded: String,
    wheels: Wheels,
    judged: Option<Judged>,
    /// Why there is no verdict, if there is none.
    explained: Option<Explained>,
    /// Name and hash of an sdist that has no report.
    unread: Option<(String, String)>,
    reason: String,
    history: History,
    releases: Vec<ReleaseLine>,
    pager: Pager,
    read_at: String,
    pypi_status: String,
    reading: Reading,
}

struct ReleaseLine {
    version: String,
    address: String,
    shown: bool,
    mark: Mark,
    floor: String,
    uploaded: String,
    wheels: String,
    notes: &'static str,
}

pub(crate) async fn project(
    app: State<App>,
    here: Here,
    params: Params,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    answer(&app, &here, &params, &name, None).await
}

pub(crate) async fn release(
    app: State<App>,
    here: Here,
    params: Params,
    Path((name, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    answer(&app, &here, &params, &name, Some(&version)).await
}

async fn answer(
    app: &App,
    here: &Here,
    params: &Params,
    asked: &str,
    version: Option<&str>,
) -> Result<Response, WebError> {
    let name = match params::name(asked)? {
        NameAsked::Normal(name) => name,
        NameAsked::Other(name) => return Ok(moved(&name, version, &here.query)),
    };
    let (target, page) = (params.target()?, params.page()?);
    // Asked for first: what is not under way any more has been written.
    let lookup = match version {
        None => app.survey().lookup_state(&name).await?,
        Some(_) => LookupState::default(),
    };
    let Some(project) = app.survey().project(&name, target).await? else {
        return if version.is_none() { reading::unread(here, &name, &lookup) } else { Err(not_here(&name)) };
    };
    let release = app.survey().release(&name, version).await?;
    if let (Some(version), None) = (version, &release) {
        return Err(WebError::NotFound(format!("The survey has no release {version} of {name}.")));
    }
    let json = address::with_query(
        &format!("/api/v1{}", here.address.split('?').next().unwrap_or("")),
        &[("target", &address::target_value(target))],
    );
    let mut frame = Frame::new(
        format!("{} {}", project.display_name, release.as_ref().map_or("", |release| &release.version)),
        "projects",
        here,
    )
    .with_json(json);
    if let Some(release) = release.as_ref().filter(|release| release.file.is_some()) {
        frame = frame.with_csv(format!("{}/uses.csv", address::release(&name, &release.version)));
    }
    let mut page = model(frame, target, page, version.is_some(), &project, release.as_ref());
    if let (Some(judged), Some(release)) = (&mut page.judged, &release) {
        let sites = app.survey().first_sites(&name, &release.version, &judged.shown_items()).await?;
        judged.show(&name, &release.version, &sites);
    }
    if version.is_none() {
        let file = release.as_ref().and_then(|release| release.file.as_ref()).map(|file| file.state);
        let known = Known { state: project.state, file, read_at: project.read_at };
        page.reading = Reading::of(&name, &lookup, Some(known), Utc::now());
        page.frame.reload = page.reading.reload;
    }
    if page.reading.steps.is_empty() { render::page(&page) } else { render::fleeting(&page) }
}

/// 301 to the normal name: PyPI does the same.
fn moved(name: &ProjectName, version: Option<&str>, query: &str) -> Response {
    let path = version.map_or_else(|| address::project(name), |version| address::release(name, version));
    let mut response = Redirect::permanent(&format!("{path}{query}")).into_response();
    *response.status_mut() = axum::http::StatusCode::MOVED_PERMANENTLY;
    response
}

fn model(
    frame: Frame,
    target: Target,
    page: u32,
    pinned: bool,
    project: &ProjectDetail,
    release: Option<&ReleaseDetail>,
) -> ProjectPage {
    let file_state = release.as_ref().and_then(|release| release.file.as_ref()).map(|file| file.state);
    let judged = release.as_ref().and_then(|release| judged::judged(&project.name, release, target, pinned));
    let explained = judged
        .is_none()
        .then(|| states::instead_of_verdict(project.state, release.map(|release| release.state), file_state));
    let version = release.as_ref().map(|release| release.version.clone()).unwrap_or_default();
    let first = (i64::from(page) - 1) * ROWS;
    let lines = project.releases.iter().skip(usize::try_from(first).unwrap_or(usize::MAX)).take(50);
    let here = frame.address.split('?').next().unwrap_or("").to_owned();
    let total = i64::try_from(project.releases.len()).unwrap_or(i64::MAX);
    ProjectPage {
        pager: Pager::new(page, ROWS, total, |page| {
            let pairs = [("target", address::target_value(target)), ("page", address::page_value(page))];
            address::with_query(&here, &pairs.each_ref().map(|(key, value)| (*key, value.as_str())))
        }),
        releases: lines.map(|row| release_line(project, row, &version)).collect(),
        name: cut(&project.display_name, 80).into_owned(),
        normal: project.name.to_string(),
        target,
        notes: notes(project, release),
        requires_python: release.as_ref().and_then(|release| release.requires_python.clone()).unwrap_or_default(),
        uploaded: day(release.and_then(|release| release.uploaded_at)),
        wheels: Wheels::of(release.map_or(&[], |release| &release.wheel_tags)),
        history: History::of(project, target, &version),
        judged,
        unread: release
            .and_then(|release| release.file.as_ref())
            .filter(|_| explained.is_some())
            .map(|file| (cut(&file.filename, 200).into_owned(), file.sha256.clone())),
        explained,
        reason: reason(project, release),
        read_at: minute(project.read_at),
        pypi_status: project.status_text.clone().unwrap_or_default(),
        version: cut(&version, 60).into_owned(),
        reading: Reading::default(),
        frame,
    }
}

fn notes(project: &ProjectDetail, release: Option<&ReleaseDetail>) -> Vec<String> {
    let mut notes = Vec::new();
    if project.state != store::ProjectState::Listed && release.is_some() {
        notes.push(states::project(project.state).known.to_owned());
    }
    let Some(release) = release else { return notes };
    if let Some(hidden @ SourceHidden::Operator { .. }) = &release.source_hidden {
        notes.push(hidden::in_words(&project.name, hidden));
    }
    let row = project.releases.iter().find(|row| row.version == release.version);
    if release.yanked {
        notes.push("This release is yanked: its files should not be used any more.".to_owned());
    }
    if release.prerelease {
        notes.push("This is a pre-release.".to_owned());
    }
    if row.is_some_and(|row| !row.latest)
        && let Some(latest) = project.releases.iter().find(|row| row.latest)
    {
        notes.push(format!("The release that stands for the project is {}.", latest.version));
    }
    notes
}

/// The most telling reason there is.
fn reason(project: &ProjectDetail, release: Option<&ReleaseDetail>) -> String {
    let file = release.and_then(|release| release.file.as_ref()).and_then(|file| file.reason.as_deref());
    let of_release = release.and_then(|release| release.reason.as_deref());
    let reason = file.or(of_release).or(project.reason.as_deref()).unwrap_or("");
    cut(reason, 400).into_owned()
}

fn release_line(project: &ProjectDetail, row: &store::ReleaseRow, shown: &str) -> ReleaseLine {
    let state = states::instead_of_verdict(project.state, Some(row.state), row.file_state);
    ReleaseLine {
        version: cut(&row.version, 60).into_owned(),
        address: address::release(&project.name, &row.version),
        shown: row.version == shown,
        mark: row.verdict.map_or(state.mark, Mark::from),
        floor: row.floor.map(|floor| floor.to_string()).unwrap_or_default(),
        uploaded: day(row.uploaded_at),
        wheels: match (row.wheels, row.stable_wheels) {
            (0, _) => String::new(),
            (all, 0) => Count(all).to_string(),
            (all, stable) => format!("{}, {} abi3", Count(all), Count(stable)),
        },
        notes: match (row.latest, row.yanked, row.prerelease) {
            (true, false, _) => "stands for the project",
            (true, true, _) => "stands for the project, yanked",
            (_, true, _) => "yanked",
            (_, _, true) => "pre-release",
            _ => "",
        },
    }
}
