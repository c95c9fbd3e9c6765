//! The report: everything the analyzer can say about one sdist.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Condition, Declaration, Language, SourceTree, TreeFlag, Verdict};

/// All findings about one sdist or folder, and the verdicts that follow from them.
///
/// Deterministic: the same bytes and the same analyzer give the same report, byte for byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// [`crate::SCHEMA_VERSION`].
    pub schema_version: u32,
    /// [`crate::ANALYZER_VERSION`].
    pub analyzer_version: String,
    /// [`capi::DATA_VERSION`].
    pub capi_version: String,
    /// The file or folder, as named in [`crate::SourceTree::name`].
    pub sdist: String,
    /// What the archive held.
    pub tree: TreeFacts,
    /// Tools that the project builds its extension with, as far as the sources tell.
    pub tools: Vec<Tool>,
    /// What the project says about the stable ABI, sorted by place.
    #[serde(default)]
    pub declarations: Vec<Declaration>,
    /// The files that have sites, sorted; [`Site::file`] is an index into this.
    pub files: Vec<String>,
    /// For each of these files the hash of its content, line ends normalised: a file that several packages carry has
    /// the same in all of them. 32 hexadecimal digits (XXH3).
    #[serde(default)]
    pub contents: Vec<String>,
    /// Uses, sorted by kind and name.
    pub uses: Vec<Use>,
    /// One verdict for each target, in the order of [`capi::Target::all`].
    pub verdicts: Vec<Verdict>,
    /// The lowest target from which every later abi3 target has no blocker, such as `abi3-3.11`.
    pub floor: Option<capi::Target>,
    /// Accesses to ambiguous member names whose structure could not be told, by member name.
    pub unresolved: BTreeMap<String, u64>,
    /// How often each structure's members are touched, directly and through macros.
    pub structures: BTreeMap<String, StructureCounts>,
    /// What could not be read or told.
    pub problems: Vec<Problem>,
}

/// What an archive or folder held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TreeFacts {
    /// Entries in all.
    pub entries: u64,
    /// Decoded bytes in all.
    pub decoded_bytes: u64,
    /// Native source files: C, C++, Cython and their templates.
    pub native_files: u64,
    /// Their bytes.
    pub native_bytes: u64,
    /// Oddities.
    pub flags: Vec<TreeFlag>,
}

impl TreeFacts {
    /// What `tree` was read from.
    pub fn of(tree: &SourceTree) -> Self {
        let native = tree.files.iter().filter(|file| file.language().is_some_and(Language::is_native));
        let (native_files, native_bytes) =
            native.fold((0, 0), |(files, bytes), file| (files + 1, bytes + file.bytes.len() as u64));
        Self {
            entries: tree.entries,
            decoded_bytes: tree.decoded_bytes,
            native_files,
            native_bytes,
            flags: tree.flags.clone(),
        }
    }
}

/// A tool found in the sources: a generator's banner, a binding library's header, a dependency.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tool {
    /// Lower-case: `cython`, `pybind11`, `pyo3`.
    pub name: String,
    /// As it is written there: a banner's bare version (`3.0.11`), or what a build file requires (`>=3.0,<3.1`).
    pub version: Option<String>,
    /// Where it was seen.
    pub path: String,
    /// Whether it targets the limited API: `false` if this tool, or this version of it, cannot; `true` where the file
    /// says that it does (an `abi3` feature, `STABLE_ABI`); absent if neither is told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub limited: Option<bool>,
}

/// One item used in one way: the unit of counting, one row in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Use {
    /// The kind of finding.
    pub kind: Kind,
    /// The item; the variable for static types and module definitions; the last component for members.
    pub name: String,
    /// For members: the structure.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub structure: Option<String>,
    /// For members of inner structures: the whole path, `long_value.lv_tag`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub member_path: Option<String>,
    /// For members and l-values: how it is touched.
    #[serde(skip_serializing_if = "Accesses::is_empty", default)]
    pub access: Accesses,
    /// Who wrote the code.
    pub origin: Origin,
    /// When the preprocessor keeps it.
    pub condition: Condition,
    /// Whether it is live in the environment asked about: `None` if none was, or it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub active: Option<bool>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where, sorted; never empty.
    pub sites: Vec<Site>,
}

/// What [`Report::problems`] says of a package that has more code than [`crate::Effort`] allows for.
pub(crate) const CUT: &str = "the package has more code than abiscope looks at: the rest is not in this report";

impl Report {
    /// Whether the package has more code than was looked at.
    pub fn is_cut(&self) -> bool {
        self.problems.iter().any(|problem| problem.path.is_none() && problem.message == CUT)
    }
}

impl Use {
    /// The address of the item on pages and in queries: `PyFrameObject.f_code` for members, the name for the rest.
    pub fn item(&self) -> String {
        match &self.structure {
            Some(structure) => format!("{structure}.{}", self.member_path.as_ref().unwrap_or(&self.name)),
            None => self.name.clone(),
        }
    }
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Site {
    /// Index into [`Report::files`].
    pub file: u32,
    /// 1-based.
    pub line: u32,
    /// 1-based, in bytes.
    pub column: u32,
    /// In the body of a macro of the package: how often its code expands that macro, directly or through others. Elsewhere,
    /// and where nothing does, 0.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub expansions: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The kinds of finding that have sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An item's name.
    Api,
    /// Direct access to a member of a CPython structure.
    Member,
    /// A macro assigned to (PEP 674).
    Lvalue,
    /// A `PyTypeObject` with static storage.
    StaticType,
    /// A `PyModuleDef` with static storage.
    ModuleDef,
    /// `PyObject_HEAD`, a CPython structure embedded by value, `sizeof` of one.
    Layout,
    /// An include of CPython's internal headers.
    InternalHeader,
    /// `PyInit_x` or `PyModExport_x`.
    ExportHook,
}

impl Kind {
    /// Each one, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Api,
        Self::Member,
        Self::Lvalue,
        Self::StaticType,
        Self::ModuleDef,
        Self::Layout,
        Self::InternalHeader,
        Self::ExportHook,
    ];

    /// The word used in formats and addresses: `static-type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Member => "member",
            Self::Lvalue => "lvalue",
            Self::StaticType => "static-type",
            Self::ModuleDef => "module-def",
            Self::Layout => "layout",
            Self::InternalHeader => "internal-header",
            Self::ExportHook => "export-hook",
        }
    }
}

/// One way of touching a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Its value is used.
    Read,
    /// It is assigned to.
    Write,
    /// Its address is taken.
    Address,
    /// An initialiser names it.
    Init,
    /// `offsetof`.
    Offset,
}

impl Access {
    /// Each one, in the order in which they are printed.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Address, Self::Init, Self::Offset];

    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Address => "address",
            Self::Init => "init",
            Self::Offset => "offset",
        }
    }
}

/// A set of accesses, written `read+write`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accesses(u8);

impl Accesses {
    /// Whether there are none: the use is not an access.
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// This set and `access`.
    #[must_use]
    pub const fn with(self, access: Access) -> Self {
        Self(self.0 | 1 << access as u8)
    }

    /// The accesses inside.
    pub fn iter(self) -> impl Iterator<Item = Access> {
        Access::ALL.into_iter().filter(move |access| self.0 & 1 << *access as u8 != 0)
    }
}

impl From<Access> for Accesses {
    fn from(access: Access) -> Self {
        Self::default().with(access)
    }
}

impl std::fmt::Display for Accesses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, access) in self.iter().enumerate() {
            if i > 0 {
                f.write_str("+")?;
            }
            f.write_str(access.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for Accesses {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Accesses {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.split('+').try_fold(Self::default(), |set, word| {
            let access = Access::ALL.into_iter().find(|access| access.as_str() == word);
            access
                .map(|access| set.with(access))
                .ok_or_else(|| serde::de::Error::custom(format!("{word:?} is not an access")))
        })
    }
}

/// Who wrote the code of a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Origin {
    /// The class.
    pub class: OriginClass,
    /// The generator and its version (`cython 3.1.2`), or the vendored project (`pythoncapi_compat`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<String>,
}

/// The classes of origin. All but `test-or-doc` count for verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OriginClass {
    /// Written by the project.
    Own,
    /// Written by a generator.
    Generated,
    /// Copied from another project.
    Vendored,
    /// Tests, examples and documentation, which are not shipped.
    TestOrDoc,
}

impl OriginClass {
    /// Each one.
    pub const ALL: [Self; 4] = [Self::Own, Self::Generated, Self::Vendored, Self::TestOrDoc];

    /// The word used in formats and addresses: `test-or-doc`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Generated => "generated",
            Self::Vendored => "vendored",
            Self::TestOrDoc => "test-or-doc",
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The name or the type of the left side is known.
    Certain,
    /// The type is not proven, but the name is distinctive.
    Probable,
}

/// Touches of one structure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StructureCounts {
    /// Sites that touch a member themselves.
    pub api_level: u64,
    /// Sites of macros and inline functions that touch a member inside the binary (PEP 670).
    pub abi_level: u64,
}

/// Something that could not be read or told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The file inside the sdist, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// What happened, in one sentence.
    pub message: String,
}
