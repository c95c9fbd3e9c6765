//! What is kept of an archive or folder, and the limits on it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use bytes::Bytes;
use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use crate::language::{Wanted, wanted};
use crate::{ArchiveError, Limits, SourceFile, SourceTree, TreeFlag, entry_name, escape};

/// Gathers the files of one tree. Names are raw bytes here, without empty and `.` components.
pub(crate) struct Collector<'a> {
    limits: &'a Limits,
    files: BTreeMap<Vec<u8>, Bytes>,
    skipped: BTreeMap<Vec<u8>, String>,
    /// Hashes of all file names: a set of the names themselves could be made to fill the memory.
    seen: HashSet<u64, FxBuildHasher>,
    flags: BTreeSet<TreeFlag>,
    entries: u64,
    held: u64,
    top: Top,
}

/// A file that is worth reading.
pub(crate) struct Keep {
    name: Vec<u8>,
    only_if: Option<&'static [&'static [u8]]>,
}

impl Keep {
    /// If a file of that name is native or a build file.
    pub(crate) fn of(name: Vec<u8>) -> Option<Self> {
        let only_if = match wanted(&name) {
            Wanted::No => return None,
            Wanted::Yes => None,
            Wanted::IfContains(texts) => Some(texts),
        };
        Some(Self { name, only_if })
    }
}

/// The folder that holds everything, as far as seen.
enum Top {
    Unknown,
    One(Vec<u8>),
    None,
}

impl<'a> Collector<'a> {
    /// For an archive, whose one top folder is taken off the paths.
    pub(crate) fn for_archive(limits: &'a Limits) -> Self {
        Self::new(limits, Top::Unknown)
    }

    /// For a folder, whose paths stay as they are.
    pub(crate) fn for_folder(limits: &'a Limits) -> Self {
        Self::new(limits, Top::None)
    }

    fn new(limits: &'a Limits, top: Top) -> Self {
        Self {
            limits,
            files: BTreeMap::new(),
            skipped: BTreeMap::new(),
            seen: HashSet::default(),
            flags: BTreeSet::new(),
            entries: 0,
            held: 0,
            top,
        }
    }

    /// Entries seen so far.
    pub(crate) fn entries(&self) -> u64 {
        self.entries
    }

    /// Records an oddity.
    pub(crate) fn flag(&mut self, flag: TreeFlag) {
        self.flags.insert(flag);
    }

    /// Whether the oddity was seen.
    pub(crate) fn has(&self, flag: TreeFlag) -> bool {
        self.flags.contains(&flag)
    }

    /// Counts an entry that is neither file nor folder.
    pub(crate) fn count_entry(&mut self) -> Result<(), ArchiveError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(ArchiveError::TooLarge { what: "entries", limit: self.limits.entries });
        }
        Ok(())
    }

    /// Counts a folder.
    pub(crate) fn folder(&mut self, raw_name: &[u8]) -> Result<(), ArchiveError> {
        let name = self.name(raw_name)?;
        if !name.is_empty() {
            self.see_top(&name, true);
        }
        Ok(())
    }

    /// Counts a file and gives its clean name. An earlier file of that name is forgotten, as extraction overwrites it.
    pub(crate) fn file(&mut self, raw_name: &[u8]) -> Result<Vec<u8>, ArchiveError> {
        let name = self.name(raw_name)?;
        self.see_top(&name, false);
        if !self.seen.insert(xxhash_rust::xxh3::xxh3_64(&name)) {
            self.flag(TreeFlag::DuplicateNames);
            self.skipped.remove(&name);
            if let Some(old) = self.files.remove(&name) {
                self.held -= weight(&name, &old);
            }
        }
        Ok(name)
    }

    /// Reads the file of `size` bytes. One over the limit is skipped and listed; one that is shorter is damage.
    pub(crate) fn keep(&mut self, keep: Keep, size: u64, stream: &mut impl Read) -> Result<(), ArchiveError> {
        let limit = self.limits.file_bytes;
        if size > limit {
            self.skip_long(keep.name, size);
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        stream.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        let read = bytes.len() as u64;
        if read != size {
            return Err(short(size, read));
        }
        self.hold(keep, bytes.into())
    }

    /// Takes the file of `size` bytes at the start of `rest`, as [`Collector::keep`] does, without a copy.
    pub(crate) fn share(&mut self, keep: Keep, size: u64, mut rest: Bytes) -> Result<(), ArchiveError> {
        if size > self.limits.file_bytes {
            self.skip_long(keep.name, size);
            return Ok(());
        }
        match usize::try_from(size) {
            Ok(length) if length <= rest.len() => self.hold(keep, rest.split_to(length)),
            _ => Err(short(size, rest.len() as u64)),
        }
    }

    /// Takes a file that is in memory, unless its content says that it is not of interest.
    pub(crate) fn hold(&mut self, keep: Keep, bytes: Bytes) -> Result<(), ArchiveError> {
        let has = |text: &&[u8]| memchr::memmem::find(&bytes, text).is_some();
        if keep.only_if.is_some_and(|texts| !texts.iter().any(has)) {
            return Ok(());
        }
        self.held += weight(&keep.name, &bytes);
        if self.held > self.limits.native_bytes {
            return Err(ArchiveError::TooLarge { what: "bytes of native source", limit: self.limits.native_bytes });
        }
        self.files.insert(keep.name, bytes);
        Ok(())
    }

    /// Leaves out a file of `size` bytes, which is over the limit for one file.
    pub(crate) fn skip_long(&mut self, name: Vec<u8>, size: u64) {
        let limit = self.limits.file_bytes;
        let why = format!("it has at least {size} bytes, and files over {limit} are not analysed");
        self.skip(name, why);
    }

    /// Leaves a file out, and says why.
    pub(crate) fn skip(&mut self, name: Vec<u8>, why: String) {
        self.skipped.insert(name, why);
    }

    /// The tree, without its top folder if it has one.
    pub(crate) fn finish(self, name: &str, decoded_bytes: u64) -> SourceTree {
        let top = match self.top {
            Top::One(top) => top.len() + 1,
            Top::Unknown | Top::None => 0,
        };
        let path = |name: &[u8]| escape::bytes(name.get(top..).unwrap_or(name));
        let mut files: Vec<_> =
            self.files.into_iter().map(|(name, bytes)| SourceFile { path: path(&name), bytes }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        SourceTree {
            name: name.to_owned(),
            files,
            entries: self.entries,
            decoded_bytes,
            flags: self.flags.into_iter().collect(),
            skipped: self.skipped.into_iter().map(|(name, why)| (path(&name), why)).collect(),
        }
    }

    fn name(&mut self, raw_name: &[u8]) -> Result<Vec<u8>, ArchiveError> {
        self.count_entry()?;
        if raw_name.len() > self.limits.name_bytes {
            return Err(ArchiveError::TooLarge { what: "bytes in one name", limit: self.limits.name_bytes as u64 });
        }
        if entry_name::is_odd(raw_name) {
            self.flag(TreeFlag::OddNames);
        }
        Ok(entry_name::clean(raw_name))
    }

    fn see_top(&mut self, name: &[u8], is_folder: bool) {
        if entry_name::is_apple_double(name) {
            return;
        }
        let (first, below) = match memchr::memchr(b'/', name) {
            Some(slash) => (&name[..slash], true),
            None => (name, is_folder),
        };
        match &self.top {
            Top::Unknown if below => self.top = Top::One(first.to_vec()),
            Top::One(top) if below && top == first => {}
            Top::Unknown | Top::One(_) | Top::None => self.top = Top::None,
        }
    }
}

fn short(size: u64, read: u64) -> ArchiveError {
    ArchiveError::Damaged(format!("a file of {size} bytes was promised and {read} came"))
}

/// What a file costs in memory.
fn weight(name: &[u8], bytes: &[u8]) -> u64 {
    (name.len() + bytes.len()) as u64
}
