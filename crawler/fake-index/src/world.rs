//! What the fake index holds.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::Fault;

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
    /// By normalised name.
    pub(crate) projects: BTreeMap<String, Project>,
    /// By path.
    pub(crate) faults: HashMap<String, VecDeque<(Fault, u32)>>,
    pub(crate) requests: Vec<Request>,
}

/// One request as it came.
#[derive(Debug)]
pub(crate) struct Request {
    /// `GET /simple/demo/`
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}

#[derive(Debug, Default)]
pub(crate) struct Project {
    /// As the page writes it.
    pub(crate) display_name: String,
    pub(crate) files: Vec<File>,
    /// Versions without files, as the page's `versions` may name them.
    pub(crate) more_versions: Vec<String>,
    /// Keys that replace those of the page.
    pub(crate) overrides: Map<String, Value>,
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
    pub(crate) fn new(url: &str, filename: &str, version: Option<&str>, content: Vec<u8>) -> Self {
        let sha256 = format!("{:x}", Sha256::digest(&content));
        let entry = json!({
            "filename": filename,
            "url": url,
            "hashes": { "sha256": sha256 },
            "size": content.len(),
            "upload-time": "2024-05-06T07:08:09.123456Z",
            "yanked": false,
            "requires-python": null,
        });
        let Value::Object(entry) = entry else { unreachable!("the value above is an object") };
        Self {
            filename: filename.to_owned(),
            version: version.map(str::to_owned),
            content: Some(content.into()),
            entry,
        }
    }
}

impl World {
    /// The fault that the next answer for `path` has, used up by one.
    pub(crate) fn take_fault(&mut self, path: &str) -> Option<Fault> {
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
        let files = &self.projects.get(project)?.files;
        files.iter().find(|file| file.filename == filename)?.content.clone()
    }
}

impl Project {
    /// The page of the Simple API (PEP 691, PEP 700, PEP 792).
    pub(crate) fn page(&self) -> Value {
        let with_files = self.files.iter().filter_map(|file| file.version.as_ref());
        let mut versions: Vec<&String> = self.more_versions.iter().chain(with_files).collect();
        versions.sort(); // by characters: the order of an index means nothing
        versions.dedup();
        let mut page = json!({
            "meta": { "api-version": "1.4", "_last-serial": 17 },
            "name": self.display_name,
            "versions": versions,
            "files": self.files.iter().map(|file| &file.entry).collect::<Vec<_>>(),
        });
        for (key, value) in &self.overrides {
            page[key] = value.clone();
        }
        page
    }
}
