//! All declarations of a project together: what it means to ship.

use capi::Version;

use super::{Abi, Declaration, Form, Knob, Says};

/// The build backends that differ in how the stable ABI is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backend {
    /// setuptools, with or without a helper.
    Setuptools,
    /// setuptools with setuptools-rust.
    SetuptoolsRust,
    /// meson-python.
    MesonPython,
    /// scikit-build-core.
    ScikitBuildCore,
    /// maturin.
    Maturin,
    /// py-build-cmake.
    PyBuildCmake,
    /// hatchling.
    Hatchling,
    /// Another, or one that is not told.
    Other,
}

impl Backend {
    /// The backend that `declarations` name.
    pub fn of(declarations: &[Declaration]) -> Self {
        let named = declarations.iter().find(|found| found.form == Form::BuildBackend);
        let rust = declarations.iter().any(|found| found.form == Form::SetuptoolsRust);
        match named.map_or("", |found| found.value.as_str()) {
            value if value.starts_with("setuptools") && rust => Self::SetuptoolsRust,
            value if value.starts_with("setuptools") => Self::Setuptools,
            value if value.starts_with("mesonpy") => Self::MesonPython,
            value if value.starts_with("scikit_build_core") => Self::ScikitBuildCore,
            value if value.starts_with("maturin") => Self::Maturin,
            value if value.starts_with("py_build_cmake") => Self::PyBuildCmake,
            value if value.starts_with("hatchling") => Self::Hatchling,
            _ => Self::Other,
        }
    }

    /// Its name, for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Setuptools => "setuptools",
            Self::SetuptoolsRust => "setuptools-rust",
            Self::MesonPython => "meson-python",
            Self::ScikitBuildCore => "scikit-build-core",
            Self::Maturin => "maturin",
            Self::PyBuildCmake => "py-build-cmake",
            Self::Hatchling => "hatchling",
            Self::Other => "the build backend",
        }
    }
}

/// What is said about the level of one knob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Level {
    /// Nothing sets it.
    NotSet,
    /// It is set, and to no level that is told.
    Set,
    /// It is set to these levels, ascending; several where conditions choose among them.
    From(Vec<Version>),
}

/// What a project means to ship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The ABI that it is about.
    pub abi: Abi,
    /// What is compiled.
    pub compiled: Level,
    /// How the file is named.
    pub named: Level,
    /// How the wheel is named.
    pub tagged: Level,
    /// Every declaration holds in some builds only.
    pub is_conditional: bool,
}

/// What `declarations` say about `abi`; `None` if they say nothing. What a tool does by default is no intent.
pub fn intent(declarations: &[Declaration], abi: Abi) -> Option<Intent> {
    let is_asking = |found: &&Declaration| found.asks() && found.abi == Some(abi) && !found.sets.is_empty();
    let asking: Vec<_> = declarations.iter().filter(is_asking).filter(|found| !found.is_default()).collect();
    let level = |knob| {
        let mut levels = Vec::new();
        let mut is_set = false;
        for found in asking.iter().filter(|found| found.sets.has(knob)) {
            is_set = true;
            levels.extend(found.floor.filter(|_| found.says != Says::Varies));
        }
        levels.sort_unstable();
        levels.dedup();
        match (is_set, levels.is_empty()) {
            (false, _) => Level::NotSet,
            (true, true) => Level::Set,
            (true, false) => Level::From(levels),
        }
    };
    (!asking.is_empty()).then(|| Intent {
        abi,
        compiled: level(Knob::Macro),
        named: level(Knob::Suffix),
        tagged: level(Knob::Tag),
        is_conditional: asking.iter().all(|found| found.is_conditional()),
    })
}

impl Intent {
    /// The lowest level that is asked for by any knob.
    pub fn floor(&self) -> Option<Version> {
        let lowest = |level: &Level| match level {
            Level::From(levels) => levels.first().copied(),
            Level::NotSet | Level::Set => None,
        };
        [&self.compiled, &self.tagged, &self.named].into_iter().find_map(lowest)
    }
}

/// `abi3 from 3.6 or 3.7, in some builds: compiled, named and tagged`.
impl std::fmt::Display for Intent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.abi.as_str())?;
        let told = [&self.compiled, &self.tagged, &self.named].into_iter().find_map(|level| match level {
            Level::From(levels) => Some(levels),
            Level::NotSet | Level::Set => None,
        });
        if let Some(levels) = told {
            let levels: Vec<_> = levels.iter().map(Version::to_string).collect();
            write!(f, " from {}", levels.join(" or "))?;
        }
        if self.is_conditional {
            f.write_str(", in some builds")?;
        }
        let knobs = [("compiled", &self.compiled), ("named", &self.named), ("tagged", &self.tagged)];
        let (set, unset): (Vec<_>, Vec<_>) = knobs.into_iter().partition(|(_, level)| **level != Level::NotSet);
        let words = |list: Vec<(&'static str, &Level)>| list.into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        write!(f, ": {}", words(set).join(", "))?;
        if !unset.is_empty() {
            write!(f, "; not {}", words(unset).join(", not "))?;
        }
        Ok(())
    }
}
