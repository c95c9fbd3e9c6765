//! The files of `analyzer/truth/` as they are written.
//!
//! A row is an array there; a structure here, its fields in the order of the array.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context as _;
use flate2::bufread::GzDecoder;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::lines::Lines;

/// Rows by file.
pub(super) type Rows<T> = BTreeMap<String, Vec<T>>;

/// What clang saw in one package.
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    pub(super) package: String,
    /// The sdist's file name.
    pub(super) sdist: String,
    /// The sdist's top folder.
    pub(super) top: String,
    pub(super) files: BTreeMap<String, FileLines>,
    /// Uses of CPython's names.
    pub(super) api: Rows<ApiRow>,
    /// Accesses to members of CPython's structures.
    pub(super) members: Rows<MemberRow>,
    /// Macros on the left of an assignment, or with their address taken.
    pub(super) lvalues: Rows<LvalueRow>,
    /// Variables of CPython's types.
    pub(super) objects: Rows<ObjectRow>,
    /// Names that pyconfig.h defines.
    pub(super) config: Rows<NameRow>,
    /// Uses of the package's own definitions.
    pub(super) own: Rows<NameRow>,
    /// Members of objects whose type depends on a template's parameter.
    pub(super) dep: Rows<NameRow>,
    /// Names in an argument that a macro drops.
    pub(super) marg: Rows<NameRow>,
    /// What happens under `Py_LIMITED_API`, by its value (`3.11`).
    pub(super) abi3: BTreeMap<String, Limited>,
}

/// Which lines of a file are what.
#[derive(Debug, Deserialize)]
pub(super) struct FileLines {
    /// Seen by the compiler in some configuration.
    pub(super) cov: Lines,
    /// Bodies of `#define`.
    pub(super) def: Lines,
    /// Preprocessor lines.
    pub(super) dir: Lines,
    /// The generator, if one wrote the file.
    pub(super) r#gen: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ApiRow {
    pub(super) line: u32,
    pub(super) name: String,
    /// `function`, `macro`, `data`, `enumconst`, `type`; two with `+` where versions differ.
    pub(super) sort: String,
    _written: IgnoredAny,
    _configurations: IgnoredAny,
}

#[derive(Debug, Deserialize)]
pub(super) struct MemberRow {
    pub(super) line: u32,
    pub(super) structure: String,
    pub(super) name: String,
    /// `read`, `write`, `update`, `addr`, `init`, `offsetof`; several with `+`.
    pub(super) access: String,
    /// 1 for the head (`ob_base`) of a structure of the package.
    pub(super) head: u8,
    _written: IgnoredAny,
    _configurations: IgnoredAny,
}

#[derive(Debug, Deserialize)]
pub(super) struct LvalueRow {
    pub(super) line: u32,
    pub(super) name: String,
    _member: IgnoredAny,
    /// `assign`, `update`, `addr`.
    pub(super) access: String,
    _configurations: IgnoredAny,
}

#[derive(Debug, Deserialize)]
pub(super) struct ObjectRow {
    pub(super) line: u32,
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) shape: ObjectShape,
    _configurations: IgnoredAny,
}

#[derive(Debug, Deserialize)]
pub(super) struct ObjectShape {
    pub(super) how: Declared,
    /// Whether its storage is static.
    pub(super) is_static: bool,
    _is_complete: IgnoredAny,
    _is_internal: IgnoredAny,
    _is_initialised: IgnoredAny,
    _count: IgnoredAny,
    _size: IgnoredAny,
    /// `s` where the name stands in the source, `x` or `b` where a macro makes it up.
    pub(super) written: String,
}

/// How C declares a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Declared {
    Def,
    Tentative,
    Decl,
}

#[derive(Debug, Deserialize)]
pub(super) struct NameRow {
    pub(super) line: u32,
    pub(super) name: String,
}

/// What happens to a package under one value of `Py_LIMITED_API`.
#[derive(Debug, Deserialize)]
pub(super) struct Limited {
    /// Whether it compiles; absent if that could not be told.
    pub(super) buildable: Option<bool>,
    /// The names that do not.
    pub(super) blocking_names: BTreeSet<String>,
}

/// Reads a gzipped JSON file.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut GzDecoder::new(BufReader::new(file)), &mut text)
        .with_context(|| format!("inflating {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
}
