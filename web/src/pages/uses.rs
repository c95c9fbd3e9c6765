//! `/projects/NAME/VERSION/uses`: everything a release uses, a kind at a time.

use analyzer::Kind;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use packaging::ProjectName;
use store::UseRow;

use super::{Choice, Pager, kind_choices};
use crate::app::App;
use crate::blockers::LONGEST_NAME;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::params::{self, NameAsked, Params};
use crate::visible::cut;
use crate::{address, conditions, facts, render, words};

/// Rows on a page.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "uses.html")]
struct Uses {
    frame: Frame,
    name: String,
    version: String,
    release_address: String,
    kinds: Vec<Choice>,
    sentence: String,
    rows: Vec<UseLine>,
    pager: Pager,
}

/// One row of a table of uses.
pub(super) struct UseLine {
    pub(super) item: String,
    pub(super) item_address: String,
    pub(super) sites_address: String,
    pub(super) kind: &'static str,
    pub(super) tier: String,
    pub(super) access: String,
    pub(super) origin: String,
    pub(super) condition: String,
    pub(super) probable: bool,
    pub(super) sites: Count,
}

pub(crate) async fn uses(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path((asked, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (NameAsked::Normal(name) | NameAsked::Other(name)) = params::name(&asked)?;
    let (kind, page) = (params.kind()?, params.page()?);
    let release = app.survey().release(&name, Some(&version)).await?;
    let file = release.and_then(|release| release.file);
    let missing = || WebError::NotFound(format!("The survey has no analysed sdist of {name} {version}."));
    let file = file.ok_or_else(missing)?;
    let rows: Vec<&UseRow> = file.uses.iter().filter(|row| kind.is_none_or(|kind| row.kind == kind)).collect();
    let of_release = address::release(&name, &version);
    let path = format!("{of_release}/uses");
    let kind_word = kind.map_or("", Kind::as_str);
    let per_page = i64::try_from(ROWS).unwrap_or(i64::MAX);
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let first = usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(ROWS);
    render::page(&Uses {
        frame: Frame::new(format!("What {name} {version} uses"), "projects", &here).with_csv(format!("{path}.csv")),
        name: name.to_string(),
        version: cut(&version, 60).into_owned(),
        release_address: of_release,
        kinds: kind_choices(kind),
        sentence: sentence(&rows),
        pager: Pager::new(page, per_page, total, |page| {
            address::with_query(&path, &[("kind", kind_word), ("page", &address::page_value(page))])
        }),
        rows: rows.iter().skip(first).take(ROWS).map(|row| line(&name, &version, row)).collect(),
    })
}

pub(super) fn line(name: &ProjectName, version: &str, row: &UseRow) -> UseLine {
    UseLine {
        item: cut(&row.item, LONGEST_NAME).into_owned(),
        item_address: address::item(&row.item, Some(row.kind.as_str())),
        sites_address: address::sites(name, version, &row.item),
        kind: row.kind.as_str(),
        tier: facts::tier(row.kind, &row.item),
        access: row.access.replace('+', ", "),
        origin: cut(&words::origin(&row.origin, row.origin_by.as_deref()), LONGEST_NAME).into_owned(),
        condition: cut(&conditions::in_words(&row.condition), 2 * LONGEST_NAME).into_owned(),
        probable: row.certainty == "probable",
        sites: Count(row.sites),
    }
}

/// "120 rows, 1,204 sites: 900 own code, 304 generated".
pub(super) fn sentence(rows: &[&UseRow]) -> String {
    let sites: i64 = rows.iter().map(|row| row.sites).sum();
    let of = |class: &str| rows.iter().filter(|row| row.origin == class).map(|row| row.sites).sum::<i64>();
    let parts: Vec<String> = ["own", "generated", "vendored", "test-or-doc"]
        .into_iter()
        .map(|class| (of(class), words::origin(class, None)))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", Count(n)))
        .collect();
    let items: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.item.as_str()).collect();
    let items = Count::from(items.len()).of("item");
    format!("{items}, {}: {}", Count(sites).of("site"), parts.join(", "))
}
