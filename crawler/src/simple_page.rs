//! A project's page of the Simple API as JSON (PEP 691, 700, 792), read tolerantly: an unknown or odd optional key never
//! costs the page.

use std::fmt;
use std::io::{BufReader, Read};
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use packaging::ProjectName;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use store::Sha256;
use url::Url;

use crate::scalar::{Scalar, member};

mod digest;

/// Files, and versions, that one page may name (the largest seen has 11,221).
const MOST_ENTRIES: usize = 50_000;

/// A page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SimplePage {
    pub(crate) display_name: String,
    pub(crate) serial: Option<i64>,
    pub(crate) status: Option<String>,
    /// In no order that means anything.
    pub(crate) versions: Vec<String>,
    pub(crate) files: Vec<SimpleFile>,
}

/// A file of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SimpleFile {
    pub(crate) filename: String,
    /// Absolute or relative to the page; may be nonsense.
    pub(crate) url: String,
    pub(crate) sha256: Option<Sha256>,
    pub(crate) size: Option<i64>,
    pub(crate) uploaded_at: Option<DateTime<Utc>>,
    pub(crate) requires_python: Option<String>,
    /// The reason, perhaps empty.
    pub(crate) yanked: Option<String>,
}

/// The body is not a page that can be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadPage {
    /// Not the JSON it should be: why.
    Malformed(String),
    /// A good page, of another project.
    OfAnother(ProjectName),
    /// More files or versions than are read.
    TooMany(&'static str),
}

impl SimplePage {
    /// Reads the page of `name`, to the end of `body`.
    pub(crate) fn read(name: &ProjectName, body: impl Read) -> Result<Self, BadPage> {
        let page: Wire =
            serde_json::from_reader(BufReader::new(body)).map_err(|error| BadPage::Malformed(error.to_string()))?;
        let version = &page.meta.api_version;
        if version.split('.').next() != Some("1") {
            return Err(BadPage::Malformed(format!("version {version:?} of the Simple API is not known")));
        }
        match page.name.parse::<ProjectName>() {
            Ok(found) if found == *name => {}
            Ok(other) => return Err(BadPage::OfAnother(other)),
            Err(_) => return Err(BadPage::Malformed(format!("the page is of {:?}", page.name))),
        }
        if page.files.more {
            return Err(BadPage::TooMany("files"));
        }
        if page.versions.more {
            return Err(BadPage::TooMany("versions"));
        }
        Ok(Self {
            display_name: page.name,
            serial: page.meta.last_serial.serial(),
            status: page.status.into_text(),
            versions: page.versions.entries,
            files: page.files.entries.into_iter().map(SimpleFile::from).collect(),
        })
    }
}

impl SimpleFile {
    /// Makes a relative address absolute; one that cannot be read stays as it is, and is refused when it is needed.
    pub(crate) fn resolve_url(&mut self, page: &Url) {
        if let Ok(url) = page.join(&self.url) {
            self.url = url.into();
        }
    }
}

#[derive(Deserialize)]
struct Wire {
    meta: Meta,
    name: String,
    files: Capped<WireFile>,
    #[serde(default = "Capped::empty")]
    versions: Capped<String>,
    #[serde(default, rename = "project-status", deserialize_with = "status")]
    status: Scalar,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "api-version")]
    api_version: String,
    #[serde(default, rename = "_last-serial")]
    last_serial: Scalar,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct WireFile {
    filename: String,
    #[serde(default)]
    url: Scalar,
    #[serde(default, deserialize_with = "sha256")]
    hashes: Scalar,
    #[serde(default)]
    size: Scalar,
    #[serde(default)]
    upload_time: Scalar,
    #[serde(default)]
    requires_python: Scalar,
    #[serde(default)]
    yanked: Scalar,
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
    member(deserializer, "status")
}

fn sha256<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
    member(deserializer, "sha256")
}

impl From<WireFile> for SimpleFile {
    fn from(file: WireFile) -> Self {
        let time = file.upload_time.into_text().and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
        Self {
            filename: file.filename,
            url: file.url.into_text().unwrap_or_default(),
            sha256: file.hashes.into_text().and_then(|text| text.parse().ok()),
            size: file.size.size(),
            uploaded_at: time.map(|time| time.to_utc()),
            requires_python: file.requires_python.into_text(),
            yanked: file.yanked.yanked(),
        }
    }
}

/// A list of which no more than [`MOST_ENTRIES`] are kept: a hostile page cannot grow in memory beyond its own size.
struct Capped<T> {
    entries: Vec<T>,
    more: bool,
}

impl<T> Capped<T> {
    const fn empty() -> Self {
        Self { entries: Vec::new(), more: false }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Capped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(CappedVisitor(PhantomData))
    }
}

struct CappedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for CappedVisitor<T> {
    type Value = Capped<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Capped<T>, A::Error> {
        let mut capped = Capped::empty();
        while capped.entries.len() < MOST_ENTRIES {
            match list.next_element()? {
                Some(entry) => capped.entries.push(entry),
                None => return Ok(capped),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            capped.more = true;
        }
        Ok(capped)
    }
}

#[cfg(test)]
mod tests;
