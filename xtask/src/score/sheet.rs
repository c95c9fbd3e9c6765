//! The counts of a package, or of all of them, and the list of what went wrong.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::Serialize;

use super::tally::Tally;

/// The counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Score {
    /// Uses of CPython's names but types: (name, file, line).
    pub(super) api: Tally,
    /// Distinct names per package.
    pub(super) names: Tally,
    /// Accesses to members but initialisers.
    pub(super) members: Tally,
    /// Those of structures that are not public in the limited API. What is wrong is not counted apart.
    pub(super) hidden_members: Tally,
    /// Members found whose structure is named: rightly (hit) or not (wrong).
    pub(super) structures: Tally,
    /// Macros assigned to.
    pub(super) lvalues: Tally,
    /// Static types written out.
    pub(super) static_types: Tally,
    /// Static types whose name a macro of the package makes up. What is wrong is not counted apart.
    pub(super) macro_types: Tally,
    /// Uses of names by sort, types too.
    pub(super) api_by_sort: BTreeMap<String, Tally>,
    /// Accesses by the way of access, initialisers too.
    pub(super) members_by_access: BTreeMap<String, Tally>,
    /// API findings that are neither right nor wrong.
    pub(super) neutral_api: BTreeMap<Neutral, u32>,
    /// All that is neither right nor wrong, of every kind.
    pub(super) neutral: u32,
    /// Findings outside the lines that the compiler saw.
    pub(super) outside: u32,
}

/// Why an API finding that the compiler does not have is not wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Neutral {
    PyconfigName,
    PreprocessorLine,
    OwnShim,
    DefineBody,
    DroppedArgument,
    StructureMember,
    Template,
}

impl Neutral {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::PyconfigName => "name of pyconfig.h",
            Self::PreprocessorLine => "preprocessor line",
            Self::OwnShim => "own shim of a CPython name",
            Self::DefineBody => "body of a macro that nothing expands",
            Self::DroppedArgument => "argument that a macro drops",
            Self::StructureMember => "member of a structure",
            Self::Template => "depends on a template",
        }
    }
}

impl Score {
    /// How many API findings are neutral for any reason.
    pub(super) fn all_neutral_api(&self) -> u32 {
        self.neutral_api.values().sum()
    }

    /// How many are neutral because they are shims.
    pub(super) fn shims(&self) -> u32 {
        self.neutral_api.get(&Neutral::OwnShim).copied().unwrap_or_default()
    }
}

impl AddAssign<&Score> for Score {
    fn add_assign(&mut self, other: &Self) {
        self.api += other.api;
        self.names += other.names;
        self.members += other.members;
        self.hidden_members += other.hidden_members;
        self.structures += other.structures;
        self.lvalues += other.lvalues;
        self.static_types += other.static_types;
        self.macro_types += other.macro_types;
        add_each(&mut self.api_by_sort, &other.api_by_sort);
        add_each(&mut self.members_by_access, &other.members_by_access);
        add_each(&mut self.neutral_api, &other.neutral_api);
        self.neutral += other.neutral;
        self.outside += other.outside;
    }
}

fn add_each<K: Ord + Clone, N: AddAssign + Copy + Default>(sums: &mut BTreeMap<K, N>, parts: &BTreeMap<K, N>) {
    for (key, part) in parts {
        *sums.entry(key.clone()).or_default() += *part;
    }
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Miss {
    pub(super) package: String,
    /// `api`, `member`, `lvalue`, `static-type`, `macro-type`; `abi3-3.11` and the like for what is about a verdict.
    pub(super) kind: String,
    pub(super) name: String,
    /// Empty where it is about no file.
    pub(super) file: String,
    /// 0 where it is about no file.
    pub(super) line: u32,
    pub(super) fault: Fault,
    /// What the truth says.
    pub(super) detail: String,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Fault {
    /// True and not found.
    Missed,
    /// Found and not true.
    FalseAlarm,
    /// A member found, its structure named wrongly.
    WrongStructure,
    /// A verdict that is not the compiler's.
    WrongVerdict,
}

impl Fault {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::FalseAlarm => "false alarm",
            Self::WrongStructure => "wrong structure",
            Self::WrongVerdict => "wrong verdict",
        }
    }
}

/// What is written about one package while it is judged.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) package: String,
    pub(super) score: Score,
    pub(super) misses: Vec<Miss>,
}

/// Where and what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) kind: &'a str,
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) name: &'a str,
}

impl Sheet {
    pub(super) fn note(&mut self, fault: Fault, spot: Spot<'_>, detail: impl Into<String>) {
        self.misses.push(Miss {
            package: self.package.clone(),
            kind: spot.kind.to_owned(),
            name: spot.name.to_owned(),
            file: spot.file.to_owned(),
            line: spot.line,
            fault,
            detail: detail.into(),
        });
    }
}
