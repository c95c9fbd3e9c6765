//! What kind of file a name promises, and which files are worth keeping.

use crate::entry_name;

/// What a kept file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// C, or Objective-C: `.c .m`.
    C,
    /// A header that C can read, though it may be C++: `.h .inc`.
    CHeader,
    /// C++, Objective-C++ or CUDA: `.cpp .cc .cxx .mm .cu` and kin.
    Cpp,
    /// A header that only C++ can read: `.hpp .hxx .hh .ipp` and kin.
    CppHeader,
    /// C or C++ with gaps that a build step fills: `.c.src .h.in .cpp.tmpl`, and `.tmpl .tp` of whatever.
    CTemplate,
    /// Cython: `.pyx`, and `.pyx.in`, whose gaps are filled by a build step.
    Cython,
    /// Included by Cython: `.pxd .pxi`, and with `.in`.
    CythonInclude,
    /// SWIG: `.i .swg`.
    Swig,
    /// SIP: `.sip`.
    Sip,
    /// Rust.
    Rust,
    /// Signatures of Fortran routines, from which f2py makes C: `.pyf`.
    F2py,
    /// Zig, which is kept but not read.
    Zig,
    /// Says how the project is built: `pyproject.toml`, `setup.py`, `meson.build`, workflows, …
    Build,
    /// A Python script that makes C: it calls cffi's `set_source`.
    Python,
}

impl Language {
    /// By the last component of `path`; `None` for everything that is not kept.
    pub fn of(path: &str) -> Option<Self> {
        of_name(path.as_bytes())
    }

    /// Whether it is C or C++ in some form, templates included.
    pub const fn is_c_family(self) -> bool {
        matches!(self, Self::C | Self::CHeader | Self::Cpp | Self::CppHeader | Self::CTemplate)
    }

    /// Whether it ends up in the binary: everything but build files and the scripts of cffi.
    pub const fn is_native(self) -> bool {
        !matches!(self, Self::Build | Self::Python)
    }
}

/// Whether a file is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    No,
    Yes,
    /// If its content has one of these texts.
    IfContains(&'static [&'static [u8]]),
}

/// By the name, raw.
pub(crate) fn wanted(name: &[u8]) -> Wanted {
    match of_name(name) {
        None => Wanted::No,
        Some(Language::Python) => Wanted::IfContains(SCRIPT_WORDS),
        Some(Language::Build) if is_automation(name) && !is_workflow(name) => Wanted::IfContains(LIMITED_WORDS),
        Some(_) => Wanted::Yes,
    }
}

/// What makes a script of Python worth keeping: it makes C, or it speaks of the stable ABI.
const SCRIPT_WORDS: &[&[u8]] = &[b"set_source", b"imited_api", b"LIMITED_API", b"abi3"];

/// What makes a makefile or its like worth keeping.
const LIMITED_WORDS: &[&[u8]] =
    &[b"imited", b"LIMITED_API", b"abi3", b"ABI3T", b"py-api", b"PY_API", b"DIST_EXTRA_CONFIG"];

/// By an ending of one part, the dot left out. `.C` and `.H` are C++ by convention, hence no folding of cases.
fn of_ending(ending: &[u8]) -> Option<Language> {
    Some(match ending {
        b"c" | b"m" => Language::C,
        b"h" | b"inc" => Language::CHeader,
        b"cpp" | b"cc" | b"cxx" | b"c++" | b"C" | b"mm" | b"cu" => Language::Cpp,
        b"hpp" | b"hxx" | b"hh" | b"h++" | b"H" | b"cuh" | b"ipp" | b"inl" | b"tpp" | b"txx" => Language::CppHeader,
        b"pyx" => Language::Cython,
        b"pxd" | b"pxi" => Language::CythonInclude,
        b"i" | b"swg" => Language::Swig,
        b"sip" => Language::Sip,
        b"rs" => Language::Rust,
        b"pyf" => Language::F2py,
        b"zig" => Language::Zig,
        _ => return None,
    })
}

/// Whether the ending is that of a template, and then whether it says so alone: `.in` and `.src` count only behind
/// another ending, a plain `.in` is `MANIFEST.in`.
fn of_template_ending(ending: &[u8]) -> Option<bool> {
    match ending {
        b"tmpl" | b"tp" => Some(true),
        b"src" | b"in" | b"templ" | b"template" | b"jinja" | b"jinja2" | b"j2" => Some(false),
        _ => None,
    }
}

/// Files that say how a project is built, by their whole name.
const BUILD_FILES: &[&[u8]] = &[
    b"setup.py",
    b"setup.cfg",
    b"pyproject.toml",
    b"meson.build",
    b"meson_options.txt",
    b"meson.options",
    b"CMakeLists.txt",
    b"Cargo.toml",
    b"PKG-INFO",
    b"hatch_build.py",
];

/// Files with the commands by which a project builds itself, by their whole name.
const AUTOMATION_FILES: &[&[u8]] = &[
    b"Makefile",
    b"GNUmakefile",
    b"tox.ini",
    b"noxfile.py",
    b".gitlab-ci.yml",
    b".travis.yml",
    b".cirrus.yml",
    b"azure-pipelines.yml",
    b"appveyor.yml",
    b".appveyor.yml",
    b".bazelrc",
    b"recipe.yaml",
    b"meta.yaml",
];

/// Whether the file holds commands or settings of the project's own automation.
pub(crate) fn is_automation(path: &[u8]) -> bool {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    AUTOMATION_FILES.contains(&name) || is_workflow(path) || path.ends_with(b".circleci/config.yml")
}

fn of_name(path: &[u8]) -> Option<Language> {
    if entry_name::is_apple_double(path) {
        return None;
    }
    let name = path.rsplit(|byte| *byte == b'/').next()?;
    if BUILD_FILES.contains(&name) || is_automation(path) {
        return Some(Language::Build);
    }
    let (stem, ending) = split_ending(name)?;
    if let Some(alone) = of_template_ending(ending) {
        return of_template(stem, alone);
    }
    match ending {
        b"cmake" => Some(Language::Build),
        b"py" if makes_c(stem) => Some(Language::Python),
        _ => by_ending(ending),
    }
}

fn of_template(stem: &[u8], alone: bool) -> Option<Language> {
    let inner = split_ending(stem).and_then(|(_, inner)| by_ending(inner));
    match inner {
        Some(Language::Cython | Language::CythonInclude | Language::F2py) => inner,
        Some(language) if language.is_c_family() => Some(Language::CTemplate),
        Some(_) => None,
        None => alone.then_some(Language::CTemplate),
    }
}

fn by_ending(ending: &[u8]) -> Option<Language> {
    of_ending(ending).or_else(|| {
        let is_upper = ending.iter().any(u8::is_ascii_uppercase);
        if is_upper { of_ending(&ending.to_ascii_lowercase()) } else { None }
    })
}

fn split_ending(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = memchr::memrchr(b'.', name)?;
    (dot > 0).then(|| (&name[..dot], &name[dot + 1..]))
}

/// `.github/workflows/x.yml`, where wheels are often built with options that stand nowhere else.
fn is_workflow(path: &[u8]) -> bool {
    let in_folder =
        path.starts_with(b".github/workflows/") || memchr::memmem::find(path, b"/.github/workflows/").is_some();
    in_folder && (path.ends_with(b".yml") || path.ends_with(b".yaml"))
}

/// The names that scripts for cffi usually have: `build_x.py`, `_x_ffi.py`, `make_cffi.py`.
fn makes_c(stem: &[u8]) -> bool {
    let lower = stem.to_ascii_lowercase();
    [&b"build"[..], b"ffi"].iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ending_of_the_survey_has_its_language() {
        for (names, language) in [
            ("a.c b/a.m A.C.c", Language::C),
            ("a.h a.inc", Language::CHeader),
            ("a.cpp a.cc a.cxx a.C a.mm a.cu A.CPP", Language::Cpp),
            ("a.hpp a.hxx a.hh a.ipp a.inl", Language::CppHeader),
            ("a.c.src a.h.src a.dispatch.c.src a.c.in a.h.in a.tmpl a.tp a.cpp.in", Language::CTemplate),
            ("a.pyx a.pyx.in a.pyx.tp", Language::Cython),
            ("a.pxd a.pxi a.pxi.in a.pxd.in", Language::CythonInclude),
            ("a.i a.swg", Language::Swig),
            ("a.sip", Language::Sip),
            ("src/lib.rs", Language::Rust),
            ("a.pyf a.pyf.src", Language::F2py),
            ("src/a.zig", Language::Zig),
            (
                "setup.py x/setup.py setup.cfg pyproject.toml meson.build cmake/a.cmake CMakeLists.txt .github/workflows/w.yml",
                Language::Build,
            ),
            ("src/build_x.py x/_ffi.py make_cffi.py", Language::Python),
        ] {
            for name in names.split(' ') {
                assert_eq!(Language::of(name), Some(language), "{name}");
            }
        }
    }

    #[test]
    fn other_files_have_none() {
        for name in [
            "MANIFEST.in",
            "README.md",
            "a.py",
            "a",
            "c",
            ".c",
            "._a.c",
            "x/._setup.py",
            "a.html.in",
            "a.rs.in",
            "a.src",
            "a.yml",
            "github/workflows/a.yml",
            "a.f90.src",
        ] {
            assert_eq!(Language::of(name), None, "{name}");
        }
    }
}
