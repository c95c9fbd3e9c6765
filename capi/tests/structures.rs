//! Which structures limited mode shows, and what members say about them.

use capi::{Version, item, members_named, structure, structures};

const fn v3(minor: u8) -> Version {
    Version::new(3, minor)
}

#[test]
fn structures_that_limited_mode_shows() {
    for (name, since) in [
        ("PyObject", 2),
        ("PyVarObject", 2),
        ("PyMethodDef", 2),
        ("PyMemberDef", 2),
        ("PyGetSetDef", 2),
        ("PyModuleDef", 2),
        ("PyModuleDef_Base", 2),
        ("PyType_Slot", 2),
        ("PyType_Spec", 2),
        ("PyStructSequence_Desc", 2),
        ("PyStructSequence_Field", 2),
        ("PyModuleDef_Slot", 5),
        ("Py_buffer", 11),
        ("PyABIInfo", 15),
        ("PySlot", 15),
        ("PyCriticalSection", 15),
        ("PyCriticalSection2", 15),
        ("PyLongLayout", 15),
        ("PyLongExport", 15),
    ] {
        let structure = structure(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(structure.limited_since, Some(v3(since)), "{name}");
        assert!(structure.is_complete_in_limited(Version::NEWEST), "{name}");
    }
}

#[test]
fn structures_that_limited_mode_hides() {
    for name in [
        "PyTypeObject",
        "PyHeapTypeObject",
        "PyFrameObject",
        "PyThreadState",
        "PyInterpreterState",
        "PyCodeObject",
        "PyLongObject",
        "PyASCIIObject",
        "PyCompactUnicodeObject",
        "PyUnicodeObject",
        "PyListObject",
        "PyTupleObject",
        "PyBytesObject",
        "PyFloatObject",
        "PyDictObject",
        "PySetObject",
        "PyCFunctionObject",
        "PyMethodObject",
        "PyFunctionObject",
        "PyWeakReference",
        "PyBaseExceptionObject",
        "PyNumberMethods",
        "PySequenceMethods",
        "PyMappingMethods",
        "PyAsyncMethods",
        "PyBufferProcs",
    ] {
        let structure = structure(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(structure.limited_since, None, "{name}");
        assert!(structure.opaque_in_abi3t, "{name}");
        assert!(structure.members.iter().all(|m| !m.allowed_in_limited), "{name}");
    }
}

#[test]
fn the_free_threaded_stable_abi_hides_the_object_heads_and_module_definitions_too() {
    for name in ["PyObject", "PyVarObject", "PyModuleDef", "PyModuleDef_Base"] {
        assert!(structure(name).is_some_and(|s| s.opaque_in_abi3t), "{name}");
    }
    for name in ["Py_buffer", "PyMethodDef", "PySlot", "PyMemberDef", "PyType_Spec"] {
        assert!(structure(name).is_some_and(|s| !s.opaque_in_abi3t), "{name}");
    }
}

#[test]
fn tags_find_their_structure() {
    for (tag, name) in [
        ("_typeobject", "PyTypeObject"),
        ("_object", "PyObject"),
        ("_ts", "PyThreadState"),
        ("_is", "PyInterpreterState"),
        ("_frame", "PyFrameObject"),
        ("bufferinfo", "Py_buffer"),
        ("_longobject", "PyLongObject"),
    ] {
        assert_eq!(structure(tag).map(|s| s.name), Some(name));
    }
    assert!(structure("PyArrayObject").is_none());
    assert!(structure("").is_none());
}

#[test]
fn members_are_found_by_their_last_component() {
    let public = members_named("lv_tag").filter(|(_, m)| m.internal.is_none());
    let found: Vec<(&str, &str)> = public.map(|(s, m)| (s.name, m.name)).collect();
    assert_eq!(found, [("PyLongObject", "long_value.lv_tag"), ("_PyLongValue", "lv_tag")]);
    let long = structure("PyLongObject").expect("a structure");
    assert_eq!(long.member("lv_tag").map(|m| m.name), Some("long_value.lv_tag"));
    assert_eq!(members_named("no_such_member").count(), 0);
    assert!(members_named("frame").count() > 1);
}

#[test]
fn every_member_is_found_by_name() {
    for structure in structures() {
        for member in structure.members {
            let last = member.name.rsplit('.').next().unwrap_or(member.name);
            assert!(
                members_named(last).any(|(s, m)| s.name == structure.name && m.name == member.name),
                "{}.{}",
                structure.name,
                member.name
            );
        }
    }
}

/// The structures whose member of this name is distinctive.
fn told_by(member: &str) -> Vec<&'static str> {
    members_named(member).filter(|(_, m)| m.distinctive).map(|(s, _)| s.name).collect()
}

#[test]
fn distinctive_members_name_one_structure() {
    for (member, structure) in [
        ("ob_refcnt", "PyObject"),
        ("ob_type", "PyObject"),
        ("ob_size", "PyVarObject"),
        ("tp_name", "PyTypeObject"),
        ("tp_as_number", "PyTypeObject"),
        ("nb_add", "PyNumberMethods"),
        ("f_back", "PyFrameObject"),
        ("f_code", "PyFrameObject"),
        ("co_flags", "PyCodeObject"),
        ("m_ml", "PyCFunctionObject"),
        ("im_self", "PyMethodObject"),
        ("func_globals", "PyFunctionObject"),
        ("gi_frame", "PyGenObject"),
        ("ht_name", "PyHeapTypeObject"),
        ("ob_sval", "PyBytesObject"),
        ("ob_fval", "PyFloatObject"),
        ("lv_tag", "PyLongObject"),
        ("ob_digit", "PyLongObject"),
        ("curexc_type", "PyThreadState"),
    ] {
        let told = told_by(member);
        assert!(!told.is_empty() && told.iter().all(|s| *s == structure), "{member}: {told:?}");
    }
}

#[test]
fn members_with_common_names_tell_nothing() {
    for member in [
        "frame", "interp", "next", "length", "data", "state", "id", "name", "hash", "dict", "start", "args", "kind",
        "m_name", "m_size", "d_name", "d_type", "ob_item", "ob_base", "value", "buf", "len", "readonly", "flags",
    ] {
        assert_eq!(told_by(member), [""; 0], "{member}");
    }
}

#[test]
fn no_distinctive_member_is_claimed_twice() {
    for structure in structures() {
        for member in structure.members.iter().filter(|m| m.distinctive) {
            let last = member.name.rsplit('.').next().unwrap_or(member.name);
            assert!(told_by(last).iter().all(|s| *s == structure.name), "{last}");
        }
    }
}

#[test]
fn members_of_the_object_head_are_allowed_and_have_replacements() {
    let object = structure("PyObject").expect("a structure");
    let refcnt = object.member("ob_refcnt").expect("a member");
    assert!(refcnt.allowed_in_limited && refcnt.promised);
    assert_eq!(refcnt.getters[0].name, "Py_REFCNT");
    assert_eq!(refcnt.getters[0].limited_since, Some(v3(2)));
    assert_eq!(refcnt.setters[0].compat_below, Some(v3(9)));
    let split = object.member("ob_refcnt_split").expect("a member");
    assert!(split.allowed_in_limited && !split.promised, "shown, not promised");
    let name = structure("PyTypeObject").and_then(|s| s.member("tp_name")).expect("a member");
    assert_eq!(name.attribute, Some("__name__"));
    assert_eq!(name.getters[0].limited_since, Some(v3(11)));
}

#[test]
fn every_structure_and_slot_is_an_item() {
    for structure in structures() {
        // Those of internal headers only are often too common a word for a name.
        assert!(structure.public.is_none() || item(structure.name).is_some(), "{}", structure.name);
        for member in structure.members {
            if let Some(slot) = member.slot {
                assert!(item(slot).is_some(), "{slot}");
            }
        }
    }
}

#[test]
fn structures_of_internal_headers_are_told_from_public_ones() {
    let frame = structure("_PyInterpreterFrame").expect("a structure");
    assert_eq!(frame.public, None);
    assert!(frame.member("previous").is_some_and(|m| m.internal.is_some() && !m.distinctive));
    let object = structure("PyFrameObject").expect("a structure");
    assert!(object.member("f_frame").is_some_and(|m| m.public.is_none() && m.internal.is_some()));
    assert!(object.member("f_back").is_some_and(|m| m.public.is_some() && m.internal.is_none()));
    assert!(structure("llist_node").is_some_and(|s| s.public.is_none() && s.limited_since.is_none()));
}

#[test]
fn a_member_knows_the_types_that_it_had_before() {
    let cframe = structure("PyThreadState").and_then(|s| s.member("cframe")).expect("a member");
    assert_eq!(cframe.c_type, "_PyCFrame *");
    assert!(cframe.was.iter().any(|(versions, was)| versions.contains(v3(10)) && *was == "CFrame *"));
    let base = structure("PyLongObject").and_then(|s| s.member("ob_base")).expect("a member");
    assert!(base.was.iter().any(|(versions, was)| versions.contains(v3(11)) && *was == "PyVarObject"));
}

#[test]
fn every_member_is_found_by_its_own_name() {
    for structure in capi::structures() {
        for member in structure.members {
            let found = structure.member(member.name).map(|found| found.name);
            assert_eq!(found, Some(member.name), "{}", structure.name);
        }
    }
    // Its own name goes before that of one further in: 3.13 has `_status.holds_gil`, 3.14 `holds_gil`.
    let thread = structure("PyThreadState").unwrap();
    assert_eq!(thread.member("holds_gil").map(|m| m.name), Some("holds_gil"));
    assert_eq!(thread.member("bound_gilstate").map(|m| m.name), Some("_status.bound_gilstate"));
}
