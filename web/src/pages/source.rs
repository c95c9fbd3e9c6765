//! `…/sites?item=` and `…/source?path=&line=`: from an item to its lines, from a line to its surroundings.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use packaging::ProjectName;
use store::{FileAnswer, FileState, SiteLine, SourceHidden};

use crate::app::App;
use crate::blockers::LONGEST_NAME;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::params::{self, NameAsked, Params};
use crate::visible::cut;
use crate::{address, conditions, hidden, render, words};

/// Sites on a page.
const SITES: usize = 150;

/// Lines around the one asked for: three on each side, seven in all (docs/CONTRACT.md, "Other people's source").
const AROUND: u32 = 3;

#[derive(Template)]
#[template(path = "sites.html")]
struct Sites {
    frame: Frame,
    name: String,
    version: String,
    release_address: String,
    item: String,
    item_address: String,
    total: Count,
    shown: usize,
    /// There are more than are shown.
    cut_short: bool,
    /// Why there are places and no lines; empty: there are.
    hidden: String,
    files: Vec<FileSites>,
    sha256: String,
}

struct FileSites {
    path: String,
    rows: Vec<SiteRow>,
}

struct SiteRow {
    line: u32,
    column: u32,
    address: String,
    text: String,
    origin: String,
    condition: String,
}

#[derive(Template)]
#[template(path = "source.html")]
struct Source {
    frame: Frame,
    name: String,
    version: String,
    release_address: String,
    path: String,
    line: u32,
    /// What it is a site of, if that was said.
    item: Option<Item>,
    lines: Vec<Line>,
    sha256: String,
    filename: String,
}

/// An item of which the line is a site.
struct Item {
    shown: String,
    /// All its sites in this release.
    sites_address: String,
    address: String,
}

struct Line {
    number: u32,
    text: String,
    hit: bool,
}

/// The project and the analysed file that an address names, and why its source is not shown, if it is not.
async fn file(
    app: &App,
    asked: &str,
    version: &str,
) -> Result<(ProjectName, FileAnswer, Option<SourceHidden>), WebError> {
    let (NameAsked::Normal(name) | NameAsked::Other(name)) = params::name(asked)?;
    let release = app.survey().release(&name, Some(version)).await?;
    let missing = || WebError::NotFound(format!("The survey has no analysed sdist of {name} {version}."));
    let release = release.ok_or_else(missing)?;
    let file = release.file.ok_or_else(missing)?;
    if file.state == FileState::Withdrawn {
        return Err(WebError::NotFound(format!(
            "The sdist of {name} {version} is gone from PyPI: what was found stays, its source is not shown."
        )));
    }
    Ok((name, file, release.source_hidden))
}

pub(crate) async fn sites(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path((asked, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let item = params.item()?;
    let (name, file, hidden) = file(&app, &asked, &version).await?;
    let found = app.survey().sites(&name, &version, item, SITES).await?;
    if found.rows.is_empty() {
        return Err(WebError::NotFound(format!("No site of {item} was found in {name} {version}.")));
    }
    let item_shown = cut(item, LONGEST_NAME).into_owned();
    let kind = kind_of(&file, item);
    let json = format!("/api/v1{}", here.address);
    render::page(&Sites {
        frame: Frame::new(format!("{item_shown} in {name} {version}"), "projects", &here).with_json(json),
        release_address: address::release(&name, &version),
        item: item_shown,
        item_address: address::item(item, kind),
        total: Count(found.total),
        shown: found.rows.len(),
        cut_short: found.total > i64::try_from(found.rows.len()).unwrap_or(i64::MAX),
        hidden: hidden.map(|hidden| hidden::in_words(&name, &hidden)).unwrap_or_default(),
        files: by_file(&name, &version, item, &found.rows),
        sha256: file.sha256,
        name: name.to_string(),
        version: cut(&version, 60).into_owned(),
    })
}

fn by_file(name: &ProjectName, version: &str, item: &str, sites: &[SiteLine]) -> Vec<FileSites> {
    let same_file = |one: &SiteLine, other: &SiteLine| one.path == other.path;
    sites
        .chunk_by(same_file)
        .map(|sites| FileSites {
            path: sites.first().map(|site| cut(&site.path, 200).into_owned()).unwrap_or_default(),
            rows: sites.iter().map(|site| row(name, version, item, site)).collect(),
        })
        .collect()
}

fn row(name: &ProjectName, version: &str, item: &str, site: &SiteLine) -> SiteRow {
    SiteRow {
        line: site.line,
        column: site.column,
        address: address::site(name, version, item, &site.path, site.line),
        text: cut(site.text.trim(), 200).into_owned(),
        origin: words::origin(&site.origin, None),
        condition: cut(&conditions::in_words(&site.condition), 2 * LONGEST_NAME).into_owned(),
    }
}

/// The kind of an item that the file uses.
fn kind_of<'a>(file: &'a FileAnswer, item: &str) -> Option<&'a str> {
    file.uses.iter().find(|row| row.item == item).map(|row| row.kind.as_str())
}

/// An item that the file does not use is as good as none.
fn item_of(name: &ProjectName, version: &str, file: &FileAnswer, item: &str) -> Option<Item> {
    let kind = kind_of(file, item)?;
    Some(Item {
        shown: cut(item, LONGEST_NAME).into_owned(),
        sites_address: address::sites(name, version, item),
        address: address::item(item, Some(kind)),
    })
}

pub(crate) async fn source(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path((asked, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (path, line) = params.place()?;
    let (name, file, hidden) = file(&app, &asked, &version).await?;
    if let Some(hidden) = hidden {
        return Err(WebError::NotFound(hidden::in_words(&name, &hidden)));
    }
    let first = line.saturating_sub(AROUND).max(1);
    let lines = app.survey().snippet(&name, &version, path, first, line.saturating_add(AROUND)).await?;
    let lines = lines.filter(|lines| !lines.is_empty()).ok_or_else(|| {
        WebError::NotFound(format!("The stored source of {name} {version} has no line {line} in {path}."))
    })?;
    let shown = |(i, text): (usize, &String)| {
        let number = first.saturating_add(u32::try_from(i).unwrap_or(u32::MAX));
        Line { number, text: cut(text, 400).into_owned(), hit: number == line }
    };
    render::page(&Source {
        frame: Frame::new(format!("{path}:{line} in {name} {version}"), "projects", &here),
        release_address: address::release(&name, &version),
        lines: lines.iter().take(7).enumerate().map(shown).collect(),
        path: cut(path, 300).into_owned(),
        line,
        item: params.item().ok().and_then(|item| item_of(&name, &version, &file, item)),
        sha256: file.sha256,
        filename: cut(&file.filename, 200).into_owned(),
        name: name.to_string(),
        version: cut(&version, 60).into_owned(),
    })
}
