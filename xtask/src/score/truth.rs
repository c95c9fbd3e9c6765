//! What the compiler saw, arranged for looking up: package, file, place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::facts::{self, Declared, Facts, FileLines, Limited, NameRow, ObjectRow};
use super::lines::{Lines, Place};

/// What the compiler saw in one package.
pub(super) struct Truth {
    pub(super) package: String,
    /// The sdist's file name.
    pub(super) sdist: String,
    top: String,
    pub(super) files: BTreeMap<String, FileTruth>,
    /// By value of `Py_LIMITED_API` (`3.11`).
    pub(super) limited: BTreeMap<String, Limited>,
}

/// What the compiler saw in one file.
#[derive(Default)]
pub(super) struct FileTruth {
    /// Lines seen in some configuration: nothing is judged elsewhere.
    pub(super) seen: Lines,
    /// Bodies of `#define`.
    pub(super) bodies: Lines,
    /// Preprocessor lines.
    pub(super) directives: Lines,
    /// A generator wrote the file.
    pub(super) is_generated: bool,
    /// Uses of CPython's names on seen lines, with their sort: `function+macro`.
    pub(super) api: BTreeMap<Place, String>,
    /// Accesses to members on seen lines: the structures, each with its access: `read+write`.
    pub(super) members: BTreeMap<Place, BTreeMap<String, String>>,
    /// `ob_base` of structures of the package.
    pub(super) heads: BTreeSet<Place>,
    /// Macros assigned to, on seen lines.
    pub(super) assigned: BTreeSet<Place>,
    /// Macros whose address is taken.
    pub(super) addressed: BTreeSet<Place>,
    /// Static types written out, with the lines of their definitions.
    pub(super) types: BTreeMap<String, BTreeSet<u32>>,
    /// Static types whose name a macro makes up, with their line.
    pub(super) macro_types: BTreeMap<String, u32>,
    /// Static types declared, and defined elsewhere.
    pub(super) declared_types: BTreeSet<String>,
    /// Names of pyconfig.h.
    pub(super) config: BTreeSet<Place>,
    /// Uses of the package's own definitions.
    pub(super) own: BTreeSet<Place>,
    /// Members of objects whose type depends on a template's parameter.
    pub(super) template: BTreeSet<Place>,
    /// Names in an argument that a macro drops.
    pub(super) dropped: BTreeSet<Place>,
}

impl Truth {
    /// Reads `PACKAGE-VERSION.json.gz`.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        Ok(Self::new(facts::read(path)?))
    }

    pub(super) fn new(facts: Facts) -> Self {
        let files = facts.files.into_iter().map(|(path, lines)| (path, FileTruth::new(lines)));
        let mut truth = Self {
            package: facts.package,
            sdist: facts.sdist,
            top: facts.top,
            files: files.collect(),
            limited: facts.abi3,
        };
        let fully_defined = fully_defined(facts.objects.values().flatten());
        truth.add(facts.api, |file, row| file.add_api(Place::new(row.line, row.name), row.sort));
        truth.add(facts.members, FileTruth::add_member);
        truth.add(facts.lvalues, |file, row| file.add_lvalue(Place::new(row.line, row.name), &row.access));
        truth.add(facts.objects, |file, row| file.add_object(row, &fully_defined));
        truth.add(facts.config, |file, row| insert(&mut file.config, row));
        truth.add(facts.own, |file, row| insert(&mut file.own, row));
        truth.add(facts.dep, |file, row| insert(&mut file.template, row));
        truth.add(facts.marg, |file, row| insert(&mut file.dropped, row));
        truth
    }

    /// The file of the truth that a finding's path means. Paths may have the top folder, or another one, before them.
    pub(super) fn file_named<'a>(&self, path: &'a str) -> &'a str {
        if self.files.contains_key(path) {
            return path;
        }
        match path.split_once('/') {
            Some((top, rest)) if top == self.top || self.files.contains_key(rest) => rest,
            _ => path,
        }
    }

    /// Gives each row to its file. Rows of files without seen lines could never be judged.
    fn add<T>(&mut self, rows: facts::Rows<T>, mut add: impl FnMut(&mut FileTruth, T)) {
        for (path, rows) in rows {
            if let Some(file) = self.files.get_mut(&path) {
                for row in rows {
                    add(file, row);
                }
            }
        }
    }
}

impl FileTruth {
    fn new(lines: FileLines) -> Self {
        Self {
            seen: lines.cov,
            bodies: lines.def,
            directives: lines.dir,
            is_generated: lines.r#gen.is_some(),
            ..Self::default()
        }
    }

    fn add_api(&mut self, place: Place, sort: String) {
        if self.seen.contains(place.line) {
            self.api.insert(place, sort);
        }
    }

    fn add_member(&mut self, row: facts::MemberRow) {
        let place = Place::new(row.line, row.name);
        if row.head != 0 {
            self.heads.insert(place);
        } else if self.seen.contains(place.line) {
            self.members.entry(place).or_default().insert(row.structure, row.access);
        }
    }

    fn add_lvalue(&mut self, place: Place, access: &str) {
        if !(access.contains("assign") || access.contains("update")) {
            self.addressed.insert(place);
        } else if self.seen.contains(place.line) {
            self.assigned.insert(place);
        }
    }

    fn add_object(&mut self, row: ObjectRow, fully_defined: &BTreeSet<String>) {
        if !is_static_type(&row) {
            return;
        }
        let is_definition = match row.shape.how {
            Declared::Def => true,
            Declared::Tentative => !fully_defined.contains(&row.name),
            Declared::Decl => false,
        };
        if !is_definition {
            self.declared_types.insert(row.name);
        } else if row.shape.written == "s" {
            self.types.entry(row.name).or_default().insert(row.line);
        } else {
            self.macro_types.insert(row.name, row.line);
        }
    }
}

fn insert(places: &mut BTreeSet<Place>, row: NameRow) {
    places.insert(Place::new(row.line, row.name));
}

fn is_static_type(row: &ObjectRow) -> bool {
    row.type_name == "PyTypeObject" && row.shape.is_static
}

/// The static types that have a definition with an initialiser somewhere: beside it, `static PyTypeObject T;` (in C a
/// tentative definition) is only a declaration.
fn fully_defined<'a>(objects: impl Iterator<Item = &'a ObjectRow>) -> BTreeSet<String> {
    let defined = objects.filter(|row| is_static_type(row) && row.shape.how == Declared::Def);
    defined.map(|row| row.name.clone()).collect()
}
