//! The pages, one file each.

mod about;
mod api;
mod badge;
pub(crate) mod exported;
mod feed;
mod home;
mod item;
mod items;
mod methodology;
pub(crate) mod project;
mod projects;
mod reading;
pub(crate) mod reports;
mod search;
mod source;
mod source_search;
mod status;
mod structures;
mod trends;
mod uses;
mod whatif;
mod wheels;

pub(crate) use about::Misses;
pub(crate) use about::about;
pub(crate) use api::api;
pub(crate) use badge::badge;
pub(crate) use feed::feed;
pub(crate) use home::home;
pub(crate) use item::item;
pub(crate) use items::items;
pub(crate) use methodology::{Method, methodology};
pub(crate) use project::{project, release};
pub(crate) use projects::{list_address, list_query, projects};
pub(crate) use reading::look_up;
pub(crate) use search::search;
pub(crate) use source::{sites, source};
pub(crate) use source_search::{source_search, source_search_json};
pub(crate) use status::status;
pub(crate) use structures::FIRST as FIRST_STRUCTURES;
pub(crate) use structures::{
    StructuresAnswer, Touched, UnlockAnswer, structure, structures, structures_json, touched, unlock, unlock_json,
};
pub(crate) use trends::svg_policy;
pub(crate) use trends::{
    ChangesAnswer, Table, TrendsAnswer, View, changed, changes, changes_json, figure, one_series, sentences,
    series_json, table, trends, trends_json, view,
};
pub(crate) use uses::uses;
pub(crate) use whatif::saved::SavedAnswer;
pub(crate) use whatif::{
    csv as whatif_csv, json as whatif_json, markdown as whatif_markdown, rst as whatif_rst, whatif,
};
pub(crate) use whatif::{difference, saved};

use packaging::ProjectName;

use crate::error::WebError;
use crate::numbers::Count;

/// Rows on a page of a list; the store's number too.
const ROWS: i64 = 50;

/// The survey has not read this project.
pub(crate) fn not_here(name: &ProjectName) -> WebError {
    WebError::NotFound(format!(
        "The survey has not read a project called {name}. It may exist on PyPI all the same: “abiscope survey {name}” reads it."
    ))
}

/// "Rows 51 to 100 of 1,204", and the addresses of the pages beside.
pub(crate) struct Pager {
    pub(crate) text: String,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl Pager {
    /// For page `page` of `rows` rows each; `address` gives the address of a page.
    fn new(page: u32, rows: i64, total: i64, address: impl Fn(u32) -> String) -> Self {
        let first = (i64::from(page) - 1) * rows + 1;
        let last = (first + rows - 1).min(total);
        Self {
            text: if total == 0 || first > total {
                format!("No rows here; {} in all", Count(total).of("row"))
            } else {
                format!("Rows {} to {} of {}", Count(first), Count(last), Count(total))
            },
            previous: (page > 1).then(|| address(page - 1)),
            next: (last < total && first <= total).then(|| address(page + 1)),
        }
    }
}

/// One choice of a drop-down list.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) word: String,
    pub(crate) chosen: bool,
}

/// Every target, newest first, one chosen.
fn target_choices(chosen: capi::Target) -> Vec<Choice> {
    let choice =
        |target: capi::Target| Choice { value: target.to_string(), word: target.to_string(), chosen: target == chosen };
    capi::Target::all().rev().map(choice).collect()
}

/// Every kind, and "all kinds".
fn kind_choices(chosen: Option<analyzer::Kind>) -> Vec<Choice> {
    let all = Choice { value: String::new(), word: "all kinds".to_owned(), chosen: chosen.is_none() };
    let choice = |kind: analyzer::Kind| Choice {
        value: kind.as_str().to_owned(),
        word: crate::words::kind_heading(kind).to_owned(),
        chosen: chosen == Some(kind),
    };
    [all].into_iter().chain(analyzer::Kind::ALL.map(choice)).collect()
}
