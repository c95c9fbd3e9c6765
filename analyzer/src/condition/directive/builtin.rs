//! What CPython's headers and compilers define, as functions of the build.

use std::collections::HashMap;
use std::sync::LazyLock;

use capi::{ItemKind, Version, VersionRange};

use super::super::Op;
use super::super::atom;
use super::super::possible::LAST_MINOR;
use super::super::tree::{TooLarge, Tree};
use super::super::variable::{IMPLEMENTATIONS, PLATFORMS, Variable, limited_value, python_value};
use super::number::Number;

/// A macro as the evaluator sees it: where it is defined, and its value (0 where it is not).
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) defined: Tree<bool>,
    pub(super) value: Tree<Number>,
}

impl Known {
    /// Defined where `defined`, then with this value.
    fn new(defined: Tree<bool>, value: &Number) -> Self {
        let value = defined.map(&mut |there| if *there { value.clone() } else { Number::known(0) });
        Self { defined, value }
    }

    pub(super) fn undefined() -> Self {
        Self { defined: Tree::FALSE, value: Tree::Leaf(Number::known(0)) }
    }

    /// Nothing is known: `opaque(name)`.
    pub(super) fn opaque(name: &str) -> Self {
        Self { defined: atom::opaque(name), value: Tree::Leaf(Number::opaque(name)) }
    }
}

/// A macro that no package can change: it is not looked up among the package's own.
pub(super) fn fixed(name: &str) -> Option<&'static Known> {
    FIXED.get(name)
}

static FIXED: LazyLock<HashMap<&'static str, Known>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    versions(&mut table);
    builds(&mut table);
    platforms(&mut table);
    table
});

fn versions(table: &mut HashMap<&'static str, Known>) {
    let always = |value| Known { defined: Tree::TRUE, value };
    let release = |version: Version, last: Version, newest| {
        let (low, high) = (i64::from(version.hex()), i64::from(last.hex()) | 0xffff);
        Number::rough("PY_VERSION_HEX".to_owned(), low, high & !0xf, newest)
    };
    table.insert("PY_VERSION_HEX", always(by_version(release)));
    let major = |version: Version, last: Version, _| {
        Number::between("PY_MAJOR_VERSION", version.major().into(), last.major().into())
    };
    table.insert("PY_MAJOR_VERSION", always(by_version(major)));
    let minor = |version: Version, last: Version, _| {
        Number::between("PY_MINOR_VERSION", version.minor().into(), last.minor().into())
    };
    table.insert("PY_MINOR_VERSION", always(by_version(minor)));
    let micro = Number::rough("PY_MICRO_VERSION".to_owned(), 0, 255, true);
    table.insert("PY_MICRO_VERSION", always(Tree::Leaf(micro)));
    table.insert("PY_RELEASE_LEVEL", always(Tree::Leaf(Number::known(0xf))));
    table.insert("PY_RELEASE_SERIAL", always(Tree::Leaf(Number::known(0))));
    table.insert("Py_PYTHON_H", always(Tree::Leaf(Number::known(1))));
    // Thread support is not optional since 3.7 (bpo-31370) and was hardly ever left out before.
    table.insert("WITH_THREAD", always(Tree::Leaf(Number::known(1))));
    table.insert("Py_LIMITED_API", Known { defined: atom::is_limited(), value: limited_api() });
}

/// A case for each feature version, and one for what lies beyond them; `f` gets the first and the last version
/// of the case, and whether that is one.
fn by_version(f: impl Fn(Version, Version, bool) -> Number) -> Tree<Number> {
    let single = |major, minor| (Version::new(major, minor), Version::new(major, minor), true);
    let mut cases: Vec<_> = (0..=7).map(|minor| single(2, minor)).collect();
    cases.extend((0..=LAST_MINOR).map(|minor| single(3, minor)));
    cases.push((Version::new(3, LAST_MINOR + 1), Version::new(3, 255), false));
    let edges = cases.into_iter().map(|(first, last, one)| (python_value(first), Tree::Leaf(f(first, last, one))));
    Tree::branch(Variable::Python, edges)
}

/// The value of `Py_LIMITED_API`; what names no version counts as 3, the documented form without one.
fn limited_api() -> Tree<Number> {
    let between = |low, high| Tree::Leaf(Number::between("Py_LIMITED_API", low, high));
    let exact = |minor| {
        let version = Version::new(3, minor);
        (limited_value(version), Tree::Leaf(Number::known(version.limited_hex().into())))
    };
    let mut edges = vec![(0, Tree::Leaf(Number::known(0))), (1, Tree::Leaf(Number::known(3)))];
    edges.extend((0..=LAST_MINOR).map(exact));
    let beyond = Version::new(3, LAST_MINOR + 1);
    edges.push((limited_value(beyond), between(beyond.limited_hex().into(), 0x7fff_ffff)));
    Tree::branch(Variable::Limited, edges)
}

fn builds(table: &mut HashMap<&'static str, Known>) {
    let one = Number::known(1);
    let flag = |variable| Known::new(atom::flag(variable), &one);
    table.insert("Py_GIL_DISABLED", flag(Variable::FreeThreaded));
    table.insert("Py_DEBUG", flag(Variable::Debug));
    // Py_DEBUG turns it on; alone it is hardly ever built.
    table.insert("Py_REF_DEBUG", flag(Variable::Debug));
    let abi3t = Number::between("Py_TARGET_ABI3T", 0x030f_0000, 0x7fff_ffff);
    table.insert("Py_TARGET_ABI3T", Known::new(atom::flag(Variable::Abi3t), &abi3t));
    let cplusplus = Number::between("__cplusplus", 199_711, 999_999);
    table.insert("__cplusplus", Known::new(atom::flag(Variable::Cplusplus), &cplusplus));
    for (name, implementation, low) in [
        ("PYPY_VERSION", "pypy", i64::MIN),
        ("PYPY_VERSION_NUM", "pypy", 0x0100_0000),
        ("GRAALVM_PYTHON", "graalpy", 1),
        ("GRAALPY_VERSION", "graalpy", i64::MIN),
        ("GRAALPY_VERSION_NUM", "graalpy", 0x0100_0000),
    ] {
        let defined = worded(Variable::Implementation, &IMPLEMENTATIONS, &[implementation]);
        table.insert(name, Known::new(defined, &Number::between(name, low, i64::MAX)));
    }
}

/// Names that a compiler defines on these platforms only, and whether on all of their builds.
const ON_PLATFORMS: &[(&[&str], &[&str], bool)] = &[
    (&["_WIN32", "WIN32", "__WIN32__", "__WINDOWS__", "MS_WINDOWS", "MS_WIN32"], &["windows"], true),
    (&["_WIN64", "WIN64", "MS_WIN64"], &["windows"], false),
    (&["_MSC_VER", "__MINGW32__", "__MINGW64__", "_DEBUG", "_M_IX86", "_M_X64", "_M_ARM64"], &["windows"], false),
    (&["__linux__", "__linux", "linux"], &["linux"], true),
    (&["__ANDROID__", "__GLIBC__"], &["linux"], false),
    (&["__APPLE__", "__MACH__"], &["macos"], true),
    (&["__CYGWIN__", "__FreeBSD__", "__NetBSD__", "__OpenBSD__", "__DragonFly__"], &["other"], false),
    (&["__sun", "__sun__", "sun", "_AIX", "__hpux", "__HAIKU__", "__EMSCRIPTEN__", "__wasi__"], &["other"], false),
];

fn platforms(table: &mut HashMap<&'static str, Known>) {
    for (names, platforms, every) in ON_PLATFORMS {
        for name in *names {
            let there = worded(Variable::Platform, &PLATFORMS, platforms);
            table.insert(name, if *every { Known::new(there, &Number::known(1)) } else { sometimes(&there, name) });
        }
    }
    // Every compiler in use on Linux and macOS defines it; cl.exe does not.
    let unix = worded(Variable::Platform, &PLATFORMS, &["linux", "macos"]);
    if let Ok(defined) = unix.or(&atom::opaque("__GNUC__")) {
        table.insert("__GNUC__", Known::new(defined, &Number::between("__GNUC__", 3, 99)));
    }
    let linux = worded(Variable::Platform, &PLATFORMS, &["linux"]);
    for name in ["__unix__", "__unix", "unix"] {
        let other = worded(Variable::Platform, &PLATFORMS, &["other"]);
        if let Ok(defined) = other.and(&atom::opaque(name)).and_then(|other| other.or(&linux)) {
            table.insert(name, Known::new(defined, &Number::known(1)));
        }
    }
}

/// Defined there in some builds only.
fn sometimes(there: &Tree<bool>, name: &str) -> Known {
    let opaque = Known::opaque(name);
    let value = there.choose(&opaque.value, &Tree::Leaf(Number::known(0)));
    match (there.and(&opaque.defined), value) {
        (Ok(defined), Ok(value)) => Known { defined, value },
        _ => opaque,
    }
}

fn worded(variable: Variable, words: &[&str], wanted: &[&str]) -> Tree<bool> {
    let edges = words.iter().zip(0..).map(|(word, index)| (index, Tree::Leaf(wanted.contains(word))));
    Tree::branch(variable, edges)
}

/// What is known about a name where the package says nothing about it.
pub(super) fn usual(name: &str) -> Known {
    match name {
        "CYTHON_LIMITED_API" => {
            Known::new(atom::flag(Variable::CythonLimited), &Number::between(name, 1, i64::from(u32::MAX)))
        }
        "Py_PACK_VERSION" | "Py_PACK_FULL_VERSION" => {
            Known::new(atom::python(Op::GreaterOrEqual, Version::new(3, 14)), &Number::opaque(name))
        }
        // Release builds define it, with every usual build tool; a package may take it back.
        "NDEBUG" => Known::new(atom::flag(Variable::Debug).negate(), &Number::known(1)),
        "Py_TRACE_REFS" => trace_refs().unwrap_or_else(|TooLarge| Known::opaque(name)),
        // Set when CPython itself is built, not extensions.
        "Py_BUILD_CORE" | "Py_BUILD_CORE_BUILTIN" | "Py_BUILD_CORE_MODULE" => Known::undefined(),
        // Cython's switches are defined in the generated file; before that, only if someone asks for it.
        _ if name.starts_with("CYTHON_") => Known::undefined(),
        _ => c_api_macro(name).unwrap_or_else(|| Known::opaque(name)),
    }
}

/// Part of debug builds until 3.7, since then a build option of its own (bpo-36465).
fn trace_refs() -> Result<Known, TooLarge> {
    let old = atom::python(Op::Less, Version::new(3, 8));
    let defined = old.choose(&atom::flag(Variable::Debug), &atom::opaque("Py_TRACE_REFS"))?;
    Ok(Known::new(defined, &Number::known(1)))
}

/// A macro of CPython's headers is defined in the versions that have it.
fn c_api_macro(name: &str) -> Option<Known> {
    if !capi::is_c_api_prefix(name.as_bytes()) {
        return None;
    }
    let item = capi::item(name)?;
    let range = item.public.filter(|_| matches!(item.kind, ItemKind::FunctionMacro | ItemKind::ObjectMacro))?;
    let defined = shown(range, item.limited_since, item.limited_last).ok()?;
    Some(Known::new(defined, &Number::opaque(name)))
}

/// In these versions; in limited mode only at these levels.
fn shown(public: VersionRange, since: Option<Version>, last: Option<Version>) -> Result<Tree<bool>, TooLarge> {
    let up_to = |last: Option<Version>, at_most: fn(Op, Version) -> Tree<bool>| {
        last.map_or(Tree::TRUE, |last| at_most(Op::LessOrEqual, last))
    };
    let versions = atom::python(Op::GreaterOrEqual, public.first).and(&up_to(public.last, atom::python))?;
    let levels = match since {
        Some(since) => atom::limited(Op::GreaterOrEqual, since).and(&up_to(last, atom::limited))?,
        None => Tree::FALSE,
    };
    versions.and(&atom::is_limited().negate().or(&levels)?)
}
