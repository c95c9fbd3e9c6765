//! What names mean in each module of the package.

use capi::{Item, Structure};

use crate::lexer::{Kind, Names, Sym};
use crate::scan::FastMap;

use super::CythonFile;
use super::keyword::{Keyword, Keywords};
use super::line::Line;

/// A module: all files that share one scope, by number.
pub(super) type Group = u32;

/// How many cimports and typedefs are followed.
const MAX_STEPS: usize = 8;

/// A type: its base, and how many pointers are in front of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    /// What is at the end of the pointers.
    pub(super) base: Base,
    /// Pointers and array dimensions.
    pub(super) pointers: u8,
}

/// What is at the end of the pointers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    /// A Python object, or nothing that has members of CPython's.
    Other,
    /// A structure of CPython's.
    CPython(&'static Structure),
    /// `name` or `prefix.name`, as seen from a module.
    Named {
        /// The module.
        group: Group,
        /// The module's name in front, or [`Sym::NONE`].
        prefix: Sym,
        /// The type's name.
        name: Sym,
    },
}

impl Type {
    /// Nothing with members of CPython's.
    pub(super) const OTHER: Self = Self { base: Base::Other, pointers: 0 };

    /// `pointers` in front of it.
    pub(super) fn pointer(self, pointers: u8) -> Self {
        Self { pointers: self.pointers.saturating_add(pointers), ..self }
    }

    /// `x[i]` and `dereference(x)`.
    pub(super) fn dereferenced(self) -> Self {
        self.pointers.checked_sub(1).map_or(Self::OTHER, |pointers| Self { pointers, ..self })
    }

    /// What a C type such as `struct _typeobject *` says, as far as it is a structure of CPython's.
    pub(super) fn of_c(text: &str) -> Self {
        let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        let structure = words.find(|word| !matches!(*word, "const" | "struct" | "union")).and_then(capi::structure);
        let pointers = u8::try_from(text.matches(['*', '[']).count()).unwrap_or(u8::MAX);
        structure.map_or(Self::OTHER, |structure| Self { base: Base::CPython(structure), pointers })
    }
}

/// What a name means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The name of CPython's that it stands for.
    pub(super) item: Option<&'static Item>,
    /// What it is.
    pub(super) what: What,
}

/// What a name is.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// A variable of this type.
    Value(Type),
    /// A function with this result.
    Function(Type),
    /// Another name for a type.
    Alias(Type),
    /// A structure or class of the package, and its base class.
    Record(Option<Sym>),
    /// A name of another module.
    Import(Module, Sym),
    /// A module.
    Module(Module),
}

/// A module that is cimported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    /// `cpython`, and what is in it.
    CPython,
    /// One of the package.
    Group(Group),
}

/// The names of one module.
#[derive(Debug, Default)]
struct Scope {
    names: FastMap<Sym, Entry>,
    fields: FastMap<(Sym, Sym), Type>,
    /// Results of classes' methods.
    methods: FastMap<(Sym, Sym), Type>,
    /// Modules cimported with a star.
    stars: Vec<Module>,
}

/// The scopes of all modules of a package.
pub(super) struct Scopes<'a> {
    names: &'a Names,
    /// The module of each file.
    groups: Vec<Group>,
    /// By number.
    modules: Vec<Scope>,
    /// Modules by the last part of their dotted name, with the path that it comes from.
    by_name: FastMap<&'a str, Vec<(&'a str, Group)>>,
    py_buffer: Sym,
}

impl<'a> Scopes<'a> {
    /// Empty scopes: a file has one with its `.pxd`, with all that it includes and all that include it.
    pub(super) fn new(files: &'a [CythonFile<'a>], lines: &[Vec<Line>], keywords: &Keywords, names: &'a Names) -> Self {
        let mut sets = Sets::new(files.len());
        let mut by_stem: FastMap<&str, usize> = FastMap::default();
        let mut by_file: FastMap<&str, Vec<usize>> = FastMap::default();
        for (number, file) in files.iter().enumerate() {
            let first = *by_stem.entry(stem(file.path)).or_insert(number);
            sets.join(first, number);
            // A template is included by the name of what the build makes of it.
            let name = file_name(file.path);
            let built = name.find(".px").or(name.find(".pyx")).and_then(|dot| {
                let end = dot + 1 + name[dot + 1..].find('.')?;
                Some(&name[..end])
            });
            by_file.entry(built.unwrap_or(name)).or_default().push(number);
        }
        for (number, file) in files.iter().enumerate() {
            for included in includes(file, &lines[number], keywords) {
                for &other in by_file.get(file_name(included)).into_iter().flatten() {
                    sets.join(number, other);
                }
            }
        }
        let groups: Vec<Group> = (0..files.len()).map(|number| sets.find(number)).collect();
        let mut by_name: FastMap<&str, Vec<(&str, Group)>> = FastMap::default();
        for (file, &group) in files.iter().zip(&groups) {
            let path = stem(file.path);
            let path = path.strip_suffix("/__init__").unwrap_or(path);
            by_name.entry(file_name(path)).or_default().push((path, group));
        }
        let modules = (0..files.len()).map(|_| Scope::default()).collect();
        Self { names, groups, modules, by_name, py_buffer: keywords.py_buffer }
    }

    /// The module of a file.
    pub(super) fn group_of(&self, file: usize) -> Group {
        self.groups[file]
    }

    /// The module that `dotted` names, as far as the package has it.
    pub(super) fn module(&self, dotted: &[Sym]) -> Option<Module> {
        let last = *dotted.last()?;
        let text = self.names.text(last);
        let found = self.by_name.get(text.as_ref())?;
        let path: Vec<_> = dotted.iter().map(|part| self.names.text(*part)).collect();
        let path = path.join("/");
        let exact = found.iter().find(|(known, _)| known.ends_with(path.as_str()));
        exact.or(found.first()).map(|(_, group)| Module::Group(*group))
    }

    /// Says what `name` is in a module. A later definition of the module's own wins over a declaration.
    pub(super) fn declare(&mut self, group: Group, name: Sym, entry: Entry) {
        if let Some(scope) = self.modules.get_mut(group as usize).filter(|_| name != Sym::NONE) {
            scope.names.insert(name, entry);
        }
    }

    /// Says that a structure or class of a module has a field.
    pub(super) fn field(&mut self, group: Group, record: Sym, name: Sym, ty: Type) {
        if let Some(scope) = self.modules.get_mut(group as usize) {
            scope.fields.insert((record, name), ty);
        }
    }

    /// Says that a class of a module has a method with this result.
    pub(super) fn method(&mut self, group: Group, record: Sym, name: Sym, ty: Type) {
        if let Some(scope) = self.modules.get_mut(group as usize) {
            scope.methods.insert((record, name), ty);
        }
    }

    /// Everything of `module` is in scope.
    pub(super) fn star(&mut self, group: Group, module: Module) {
        if let Some(scope) = self.modules.get_mut(group as usize).filter(|scope| scope.stars.len() < MAX_STEPS) {
            scope.stars.push(module);
        }
    }

    /// What `name` means in a module.
    pub(super) fn look_up(&self, module: Module, name: Sym) -> Option<Entry> {
        let (mut module, mut name) = (module, name);
        for _ in 0..MAX_STEPS {
            let Module::Group(group) = module else {
                return Some(self.of_cpython(name));
            };
            match self.named(group, name)? {
                Entry { what: What::Import(from, original), .. } => (module, name) = (from, original),
                entry => return Some(entry),
            }
        }
        None
    }

    fn named(&self, group: Group, name: Sym) -> Option<Entry> {
        let scope = self.modules.get(group as usize)?;
        if let Some(entry) = scope.names.get(&name) {
            return Some(*entry);
        }
        let from_star = scope.stars.iter().find_map(|&star| match star {
            // A star says nothing of words such as `digit`, which may be anything.
            Module::CPython => Some(self.of_cpython(name)).filter(|entry| entry.item.is_some_and(has_prefix)),
            Module::Group(other) => self.modules.get(other as usize)?.names.get(&name).copied(),
        });
        // The type is built into Cython; its name is the language's, its members are CPython's.
        let built_in = || {
            let structure = capi::structure("Py_buffer").filter(|_| name == self.py_buffer)?;
            Some(Entry { item: None, what: What::Alias(Type { base: Base::CPython(structure), pointers: 0 }) })
        };
        from_star.or_else(built_in)
    }

    /// What a name is that `cpython` declares.
    pub(super) fn of_cpython(&self, name: Sym) -> Entry {
        entry_of_c(&self.names.text(name))
    }

    /// The structure that a type is, and its pointers: typedefs and cimports are followed.
    pub(super) fn resolve(&self, ty: Type) -> (Resolved, u8) {
        let mut ty = ty;
        for _ in 0..MAX_STEPS {
            let (group, prefix, name) = match ty.base {
                Base::Other => return (Resolved::Other, ty.pointers),
                Base::CPython(structure) => return (Resolved::CPython(structure), ty.pointers),
                Base::Named { group, prefix, name } => (group, prefix, name),
            };
            let Some((module, name, entry)) = self.type_named(group, prefix, name) else {
                return (Resolved::Other, ty.pointers);
            };
            match (entry.what, module) {
                (What::Alias(to), _) => ty = to.pointer(ty.pointers),
                (What::Record(_), Module::Group(group)) => return (Resolved::Record(group, name), ty.pointers),
                _ => return (Resolved::Other, ty.pointers),
            }
        }
        (Resolved::Other, 0)
    }

    /// The entry of a type's name, the module that defines it, and its name there.
    fn type_named(&self, group: Group, prefix: Sym, name: Sym) -> Option<(Module, Sym, Entry)> {
        let mut module = Module::Group(group);
        if prefix != Sym::NONE {
            match self.look_up(module, prefix)?.what {
                What::Module(to) => module = to,
                _ => return None,
            }
        }
        let mut name = name;
        for _ in 0..MAX_STEPS {
            let Module::Group(group) = module else {
                return Some((module, name, self.of_cpython(name)));
            };
            match self.named(group, name)? {
                Entry { what: What::Import(from, original), .. } => (module, name) = (from, original),
                entry => return Some((module, name, entry)),
            }
        }
        None
    }

    /// The type of a member as an extern block of the package declares it, where it has a type of its own there.
    pub(super) fn declared_member(&self, ty: Type, name: Sym) -> Option<Type> {
        let Base::Named { group, prefix, name: record } = ty.base else { return None };
        let (Module::Group(group), record, _) = self.type_named(group, prefix, record)? else { return None };
        self.modules.get(group as usize)?.fields.get(&(record, name)).copied()
    }

    /// What a field or method of a structure or class of the package is, its base classes searched.
    pub(super) fn field_of(&self, group: Group, record: Sym, name: Sym) -> Option<What> {
        let (mut group, mut record) = (group, record);
        for _ in 0..MAX_STEPS {
            let scope = self.modules.get(group as usize)?;
            if let Some(ty) = scope.fields.get(&(record, name)) {
                return Some(What::Value(*ty));
            }
            if let Some(ty) = scope.methods.get(&(record, name)) {
                return Some(What::Function(*ty));
            }
            let What::Record(base) = self.named(group, record)?.what else { return None };
            let base = base?;
            let ty = Type { base: Base::Named { group, prefix: Sym::NONE, name: base }, pointers: 0 };
            match self.resolve(ty).0 {
                Resolved::Record(to, name) => (group, record) = (to, name),
                _ => return None,
            }
        }
        None
    }
}

/// What a type is in the end.
#[derive(Debug, Clone, Copy)]
pub(super) enum Resolved {
    /// A structure of CPython's.
    CPython(&'static Structure),
    /// A structure or class of a module.
    Record(Group, Sym),
    /// Nothing with members of CPython's.
    Other,
}

/// What the C name `text` is, as CPython's headers have it.
pub(super) fn entry_of_c(text: &str) -> Entry {
    let item = capi::item(text).filter(|item| item.public.is_some());
    let what = match capi::structure(text) {
        Some(structure) => What::Alias(Type { base: Base::CPython(structure), pointers: 0 }),
        None => What::Function(capi::return_type(text).map_or(Type::OTHER, Type::of_c)),
    };
    Entry { item, what }
}

/// Whether a name has CPython's own prefix.
fn has_prefix(item: &Item) -> bool {
    item.name.trim_start_matches('_').starts_with(['P', 'p']) && capi::is_c_api_prefix(item.name.as_bytes())
}

/// The names in `include "x.pxi"`.
fn includes<'a>(file: &'a CythonFile<'_>, lines: &'a [Line], keywords: &'a Keywords) -> impl Iterator<Item = &'a str> {
    lines.iter().filter_map(|line| {
        let [first, text, ..] = &file.tokens[line.start..line.end] else { return None };
        let is_include = keywords.get(first.sym) == Some(Keyword::Include) && text.kind == Kind::Str;
        let bytes = file.source.get(text.start as usize + 1..).filter(|_| is_include)?;
        let end = bytes.iter().take(4096).position(|byte| matches!(byte, b'"' | b'\'' | b'\n'))?;
        std::str::from_utf8(&bytes[..end]).ok()
    })
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path without what follows the first dot of the file's name.
fn stem(path: &str) -> &str {
    crate::verdict::stem(path)
}

/// Sets of files that are joined.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            // Halving keeps the ways short.
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn find(&mut self, at: usize) -> Group {
        Group::try_from(self.root(at)).unwrap_or(Group::MAX)
    }
}
