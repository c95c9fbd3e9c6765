//! What to do about a tool: which version of it can make an extension for the stable ABI, and how it is asked to.

use capi::Target;

use crate::Tool;
use crate::verdict::cannot;

/// A tool that has to do with the stable ABI, with all its places taken together.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Remedy {
    /// Lower-case: `cython`.
    pub tool: String,
    /// The versions seen, as they are written, sorted, each once.
    pub seen: Vec<String>,
    /// Whether what was seen cannot target the stable ABI asked about.
    pub blocks: bool,
    /// What solves it, in one sentence.
    pub advice: &'static str,
}

/// What is known of a tool: for abi3, and for abi3t.
type Known = (&'static str, &'static str, &'static str);

const KNOWN: &[Known] = &[
    (
        "boost.python",
        "no version can (boostorg/python issue 221 is open)",
        "no version can (boostorg/python issue 221 is open)",
    ),
    // cffi's documentation, "ffibuilder.set_source(): py_limited_api"; for abi3t nothing was found.
    (
        "cffi",
        "it makes limited code unless py_limited_api=False; the wheel's tag is set apart, in setuptools",
        "nothing was found that says whether its code fits abi3t",
    ),
    (
        "cython",
        "Cython 3.1 or later, with Py_LIMITED_API defined for the C compiler",
        "no release can yet (cython/cython issue 7399)",
    ),
    ("f2py", "no version can (numpy/numpy issue 21300 is open)", "no version can (numpy/numpy issue 21300 is open)"),
    ("mypyc", "no version can (mypyc/mypyc issue 1223 is open)", "no version can (mypyc/mypyc issue 1223 is open)"),
    (
        "nanobind",
        "STABLE_ABI in nanobind_add_module, from Python 3.12 on",
        "nothing was found that says whether it can",
    ),
    // numpy/numpy pull requests 25531 and 27981: its headers build under Py_LIMITED_API from 2.0 on; 31091: abi3t in 2.5.
    (
        "numpy",
        "the headers of NumPy 2.0 or later, which work in limited mode",
        "the headers of NumPy 2.5 or later, which know abi3t",
    ),
    (
        "pybind11",
        "no version can (pybind/pybind11 issue 5652); nanobind, which is much like it, can from Python 3.12 on",
        "no version can (pybind/pybind11 issue 5652)",
    ),
    (
        "pyo3",
        "PyO3's feature abi3, or abi3-py310 and the like for a floor",
        "PyO3 0.29 or later with its feature abi3t, and maturin 1.14 or later for the tag",
    ),
    (
        "pyrex",
        "its successor Cython, 3.1 or later",
        "no release of its successor Cython can yet (cython/cython issue 7399)",
    ),
    ("sip", "use_limited_api=True in each %Module", "nothing was found that says whether it can"),
    (
        "swig",
        "SWIG 4.2 or later, with Py_LIMITED_API defined for the C compiler",
        "nothing was found that says whether it can",
    ),
];

/// What is to be done about each of `tools` for `target`: those that block first, then by name. Tools of which nothing is
/// known here, and whatever is no matter of the stable ABI, are left out.
pub fn remedies(tools: &[Tool], target: Target) -> Vec<Remedy> {
    let mut remedies: Vec<Remedy> = KNOWN.iter().filter_map(|known| remedy(known, tools, target)).collect();
    remedies.sort_by_key(|remedy| !remedy.blocks);
    remedies
}

fn remedy(&(name, abi3, abi3t): &Known, tools: &[Tool], target: Target) -> Option<Remedy> {
    // The crate below PyO3 has the same features.
    let named = |tool: &&Tool| tool.name == name || name == "pyo3" && tool.name == "pyo3-ffi";
    let mut found = tools.iter().filter(named).peekable();
    found.peek()?;
    let mut remedy = Remedy {
        tool: name.to_owned(),
        seen: Vec::new(),
        blocks: false,
        advice: if target.is_free_threaded() { abi3t } else { abi3 },
    };
    for tool in found {
        remedy.blocks |= cannot(tool, target);
        remedy.seen.extend(tool.version.clone());
    }
    remedy.seen.sort();
    remedy.seen.dedup();
    Some(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::ability;

    fn tool(name: &str, version: Option<&str>, limited: Option<bool>) -> Tool {
        Tool { name: name.to_owned(), version: version.map(str::to_owned), path: "a.c".to_owned(), limited }
    }

    #[test]
    fn a_tool_is_told_once_with_all_its_versions_and_what_blocks_comes_first() {
        let tools = [
            tool("cython", Some("3.1.2"), None),
            tool("cython", Some("3.1.2"), None),
            tool("pybind11", None, Some(false)),
            tool("cython", Some("3.0.12"), Some(false)),
            tool("gcc", None, None),
            tool("cffi", None, Some(true)),
        ];
        let found = remedies(&tools, "abi3-3.11".parse().expect("a target"));
        let told: Vec<_> = found.iter().map(|one| (one.tool.as_str(), one.blocks, one.seen.join(" "))).collect();
        assert_eq!(
            told,
            [
                ("cython", true, "3.0.12 3.1.2".to_owned()),
                ("pybind11", true, String::new()),
                ("cffi", false, String::new())
            ]
        );
        assert!(found[0].advice.starts_with("Cython 3.1"));
        let free = remedies(&tools, "abi3t-3.15".parse().expect("a target"));
        assert!(free[0].advice.starts_with("no release can yet"), "{}", free[0].advice);
    }

    #[test]
    fn every_tool_that_may_block_has_advice() {
        assert!(KNOWN.is_sorted_by_key(|(name, ..)| *name));
        for name in ability::names() {
            let known = remedies(&[tool(name, None, Some(false))], "abi3-3.11".parse().expect("a target"));
            assert!(known.len() == 1 && known[0].blocks, "{name}");
        }
    }
}
