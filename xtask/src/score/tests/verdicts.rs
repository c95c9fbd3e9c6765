//! Verdicts and what blocks.

use serde_json::{Value, json};

use super::{faults, judged, set, truth};
use crate::score::judge::Agreement;
use crate::score::tally::Tally;

fn verdict(target: &str, outcome: &str, blocking: &[&str]) -> Value {
    json!({"kind": "verdict", "target": target, "verdict": outcome, "blocking": blocking})
}

fn agreement(buildable: &Value, said: &[Value]) -> Agreement {
    let truth = truth(&json!({"abi3": {"3.11": {"buildable": buildable, "blocking_names": []}}}));
    Agreement::of(judged(&truth, said).verdicts.iter())
}

#[test]
fn every_verdict_agrees_or_is_against() {
    let one = Agreement { packages: 1, ..Agreement::default() };
    let compiles = Agreement { buildable: 1, ..one };
    let said = |outcome| vec![verdict("abi3-3.11", outcome, &[])];
    let cases = [
        (true, said("no-blocker"), Agreement { agree: 1, ..compiles }),
        (true, said("blocked"), Agreement { no_is_yes: 1, ..compiles }),
        (true, said("undecided"), Agreement { unsaid: 1, ..compiles }),
        (true, said("pure"), Agreement { unsaid: 1, ..compiles }),
        (true, Vec::new(), Agreement { unsaid: 1, ..compiles }),
        (false, said("no-blocker"), Agreement { yes_is_no: 1, ..one }),
        (false, said("blocked"), Agreement { agree: 1, ..one }),
        (false, said("tool-blocks"), Agreement { agree: 1, ..one }),
        (false, vec![verdict("abi3-3.12", "blocked", &[])], Agreement { unsaid: 1, ..one }),
        (false, vec![verdict("abi3t-3.11", "blocked", &[])], Agreement { unsaid: 1, ..one }),
    ];
    for (buildable, said, expected) in cases {
        assert_eq!(agreement(&json!(buildable), &said), expected, "{buildable} {said:?}");
    }
}

#[test]
fn what_the_compiler_could_not_tell_is_not_judged() {
    assert_eq!(agreement(&Value::Null, &[verdict("abi3-3.11", "blocked", &[])]), Agreement::default());
}

#[test]
fn blocking_names_are_compared_one_by_one() {
    let limited = json!({"buildable": false, "blocking_names": ["PyList_GET_ITEM", "PyTuple_GET_ITEM"]});
    let truth = truth(&json!({"abi3": {"3.11": limited}}));
    let said = verdict("abi3-3.11", "undecided", &["PyList_GET_ITEM", "PyObject_Print", "PyObject_Print"]);
    let judged = judged(&truth, &[said]);
    assert_eq!(judged.verdicts[0].blocking, Tally { hit: 1, missed: 1, wrong: 1 });
    let expected = ["missed PyTuple_GET_ITEM:0", "false alarm PyObject_Print:0", "wrong verdict (verdict):0"];
    assert_eq!(faults(&judged), set(expected));
}
