use super::*;
use crate::scan::samples;

fn run_of(source: &str) -> (serde_json::Value, Option<String>) {
    let (tree, report) = (samples::tree(source), samples::report(source));
    let mut out = Vec::new();
    let merged = write(&Scan::sample(&report, &tree), &mut out).expect("in memory");
    (serde_json::from_slice(&out).expect("JSON"), merged)
}

fn results(run: &serde_json::Value) -> &Vec<serde_json::Value> {
    run["results"].as_array().expect("results")
}

#[test]
fn a_result_points_at_the_characters_of_its_name_and_at_its_rule() {
    let (run, merged) =
        run_of("#include <Python.h>\n/* \u{e4} */ void f(PyObject *o) { PyTuple_SET_ITEM(o, 0, o); }\n");
    assert_eq!(merged, None);
    let [result] = results(&run).as_slice() else { panic!("{run}") };
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!((region["startLine"].as_u64(), region["startColumn"].as_u64()), (Some(2), Some(31)));
    assert_eq!(region["endColumn"], 47);
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "abi3-3.15/PyTuple_SET_ITEM");
    assert_eq!((&result["ruleId"], result["ruleIndex"].as_u64()), (&rule["id"], Some(0)));
    assert!(rule["help"]["text"].as_str().is_some_and(|help| help.contains("PyTuple_SetItem")));
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_goes_when_the_line_changes() {
    let print = |source: &str| {
        let (run, _) = run_of(source);
        results(&run)[0]["partialFingerprints"]["abiscopeLine/v1"].as_str().expect("a hash").to_owned()
    };
    let first = print("#include <Python.h>\nvoid f(PyObject *o) { PyTuple_SET_ITEM(o, 0, o); }\n");
    assert_eq!(first, print("#include <Python.h>\n\n\n   void f(PyObject *o) { PyTuple_SET_ITEM(o, 0, o); }\n"));
    assert_ne!(first, print("#include <Python.h>\nvoid g(PyObject *o) { PyTuple_SET_ITEM(o, 0, o); }\n"));
}

#[test]
fn more_places_than_services_take_become_one_result_for_each_item_and_file() {
    let line = "void f(PyObject *o) { PyTuple_SET_ITEM(o, 0, o); }\n";
    let (run, merged) = run_of(&format!("#include <Python.h>\n{}", line.repeat(MOST)));
    assert_eq!((results(&run).len(), merged), (MOST, None));
    let (run, merged) = run_of(&format!("#include <Python.h>\n{}", line.repeat(MOST + 1)));
    assert_eq!(results(&run).len(), 1);
    assert_eq!(results(&run)[0]["occurrenceCount"], MOST as u64 + 1);
    assert!(merged.is_some_and(|said| said.starts_with("5001 places")));
    let told = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert!(told.as_str().is_some_and(|told| told.starts_with("5001 places")), "{told}");
}
