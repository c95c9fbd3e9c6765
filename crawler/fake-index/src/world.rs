//! What the fake index holds.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::Fault;
use crate::generated::Generated;
use crate::log::Log;
use crate::plan::Running;

/// The world, shared between the test and the server's thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    /// A test that panicked while it held the world has failed already; others may go on.
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
pub(crate) struct World {
    /// By normalised name. They stand before generated ones.
    pub(crate) projects: BTreeMap<String, Project>,
    pub(crate) generated: Option<Generated>,
    /// What the listing says, instead of what is true.
    pub(crate) listing: Option<Bytes>,
    /// Other content, by path.
    pub(crate) extras: HashMap<String, Bytes>,
    /// Sends ETag and serial as headers, and answers 304.
    pub(crate) validators: bool,
    /// Faults asked for one by one, by path.
    pub(crate) faults: HashMap<String, VecDeque<(Fault, u32)>>,
    pub(crate) plan: Option<Running>,
    pub(crate) log: Log,
}

#[derive(Debug)]
pub(crate) struct Project {
    /// As the page writes it.
    pub(crate) display_name: String,
    pub(crate) serial: i64,
    pub(crate) files: Vec<File>,
    /// Versions without files, as the page's `versions` may name them.
    pub(crate) more_versions: Vec<String>,
    /// Keys that replace those of the page.
    pub(crate) overrides: Map<String, Value>,
    /// The page is not there, or leads elsewhere, though the listing has the project.
    pub(crate) instead: Instead,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            display_name: String::new(),
            serial: 17,
            files: Vec::new(),
            more_versions: Vec::new(),
            overrides: Map::new(),
            instead: Instead::Page,
        }
    }
}

/// What a project's address gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Instead {
    Page,
    NotFound,
    MovedTo(String),
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) filename: String,
    pub(crate) version: Option<String>,
    /// `None`: on the page, but the files host does not have it.
    pub(crate) content: Option<Bytes>,
    /// As the page has it.
    pub(crate) entry: Map<String, Value>,
}

impl File {
    pub(crate) fn new(url: &str, filename: &str, version: Option<&str>, content: Bytes) -> Self {
        let sha256 = format!("{:x}", Sha256::digest(&content));
        Self {
            filename: filename.to_owned(),
            version: version.map(str::to_owned),
            entry: entry(url, filename, &sha256, content.len()),
            content: Some(content),
        }
    }
}

/// A file as a page has it.
pub(crate) fn entry(url: &str, filename: &str, sha256: &str, size: usize) -> Map<String, Value> {
    let entry = json!({
        "filename": filename,
        "url": url,
        "hashes": { "sha256": sha256 },
        "size": size,
        "upload-time": "2024-05-06T07:08:09.123456Z",
        "yanked": false,
        "requires-python": null,
    });
    let Value::Object(entry) = entry else { unreachable!("the value above is an object") };
    entry
}

impl World {
    /// The fault that the next answer for `path` has, used up by one.
    pub(crate) fn take_fault(&mut self, path: &str) -> Option<Fault> {
        self.take_own_fault(path).or_else(|| self.plan.as_mut()?.take(path))
    }

    fn take_own_fault(&mut self, path: &str) -> Option<Fault> {
        let plan = self.faults.get_mut(path)?;
        let (fault, left) = plan.front_mut()?;
        let fault = fault.clone();
        if *left != Fault::ALWAYS {
            *left -= 1;
        }
        if *left == 0 {
            plan.pop_front();
        }
        Some(fault)
    }

    pub(crate) fn file(&self, project: &str, filename: &str) -> Option<Bytes> {
        match self.projects.get(project) {
            Some(own) => own.files.iter().find(|file| file.filename == filename)?.content.clone(),
            None => self.generated.as_ref()?.file(project, filename),
        }
    }
}

impl Project {
    /// The page of the Simple API (PEP 691, PEP 700, PEP 792).
    pub(crate) fn page(&self) -> Value {
        let with_files = self.files.iter().filter_map(|file| file.version.as_ref());
        let versions = self.more_versions.iter().chain(with_files);
        let files = self.files.iter().map(|file| &file.entry);
        let mut page = page(&self.display_name, self.serial, versions, files);
        for (key, value) in &self.overrides {
            page[key] = value.clone();
        }
        page
    }
}

/// A page, its versions by characters: the order of an index means nothing.
pub(crate) fn page<'a>(
    display_name: &str,
    serial: i64,
    versions: impl Iterator<Item = &'a String>,
    files: impl Iterator<Item = &'a Map<String, Value>>,
) -> Value {
    let mut versions: Vec<&String> = versions.collect();
    versions.sort();
    versions.dedup();
    json!({
        "meta": { "api-version": "1.4", "_last-serial": serial },
        "name": display_name,
        "versions": versions,
        "files": files.collect::<Vec<_>>(),
    })
}
