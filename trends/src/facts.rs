//! What is true of a release's code, whenever it stands.

use std::sync::Arc;

use analyzer::{Abi, Declaration, Outcome};
use capi::Version;

/// A report of the current analyzer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whoever holds the reports knows this one by it.
    pub report: i32,
    /// What it says. Most releases say what the one before them says: those may share it.
    pub facts: Arc<Facts>,
}

/// What a report says about one sdist, as far as series are made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// The sdist has native source. Nothing below counts without.
    pub is_native: bool,
    /// For each target, in the order of [`capi::Target::all`].
    pub outcomes: Box<[Option<Outcome>]>,
    /// The stable ABIs that the project says it builds for.
    pub declared: Declared,
    /// [`crate::Toolchain::bits`].
    pub toolchains: u16,
    /// Structures that its code touches itself, each once more with who wrote that code, by their numbers in
    /// [`crate::Words`].
    pub structures: Box<[u32]>,
    /// Versions of CPython that remove what it uses, [`version_bit`]s.
    pub removed: u32,
    /// Versions of CPython that deprecate what it uses.
    pub deprecated: u32,
}

/// Which stable ABIs a project declares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Declared {
    /// abi3.
    pub abi3: bool,
    /// abi3t.
    pub abi3t: bool,
}

impl Declared {
    /// What `declarations` say: what a tool does by default is nobody's declaration.
    pub fn of(declarations: &[Declaration]) -> Self {
        let is = |abi| analyzer::intent(declarations, abi).is_some();
        Self { abi3: is(Abi::Abi3), abi3t: is(Abi::Abi3t) }
    }

    /// Whether it declares this ABI.
    pub const fn has(self, abi: Abi) -> bool {
        match abi {
            Abi::Abi3 => self.abi3,
            Abi::Abi3t => self.abi3t,
        }
    }
}

/// The bit of a version of CPython 3.
pub fn version_bit(version: Version) -> u32 {
    1_u32.checked_shl(u32::from(version.minor())).unwrap_or(0)
}
