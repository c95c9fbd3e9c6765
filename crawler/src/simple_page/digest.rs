//! What a page says, as one hash.

use serde::Serialize;
use store::Sha256;

use super::{SimpleFile, SimplePage};

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
}
