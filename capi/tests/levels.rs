//! The limited-API levels that are easy to get wrong, each checked by hand in CPython's headers.

use capi::{ItemKind, Tier, Version, item};

const fn v3(minor: u8) -> Version {
    Version::new(3, minor)
}

/// Names and the first level 3.X at which headers 3.X show them.
const SINCE: &[(u8, &[&str])] = &[
    (2, &["PyObject_HEAD", "Py_TYPE", "Py_SIZE", "Py_REFCNT", "Py_INCREF", "PyModule_Create", "PyTypeObject"]),
    (4, &["PyType_GetSlot"]),
    (5, &["PyModule_FromDefAndSpec", "PyModule_ExecDef"]),
    (10, &["PyUnicode_AsUTF8AndSize", "Py_NewRef", "Py_XNewRef", "PyModule_AddObjectRef", "METH_FASTCALL", "Py_Is"]),
    (
        11,
        &[
            "Py_buffer",
            "PyObject_GetBuffer",
            "PyObject_CheckBuffer",
            "PyBuffer_Release",
            "PyBuffer_FillInfo",
            "PyBuffer_IsContiguous",
            "PyMemoryView_FromBuffer",
            "Py_bf_getbuffer",
            "Py_bf_releasebuffer",
            "PyType_GetName",
            "PyType_GetQualName",
        ],
    ),
    (
        12,
        &[
            "PyObject_Vectorcall",
            "PyObject_VectorcallMethod",
            "PyVectorcall_NARGS",
            "PyVectorcall_Call",
            "PyType_FromMetaclass",
            "PyObject_GetTypeData",
            "Py_T_INT",
            "Py_T_OBJECT_EX",
            "Py_READONLY",
        ],
    ),
    (
        13,
        &[
            "PyMem_RawMalloc",
            "PyMem_RawFree",
            "PyList_GetItemRef",
            "PyDict_GetItemRef",
            "PyWeakref_GetRef",
            "PyLong_AsInt",
        ],
    ),
    (15, &["PyCriticalSection", "PyCriticalSection2", "PyLong_Export", "PyModule_FromSlotsAndSpec", "PySlot"]),
];

#[test]
fn each_name_is_limited_from_its_level_and_not_below() {
    for (minor, names) in SINCE {
        for name in *names {
            let item = item(name).unwrap_or_else(|| panic!("{name} is missing"));
            assert_eq!(item.limited_since, Some(v3(*minor)), "{name}");
            assert!(item.is_limited_at(v3(*minor)), "{name} at 3.{minor}");
            assert!(item.is_limited_at(Version::NEWEST), "{name} in the newest");
            assert!(*minor == 2 || !item.is_limited_at(v3(minor - 1)), "{name} below 3.{minor}");
        }
    }
}

#[test]
fn names_never_in_the_limited_api_of_a_release() {
    for name in [
        "PyUnicode_AsUTF8",
        "PyObject_CallOneArg",
        "PyBytesWriter_Create",
        "PyUnicodeWriter_Create",
        "PyTuple_GET_ITEM",
        "PyTuple_SET_ITEM",
        "PyTuple_GET_SIZE",
        "PyList_GET_ITEM",
        "PyList_SET_ITEM",
        "PyList_GET_SIZE",
        "PyBytes_AS_STRING",
        "PyBytes_GET_SIZE",
        "PyByteArray_AS_STRING",
        "PyFloat_AS_DOUBLE",
        "PyUnicode_READ",
        "PyUnicode_DATA",
        "PyUnicode_KIND",
        "PyUnicode_GET_LENGTH",
        "PyUnicode_READY",
        "PyCFunction_GET_FUNCTION",
        "PyFunction_GET_CODE",
        "PyMethod_GET_SELF",
        "PyObject_CallMethodOneArg",
        "PyObject_CallMethodNoArgs",
        "PyRun_String",
        "PyEval_SetTrace",
        "PyEval_SetProfile",
        "Py_SETREF",
        "PySequence_Fast_GET_ITEM",
        "PySequence_Fast_GET_SIZE",
        "PySequence_Fast_ITEMS",
        "PyWeakref_GET_OBJECT",
        "PyDateTime_GET_YEAR",
        "PyHeapTypeObject",
        "PyNumberMethods",
        "PyBufferProcs",
        "PyListObject",
    ] {
        let item = item(name).unwrap_or_else(|| panic!("{name} is missing"));
        for minor in 2..=Version::NEWEST.minor() {
            assert!(!item.is_limited_at(v3(minor)), "{name} at 3.{minor}");
        }
    }
}

#[test]
fn names_that_left_limited_mode() {
    for (name, last) in [("PyMarshal_WriteObjectToString", 10), ("PyEval_CallFunction", 12), ("PySys_SetPath", 12)] {
        let item = item(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(item.is_limited_at(v3(last)), "{name} at 3.{last}");
        assert!(!item.is_limited_at(v3(last + 1)), "{name} above 3.{last}");
    }
}

#[test]
fn a_macro_that_does_not_compile_is_not_limited() {
    let enter = item("Py_EnterRecursiveCall").expect("an item");
    assert!(!enter.is_limited_at(v3(8)), "visible, but it reads a hidden member");
    assert!(enter.is_limited_at(v3(9)), "a function since 3.9");
    for name in ["PyIter_Check", "PyIndex_Check"] {
        let check = item(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(!check.is_limited_at(v3(7)), "{name} reads PyTypeObject in 3.7");
        assert!(check.is_limited_at(v3(8)), "{name} is a function since 3.8");
    }
    let calloc = item("PyMem_Calloc").expect("an item");
    assert!(!calloc.is_limited_at(v3(8)) && !calloc.is_limited_at(v3(9)), "hidden for two versions");
    assert!(calloc.is_limited_at(v3(7)) && calloc.is_limited_at(v3(10)));
}

#[test]
fn kinds_follow_the_versions() {
    for (name, functions_since) in [("Py_TYPE", 14), ("Py_REFCNT", 14), ("Py_SIZE", 15), ("Py_IS_TYPE", 15)] {
        let item = item(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(item.kind_at(v3(functions_since)), ItemKind::Function, "{name}");
        assert_eq!(item.kind_at(v3(functions_since - 1)), ItemKind::InlineFunction, "{name}");
        assert_eq!(item.kind_at(v3(9)), ItemKind::FunctionMacro, "{name}");
        assert_eq!(item.manifest, Some(v3(functions_since)), "{name} is exported since");
    }
}

#[test]
fn tiers_by_version() {
    let tier = |name: &str, minor: u8| item(name).unwrap_or_else(|| panic!("{name} is missing")).tier(v3(minor));
    assert_eq!(tier("PyList_New", 8), Tier::Limited);
    assert_eq!(tier("PyTuple_GET_ITEM", 13), Tier::Public);
    assert_eq!(tier("_PyThreadState_UncheckedGet", 12), Tier::Private);
    assert_eq!(tier("_PyObject_GetMethod", 13), Tier::Internal);
    assert_eq!(tier("PyUnicode_AS_UNICODE", 12), Tier::Absent);
    assert_eq!(tier("PyUnicode_AS_UNICODE", 11), Tier::Public);
}

#[test]
fn what_abi3t_hides_and_what_it_leaves_without_use() {
    let hidden: Vec<&str> = capi::items().iter().filter(|item| item.hidden_in_abi3t).map(|item| item.name).collect();
    assert_eq!(
        hidden,
        [
            "PyModuleDef_Base",
            "PyModuleDef_HEAD_INIT",
            "PyObject_HEAD",
            "PyObject_HEAD_INIT",
            "PyObject_VAR_HEAD",
            "PyVarObject_HEAD_INIT",
            "Py_SET_TYPE",
            "_PyObject_EXTRA_INIT",
            "_Py_IMMORTAL_INITIAL_REFCNT",
            "_Py_IMMORTAL_MINIMUM_REFCNT",
            "_Py_IS_TYPE_impl",
            "_Py_IsImmortal",
            "_Py_IsStaticImmortal",
            "_Py_SET_SIZE_impl",
            "_Py_SIZE_impl",
            "_Py_STATIC_FLAG_BITS",
            "_Py_STATIC_IMMORTAL_INITIAL_REFCNT",
            "_Py_TYPE_impl",
        ]
    );
    for name in
        ["PyModule_Create2", "PyModuleDef_Init", "PyState_FindModule", "PyType_GetModuleByDef", "Py_tp_itemsize"]
    {
        assert!(item(name).is_some_and(|item| item.useless_in_abi3t), "{name}");
    }
    assert!(item("PyModule_FromSlotsAndSpec").is_some_and(|item| !item.useless_in_abi3t));
}
