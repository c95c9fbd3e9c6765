//! The tables as a whole: order, look-ups, cross-references, ranges.

use capi::{
    Gone, ItemKind, Role, Version, VersionRange, abi_reads, change, compat_name, compat_names, header, headers,
    is_c_api_prefix, is_internal_header, item, item_bytes, items, lvalue_macro, lvalue_macros, noise, removed, role,
    roles, structure, tracking,
};

#[test]
fn items_are_sorted_and_each_is_found() {
    assert!(items().len() > 6_000);
    assert!(items().is_sorted_by(|a, b| a.name < b.name));
    for entry in items() {
        assert_eq!(item(entry.name).map(|found| found.name), Some(entry.name));
    }
}

#[test]
fn the_gate_lets_every_item_through() {
    for entry in items() {
        assert!(is_c_api_prefix(entry.name.as_bytes()), "{}", entry.name);
    }
}

#[test]
fn the_gate_knows_names_without_the_prefix() {
    for name in
        ["METH_O", "T_INT", "READONLY", "destructor", "getter", "visitproc", "unaryfunc", "lenfunc", "newfunc", "digit"]
    {
        assert!(is_c_api_prefix(name.as_bytes()), "{name}");
        assert!(item(name).is_some_and(|item| !item.noise), "{name}");
    }
}

#[test]
fn the_gate_stops_most_other_words() {
    let words = [
        "if",
        "return",
        "static",
        "const",
        "char",
        "int",
        "size_t",
        "self",
        "result",
        "value",
        "buffer",
        "length",
        "i",
        "x",
        "",
        "_",
        "__",
        "NULL",
        "printf",
        "memcpy",
        "std",
        "string",
        "vector",
        "template",
        "typename",
        "class",
        "data",
        "index",
        "__pyx_v_self",
        "npy_intp",
        "PyPy"[..2].as_ref(),
        "goto",
        "else",
        "unsigned",
        "struct",
    ];
    let passed: Vec<&str> = words.into_iter().filter(|word| is_c_api_prefix(word.as_bytes())).collect();
    // `__pyx_…` has the letters of the prefix; the look-up behind the gate settles it.
    assert_eq!(passed, ["__pyx_v_self"]);
}

#[test]
fn noise_is_known_but_never_found() {
    assert!(noise().len() > 1_000);
    for entry in noise() {
        assert!(entry.noise);
        assert!(item(entry.name).is_none(), "{}", entry.name);
    }
    for name in ["Add", "BINARY_ADD", "NAME", "tolower", "BASE", "timeval", "ALIGNMENT"] {
        assert!(noise().iter().any(|entry| entry.name == name), "{name}");
    }
}

#[test]
fn unknown_names_are_not_found() {
    for name in ["", "P", "PyArray_DATA", "PyInit_spam", "SwigPyObject", "__Pyx_GetAttr", "Py"] {
        assert!(item(name).is_none(), "{name}");
        assert!(item_bytes(name.as_bytes()).is_none(), "{name}");
    }
    assert!(item_bytes(b"Py\xff\xfe").is_none());
}

#[test]
fn ranges_do_not_end_before_they_begin() {
    let sane = |range: VersionRange| range.last.is_none_or(|last| range.first <= last && last < Version::NEWEST);
    for entry in items().iter().chain(noise()) {
        let history = entry.history.iter().map(|(range, _)| *range);
        let all = history.chain(entry.public).chain(entry.internal).chain(entry.limited_broken.iter().copied());
        for range in all {
            assert!(sane(range), "{}: {range:?}", entry.name);
        }
        if let (Some(since), Some(last)) = (entry.limited_since, entry.limited_last) {
            assert!(since <= last, "{}", entry.name);
        }
    }
}

#[test]
fn limited_names_are_public_at_their_level() {
    for entry in items() {
        let Some(since) = entry.limited_since.filter(|since| *since >= Version::new(3, 6)) else {
            continue;
        };
        assert!(entry.public.is_some_and(|public| public.contains(since)), "{}", entry.name);
    }
}

#[test]
fn private_and_unstable_follow_the_name() {
    for entry in items() {
        assert_eq!(entry.private, entry.name.starts_with('_'), "{}", entry.name);
        assert_eq!(entry.unstable, entry.name.starts_with("PyUnstable_"), "{}", entry.name);
        assert!(!entry.tag_only || matches!(entry.kind, ItemKind::Structure | ItemKind::Enum), "{}", entry.name);
    }
    assert!(item("_typeobject").is_some_and(|item| item.tag_only));
    assert!(item("PyTypeObject").is_some_and(|item| !item.tag_only));
}

#[test]
fn windows_names_are_items_too() {
    let error = item("PyErr_SetFromWindowsErr").expect("an item");
    assert_eq!(error.ifdef, Some("MS_WINDOWS"));
    assert!(error.is_limited_at(Version::new(3, 8)));
}

#[test]
fn the_81_lvalue_macros() {
    assert_eq!(lvalue_macros().len(), 81);
    for lvalue in lvalue_macros() {
        assert!(item(lvalue.name).is_some(), "{}", lvalue.name);
        assert_eq!(lvalue_macro(lvalue.name).map(|found| found.name), Some(lvalue.name));
        for path in lvalue.members {
            let (owner, member) = path.split_once('.').expect("a path");
            assert!(structure(owner).is_some_and(|s| s.member(member).is_some()), "{path}");
        }
    }
    let assignable_in = |name: &str, minor: u8| {
        lvalue_macro(name)
            .and_then(|lvalue| lvalue.assignable)
            .is_some_and(|range| range.contains(Version::new(3, minor)))
    };
    for (name, last) in [
        ("Py_REFCNT", 9),
        ("Py_TYPE", 10),
        ("Py_SIZE", 10),
        ("PyList_GET_SIZE", 10),
        ("PyCFunction_GET_FUNCTION", 10),
        ("PyCell_GET", 11),
        ("PyFunction_GET_CODE", 11),
        ("PyMethod_GET_SELF", 11),
        ("PyFloat_AS_DOUBLE", 11),
        ("PyMemoryView_GET_BASE", 11),
        ("PyStructSequence_GET_ITEM", 12),
    ] {
        assert!(assignable_in(name, last), "{name} in 3.{last}");
        assert!(!assignable_in(name, last + 1), "{name} in 3.{}", last + 1);
    }
    for name in ["PyList_GET_ITEM", "PyTuple_GET_ITEM", "PyDescr_NAME", "PyDescr_TYPE", "PyDateTime_GET_DAY"] {
        assert!(assignable_in(name, Version::NEWEST.minor()), "{name}");
    }
    let py_type = lvalue_macro("Py_TYPE").expect("a macro");
    assert!(py_type.pep674);
    assert_eq!(py_type.setters[0].name, "Py_SET_TYPE");
}

#[test]
fn reads_name_known_members() {
    for (name, member) in [("Py_TYPE", "ob_type"), ("Py_SIZE", "ob_size"), ("PyTuple_GET_ITEM", "ob_item")] {
        let reads = abi_reads(name).unwrap_or_else(|| panic!("{name} reads nothing"));
        assert!(reads.normal.iter().any(|read| read.member == member), "{name}");
    }
    for reads in capi::all_abi_reads() {
        for read in reads.normal.iter().chain(reads.limited).chain(reads.newest_at_level) {
            let known = structure(read.structure).and_then(|s| s.member(read.member));
            let cstringio = read.structure == "PycStringIO_CAPI"; // 2.7's, not in the structures
            assert!(known.is_some() || cstringio, "{}: {}.{}", reads.name, read.structure, read.member);
        }
    }
    let py_type = abi_reads("Py_TYPE").expect("reads");
    let newest = py_type.newest_at_level[0].versions[0];
    assert!(newest.contains(Version::new(3, 13)) && !newest.contains(Version::new(3, 14)), "a function since 3.14");
}

#[test]
fn removals_and_deprecations() {
    let resize = removed("PyUnicode_AS_UNICODE").expect("removed");
    assert_eq!(resize.last, Some(Version::new(3, 11)));
    assert_eq!(resize.gone, Some(Gone::Removed));
    assert!(resize.replacement.iter().any(|a| a.name == "PyUnicode_AsWideCharString"));
    assert_eq!(removed("_PyObject_GetMethod").and_then(|change| change.gone), Some(Gone::Internal));
    assert!(removed("PyList_New").is_none());
    assert!(change("PyCode_New").is_none_or(|change| change.gone.is_none()));
    assert_eq!(change("PyGen_New").and_then(|change| change.will_remove), Some(Version::new(3, 18)));
}

#[test]
fn alternatives_are_items_and_come_best_first() {
    let get_item = item("PyList_GET_ITEM").expect("an item");
    let names: Vec<&str> = get_item.alternatives.iter().map(|a| a.name).collect();
    assert_eq!(names, ["PyList_GetItem", "PyList_GetItemRef"]);
    assert_eq!(get_item.alternatives[1].limited_since, Some(Version::new(3, 13)));
    for entry in items() {
        for alternative in entry.alternatives {
            assert!(item(alternative.name).is_some(), "{} for {}", alternative.name, entry.name);
        }
    }
}

#[test]
fn headers_and_what_limited_mode_leaves_of_them() {
    assert!(headers().is_sorted_by(|a, b| a.name < b.name));
    for name in ["datetime.h", "cpython/code.h"] {
        assert!(header(name).is_some_and(|h| h.limited.is_none()), "{name}");
    }
    assert!(header("abstract.h").is_some_and(|h| h.limited.is_some_and(|range| range.contains(Version::NEWEST))));
    let oldest = |name: &str| header(name).and_then(|h| h.limited).map(|range| range.first);
    assert_eq!(oldest("abstract.h"), Some(Version::OLDEST_LIMITED), "not measured, taken from 3.6");
    let marshal = header("marshal.h").and_then(|h| h.limited).expect("limited once");
    assert!(marshal.contains(Version::new(3, 10)) && !marshal.contains(Version::new(3, 11)));
    assert!(header("cpython/object.h").is_some_and(|h| !h.direct_include));
    assert!(header("numpy/arrayobject.h").is_none());
}

#[test]
fn internal_headers_by_what_the_include_says() {
    for name in ["internal/pycore_frame.h", "pycore_frame.h", "python3.11/internal/pycore_long.h"] {
        assert!(is_internal_header(name), "{name}");
    }
    for name in ["Python.h", "cpython/code.h", "frameobject.h", "mylib/internal/util.h", "core.h"] {
        assert!(!is_internal_header(name), "{name}");
    }
}

#[test]
fn compat_names_and_their_versions() {
    assert_eq!(compat_names().len(), 194);
    let below = |name: &str| compat_name(name).and_then(|compat| compat.below);
    assert_eq!(below("PyFrame_GetCode"), Some(Version::new(3, 9)));
    assert_eq!(below("PyDict_GetItemRef"), Some(Version::new(3, 13)));
    assert!(compat_name("PyList_New").is_none());
    assert!(compat_name("PyTime_t").is_some_and(|compat| compat.is_type));
}

#[test]
fn tracked_issues_name_structures_and_their_readers() {
    assert_eq!(tracking().len(), 7);
    for issue in tracking() {
        assert_eq!(issue.members().count(), issue.structures.len(), "{}", issue.issue);
    }
    let object = tracking().iter().find(|t| t.issue == "bpo-39573").expect("tracked");
    assert!(object.readers().any(|reads| reads.name == "Py_TYPE"));
    assert!(!object.readers().any(|reads| reads.name == "PyTuple_GET_ITEM"));
}

#[test]
fn roles_are_sorted_and_name_items_and_structures() {
    assert!(roles().is_sorted_by(|a, b| a.name < b.name));
    for entry in roles() {
        assert!(item(entry.name).is_some(), "{}", entry.name);
        assert!(entry.structure.is_none_or(|name| structure(name).is_some()), "{}", entry.name);
    }
    assert_eq!(role("PyObject_HEAD").map(|r| r.role), Some(Role::ObjectHead));
    assert_eq!(role("PyTypeObject").map(|r| r.role), Some(Role::TypeObject));
    assert!(role("PyList_New").is_none());
}
