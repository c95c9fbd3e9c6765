//! What the build adds to every file: constant macros and include folders.
//!
//! Only what holds in every build and for every file is told: a macro that is defined under an `if`, for one of
//! several extensions, or with a value that has to be worked out, stays unknown, and so do the conditions on it.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::{cmake, meson, setup_py};
use crate::{Language, OriginClass, SourceFile, SourceTree, origin};

/// What the build adds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BuildFacts {
    /// Macros that every compilation defines, with their values.
    pub(crate) macros: BTreeMap<String, String>,
    /// Include folders, relative to the top folder, without a slash at the end.
    pub(crate) folders: BTreeSet<String>,
}

/// Macros with their values.
pub(super) type Macros = BTreeMap<String, String>;

/// What one build system says.
#[derive(Debug, Default)]
pub(super) struct Stated {
    /// Defined for everything that it compiles.
    pub(super) project: Macros,
    /// Defined for each extension or library by itself.
    pub(super) targets: Vec<Macros>,
    /// Perhaps undefined again, or set to something else.
    pub(super) doubtful: BTreeSet<String>,
    /// Include folders.
    pub(super) folders: BTreeSet<String>,
}

impl Stated {
    /// What all targets have in common.
    fn macros(mut self) -> Macros {
        let mut targets = std::mem::take(&mut self.targets).into_iter();
        let mut known = targets.next().unwrap_or_default();
        for target in targets {
            known.retain(|name, value| target.get(name) == Some(value));
        }
        known.extend(self.project);
        known.retain(|name, _| !self.doubtful.contains(name));
        known
    }
}

/// The build systems that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Setuptools,
    Meson,
    CMake,
}

/// What the build of `tree` adds.
pub(crate) fn facts(tree: &SourceTree) -> BuildFacts {
    let Some(system) = system(tree) else { return BuildFacts::default() };
    let mut stated = Stated::default();
    for file in tree.files.iter().filter(|file| file.language() == Some(Language::Build)) {
        if origin::origin_of(file).class != OriginClass::TestOrDoc {
            read(system, file, tree, &mut stated);
        }
    }
    let folders = std::mem::take(&mut stated.folders);
    BuildFacts { macros: stated.macros(), folders }
}

fn read(system: System, file: &SourceFile, tree: &SourceTree, stated: &mut Stated) {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    match (system, name) {
        (System::Setuptools, "setup.py") if folder.is_empty() => setup_py::read(file, stated),
        (System::Setuptools, "setup.cfg") if folder.is_empty() => setup_cfg(file, stated),
        (System::Setuptools, "pyproject.toml") if folder.is_empty() => ext_modules(file, stated),
        (System::Meson, "meson.build") => meson::read(file, folder, tree, stated),
        (System::CMake, "CMakeLists.txt") => cmake::read(file, folder, stated),
        _ => {}
    }
}

/// The build system that makes the extension: as `pyproject.toml` says, else the only one there is.
fn system(tree: &SourceTree) -> Option<System> {
    let has = |path: &str| tree.files.iter().find(|file| file.path == path);
    let backend = has("pyproject.toml").and_then(|file| {
        let table = String::from_utf8_lossy(&file.bytes).parse::<Table>().ok()?;
        Some(table.get("build-system")?.get("build-backend")?.as_str()?.to_owned())
    });
    match backend.as_deref() {
        Some(backend) if backend.starts_with("mesonpy") => Some(System::Meson),
        Some(backend) if backend.starts_with("scikit_build_core") || backend.starts_with("py_build_cmake") => {
            Some(System::CMake)
        }
        Some(backend) if backend.starts_with("setuptools") => Some(System::Setuptools),
        // Something of the project's own may set anything.
        Some(_) => None,
        None => has("setup.py").map(|_| System::Setuptools),
    }
}

/// The name of the build system that is read, and its script.
pub(super) fn system_of(tree: &SourceTree) -> Option<(&'static str, &str)> {
    let (name, script) = match system(tree)? {
        System::Setuptools => ("setuptools", "setup.py"),
        System::Meson => ("meson", "meson.build"),
        System::CMake => ("cmake", "CMakeLists.txt"),
    };
    let file = tree.files.iter().find(|file| file.path == script);
    Some((name, file.map_or("pyproject.toml", |file| &file.path)))
}

/// `[build_ext]` with `define` and `include_dirs`.
fn setup_cfg(file: &SourceFile, stated: &mut Stated) {
    let mut section = String::new();
    for line in String::from_utf8_lossy(&file.bytes).lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            name.0.clone_into(&mut section);
        } else if section == "build_ext"
            && let Some((key, value)) = line.split_once('=')
        {
            match key.trim() {
                "define" => stated.project.extend(value.split(',').filter_map(|text| definition(text.trim()))),
                "undef" => stated.doubtful.extend(value.split(',').map(|name| name.trim().to_owned())),
                "include_dirs" | "include-dirs" => stated.folders.extend(value.split([':', ',']).filter_map(folder)),
                _ => {}
            }
        }
    }
}

/// `[[tool.setuptools.ext-modules]]`.
fn ext_modules(file: &SourceFile, stated: &mut Stated) {
    let Ok(table) = String::from_utf8_lossy(&file.bytes).parse::<Table>() else { return };
    let setuptools = table.get("tool").and_then(|tools| tools.get("setuptools"));
    let modules = setuptools.and_then(|tools| tools.get("ext-modules")).and_then(Value::as_array);
    for module in modules.into_iter().flatten() {
        let list = |key: &str| module.get(key).and_then(Value::as_array).into_iter().flatten();
        let pairs = list("define-macros").filter_map(Value::as_array).filter_map(|pair| {
            let text = |at: usize| pair.get(at).and_then(Value::as_str);
            Some((text(0)?.to_owned(), text(1).unwrap_or("1").to_owned()))
        });
        let flags = list("extra-compile-args").filter_map(Value::as_str).filter_map(flag);
        stated.targets.push(pairs.chain(flags).collect());
        stated.doubtful.extend(list("undef-macros").filter_map(Value::as_str).map(str::to_owned));
        stated.folders.extend(list("include-dirs").filter_map(Value::as_str).filter_map(folder));
    }
}

/// `-DNAME=VALUE`, a compiler's argument.
pub(super) fn flag(text: &str) -> Option<(String, String)> {
    definition(text.strip_prefix("-D")?)
}

/// `NAME=VALUE`, or `NAME`, which then is 1. A value that would have to be worked out is no definition.
pub(super) fn definition(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=').unwrap_or((text, "1"));
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_constant = !text.contains(['$', '@', '%', '{', '\\']);
    (is_name && is_constant).then(|| (name.to_owned(), value.to_owned()))
}

/// A folder of the project, without `./` and slashes at its end; `None` for others.
pub(super) fn folder(text: &str) -> Option<String> {
    let mut text = text.trim();
    while let Some(rest) = text.strip_prefix("./") {
        text = rest;
    }
    let text = text.trim_end_matches('/');
    let text = if text == "." { "" } else { text };
    let is_inside = !text.starts_with('/') && !text.contains(['$', '@', '{', ':', '\\']) && !text.starts_with("..");
    is_inside.then(|| text.to_owned())
}

/// `folder` below `base`.
pub(super) fn below(base: &str, text: &str) -> Option<String> {
    let inside = folder(text)?;
    Some(match (base.is_empty(), inside.is_empty()) {
        (true, _) => inside,
        (_, true) => base.to_owned(),
        _ => format!("{base}/{inside}"),
    })
}
