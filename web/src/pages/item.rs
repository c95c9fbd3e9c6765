//! `/items/NAME`: who uses it, how, and what it is in each CPython.

use analyzer::Kind;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::{ItemHit, ItemUser};

use super::home::{Step, steps};
use super::{Pager, ROWS};
use crate::app::{App, DEFAULT_TARGET};
use crate::blockers::LONGEST_NAME;
use crate::error::WebError;
use crate::facts::{self, Facts};
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, share};
use crate::params::Params;
use crate::visible::cut;
use crate::{address, conditions, render, words};

#[derive(Template)]
#[template(path = "item.html")]
struct ItemView {
    frame: Frame,
    name: String,
    uses: Vec<KindUse>,
    native: Count,
    facts: Option<Facts>,
    all_address: String,
    every_kind: bool,
    rows: Vec<Row>,
    pager: Pager,
    steps: Vec<Step>,
}

/// How far one kind of use is spread.
struct KindUse {
    heading: &'static str,
    verb: &'static str,
    projects: Count,
    share: String,
    sites: Count,
    address: String,
    /// Its series; empty for variables of the projects' own.
    series: String,
    chosen: bool,
}

struct Row {
    project: String,
    project_address: String,
    version: String,
    release_address: String,
    kind: &'static str,
    access: String,
    origin: String,
    condition: String,
    sites: Count,
    sites_address: String,
    first_site: String,
    first_address: Option<String>,
}

pub(crate) async fn item(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path(item): Path<String>,
) -> Result<Response, WebError> {
    let (kind, page) = (params.kind()?, params.page()?);
    let known = facts_of(&item, kind);
    let missing = |known: bool| {
        let hint = if known {
            "CPython has it, but no project of the survey uses it"
        } else {
            "No project of the survey uses it"
        };
        let way = kind.map(|kind| format!(" as “{}”", words::kind_heading(kind))).unwrap_or_default();
        WebError::NotFound(format!("{}: {hint}{way}.", cut(&item, LONGEST_NAME)))
    };
    let found =
        app.survey().item(&item, kind, &store::Start::Page(page)).await?.ok_or_else(|| missing(known.is_some()))?;
    let native = found.chain.with_native;
    let uses = found.kinds.iter().map(|hit| kind_use(hit, native, kind)).collect();
    let kind_word = kind.map_or("", Kind::as_str);
    let path = address::item(&item, None);
    let frame = Frame::new(cut(&item, LONGEST_NAME), "items", &here)
        .with_json(format!("{path}/projects.json{}", here.query))
        .with_csv(address::with_query(&format!("{path}/projects.csv"), &[("kind", kind_word)]));
    render::page(&ItemView {
        frame,
        name: cut(&item, LONGEST_NAME).into_owned(),
        uses,
        native: Count(native),
        facts: known,
        every_kind: kind.is_none(),
        rows: found.users.rows.iter().map(|user| row(user, &item)).collect(),
        pager: Pager::new(page, ROWS, found.users.total, |page| {
            address::with_query(&path, &[("kind", kind_word), ("page", &address::page_value(page))])
        }),
        steps: steps(&found.chain, DEFAULT_TARGET),
        all_address: path,
    })
}

/// The facts in the light of the kind asked for; without one, what the name itself is.
fn facts_of(item: &str, kind: Option<Kind>) -> Option<Facts> {
    let kind = kind.unwrap_or(if item.contains('.') { Kind::Member } else { Kind::Api });
    facts::facts(kind, item)
}

fn kind_use(hit: &ItemHit, native: i64, chosen: Option<Kind>) -> KindUse {
    KindUse {
        heading: words::kind_heading(hit.kind),
        verb: words::kind_verb(hit.kind),
        projects: Count(hit.projects),
        share: share(hit.projects, native),
        sites: Count(hit.sites),
        address: address::item(&hit.item, Some(hit.kind.as_str())),
        series: series(hit),
        chosen: chosen == Some(hit.kind),
    }
}

/// Where its series is.
fn series(hit: &ItemHit) -> String {
    match hit.kind {
        Kind::StaticType | Kind::ModuleDef | Kind::ExportHook => String::new(),
        Kind::Api | Kind::Member | Kind::Lvalue | Kind::Layout | Kind::InternalHeader => {
            let subject = trends::Subject::Item(hit.kind, hit.item.clone()).to_string();
            address::with_query("/trends/series", &[("of", &subject)])
        }
    }
}

fn row(user: &ItemUser, item: &str) -> Row {
    let place = user.first_site.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?)));
    Row {
        project: user.name.to_string(),
        project_address: address::project(&user.name),
        version: cut(&user.version, 40).into_owned(),
        release_address: address::release(&user.name, &user.version),
        kind: user.kind.as_str(),
        access: user.access.replace('+', ", "),
        origin: cut(&words::origin(&user.origin, user.origin_by.as_deref()), LONGEST_NAME).into_owned(),
        condition: cut(&conditions::in_words(&user.condition), 2 * LONGEST_NAME).into_owned(),
        sites: Count(user.sites),
        sites_address: address::sites(&user.name, &user.version, item),
        first_site: cut(&user.first_site, LONGEST_NAME).into_owned(),
        first_address: place.map(|(path, line)| address::site(&user.name, &user.version, item, path, line)),
    }
}
