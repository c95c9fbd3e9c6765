//! A project's page of the Simple API as JSON (PEP 691, 700, 792), read tolerantly: an unknown or odd optional key never
//! costs the page.

use std::fmt;
use std::io::{BufReader, Read};
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use packaging::ProjectName;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use store::Sha256;
use url::Url;

use crate::scalar::{Scalar, member};

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

/// What [`SimplePage::digest`] is made of. The version is raised when pages are judged by other rules, so that all
/// are written again.
#[derive(Serialize)]
struct Content<'a> {
    rules: u32,
    question: &'a str,
    display_name: &'a str,
    status: Option<&'a str>,
    versions: Vec<&'a str>,
    files: Vec<FileContent<'a>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct FileContent<'a> {
    filename: &'a str,
    url: &'a str,
    sha256: Option<String>,
    size: Option<i64>,
    uploaded_at: Option<i64>,
    requires_python: Option<&'a str>,
    yanked: Option<&'a str>,
}

impl SimplePage {
    /// A hash of what the page says, whatever its order, its serial and its keys that nobody reads; and of `question`,
    /// because another one is answered by other states. Equal hashes: writing the page again would change nothing.
    pub(crate) fn digest(&self, question: &str) -> Sha256 {
        let mut versions: Vec<&str> = self.versions.iter().map(String::as_str).collect();
        versions.sort_unstable();
        let mut files: Vec<FileContent<'_>> = self.files.iter().map(SimpleFile::content).collect();
        files.sort_unstable();
        let content = Content {
            rules: 1,
            question,
            display_name: &self.display_name,
            status: self.status.as_deref(),
            versions,
            files,
        };
        Sha256::of(&serde_json::to_vec(&content).expect("text and numbers always have a JSON form"))
    }
}

impl SimpleFile {
    fn content(&self) -> FileContent<'_> {
        FileContent {
            filename: &self.filename,
            url: &self.url,
            sha256: self.sha256.map(|sha256| sha256.to_string()),
            size: self.size,
            uploaded_at: self.uploaded_at.map(|time| time.timestamp_micros()),
            requires_python: self.requires_python.as_deref(),
            yanked: self.yanked.as_deref(),
        }
    }

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
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(page: &Value) -> Result<SimplePage, BadPage> {
        SimplePage::read(&"zope-demo".parse().unwrap(), page.to_string().as_bytes())
    }

    fn page(files: &Value) -> Value {
        json!({ "meta": { "api-version": "1.0" }, "name": "Zope.Demo", "files": files })
    }

    fn file(keys: Value) -> SimpleFile {
        let mut entry = json!({ "filename": "zope_demo-1.0.tar.gz", "url": "a", "hashes": {} });
        let Value::Object(keys) = keys else { panic!("an object is wanted") };
        entry.as_object_mut().unwrap().extend(keys);
        parse(&page(&json!([entry]))).unwrap().files.remove(0)
    }

    #[test]
    fn a_full_page_is_read() {
        let sha256 = "0f".repeat(32);
        let page = json!({
            "meta": { "api-version": "1.4", "_last-serial": 17, "future": [1] },
            "name": "zope_demo",
            "project-status": { "status": "archived", "reason": "done" },
            "versions": ["1.0", "2004d"],
            "files": [{
                "filename": "zope_demo-1.0.tar.gz", "url": "https://files.example/a", "hashes": { "sha256": sha256 },
                "size": 12, "upload-time": "2024-05-06T07:08:09.123456Z", "yanked": false, "requires-python": ">=3.9",
                "core-metadata": { "sha256": "x" }, "provenance": null,
            }],
        });
        let page = parse(&page).unwrap();
        assert_eq!((page.display_name.as_str(), page.serial), ("zope_demo", Some(17)));
        assert_eq!(page.status.as_deref(), Some("archived"));
        assert_eq!(page.versions, ["1.0", "2004d"]);
        let file = &page.files[0];
        assert_eq!(file.sha256.unwrap().to_string(), sha256);
        assert_eq!((file.size, file.yanked.as_ref()), (Some(12), None));
        assert_eq!(file.requires_python.as_deref(), Some(">=3.9"));
        assert_eq!(file.uploaded_at.unwrap().timestamp_subsec_micros(), 123_456);
    }

    #[test]
    fn optional_keys_may_be_absent_or_odd() {
        let bare =
            file(json!({ "url": 7, "hashes": [], "size": -1, "upload-time": "yesterday", "requires-python": 3 }));
        let empty = SimpleFile {
            filename: "zope_demo-1.0.tar.gz".to_owned(),
            url: String::new(),
            sha256: None,
            size: None,
            uploaded_at: None,
            requires_python: None,
            yanked: None,
        };
        assert_eq!(bare, empty);
        assert_eq!(file(json!({ "hashes": { "sha256": "short", "md5": "x" } })).sha256, None);
        assert!(file(json!({ "upload-time": "2024-05-06T07:08:09Z" })).uploaded_at.is_some());
        assert_eq!(parse(&page(&json!([]))).unwrap().status, None);
    }

    #[test]
    fn anything_but_false_is_yanked() {
        for (value, reason) in [
            (json!(false), None),
            (json!(null), None),
            (json!(""), Some("")),
            (json!("broken"), Some("broken")),
            (json!(true), Some("")),
        ] {
            assert_eq!(file(json!({ "yanked": value })).yanked.as_deref(), reason, "{value}");
        }
    }

    #[test]
    fn the_serial_is_a_number_or_text_or_absent() {
        for (value, serial) in [(json!(5), Some(5)), (json!("5"), Some(5)), (json!(null), None), (json!("x"), None)] {
            let mut page = page(&json!([]));
            page["meta"]["_last-serial"] = value;
            assert_eq!(parse(&page).unwrap().serial, serial);
        }
    }

    #[test]
    fn pages_of_another_version_or_shape_are_malformed_and_another_project_is_named() {
        let files = json!([]);
        let mut second = page(&files);
        second["meta"]["api-version"] = json!("2.0");
        let mut other = page(&files);
        other["name"] = json!("zope-demon");
        let mut without_files = page(&files);
        without_files.as_object_mut().unwrap().remove("files");
        assert_eq!(parse(&other), Err(BadPage::OfAnother("zope-demon".parse().unwrap())));
        for bad in [second, without_files, page(&json!([{ "url": "a" }])), json!([]), json!({})] {
            assert!(matches!(parse(&bad), Err(BadPage::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn more_files_than_the_limit_are_refused() {
        let many = |count: usize| page(&Value::Array(vec![json!({ "filename": "a" }); count]));
        assert_eq!(parse(&many(MOST_ENTRIES)).unwrap().files.len(), MOST_ENTRIES);
        assert_eq!(parse(&many(MOST_ENTRIES + 1)).unwrap_err(), BadPage::TooMany("files"));
    }

    #[test]
    fn the_digest_is_of_what_is_said_and_not_of_its_order() {
        let file = |name: &str, yanked: &str| json!({ "filename": name, "url": "a", "hashes": {}, "yanked": yanked });
        let said = |files: Value, serial: i64| {
            let mut page = page(&files);
            page["meta"]["_last-serial"] = json!(serial);
            parse(&page).unwrap()
        };
        let one = said(json!([file("a-1.0.zip", ""), file("a-1.1.zip", "")]), 1);
        let same = said(json!([file("a-1.1.zip", ""), file("a-1.0.zip", "")]), 2);
        let other = said(json!([file("a-1.1.zip", "bad"), file("a-1.0.zip", "")]), 1);
        assert_eq!(one.digest("latest"), same.digest("latest"));
        assert_ne!(one.digest("latest"), other.digest("latest"));
        assert_ne!(one.digest("latest"), one.digest("1.0"));
    }

    #[test]
    fn large_values_of_unexpected_kinds_are_passed_over() {
        let large = json!(vec![vec![0; 100]; 100]);
        let odd = file(json!({ "size": large, "yanked": false, "hashes": { "sha256": large }, "url": { "a": large } }));
        assert_eq!((odd.size, odd.sha256, odd.url.as_str()), (None, None, ""));
    }
}
