//! The listing of all projects, read as a stream: some 40 MB that are never held.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::io::{BufReader, Read};

use packaging::ProjectName;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use tokio::sync::mpsc;

use crate::scalar::Scalar;
use crate::trouble::printable;

/// Projects that a listing may have, six times as many as there are.
const MOST_PROJECTS: u64 = 5_000_000;

/// Odd names that are quoted.
const EXAMPLES: usize = 20;

/// A project of the listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedProject {
    /// The normalised name: one project, one name.
    pub name: ProjectName,
    /// The name as the listing writes it.
    pub display_name: String,
    /// The project's serial, if the index gives any.
    pub serial: Option<i64>,
}

/// How the reading of a listing ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// It is the one with the ETag that is known already; no project was handed out.
    NotModified,
    /// It was read to its end, and every project was handed out.
    Complete(ListingEnd),
}

/// What is known when the whole listing was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListingEnd {
    /// How many projects were handed out, each once.
    pub projects: u64,
    /// The serial of the whole index, if it gives any.
    pub serial: Option<i64>,
    /// To ask next time whether anything changed.
    pub etag: Option<String>,
    /// Entries that are no project names; they were passed over.
    pub invalid: Oddities,
    /// Entries whose project was handed out already; they were passed over.
    pub duplicates: Oddities,
}

/// Entries that were passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oddities {
    /// How many.
    pub count: u64,
    /// The first 20, printable and shortened.
    pub examples: Vec<String>,
}

impl Oddities {
    fn add(&mut self, text: &str) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(printable(text));
        }
    }
}

/// Why a listing was not read to a good end. Projects may have been handed out before: forget them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingFailure {
    /// The address has no listing.
    #[error("the index has no list of all projects at this address; check --index-url")]
    NotThere,
    /// The body broke off or ended before the listing did.
    #[error("the list of projects is cut short: {0}")]
    Short(String),
    /// It is not the JSON of the Simple API: why, and how it begins.
    #[error("the list of projects cannot be used: {0}")]
    Malformed(String),
    /// It is over a limit.
    #[error("the list of projects is too large: {0}")]
    TooLarge(String),
    /// A passing failure before the first project, after all tries.
    #[error("{reason} (tried {tries} times)")]
    Deferred {
        /// What happened last.
        reason: String,
        /// How often it was tried.
        tries: u32,
        /// The index asked for this pause; the failure is no fault of the job.
        retry_after: Option<std::time::Duration>,
    },
    /// Nobody takes the projects any more.
    #[error("the reader of the list of projects has ended")]
    Abandoned,
}

/// Why the parser stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stopped {
    Short(String),
    Malformed(String),
    TooLarge(String),
    Abandoned,
}

/// Reads a listing to its end and hands out every project.
pub(crate) fn read_all(body: impl Read, out: mpsc::Sender<ListedProject>) -> Result<ListingEnd, Stopped> {
    let mut reader = Reader { out, seen: HashSet::new(), end: ListingEnd::default(), stopped: None };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(body));
    let read = Top(&mut reader).deserialize(&mut json).and_then(|()| json.end());
    match (reader.stopped, read) {
        (Some(why), _) => Err(why),
        (None, Err(error)) if error.is_eof() => Err(Stopped::Short(error.to_string())),
        (None, Err(error)) => Err(Stopped::Malformed(printable(&error.to_string()))),
        (None, Ok(())) => Ok(reader.end),
    }
}

struct Reader {
    out: mpsc::Sender<ListedProject>,
    /// Hashes of the names so far, made with a secret key: eight bytes a project.
    seen: HashSet<u64, RandomState>,
    end: ListingEnd,
    stopped: Option<Stopped>,
}

impl Reader {
    fn take<E: Error>(&mut self, entry: Entry) -> Result<(), E> {
        let Ok(name) = entry.name.parse::<ProjectName>() else {
            self.end.invalid.add(&entry.name);
            return Ok(());
        };
        let hash = self.seen.hasher().hash_one(&name);
        if !self.seen.insert(hash) {
            self.end.duplicates.add(&entry.name);
            return Ok(());
        }
        self.end.projects += 1;
        if self.end.projects > MOST_PROJECTS {
            return Err(self.stop(Stopped::TooLarge(format!("more than {MOST_PROJECTS} projects"))));
        }
        let project = ListedProject { name, display_name: entry.name, serial: entry.serial.serial() };
        self.out.blocking_send(project).map_err(|_| self.stop(Stopped::Abandoned))
    }

    fn check<E: Error>(&mut self, meta: &Meta) -> Result<(), E> {
        self.end.serial = meta.last_serial.serial();
        if meta.api_version.split('.').next() == Some("1") {
            return Ok(());
        }
        let what = format!("version {:?} of the Simple API is not known", printable(&meta.api_version));
        Err(self.stop(Stopped::Malformed(what)))
    }

    fn stop<E: Error>(&mut self, why: Stopped) -> E {
        self.stopped = Some(why);
        E::custom("stopped")
    }
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "api-version")]
    api_version: String,
    #[serde(default, rename = "_last-serial")]
    last_serial: Scalar,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(default, rename = "_last-serial")]
    serial: Scalar,
}

/// `{"meta": …, "projects": […]}`, in any order, with other keys or without.
struct Top<'a>(&'a mut Reader);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list of projects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut has_meta, mut has_projects) = (false, false);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "meta" => {
                    self.0.check(&map.next_value()?)?;
                    has_meta = true;
                }
                "projects" => {
                    map.next_value_seed(Projects(&mut *self.0))?;
                    has_projects = true;
                }
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        match (has_meta, has_projects) {
            (true, true) => Ok(()),
            (false, _) => Err(A::Error::missing_field("meta")),
            (_, false) => Err(A::Error::missing_field("projects")),
        }
    }
}

struct Projects<'a>(&'a mut Reader);

impl<'de> DeserializeSeed<'de> for Projects<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Projects<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of projects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(entry) = list.next_element()? {
            self.0.take(entry)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
