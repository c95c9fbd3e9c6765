//! A project's page of the Simple API as JSON (PEP 691, 700, 792), read tolerantly: an unknown or odd optional key never
//! costs the page.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use packaging::ProjectName;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;
use store::Sha256;
use url::Url;

/// Files, and versions, that one page may name (the largest seen has 11,221).
const MOST_ENTRIES: usize = 50_000;

/// A page.
#[derive(Debug, Default)]
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
    /// More files or versions than are read.
    TooMany(&'static str),
}

impl SimplePage {
    /// Reads the page of `name`.
    pub(crate) fn parse(name: &ProjectName, body: &[u8]) -> Result<Self, BadPage> {
        let page: Wire = serde_json::from_slice(body).map_err(|error| BadPage::Malformed(error.to_string()))?;
        let version = &page.meta.api_version;
        if version.split('.').next() != Some("1") {
            return Err(BadPage::Malformed(format!("version {version:?} of the Simple API is not known")));
        }
        if page.name.parse().ok().as_ref() != Some(name) {
            return Err(BadPage::Malformed(format!("the page is of {:?}", page.name)));
        }
        if page.files.more {
            return Err(BadPage::TooMany("files"));
        }
        if page.versions.more {
            return Err(BadPage::TooMany("versions"));
        }
        Ok(Self {
            display_name: page.name,
            serial: page.meta.last_serial.as_ref().and_then(serial),
            status: page.status.and_then(|status| status.status),
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
    #[serde(default, rename = "project-status", deserialize_with = "lenient")]
    status: Option<WireStatus>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "api-version")]
    api_version: String,
    #[serde(default, rename = "_last-serial")]
    last_serial: Option<Value>,
}

#[derive(Deserialize)]
struct WireStatus {
    #[serde(default)]
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct WireFile {
    filename: String,
    #[serde(default, deserialize_with = "lenient")]
    url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    hashes: Option<HashMap<String, String>>,
    #[serde(default, deserialize_with = "lenient")]
    size: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    upload_time: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    requires_python: Option<String>,
    #[serde(default)]
    yanked: Value,
}

impl From<WireFile> for SimpleFile {
    fn from(file: WireFile) -> Self {
        let sha256 = file.hashes.as_ref().and_then(|hashes| hashes.get("sha256")?.parse().ok());
        let time = file.upload_time.and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
        Self {
            filename: file.filename,
            url: file.url.unwrap_or_default(),
            sha256,
            size: file.size.and_then(|size| i64::try_from(size).ok()),
            uploaded_at: time.map(|time| time.to_utc()),
            requires_python: file.requires_python,
            yanked: yanked(file.yanked),
        }
    }
}

/// Anything but `false` or nothing means yanked, an empty reason too.
fn yanked(value: Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(reason) => Some(reason),
        _ => Some(String::new()),
    }
}

/// A number, or one written as text.
fn serial(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A value of an unexpected kind counts as absent.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
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
    use serde_json::json;

    use super::*;

    fn parse(page: &Value) -> Result<SimplePage, BadPage> {
        SimplePage::parse(&"zope-demo".parse().unwrap(), page.to_string().as_bytes())
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
    fn pages_of_another_version_or_project_or_shape_are_malformed() {
        let files = json!([]);
        let mut second = page(&files);
        second["meta"]["api-version"] = json!("2.0");
        let mut other = page(&files);
        other["name"] = json!("zope-demon");
        let mut without_files = page(&files);
        without_files.as_object_mut().unwrap().remove("files");
        for bad in [second, other, without_files, page(&json!([{ "url": "a" }])), json!([]), json!({})] {
            assert!(matches!(parse(&bad), Err(BadPage::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn more_files_than_the_limit_are_refused() {
        let many = |count: usize| page(&Value::Array(vec![json!({ "filename": "a" }); count]));
        assert_eq!(parse(&many(MOST_ENTRIES)).unwrap().files.len(), MOST_ENTRIES);
        assert_eq!(parse(&many(MOST_ENTRIES + 1)).unwrap_err(), BadPage::TooMany("files"));
    }
}
