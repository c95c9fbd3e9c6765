//! Filling a project.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::SdistBuilder;
use crate::server::FakeIndex;
use crate::world::{File, Instead, Project};

/// Adds files to one project. The knobs of a file turn the one added last.
#[derive(Debug)]
pub struct ProjectHandle<'a> {
    index: &'a FakeIndex,
    /// Normalised.
    name: String,
}

/// Files.
impl<'a> ProjectHandle<'a> {
    pub(crate) fn new(index: &'a FakeIndex, display_name: &str) -> Self {
        let name = normalise(display_name);
        let handle = Self { index, name };
        handle.on_project(|project| display_name.clone_into(&mut project.display_name))
    }

    /// Adds `name-version.tar.gz`.
    pub fn sdist(self, version: &str, sdist: &SdistBuilder) -> Self {
        let filename = format!("{}-{version}.tar.gz", self.name.replace('-', "_"));
        self.with_file(&filename, Some(version), sdist.tar_gz().into())
    }

    /// Adds a file of any name and content: wheels, eggs, damaged archives. It brings no entry to `versions`.
    pub fn file(self, filename: &str, content: &[u8]) -> Self {
        self.with_file(filename, None, content.to_vec().into())
    }

    fn with_file(self, filename: &str, version: Option<&str>, content: Bytes) -> Self {
        let url = self.index.file_url(&self.name, filename);
        self.on_project(|project| project.files.push(File::new(&url, filename, version, content)))
    }
}

/// Knobs of the project.
impl ProjectHandle<'_> {
    /// Names a version in `versions`, with files or without.
    pub fn version(self, version: &str) -> Self {
        self.on_project(|project| project.more_versions.push(version.to_owned()))
    }

    /// The project's status (PEP 792): `archived`, `deprecated`. For `quarantined` the files are not shown either.
    pub fn status(self, status: &str) -> Self {
        let quarantined = status == "quarantined";
        let handle = self.page_key("project-status", json!({ "status": status }));
        if quarantined { handle.page_key("files", json!([])) } else { handle }
    }

    /// The serial, in the listing and on the page; it is 17 until told.
    pub fn serial(self, serial: i64) -> Self {
        self.on_project(|project| project.serial = serial)
    }

    /// Listed, but its page is not there.
    pub fn gone(self) -> Self {
        self.on_project(|project| project.instead = Instead::NotFound)
    }

    /// Its address leads to another project's page for good.
    pub fn moved_to(self, name: &str) -> Self {
        let to = normalise(name);
        self.on_project(|project| project.instead = Instead::MovedTo(to))
    }

    /// Takes all files off the page, and off the files host.
    pub fn without_files(self) -> Self {
        self.on_project(|project| project.files.clear())
    }

    /// Replaces any key of the page, such as `meta`; `null` does not remove it.
    pub fn page_key(self, key: &str, value: Value) -> Self {
        self.on_project(|project| _ = project.overrides.insert(key.to_owned(), value))
    }
}

/// Knobs of the file added last.
impl ProjectHandle<'_> {
    /// Yanked, for this reason (may be empty).
    pub fn yanked(self, reason: &str) -> Self {
        self.file_key("yanked", reason)
    }

    /// `requires-python`.
    pub fn requires_python(self, specifier: &str) -> Self {
        self.file_key("requires-python", specifier)
    }

    /// `upload-time`, as an index writes it: `2024-05-06T07:08:09.123456Z`.
    pub fn uploaded(self, time: &str) -> Self {
        self.file_key("upload-time", time)
    }

    /// The page gives no hash.
    pub fn without_hash(self) -> Self {
        self.file_key("hashes", json!({}))
    }

    /// The page gives the hash of other bytes.
    pub fn wrong_hash(self) -> Self {
        self.file_key("hashes", json!({ "sha256": "ab".repeat(32) }))
    }

    /// The page gives another address.
    pub fn at(self, url: &str) -> Self {
        self.file_key("url", url)
    }

    /// On the page, but the files host does not have it.
    pub fn missing(self) -> Self {
        self.on_file(|file| file.content = None)
    }

    /// Removes a key of the file's entry.
    pub fn without_key(self, key: &str) -> Self {
        self.on_file(|file| _ = file.entry.remove(key))
    }

    /// Replaces any key of the file's entry.
    pub fn file_key(self, key: &str, value: impl Into<Value>) -> Self {
        self.on_file(|file| _ = file.entry.insert(key.to_owned(), value.into()))
    }

    fn on_file(self, change: impl FnOnce(&mut File)) -> Self {
        self.on_project(|project| change(project.files.last_mut().expect("add a file first")))
    }

    fn on_project(self, change: impl FnOnce(&mut Project)) -> Self {
        change(self.index.world().projects.entry(self.name.clone()).or_default());
        self
    }
}

/// Lower case, runs of `-`, `_` and `.` as one `-`. Written out here so that the fake does not share the code it tests.
pub(crate) fn normalise(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}
