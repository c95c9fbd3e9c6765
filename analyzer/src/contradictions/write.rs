//! What to write instead: each knob for each backend, and each form with another level.

use capi::Version;

use crate::declared::{Backend, Declaration, Form};

use super::Change;
use super::facts::Facts;

/// `0x030A0000`
pub(super) fn hex(level: Version) -> String {
    format!("0x{:08X}", level.limited_hex())
}

/// `cp310`
pub(super) fn tag(level: Version) -> String {
    format!("cp{}{}", level.major(), level.minor())
}

fn added(path: &str, text: String) -> Change {
    Change { path: path.to_owned(), line: None, text }
}

/// Whether the extensions of a setuptools project stand in `pyproject.toml`.
fn is_in_pyproject(facts: &Facts<'_>) -> bool {
    facts.of_form(Form::SetuptoolsExtModules).next().is_some()
}

/// The lines that make the compiler keep to the limited API.
pub(super) fn the_macro(facts: &Facts<'_>, level: Version) -> Vec<Change> {
    let hex = hex(level);
    match facts.backend {
        _ if has_rust(facts) => vec![feature(level)],
        Backend::MesonPython => {
            vec![added("meson.build", format!("py.extension_module(\n  …,\n  limited_api: '{level}',\n)"))]
        }
        Backend::ScikitBuildCore => vec![added(
            "CMakeLists.txt",
            "find_package(Python REQUIRED COMPONENTS Interpreter Development.Module ${SKBUILD_SABI_COMPONENT})\n\
             Python_add_library(… MODULE WITH_SOABI USE_SABI ${SKBUILD_SABI_VERSION} …)"
                .to_owned(),
        )],
        Backend::PyBuildCmake => vec![added(
            "CMakeLists.txt",
            "find_package(Python REQUIRED COMPONENTS Development.SABIModule)\n\
             Python_add_library(… MODULE USE_SABI ${PY_BUILD_CMAKE_PACKAGE_USE_SABI} …)"
                .to_owned(),
        )],
        Backend::Maturin | Backend::SetuptoolsRust => vec![feature(level)],
        Backend::Setuptools if is_in_pyproject(facts) => vec![added(
            "pyproject.toml",
            format!(
                "[[tool.setuptools.ext-modules]]\ndefine-macros = [[\"Py_LIMITED_API\", \"{hex}\"]]\npy-limited-api = true"
            ),
        )],
        Backend::Setuptools => vec![added(
            "setup.py",
            format!(
                "Extension(\n    …,\n    define_macros=[(\"Py_LIMITED_API\", \"{hex}\")],\n    py_limited_api=True,\n)"
            ),
        )],
        Backend::Hatchling | Backend::Other => {
            vec![added("the C source, before Python.h", format!("#define Py_LIMITED_API {hex}"))]
        }
    }
}

fn has_rust(facts: &Facts<'_>) -> bool {
    let is_rust = |form| matches!(form, Form::Pyo3Feature | Form::MaturinFeature | Form::SetuptoolsRust);
    facts.declarations.iter().any(|found| is_rust(found.form))
}

fn feature(level: Version) -> Change {
    let feature = format!("abi3-py{}{}", level.major(), level.minor());
    added("Cargo.toml", format!("[dependencies]\npyo3 = {{ version = \"…\", features = [\"{feature}\"] }}"))
}

/// The lines that name the file for every version.
pub(super) fn the_suffix(facts: &Facts<'_>) -> Vec<Change> {
    match facts.backend {
        Backend::MesonPython => the_macro(facts, facts.proposed()),
        Backend::ScikitBuildCore | Backend::PyBuildCmake => vec![added(
            "CMakeLists.txt",
            "if(NOT WIN32)\n  set_target_properties(… PROPERTIES SUFFIX .abi3.so)\nendif()".to_owned(),
        )],
        Backend::Setuptools if is_in_pyproject(facts) => {
            vec![added("pyproject.toml", "[[tool.setuptools.ext-modules]]\npy-limited-api = true".to_owned())]
        }
        Backend::SetuptoolsRust => {
            vec![added("setup.py", "RustExtension(…, py_limited_api=\"auto\")".to_owned())]
        }
        _ => vec![added("setup.py", "Extension(…, py_limited_api=True)".to_owned())],
    }
}

/// The lines that tag the wheel.
pub(super) fn the_tag(facts: &Facts<'_>, level: Version) -> Vec<Change> {
    let tag = tag(level);
    match facts.backend {
        Backend::MesonPython => vec![added("pyproject.toml", "[tool.meson-python]\nlimited-api = true".to_owned())],
        Backend::ScikitBuildCore => {
            vec![added("pyproject.toml", format!("[tool.scikit-build]\nwheel.py-api = \"{tag}\""))]
        }
        Backend::PyBuildCmake => vec![added(
            "pyproject.toml",
            format!(
                "[tool.py-build-cmake.wheel]\npython_abi = \"abi3\"\nabi3_minimum_cpython_version = {}{}",
                level.major(),
                level.minor()
            ),
        )],
        Backend::Hatchling => vec![added(
            "hatch_build.py",
            format!("build_data[\"pure_python\"] = False\nbuild_data[\"tag\"] = f\"{tag}-abi3-{{platform}}\""),
        )],
        Backend::Maturin => vec![feature(level)],
        Backend::Setuptools | Backend::SetuptoolsRust | Backend::Other => {
            vec![added("setup.cfg", format!("[bdist_wheel]\npy_limited_api = {tag}"))]
        }
    }
}

/// Whether the file has this ending.
fn is_a(found: &Declaration, ending: &str) -> bool {
    found.path.rsplit_once('.').is_some_and(|(_, own)| own == ending)
}

/// The same declaration for another level; `None` for forms without one.
pub(super) fn with_level(found: &Declaration, level: Version) -> Option<Change> {
    let (hex, tag) = (hex(level), tag(level));
    let name = if found.abi == Some(crate::declared::Abi::Abi3t) { "Py_TARGET_ABI3T" } else { "Py_LIMITED_API" };
    let minor = level.minor();
    let text = match found.form {
        Form::CMacro => format!("#define {name} {hex}"),
        Form::CythonDirective => format!("# distutils: define_macros={name}={hex}"),
        Form::CompilerFlag => format!("-D{name}={hex}"),
        Form::SetuptoolsMacro if is_a(found, "toml") => format!("[\"{name}\", \"{hex}\"]"),
        Form::SetuptoolsMacro if is_a(found, "cfg") => format!("define = {name}={hex}"),
        Form::SetuptoolsMacro => format!("(\"{name}\", \"{hex}\")"),
        Form::CmakeMacro => format!("{name}={hex}"),
        Form::RustBuildScript => format!("build.define(\"{name}\", \"{hex}\");"),
        Form::SetuptoolsWheel if is_a(found, "toml") => format!("py-limited-api = \"{tag}\""),
        Form::SetuptoolsWheel if is_a(found, "py") => format!("\"py_limited_api\": \"{tag}\""),
        Form::SetuptoolsWheel => format!("py_limited_api = {tag}"),
        Form::SetuptoolsGetTag => format!("return \"{tag}\", \"abi3\", plat"),
        Form::SetuptoolsCommand => format!("--py-limited-api={tag}"),
        Form::ExtensionHelpers => format!("EXTENSION_HELPERS_PY_LIMITED_API: {tag}"),
        Form::Meson => format!("limited_api: '{level}',"),
        Form::ScikitBuildCore => format!("wheel.py-api = \"{tag}\""),
        Form::CmakeUseSabi => format!("USE_SABI {level}"),
        Form::NanobindBazel => format!("--@nanobind_bazel//:py-limited-api={tag}"),
        Form::Pyo3Feature => format!("\"abi3-py3{minor}\""),
        Form::MaturinFeature => format!("\"pyo3/abi3-py3{minor}\""),
        Form::HatchTag => format!("\"{tag}-abi3-…\""),
        Form::PyBuildCmake => format!("abi3_minimum_cpython_version = 3{minor}"),
        _ => return None,
    };
    Some(Change { path: found.path.clone(), line: Some(found.line), text })
}

/// The changes that bring several declarations to one level.
pub(super) fn all_to<'d>(found: impl IntoIterator<Item = &'d Declaration>, level: Version) -> Vec<Change> {
    let mut changes: Vec<Change> = found
        .into_iter()
        .filter(|found| found.floor != Some(level))
        .filter_map(|found| with_level(found, level))
        .collect();
    changes.dedup();
    changes.truncate(8);
    changes
}

/// A requirement for the lowest Python.
pub(super) fn requires_python(found: &Declaration, level: Version) -> Change {
    let text = match found.path.as_str() {
        "setup.cfg" => format!("python_requires = >={level}"),
        "setup.py" => format!("python_requires=\">={level}\","),
        _ => format!("requires-python = \">={level}\""),
    };
    let is_made = found.path == "PKG-INFO";
    let path = if is_made { "pyproject.toml".to_owned() } else { found.path.clone() };
    Change { path, line: (!is_made).then_some(found.line), text }
}
