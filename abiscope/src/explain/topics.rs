//! The words of abiscope's reports, explained.

/// A word and what it means.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// As it stands in reports.
    pub name: &'static str,
    /// Paragraphs.
    pub text: &'static [&'static str],
}

/// The topic of this name.
pub fn find(name: &str) -> Option<&'static Topic> {
    ALL.iter().find(|topic| topic.name.eq_ignore_ascii_case(name))
}

/// Every topic, in the order in which they are best read.
pub const ALL: &[Topic] = &[
    Topic {
        name: "abi3",
        text: &[
            "The stable ABI of CPython (PEP 384): an extension that is built with Py_LIMITED_API set to 3.X runs on every later CPython 3, with one wheel a platform.",
            "In limited mode the headers show only the limited API: functions, and structures that never change. Macros that reach into objects, members of PyTypeObject and static types are not among it.",
            "Set Py_LIMITED_API to the oldest version you support, such as 0x030b0000 for 3.11, tag the wheel cp311-abi3, and name the extension file NAME.abi3.so.",
        ],
    },
    Topic {
        name: "abi3t",
        text: &[
            "The stable ABI for free-threaded builds, from CPython 3.15 on (PEP 803). PyObject itself is opaque there.",
            "Besides what abi3-3.15 asks for: no PyObject_HEAD in structures (data goes behind the object: negative basicsize and PyObject_GetTypeData), heap types only, no PyModuleDef (PyModExport_NAME returns slots, PEP 793), no access to ob_refcnt, ob_type, ob_size.",
            "Define Py_TARGET_ABI3T as 0x030f0000. One wheel can carry both tags: abi3.abi3t.",
        ],
    },
    Topic {
        name: "floor",
        text: &[
            "The lowest abi3 target from which every later one has no blocker: what Py_LIMITED_API could be set to today, by the code alone.",
        ],
    },
    Topic {
        name: "no-blocker",
        text: &[
            "Nothing was found in the sources that stands in the way of the target. It is no promise that the extension builds or works: compile it with Py_LIMITED_API to be sure.",
        ],
    },
    Topic {
        name: "blocked",
        text: &[
            "Code that a build for the target would compile uses what the target does not have. Each blocker is listed with its places and, where one exists, what to write instead.",
        ],
    },
    Topic {
        name: "tool-blocks",
        text: &[
            "The code itself has no blocker, but a tool it is built with cannot make such an extension: pybind11 at all, Cython below 3.1, SWIG below 4.2, mypyc, f2py, Boost.Python.",
        ],
    },
    Topic {
        name: "undecided",
        text: &[
            "An open question could block, and the sources do not answer it: C that is generated when the package is built, a language that is not read, source over a limit, a condition that cannot be told. The question is named; “could not tell” is never shown as fine.",
        ],
    },
    Topic { name: "pure", text: &["The sdist holds no native source, and nothing that would make some."] },
    Topic {
        name: "api",
        text: &[
            "A name of CPython's C API is used: a function, macro, type, variable or constant. Comments, strings and names that the package defines itself are not counted.",
        ],
    },
    Topic {
        name: "member",
        text: &[
            "A member of one of CPython's structures is read, written, initialised, or its address or offset is taken. Its place in the structure is then compiled into the extension, so CPython cannot change the structure without breaking it.",
        ],
    },
    Topic {
        name: "lvalue",
        text: &[
            "A macro stands where it is assigned to: Py_TYPE(x) = y, ++Py_REFCNT(x), Py_CLEAR(PyTuple_GET_ITEM(t, 0)). PEP 674 turns such macros into functions, which cannot stand there; a setter such as Py_SET_TYPE can.",
        ],
    },
    Topic {
        name: "static-type",
        text: &[
            "A PyTypeObject with static storage. No stable ABI shows the members of PyTypeObject, so the type has to be made at run time: a PyType_Spec and PyType_FromSpec (since 3.2), or PyType_FromModuleAndSpec (3.10).",
        ],
    },
    Topic {
        name: "module-def",
        text: &[
            "A PyModuleDef with static storage. abi3 has it; in abi3t it is opaque, and PyModExport_NAME returns slots instead (PEP 793).",
        ],
    },
    Topic {
        name: "layout",
        text: &[
            "Code depends on the size or layout of a structure of CPython: PyObject_HEAD in a structure of one's own, another structure embedded by value, sizeof of one. abi3 keeps the head of PyObject; abi3t does not.",
        ],
    },
    Topic {
        name: "internal-header",
        text: &[
            "A header that CPython keeps for itself is included (internal/…, pycore_….h). What it shows may change in any release, even a patch release.",
        ],
    },
    Topic {
        name: "export-hook",
        text: &[
            "The function by which Python finds the module: PyInit_NAME, or since 3.15 PyModExport_NAME (PEP 793).",
        ],
    },
    Topic {
        name: "origin",
        text: &[
            "Who wrote the code: own; generated (by Cython, SWIG, SIP, …); vendored (copied from another project); test-or-doc. All but tests and docs count for verdicts: origin labels, it never hides.",
        ],
    },
    Topic {
        name: "condition",
        text: &[
            "For which builds the preprocessor keeps a line: always, never, an expression such as python < 3.9 and implementation == cpython, or unknown.",
        ],
    },
];
