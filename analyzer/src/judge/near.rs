//! The macros that a name can mean in a file: those that the file or what it includes defines; where there are none,
//! all of that name, as includes are not always found.

use std::ops::Range;

use crate::lexer::Sym;
use crate::scan::{FastMap, FileId, Package, What};

/// Macros of one name that are looked at: a bound for hostile packages.
const MAX_MACROS: usize = 1024;

/// What has been looked up for one file: the same few names come up again and again, and packages of generated files
/// have a macro of each in every file.
#[derive(Debug, Default)]
pub(crate) struct NearMacros {
    file: FileId,
    found: FastMap<Sym, Range<usize>>,
    numbers: Vec<u32>,
}

impl NearMacros {
    /// The places in [`NearMacros::number`] of the macros that `name` can mean in `file`.
    pub(crate) fn of(&mut self, package: &Package, file: FileId, name: Sym) -> Range<usize> {
        if package.declarations(name).is_empty() {
            return 0..0;
        }
        if self.file != file {
            *self = Self { file, ..Self::default() };
        }
        if let Some(known) = self.found.get(&name) {
            return known.clone();
        }
        let from = self.numbers.len();
        self.numbers.extend(macros(package, file, name));
        let range = from..self.numbers.len();
        self.found.insert(name, range.clone());
        range
    }

    /// One of the macros, by its place.
    pub(crate) fn number(&self, place: usize) -> u32 {
        self.numbers.get(place).copied().unwrap_or(u32::MAX)
    }
}

/// The macros that `name` can mean in `file`.
pub(super) fn macros(package: &Package, file: FileId, name: Sym) -> Vec<u32> {
    let number = |what: What| match what {
        What::Macro(number) => Some(number),
        _ => None,
    };
    let visible = package.visible(name, file).filter_map(|declared| number(declared.what));
    let near: Vec<u32> = visible.take(MAX_MACROS).collect();
    if near.is_empty() {
        let all = package.declarations(name).iter().filter_map(|declared| number(declared.what));
        return all.take(MAX_MACROS).collect();
    }
    near
}
