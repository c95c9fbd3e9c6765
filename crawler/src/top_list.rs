//! The list of the most downloaded projects, in the form that is published each month:
//! `{"last_update": "2026-11-01 …", "rows": [{"project": "boto3", "download_count": 1700000000}, …]}`.

use std::collections::HashSet;
use std::io::{BufReader, Read};

use packaging::ProjectName;
use serde::Deserialize;

use crate::scalar::Scalar;
use crate::trouble::printable;

mod download;

pub use download::TopListFailure;

/// Bytes of a list that are read (the widely used one has 1 MB).
const MOST_BYTES: u64 = 64 << 20;

/// A list, the most downloaded project first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopList {
    /// When it was made, in its own words.
    pub last_update: Option<String>,
    /// The projects, each once.
    pub projects: Vec<RankedProject>,
    /// Rows that were passed over because their project is no name, or came before: how many.
    pub passed_over: usize,
}

/// A project of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedProject {
    /// Its normalised name.
    pub name: ProjectName,
    /// Its place by downloads, from 1.
    pub rank: u32,
    /// Its downloads in the time that the list is about.
    pub downloads: u64,
}

/// The text is no such list: the whole sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no list of downloads: {0}; {FORM} is wanted")]
pub struct NotATopList(String);

const FORM: &str = r#"{"last_update": …, "rows": [{"project": NAME, "download_count": NUMBER}, …]}"#;

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    last_update: Scalar,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    project: String,
    download_count: u64,
}

impl TopList {
    /// Reads a list. The order of its rows means nothing: ranks are given by the counts.
    pub fn read(text: impl Read) -> Result<Self, NotATopList> {
        let mut limited = BufReader::new(text.take(MOST_BYTES + 1));
        let read: Result<Wire, _> = serde_json::from_reader(&mut limited);
        if limited.into_inner().limit() == 0 {
            return Err(NotATopList(format!("it has more than {MOST_BYTES} bytes")));
        }
        let wire = read.map_err(|error| NotATopList(printable(&error.to_string())))?;
        if wire.rows.is_empty() {
            return Err(NotATopList("it has no rows".to_owned()));
        }
        Ok(Self::ranked(wire))
    }

    fn ranked(Wire { last_update, mut rows }: Wire) -> Self {
        let all = rows.len();
        rows.sort_by_key(|row| std::cmp::Reverse(row.download_count)); // stable: of equals the first stays first
        let mut seen = HashSet::new();
        let mut projects = Vec::with_capacity(all);
        let named = rows.into_iter().filter_map(|row| Some((row.project.parse::<ProjectName>().ok()?, row)));
        for (rank, (name, row)) in (1..).zip(named.filter(|(name, _)| seen.insert(name.clone()))) {
            projects.push(RankedProject { name, rank, downloads: row.download_count });
        }
        let passed_over = all - projects.len();
        Self { last_update: last_update.into_text(), projects, passed_over }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        TopList::read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn ranks_are_given_by_downloads_whatever_the_order_and_each_project_has_one() {
        let text = r#"{"last_update": "2026-11-01 07:00:00", "query": {"bytes_billed": 1}, "rows": [
            {"project": "a", "download_count": 5}, {"download_count": 9, "project": "Zope.Demo", "more": [1]},
            {"project": "b", "download_count": 5}, {"project": "zope_demo", "download_count": 1},
            {"project": "../b", "download_count": 7}]}"#;
        let list = TopList::read(text.as_bytes()).unwrap();
        let shown: Vec<_> = list.projects.iter().map(|one| (one.name.as_str(), one.rank, one.downloads)).collect();
        assert_eq!(shown, [("zope-demo", 1, 9), ("a", 2, 5), ("b", 3, 5)]);
        assert_eq!((list.last_update.as_deref(), list.passed_over), (Some("2026-11-01 07:00:00"), 2));
    }

    #[test]
    fn what_is_no_list_is_refused_with_what_is_wrong_and_what_is_wanted() {
        for (text, why) in [
            ("", "EOF while parsing"),
            ("<html>", "expected value at line 1"),
            ("[]", "invalid"),
            (r#"{"rows": []}"#, "it has no rows"),
            (r#"{"last_update": 1}"#, "missing field `rows`"),
            (r#"{"rows": [{"project": "a"}]}"#, "missing field `download_count`"),
            (r#"{"rows": [{"download_count": 1}]}"#, "missing field `project`"),
            (r#"{"rows": [{"project": "a", "download_count": -1}]}"#, "expected u64"),
            (r#"{"rows": [{"project": "a", "download_count": 1}]} {}"#, "trailing characters"),
        ] {
            let error = refused(text);
            assert!(error.contains(why) && error.contains("download_count"), "{text}: {error}");
        }
    }

    #[test]
    fn a_list_over_the_limit_is_refused_before_it_is_held() {
        let endless = std::io::repeat(b' ');
        let error = TopList::read(endless).unwrap_err().to_string();
        assert!(error.contains("more than 67108864 bytes"), "{error}");
    }
}
