//! Direct touches and those through macros, on findings made by hand.

use super::*;
use crate::{Accesses, Certainty, Condition, Origin, Site};

fn found(kind: Kind, name: &str, sites: u32) -> Use {
    Use {
        kind,
        name: name.to_owned(),
        structure: None,
        member_path: None,
        access: Accesses::default(),
        origin: Origin { class: OriginClass::Own, by: None },
        condition: Condition::always(),
        active: None,
        certainty: Certainty::Certain,
        sites: (1..=sites).map(|line| Site { file: 0, line, column: 1, expansions: 0 }).collect(),
    }
}

fn under(condition: &str, found: Use) -> Use {
    Use { condition: condition.parse().expect("a condition"), ..found }
}

/// `api_level` and `abi_level` of one structure.
fn levels(uses: &[Use], on: Option<&str>, structure: &str) -> (u64, u64) {
    let environment: Option<Environment> = on.map(|text| text.parse().expect("an environment"));
    let counts = count(&uses.iter().map(Cow::Borrowed).collect::<Vec<_>>(), environment.as_ref());
    counts.get(structure).map_or((0, 0), |counts| (counts.api_level, counts.abi_level))
}

#[test]
fn members_static_types_and_layouts_touch_directly_and_macros_inside_the_binary() {
    let member = Use { structure: Some("PyObject".to_owned()), ..found(Kind::Member, "ob_type", 2) };
    let uses = [member, found(Kind::Api, "Py_TYPE", 3), found(Kind::StaticType, "Foo_Type", 1)];
    assert_eq!(levels(&uses, None, "PyObject"), (2, 3));
    assert_eq!(levels(&uses, None, "PyTypeObject"), (1, 0));
    let uses = [found(Kind::Layout, "PyObject_HEAD", 4), found(Kind::Layout, "PyListObject", 1)];
    assert_eq!(levels(&uses, None, "PyObject"), (4, 0));
    assert_eq!(levels(&uses, None, "PyListObject"), (1, 0));
}

#[test]
fn a_function_that_reads_its_structure_in_the_interpreter_touches_nothing() {
    assert_eq!(levels(&[found(Kind::Api, "PyTuple_GetItem", 1)], None, "PyTupleObject"), (0, 0));
    assert_eq!(levels(&[found(Kind::Api, "PyTuple_GET_ITEM", 1)], None, "PyTupleObject"), (0, 1));
    // An l-value use is counted by the name and the member that go with it.
    assert_eq!(levels(&[found(Kind::Lvalue, "PyTuple_GET_ITEM", 1)], None, "PyTupleObject"), (0, 0));
}

#[test]
fn what_a_macro_touches_is_that_of_the_build_asked_about() {
    let type_of = [found(Kind::Api, "Py_TYPE", 1)];
    assert_eq!(levels(&type_of, Some("limited=3.13"), "PyObject"), (0, 1));
    assert_eq!(levels(&type_of, Some("limited=3.14"), "PyObject"), (0, 0), "a function from 3.14 on");
    assert_eq!(levels(&type_of, Some("python=3.15,limited=3.11"), "PyObject"), (0, 1));
    assert_eq!(levels(&type_of, Some("abi3t"), "PyObject"), (0, 0));
    assert_eq!(levels(&type_of, Some("python=3.14"), "PyObject"), (0, 1), "outside limited mode it is a macro still");
}

#[test]
fn without_a_version_it_is_that_of_the_newest_in_which_the_use_is_live() {
    let any = found(Kind::Api, "PyAnySet_Check", 1);
    assert_eq!(levels(&[under("python < 3.9", any.clone())], None, "PyObject"), (0, 1));
    assert_eq!(levels(&[under("python < 3.0", any)], None, "PyObject"), (0, 1));
    // A macro that did not exist then touches nothing.
    let later = found(Kind::Api, "PyAnyDict_Check", 1);
    assert_eq!(levels(std::slice::from_ref(&later), None, "PyObject"), (0, 1));
    assert_eq!(levels(&[under("python < 3.9", later)], None, "PyObject"), (0, 0));
}

#[test]
fn dead_code_other_interpreters_and_tests_count_nothing() {
    let test = Use { origin: Origin { class: OriginClass::TestOrDoc, by: None }, ..found(Kind::Api, "Py_TYPE", 1) };
    let uses = [
        test,
        under("never", found(Kind::Api, "Py_TYPE", 1)),
        under("implementation == pypy", found(Kind::Api, "Py_TYPE", 1)),
    ];
    assert_eq!(levels(&uses, None, "PyObject"), (0, 0));
    let windows = [under("platform == windows", found(Kind::Api, "Py_TYPE", 1))];
    assert_eq!(levels(&windows, None, "PyObject"), (0, 1));
    assert_eq!(levels(&windows, Some("platform=linux"), "PyObject"), (0, 0));
}
