//! What the package itself declares: the tables that tell its own names and types from CPython's.

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

use crate::lexer::Sym;

use super::guards::Guard;
use super::types::Type;

/// Declarations in other files that are looked at for one use of a name.
const MAX_FOUND: usize = 256;

/// Declarations of one name that are told apart: a bound on the work for hostile input.
const MAX_DECLARATIONS: usize = 1024;

/// A hash map keyed by small numbers.
pub(crate) type FastMap<K, V> = HashMap<K, V, FxBuildHasher>;

/// A file of the package, by its place in the list.
pub(crate) type FileId = u32;

/// A structure, union or class of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RecordId(pub(crate) u32);

/// What a structure of the package starts with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Head {
    /// Nothing of CPython's.
    #[default]
    None,
    /// `PyObject_HEAD`.
    Object,
    /// `PyObject_VAR_HEAD`.
    Var,
}

/// A structure, union or class of the package; its fields are in [`Package::fields`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// What it starts with.
    pub(crate) head: Head,
    /// Base classes, and anonymous structures inside, whose members count as its own.
    pub(crate) bases: Vec<Type>,
    /// Of a template: its parameters with their defaults.
    pub(crate) parameters: Vec<(Sym, Type)>,
}

/// What a name was declared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A type, and what it stands for.
    Typedef(Type),
    /// A structure or class whose name is a type (in C++).
    Record(RecordId),
    /// A function with its result; `defined` if the body was seen.
    Function {
        /// The function's type.
        ty: Type,
        /// Whether this is the definition.
        defined: bool,
    },
    /// A variable at file scope.
    Variable {
        /// Its type.
        ty: Type,
        /// Not `extern`.
        defined: bool,
    },
    /// A macro, by its place in [`Package::macros`].
    Macro(u32),
}

/// One declaration of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Declared {
    /// What it is.
    pub(crate) what: What,
    /// Where.
    pub(crate) file: FileId,
    /// When the preprocessor keeps it.
    pub(crate) guard: Guard,
    /// Seen by no other file: `static`, or a macro.
    pub(crate) local: bool,
}

/// A macro of the package.
#[derive(Debug, Clone)]
pub(crate) struct Macro {
    /// What `#define` says.
    pub(crate) definition: super::unit::Definition,
    /// Where.
    pub(crate) file: FileId,
    /// When the preprocessor keeps the definition.
    pub(crate) guard: Guard,
    /// The type of its expansion, where the body is a plain cast or name.
    pub(crate) ty: Type,
    /// The type that it stands for, where its body is a type's name.
    pub(crate) alias: Option<Type>,
    /// It may define a `PyTypeObject` or an export hook where it is used.
    pub(crate) makes: bool,
    /// The parameters that the body does nothing with.
    pub(crate) dropped: Dropped,
    /// The parameters that stand where a member's name does, by position.
    pub(crate) member_parameters: Vec<u8>,
    /// Names in the body that are no parameters and whose members are accessed: variables of the place of use.
    pub(crate) free: Vec<Sym>,
    /// The variable that the macro declares where it is used as a statement.
    pub(crate) declares: Option<(Sym, Type)>,
}

/// Parameters of a macro, by position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    /// One bit for each of the first 32 named ones.
    pub(crate) named: u32,
    /// How many named ones there are.
    pub(crate) count: u8,
    /// Those behind the named ones, too.
    pub(crate) rest: bool,
}

impl Dropped {
    /// Whether the parameter at `position` is one.
    pub(crate) fn has(self, position: u8) -> bool {
        if position < self.count { self.named.checked_shr(position.into()).unwrap_or(0) & 1 == 1 } else { self.rest }
    }

    /// Whether any is.
    pub(crate) fn has_any(self) -> bool {
        self.named != 0 || self.rest
    }
}

/// The tables.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// The declarations of each identifier: asked about for every word of the code.
    names: Vec<Vec<Declared>>,
    tags: FastMap<Sym, Vec<(FileId, RecordId)>>,
    /// Every structure.
    pub(crate) records: Vec<Record>,
    /// The type of each field.
    pub(crate) fields: FastMap<(RecordId, Sym), Type>,
    /// The parameters of templates of `using` aliases, by name.
    pub(crate) alias_parameters: FastMap<Sym, Vec<(Sym, Type)>>,
    /// Which structure's body opens at this token of this file.
    pub(crate) bodies: FastMap<(FileId, usize), RecordId>,
    /// Every macro.
    pub(crate) macros: Vec<Macro>,
    /// Whether any of them [`Macro::makes`] something.
    pub(crate) has_makers: bool,
    /// Macros that throw an argument away, in one of their definitions at least.
    pub(crate) drops: FastMap<Sym, ()>,
    /// The standard's `assert`, if some file names it.
    pub(crate) assert: Option<Sym>,
    /// Files that take NDEBUG back, and when.
    pub(crate) keeps_asserts: Vec<(FileId, Guard)>,
    /// The files that include CPython's internal headers themselves, and when.
    pub(crate) internal_files: Vec<(FileId, Guard)>,
    /// For each file, whether it is a test or a document, which is not shipped.
    pub(crate) tests: Vec<bool>,
    /// The files that have the text of CPython's internal headers, or are compiled together with it.
    with_internals: HashSet<FileId, FxBuildHasher>,
    /// For each file, the files it includes, directly or not, itself among them.
    pub(crate) reach: Vec<HashSet<FileId, FxBuildHasher>>,
}

impl Package {
    /// Empty tables for files of which each has the text of those in `reach`.
    pub(crate) fn new(reach: Vec<HashSet<FileId, FxBuildHasher>>) -> Self {
        Self { reach, ..Self::default() }
    }

    /// Adds a declaration of `name`. One that says the same as the last one adds nothing.
    pub(crate) fn declare(&mut self, name: Sym, declared: Declared) {
        if name == Sym::NONE {
            return;
        }
        if self.names.len() <= name.index() {
            self.names.resize_with(name.index() + 1, Vec::new);
        }
        let known = &mut self.names[name.index()];
        if known.len() < MAX_DECLARATIONS && known.last() != Some(&declared) {
            known.push(declared);
        }
    }

    /// Adds a structure whose body opens at token `open` of `file`.
    pub(crate) fn add_record(&mut self, tag: Option<Sym>, file: FileId, open: usize) -> RecordId {
        let id = RecordId(u32::try_from(self.records.len()).unwrap_or(u32::MAX));
        self.records.push(Record::default());
        self.bodies.insert((file, open), id);
        if let Some(tag) = tag {
            self.tags.entry(tag).or_default().push((file, id));
        }
        id
    }

    /// Whether what `from` includes has the text of `file`.
    pub(crate) fn sees(&self, from: FileId, file: FileId) -> bool {
        from == file || self.reach.get(from as usize).is_some_and(|reach| reach.contains(&file))
    }

    /// Whether `file` has the text of CPython's internal headers, or is included by one that has.
    pub(crate) fn sees_internals(&self, file: FileId) -> bool {
        self.with_internals.contains(&file)
    }

    /// When `file` has the text of CPython's internal headers.
    pub(crate) fn internal_includes(&self, file: FileId) -> impl Iterator<Item = Guard> {
        self.internal_files.iter().filter(move |(from, _)| self.sees(file, *from)).map(|(_, guard)| *guard)
    }

    /// `file` includes internal headers itself: so have the files that include it, and what these include.
    pub(crate) fn includes_internals(&mut self, file: FileId) {
        for (number, reach) in (0..).zip(&self.reach) {
            if number == file || reach.contains(&file) {
                self.with_internals.insert(number);
                self.with_internals.extend(reach);
            }
        }
    }

    /// Every declaration of `name`.
    pub(crate) fn declarations(&self, name: Sym) -> &[Declared] {
        self.names.get(name.index()).map_or(&[], Vec::as_slice)
    }

    /// The declarations of `name` that hold in `file`.
    pub(crate) fn visible(&self, name: Sym, file: FileId) -> impl Iterator<Item = &Declared> {
        self.declarations(name).iter().filter(move |declared| self.sees(file, declared.file))
    }

    /// What `name` is as seen from `file`: what is visible there, else what has that name anywhere, as includes are
    /// not always found. Among equals the last, which in a file is the one after forward declarations.
    pub(crate) fn find<T>(&self, name: Sym, file: FileId, pick: impl Fn(&Declared) -> Option<T>) -> Option<T> {
        let all = self.declarations(name);
        // Files are read one after the other, so a file's declarations are together.
        let first = all.partition_point(|declared| declared.file < file);
        let last = all.partition_point(|declared| declared.file <= file);
        if let Some(found) = all[first..last].iter().rev().find_map(&pick) {
            return Some(found);
        }
        let mut elsewhere = None;
        for declared in all.iter().rev().filter(|declared| declared.file != file).take(MAX_FOUND) {
            if let Some(found) = pick(declared) {
                if self.sees(file, declared.file) {
                    return Some(found);
                }
                elsewhere = elsewhere.or(Some(found));
            }
        }
        elsewhere
    }

    /// The structure with this tag, as seen from `file`.
    pub(crate) fn tagged(&self, tag: Sym, file: FileId) -> Option<RecordId> {
        let all = self.tags.get(&tag)?;
        let near = all.iter().find(|(at, _)| *at == file).or_else(|| all.iter().find(|(at, _)| self.sees(file, *at)));
        near.or(all.first()).map(|(_, id)| *id)
    }
}
