//! One project of an answer.

use packaging::ProjectName;
use whatif::SOURCE;

use crate::address;
use crate::blockers::LONGEST_NAME;
use crate::numbers::Count;
use crate::visible::cut;
use crate::words::Mark;

/// Items shown of one project.
const ITEMS: usize = 2;

pub(super) struct Row {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) version: String,
    pub(super) mark: Mark,
    pub(super) solved: String,
    pub(super) own: Count,
    pub(super) others: Count,
    /// Each with the way to its sites.
    pub(super) items: Vec<Item>,
    pub(super) more_items: usize,
    pub(super) first: String,
    pub(super) first_address: String,
    pub(super) rank: String,
}

pub(super) struct Item {
    pub(super) text: String,
    pub(super) sites: Count,
    pub(super) address: String,
}

pub(super) fn row(row: &whatif::Row) -> Row {
    let name = row.name.parse::<ProjectName>().ok();
    let all: i64 = row.sites.values().sum();
    let place = row.first_site.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse::<u32>().ok()?)));
    let source = |(path, line): (&str, u32)| {
        let item = row.items.first().map(|(item, _)| &**item).filter(|item| pattern(item).is_none());
        let item = item.unwrap_or("");
        name.as_ref().map(|name| address::site(name, &row.version, item, path, line)).unwrap_or_default()
    };
    Row {
        name: cut(&row.name, LONGEST_NAME).into_owned(),
        address: name.as_ref().map(address::project).unwrap_or_default(),
        version: cut(&row.version, 40).into_owned(),
        mark: Mark::from(row.status),
        solved: cut(row.solved.as_deref().unwrap_or(""), 200).into_owned(),
        own: Count(row.own_sites()),
        others: Count(all - row.own_sites()),
        items: row
            .items
            .iter()
            .take(ITEMS)
            .map(|(item, sites)| Item {
                text: cut(item, 80).into_owned(),
                sites: Count(*sites),
                address: name.as_ref().map(|name| sites_of(name, &row.version, item)).unwrap_or_default(),
            })
            .collect(),
        more_items: row.items.len().saturating_sub(ITEMS),
        first: cut(&row.first_site, LONGEST_NAME).into_owned(),
        first_address: place.map(source).unwrap_or_default(),
        rank: row.rank.map(|rank| Count(rank).to_string()).unwrap_or_default(),
    }
}

/// Where the sites of an item are listed; of a pattern, where it is searched for.
fn sites_of(name: &ProjectName, version: &str, item: &str) -> String {
    match pattern(item) {
        Some(text) => address::with_query("/search/source", &[("q", text), ("project", name.as_str()), ("code", "1")]),
        None => address::sites(name, version, item),
    }
}

/// The pattern, if the item of a row is one.
fn pattern(item: &str) -> Option<&str> {
    item.strip_prefix(SOURCE)?.strip_prefix('=')
}
