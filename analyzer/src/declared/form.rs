//! The forms in which projects speak of the limited API, one for each way of each tool.

use serde::{Deserialize, Serialize};

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident => $word:literal, $title:literal;)*) => {
        /// The form of a declaration.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Form {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Form {
            /// Each one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word used in formats: `c-macro`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it is, for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

forms! {
    /// `#define Py_LIMITED_API 0x030A0000` in C.
    CMacro => "c-macro", "macro in the source";
    /// `PyModExport_x`, `PyABIInfo_VAR`, `Py_mod_abi`: what abi3t needs of the source.
    ExportHook => "export-hook", "export hook of PEP 793";
    /// `# distutils: define_macros=Py_LIMITED_API=0x030A0000` in Cython.
    CythonDirective => "cython-directive", "Cython's distutils comment";
    /// `CYTHON_LIMITED_API`, the knob of Cython before 3.1.
    CythonMacro => "cython-macro", "Cython's own macro";
    /// `-DPy_LIMITED_API=…` among the compiler's arguments.
    CompilerFlag => "compiler-flag", "compiler flag";
    /// `Extension(…, define_macros=[("Py_LIMITED_API", "0x030A0000")])`.
    SetuptoolsMacro => "setuptools-define-macros", "define_macros";
    /// `Extension(…, py_limited_api=True)`.
    SetuptoolsExtension => "setuptools-extension", "py_limited_api of the extension";
    /// `[[tool.setuptools.ext-modules]]` with `py-limited-api = true`.
    SetuptoolsExtModules => "setuptools-ext-modules", "py-limited-api of [tool.setuptools] ext-modules";
    /// `py_limited_api` of `bdist_wheel`, in `setup.py`, `setup.cfg` or `pyproject.toml`.
    SetuptoolsWheel => "setuptools-bdist-wheel", "wheel tag (bdist_wheel)";
    /// A subclass of `bdist_wheel` that makes the tag.
    SetuptoolsGetTag => "setuptools-get-tag", "wheel tag by code (get_tag)";
    /// `--py-limited-api=cp310` on a command line.
    SetuptoolsCommand => "setuptools-command", "wheel tag on a command line";
    /// `DIST_EXTRA_CONFIG`, which names a file of more settings.
    DistExtraConfig => "dist-extra-config", "settings in an extra file";
    /// `EXTENSION_HELPERS_PY_LIMITED_API`.
    ExtensionHelpers => "extension-helpers", "extension-helpers";
    /// `RustExtension(…, py_limited_api="auto")`, or the same in `pyproject.toml`.
    SetuptoolsRust => "setuptools-rust", "py-limited-api of setuptools-rust";
    /// cffi's `set_source`, limited by default.
    Cffi => "cffi-set-source", "cffi's set_source";
    /// `py.extension_module(…, limited_api: '3.10')`.
    Meson => "meson-limited-api", "limited_api of the extension module";
    /// `python.allow_limited_api`.
    MesonAllow => "meson-allow-limited-api", "Meson's python.allow_limited_api";
    /// `[tool.meson-python] limited-api = true`.
    MesonPython => "meson-python-limited-api", "wheel tag (meson-python)";
    /// `wheel.py-api = "cp312"`.
    ScikitBuildCore => "scikit-build-core-py-api", "wheel tag (scikit-build-core)";
    /// `find_package(Python COMPONENTS Development.SABIModule)`.
    CmakeComponent => "cmake-sabi-module", "CMake's Development.SABIModule";
    /// `Python_add_library(x MODULE USE_SABI 3.11)`.
    CmakeUseSabi => "cmake-use-sabi", "CMake's USE_SABI";
    /// `target_compile_definitions(x PRIVATE Py_LIMITED_API=0x030A0000)`.
    CmakeMacro => "cmake-definition", "definition in CMake";
    /// `set_target_properties(x PROPERTIES SUFFIX .abi3.so)`.
    CmakeSuffix => "cmake-suffix", "file suffix in CMake";
    /// `nanobind_add_module(x STABLE_ABI …)`.
    Nanobind => "nanobind-stable-abi", "nanobind's STABLE_ABI";
    /// `--@nanobind_bazel//:py-limited-api=cp312`.
    NanobindBazel => "nanobind-bazel", "nanobind's flag for Bazel";
    /// `pyo3 = { features = ["abi3-py39"] }`.
    Pyo3Feature => "pyo3-feature", "PyO3's feature";
    /// `[tool.maturin] features = ["pyo3/abi3-py39"]`.
    MaturinFeature => "maturin-features", "features of [tool.maturin]";
    /// `build.define("Py_LIMITED_API", "0x03090000")` in `build.rs`.
    RustBuildScript => "rust-build-script", "definition in build.rs";
    /// `%Module(name=…, use_limited_api=True)`.
    Sip => "sip-module", "SIP's use_limited_api";
    /// `FORCE_LIMITED_API` or `--limited-api=yes`.
    Shiboken => "shiboken-limited-api", "Shiboken's limited API";
    /// `build_data["tag"] = "cp39-abi3-…"` in a hook of hatchling.
    HatchTag => "hatch-build-tag", "wheel tag by code (hatchling)";
    /// `python_abi = "abi3"` of py-build-cmake.
    PyBuildCmake => "py-build-cmake-abi", "wheel tag (py-build-cmake)";
    /// `limited_api` of Pydust.
    Pydust => "pydust-limited-api", "limited_api of Pydust";
    /// A single Python that wheels are built with.
    Cibuildwheel => "cibuildwheel-build", "one Python to build wheels with";
    /// abi3audit looks at the wheels.
    Abi3audit => "abi3audit", "wheels are checked by abi3audit";
    /// `python-abi3` or `version_independent` in a recipe for conda.
    Conda => "conda-recipe", "recipe for conda";
    /// A key that nothing reads where it stands.
    MisplacedKey => "misplaced-key", "key";
    /// The build backend.
    BuildBackend => "build-backend", "build backend";
    /// `requires-python`.
    RequiresPython => "requires-python", "requires-python";
    /// `Programming Language :: Python :: Free Threading`.
    FreeThreading => "free-threading-classifier", "classifier for free threading";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_a_word_of_its_own_that_reads_back() {
        let mut words: Vec<_> = Form::ALL.iter().map(|form| form.as_str()).collect();
        for form in Form::ALL {
            let json = serde_json::to_string(form).expect("a text");
            assert_eq!(json, format!("\"{}\"", form.as_str()));
            assert_eq!(serde_json::from_str::<Form>(&json).expect("a form"), *form);
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Form::ALL.len());
    }
}
