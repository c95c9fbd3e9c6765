//! What an export is made of.

use serde::{Deserialize, Serialize};

/// `manifest.json` of an export: it is written last, so a folder that has one is whole. Nothing in it depends on when it
/// was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// It grows with every change of the survey.
    pub data_version: i64,
    /// Every file of a table.
    pub files: Vec<ManifestFile>,
    /// SHA-256 over which file stood for each project, in hexadecimal: that of a snapshot that is made at the same time.
    pub snapshot: String,
    /// What made it.
    pub versions: Versions,
}

/// A table in one format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its size.
    pub bytes: u64,
    /// Its name, in the folder of the manifest: `uses.parquet`.
    pub file: String,
    /// How many rows it has, without a line of names.
    pub rows: u64,
    /// In hexadecimal.
    pub sha256: String,
    /// The name of its table: `uses`.
    pub table: String,
}

/// Versions of what made an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The program.
    pub abiscope: String,
    /// The rules of analysis.
    pub analyzer: String,
    /// The C-API data.
    pub capi: String,
}

impl Manifest {
    /// Its file's name.
    pub const FILE: &'static str = "manifest.json";
    /// The name of the file beside it that says what each column means: [`crate::schema`].
    pub const SCHEMA: &'static str = "schema.json";
}
