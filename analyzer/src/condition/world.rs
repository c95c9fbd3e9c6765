//! One build, or as much of it as is known.

use std::collections::BTreeMap;

use capi::{Target, Version};

use super::Condition;
use super::tree::Tree;
use super::variable::{IMPLEMENTATIONS, PLATFORMS, Variable, is_identifier, limited_value, python_value};
use crate::environment::{Environment, Platform};

/// Whether a line is compiled in a [`World`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// In every build that the world allows.
    True,
    /// In none.
    False,
    /// In some, or it cannot be told.
    Unknown,
}

/// What is known about a build: each part is optional, `None` means "any".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct World {
    /// The feature version of the headers.
    pub python: Option<Version>,
    /// `Py_LIMITED_API`.
    pub limited: Option<Limited>,
    /// Whether `Py_TARGET_ABI3T` is defined.
    pub abi3t: Option<bool>,
    /// The operating system.
    pub platform: Option<Platform>,
    /// Whose headers they are.
    pub implementation: Option<Implementation>,
    /// Whether `Py_GIL_DISABLED` is defined.
    pub free_threaded: Option<bool>,
    /// Whether `Py_DEBUG` is defined.
    pub debug: Option<bool>,
    /// Whether the file is compiled as C++.
    pub cplusplus: Option<bool>,
    /// Whether `CYTHON_LIMITED_API` is defined.
    pub cython_limited: Option<bool>,
    /// Macros that conditions know only as `opaque(NAME)`: defined and not zero, or not defined.
    pub macros: BTreeMap<String, bool>,
}

/// The state of `Py_LIMITED_API`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limited {
    /// Not defined: the whole API.
    Undefined,
    /// Defined, with the value that [`Version::limited_hex`] gives.
    Value(Version),
}

/// Whose headers an extension is compiled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Implementation {
    CPython,
    PyPy,
    GraalPy,
}

impl World {
    /// The build a verdict for `target` is about (docs/CONTRACT.md, "Verdicts"): CPython `headers`, not a debug build, with
    /// `Py_LIMITED_API` set to the target's version. For abi3t also `Py_TARGET_ABI3T`, under which `Py_GIL_DISABLED`
    /// is always defined; for abi3 neither.
    pub fn for_target(headers: Version, target: Target) -> Self {
        Self {
            python: Some(headers),
            limited: Some(Limited::Value(target.version())),
            abi3t: Some(target.is_free_threaded()),
            implementation: Some(Implementation::CPython),
            free_threaded: Some(target.is_free_threaded()),
            debug: Some(false),
            ..Self::default()
        }
    }

    /// The value of a variable, if known.
    fn value(&self, variable: &Variable) -> Option<u32> {
        match variable {
            Variable::Python => self.python.map(python_value),
            Variable::Limited => self.limited.map(|limited| match limited {
                Limited::Undefined => 0,
                Limited::Value(version) => limited_value(version),
            }),
            Variable::Platform => self.platform.map(platform_value),
            Variable::Implementation => self.implementation.map(implementation_value),
            Variable::Abi3t => self.abi3t.map(u32::from),
            Variable::FreeThreaded => self.free_threaded.map(u32::from),
            Variable::Debug => self.debug.map(u32::from),
            Variable::Cplusplus => self.cplusplus.map(u32::from),
            Variable::CythonLimited => self.cython_limited.map(u32::from),
            Variable::Opaque(text) if is_identifier(text) => {
                self.macros.get(&**text).map(|set| if *set { 2 } else { 0 })
            }
            Variable::Opaque(_) => None,
        }
    }
}

/// What `--on` asks about. Without `limited` nothing is said about `Py_LIMITED_API`, without `abi3t` nothing about
/// `Py_TARGET_ABI3T`; the build is CPython's and not a debug build.
impl From<&Environment> for World {
    fn from(environment: &Environment) -> Self {
        Self {
            python: environment.python,
            limited: environment.limited.map(Limited::Value),
            abi3t: environment.abi3t.then_some(true),
            platform: environment.platform,
            implementation: Some(Implementation::CPython),
            free_threaded: environment.abi3t.then_some(true),
            debug: Some(false),
            ..Self::default()
        }
    }
}

fn platform_value(platform: Platform) -> u32 {
    position(
        &PLATFORMS,
        match platform {
            Platform::Linux => "linux",
            Platform::Windows => "windows",
            Platform::MacOs => "macos",
        },
    )
}

fn implementation_value(implementation: Implementation) -> u32 {
    position(
        &IMPLEMENTATIONS,
        match implementation {
            Implementation::CPython => "cpython",
            Implementation::PyPy => "pypy",
            Implementation::GraalPy => "graalpy",
        },
    )
}

fn position(words: &[&str], word: &str) -> u32 {
    words.iter().zip(0..).find(|(w, _)| **w == word).map_or(0, |(_, index)| index)
}

impl Condition {
    /// Whether the line is compiled. Better than three-valued logic: what does not depend on the unknown parts is
    /// decided (`limited or not limited` is true whatever `limited` is).
    pub fn eval(&self, world: &World) -> Truth {
        match self.tree().map(|tree| outcomes(tree, world)) {
            Some((true, false)) => Truth::True,
            Some((false, true)) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// What is left of the condition when `world` is known.
    #[must_use]
    pub fn given(&self, world: &World) -> Self {
        self.tree().map_or(Self::unknown(), |tree| Self::from_tree(restrict(tree, world)))
    }
}

/// Whether true, and whether false, can come out.
fn outcomes(tree: &Tree<bool>, world: &World) -> (bool, bool) {
    match tree {
        Tree::Leaf(value) => (*value, !value),
        Tree::Branch(branch) => {
            let children: &[_] = match world.value(&branch.variable) {
                Some(value) => std::slice::from_ref(edge(&branch.edges, value)),
                None => &branch.edges,
            };
            children.iter().fold((false, false), |(yes, no), (_, child)| {
                let (child_yes, child_no) = outcomes(child, world);
                (yes || child_yes, no || child_no)
            })
        }
    }
}

fn restrict(tree: &Tree<bool>, world: &World) -> Tree<bool> {
    match tree {
        Tree::Leaf(_) => tree.clone(),
        Tree::Branch(branch) => match world.value(&branch.variable) {
            Some(value) => restrict(&edge(&branch.edges, value).1, world),
            None => Tree::branch(
                branch.variable.clone(),
                branch.edges.iter().map(|(from, child)| (*from, restrict(child, world))),
            ),
        },
    }
}

/// The edge that `value` takes.
fn edge<T>(edges: &[(u32, T)], value: u32) -> &(u32, T) {
    let after = edges.partition_point(|(from, _)| *from <= value);
    &edges[after.saturating_sub(1)]
}
