//! The native and build files of one sdist, in memory.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::Language;

/// What was read of one sdist or folder. Nothing of it ever touches the disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTree {
    /// The file or folder it came from, as given on the command line or by the index.
    pub name: String,
    /// Native and build files, sorted by path.
    pub files: Vec<SourceFile>,
    /// Entries of the archive in all, of whatever kind.
    pub entries: u64,
    /// Decoded bytes in all.
    pub decoded_bytes: u64,
    /// Oddities that did not stop the reading.
    pub flags: Vec<TreeFlag>,
    /// Files that were left out, with the reason: over a limit, or unreadable on disk.
    pub skipped: Vec<(String, String)>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path without the top folder, `/` between components; bytes that are not UTF-8, control characters
    /// and backslashes escaped as `\xNN`.
    pub path: String,
    /// The content, any bytes; perhaps a part of the decoded archive, which is then held as long as any of its files.
    pub bytes: Bytes,
}

impl SourceFile {
    /// What kind of file it is, by its name. Every file that a tree was read with has one.
    pub fn language(&self) -> Option<Language> {
        Language::of(&self.path)
    }
}

/// An oddity of an archive that is recorded but does not make it unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TreeFlag {
    /// Bytes after the compressed stream.
    Trailing,
    /// Data after the end-of-archive mark.
    DataAfterEnd,
    /// No end-of-archive mark.
    MissingEnd,
    /// A global PAX header, which readers disagree about.
    GlobalPax,
    /// A sparse entry, not analysed.
    Sparse,
    /// Two entries of one name; the last one counts.
    DuplicateNames,
    /// Names that leave the folder, are absolute, or hold bytes no file system takes.
    OddNames,
    /// Links, devices or pipes, never followed.
    SpecialEntries,
    /// A zip whose local headers disagree with its directory, or with data before or after it.
    ZipMismatch,
}
