//! Directives as packages write them, and what they mean.

use super::super::{Condition, Evaluator, MacroTable, Macros};

fn evaluated(expression: &str) -> String {
    Evaluator::default().evaluate(expression.as_bytes(), &()).to_string()
}

fn check(table: &[(&str, &str)]) {
    for (expression, condition) in table {
        assert_eq!(evaluated(expression), *condition, "#if {expression}");
    }
}

#[test]
fn constants() {
    check(&[
        ("0", "never"),
        ("1", "always"),
        ("0x10 == 020", "always"),
        ("0b101 == 5", "always"),
        ("10L > 9UL", "always"),
        ("-1 < 0", "always"),
        ("-1 < 0u", "never"),
        ("1'000 == 1000", "always"),
        ("'A' == 65", "always"),
        ("'\\n' == 10", "always"),
        ("1 ? 0 : 1", "never"),
        ("(1, 0)", "never"),
        ("2 + 3 * 4 == 14", "always"),
        ("(7 & 3) == 3 && (1 << 4) == 16", "always"),
        ("1 || (1 / 0)", "always"),
        ("not 0", "always"),
        ("!0 /* never */ // ever", "always"),
        ("1 \\\n && 0", "never"),
    ]);
}

#[test]
fn python_versions() {
    check(&[
        ("PY_VERSION_HEX >= 0x03090000", "python >= 3.9"),
        ("PY_VERSION_HEX < 0x03090000", "python < 3.9"),
        ("0x03090000 <= PY_VERSION_HEX", "python >= 3.9"),
        ("PY_VERSION_HEX > 0x03090000", "python >= 3.9"),
        ("PY_VERSION_HEX <= 0x03090000", "python < 3.9"),
        ("!(PY_VERSION_HEX >= 0x03090000)", "python < 3.9"),
        ("PY_VERSION_HEX >= 0x030900A4", "python >= 3.9"),
        ("PY_VERSION_HEX < 0x030900A4", "python < 3.9"),
        ("PY_VERSION_HEX >= 0x030900B1 && PY_VERSION_HEX < 0x030b00a6", "python >= 3.9 and python < 3.11"),
        ("PY_VERSION_HEX >= 0x030901f0", "python >= 3.9"),
        ("PY_VERSION_HEX >= 0x03080300", "python >= 3.8"),
        ("PY_VERSION_HEX < 0x03080300", "python < 3.8"),
        ("PY_VERSION_HEX <= 0x0308FFFF", "python < 3.9"),
        ("PY_VERSION_HEX > 0x0308ffff", "python >= 3.9"),
        ("PY_VERSION_HEX >= 0x03000000", "python >= 3.0"),
        ("PY_VERSION_HEX < 0x02070000", "python < 2.7"),
        ("PY_VERSION_HEX >= 0x02080000", "python >= 3.0"),
        ("PY_VERSION_HEX >= 0x04000000", "never"),
        ("PY_VERSION_HEX >= 0x030900F0L", "python >= 3.9"),
        ("PY_VERSION_HEX>=50921472", "python >= 3.9"),
        ("PY_VERSION_HEX == 0x030901f0", "python == 3.9 and opaque(PY_VERSION_HEX == 0x030901f0)"),
        ("(PY_VERSION_HEX >> 16) >= 0x0309", "python >= 3.9"),
        ("PY_VERSION_HEX >> 24 == 3", "python >= 3.0"),
        ("((PY_VERSION_HEX >> 16) & 0xff) >= 9", "python >= 3.9"),
        ("(PY_VERSION_HEX & 0xffff0000) == 0x03090000", "python == 3.9"),
        ("PY_VERSION_HEX - 0x03000000 >= 0x00090000", "python >= 3.9"),
        ("PY_MAJOR_VERSION >= 3", "python >= 3.0"),
        ("PY_MAJOR_VERSION < 3", "python < 3.0"),
        ("PY_MAJOR_VERSION == 2", "python < 3.0"),
        ("PY_MAJOR_VERSION > 2", "python >= 3.0"),
        ("PY_MAJOR_VERSION >= 3 && PY_MINOR_VERSION >= 9", "python >= 3.9"),
        ("PY_MAJOR_VERSION == 3 && PY_MINOR_VERSION >= 9", "python >= 3.9"),
        ("PY_MAJOR_VERSION == 3 && PY_MINOR_VERSION == 9", "python == 3.9"),
        ("PY_MAJOR_VERSION == 2 || (PY_MAJOR_VERSION == 3 && PY_MINOR_VERSION < 9)", "python < 3.9"),
        ("PY_MAJOR_VERSION > 3 || (PY_MAJOR_VERSION == 3 && PY_MINOR_VERSION >= 12)", "python >= 3.12"),
        ("PY_MICRO_VERSION >= 2", "always"),
        ("PY_VERSION_HEX >= Py_PACK_VERSION(3, 11)", "python >= 3.11"),
        ("PY_VERSION_HEX < Py_PACK_FULL_VERSION(3, 11, 0, 0xA, 1)", "python < 3.11"),
        ("defined(Py_PACK_VERSION)", "python >= 3.14"),
        ("defined(PY_VERSION_HEX) && PY_VERSION_HEX >= 0x030B0000", "python >= 3.11"),
    ]);
}

#[test]
fn limited_api() {
    check(&[
        ("defined(Py_LIMITED_API)", "limited"),
        ("!defined Py_LIMITED_API", "not limited"),
        ("Py_LIMITED_API", "limited"),
        ("Py_LIMITED_API+0 >= 0x030b0000", "limited >= 3.11"),
        ("Py_LIMITED_API + 0 < 0x030b0000", "not limited >= 3.11"),
        ("!defined(Py_LIMITED_API) || Py_LIMITED_API+0 >= 0x030b0000", "not limited < 3.11"),
        ("defined(Py_LIMITED_API) && Py_LIMITED_API < 0x030C0000", "limited < 3.12"),
        ("defined(Py_LIMITED_API) && Py_LIMITED_API+0 >= 0x03030000", "limited >= 3.3"),
        ("!defined(Py_LIMITED_API) || Py_LIMITED_API > 0x030a00f0", "not limited < 3.11"),
        ("Py_LIMITED_API+0 == 3", "limited < 3.0"),
        ("Py_LIMITED_API >= 0x030b00f0", "limited >= 3.12"),
        ("PY_VERSION_HEX >= 0x030c0000 && !defined(Py_LIMITED_API)", "python >= 3.12 and not limited"),
        ("defined(Py_TARGET_ABI3T)", "abi3t"),
        ("defined(Py_TARGET_ABI3T) && Py_TARGET_ABI3T >= 0x030f0000", "abi3t"),
        ("defined(Py_GIL_DISABLED)", "free_threaded"),
        ("Py_GIL_DISABLED", "free_threaded"),
        ("defined(Py_GIL_DISABLED) && Py_GIL_DISABLED+0", "free_threaded"),
    ]);
}

#[test]
fn implementations_and_builds() {
    check(&[
        ("defined(PYPY_VERSION)", "implementation == pypy"),
        ("!defined(PYPY_VERSION)", "implementation != pypy"),
        ("!defined(PYPY_VERSION) && !defined(GRAALVM_PYTHON)", "implementation == cpython"),
        ("PYPY_VERSION_NUM", "implementation == pypy"),
        (
            "defined(PYPY_VERSION) && PYPY_VERSION_NUM < 0x07030900",
            "implementation == pypy and not opaque(PYPY_VERSION_NUM >= 0x07030900)",
        ),
        ("PY_VERSION_HEX < 0x030900B1 && !defined(PYPY_VERSION)", "python < 3.9 and implementation != pypy"),
        ("defined(__cplusplus)", "cplusplus"),
        ("__cplusplus >= 201103L", "cplusplus and opaque(__cplusplus >= 201103)"),
        ("defined(NDEBUG)", "not debug"),
        ("defined(Py_DEBUG) || defined(Py_REF_DEBUG)", "debug"),
        ("CYTHON_LIMITED_API", "cython_limited"),
        ("defined(CYTHON_LIMITED_API)", "cython_limited"),
        ("CYTHON_COMPILING_IN_PYPY", "never"),
        ("defined(Py_BUILD_CORE)", "never"),
    ]);
}

#[test]
fn platforms() {
    check(&[
        ("defined(_WIN32)", "platform == windows"),
        ("defined(MS_WINDOWS) || defined(_WIN32) || defined(WIN32)", "platform == windows"),
        ("defined(__linux__)", "platform == linux"),
        ("defined(__APPLE__) && defined(__MACH__)", "platform == macos"),
        ("!defined(_WIN32)", "platform != windows"),
        ("!defined(_WIN32) && !defined(__APPLE__)", "platform == linux or platform == other"),
        ("defined(_MSC_VER)", "platform == windows and opaque(_MSC_VER)"),
        ("_MSC_VER >= 1900", "platform == windows and opaque(_MSC_VER >= 1900)"),
        ("defined(__MINGW32__)", "platform == windows and opaque(__MINGW32__)"),
        ("__GNUC__ >= 2", "platform == linux or platform == macos or opaque(__GNUC__)"),
        ("defined(__unix__) && defined(_WIN32)", "never"),
        ("defined(_WIN64) || defined(_WIN32)", "platform == windows"),
    ]);
}

#[test]
fn what_is_not_known_is_opaque_and_not_zero() {
    check(&[
        ("FOO", "opaque(FOO != 0)"),
        ("!FOO", "not opaque(FOO != 0)"),
        ("FOO == 0", "not opaque(FOO != 0)"),
        ("0 != FOO", "opaque(FOO != 0)"),
        ("defined(FOO)", "opaque(FOO)"),
        ("defined(FOO) && FOO", "opaque(FOO != 0)"),
        ("!defined(FOO) || !FOO", "not opaque(FOO != 0)"),
        ("FOO > 3", "opaque(FOO > 3)"),
        ("3 < FOO", "opaque(FOO > 3)"),
        ("FOO <= 3", "not opaque(FOO > 3)"),
        ("FOO < 3 || FOO >= 3", "always"),
        ("FOO == 2", "opaque(FOO == 2)"),
        ("FOO != 2", "not opaque(FOO == 2)"),
        ("FOO & 4", "opaque(FOO & 4)"),
        ("(FOO + 1) * 2 > BAR", "opaque(((FOO + 1) * 2) > BAR)"),
        ("FOO(1,2) > 3", "opaque(FOO(1, 2) > 3)"),
        ("__has_include(<x/y.h>)", "opaque(__has_include(< x / y . h >))"),
        (
            "defined(__has_attribute) && __has_attribute(cold)",
            "opaque(__has_attribute) and opaque(__has_attribute(cold))",
        ),
        ("PY_VERSION_HEX < 0x03090000 && FOO", "python < 3.9 and opaque(FOO != 0)"),
        ("FOO ? PY_MAJOR_VERSION < 3 : 0", "python < 3.0 and opaque(FOO != 0)"),
        ("FOO BAR", "opaque(FOO BAR)"),
    ]);
    assert!(evaluated("(1").starts_with("opaque(expression_"));
    assert!(evaluated("").starts_with("opaque(expression_"));
    assert!(evaluated("1.5").starts_with("opaque(1.5)"));
}

/// Definitions as lines, each with its condition.
fn table(lines: &[(&str, &str)]) -> MacroTable {
    let mut table = MacroTable::default();
    for (line, condition) in lines {
        table.define_line(line.as_bytes(), &condition.parse().expect("a condition")).expect("a definition");
    }
    table
}

fn with(lines: &[(&str, &str)], expression: &str) -> String {
    Evaluator::default().evaluate(expression.as_bytes(), &table(lines)).to_string()
}

#[test]
fn the_package_s_own_macros_are_followed() {
    let is_py3 = [("IS_PY3 (PY_MAJOR_VERSION >= 3)", "always")];
    assert_eq!(with(&is_py3, "IS_PY3"), "python >= 3.0");
    assert_eq!(with(&is_py3, "!IS_PY3"), "python < 3.0");
    let by_branch = [("PY3K 1", "python >= 3.0"), ("PY3K 0", "python < 3.0")];
    assert_eq!(with(&by_branch, "PY3K"), "python >= 3.0");
    assert_eq!(with(&by_branch, "defined(PY3K)"), "always");
    let flag = [("HAVE_NEW", "python >= 3.9")];
    assert_eq!(with(&flag, "defined(HAVE_NEW)"), "python >= 3.9 or opaque(HAVE_NEW)");
    let call = [("AT_LEAST(a, b) (PY_VERSION_HEX >= (((a) << 24) | ((b) << 16)))", "always")];
    assert_eq!(with(&call, "AT_LEAST(3, 11)"), "python >= 3.11");
    assert_eq!(with(&call, "AT_LEAST(3, 11) && !AT_LEAST(3,12)"), "python == 3.11");
    let chain = [("A B", "always"), ("B (C)", "always"), ("C defined(Py_LIMITED_API)", "always")];
    assert_eq!(with(&chain, "A"), "limited");
    let hex = [("LIMITED_HEX Py_LIMITED_API", "limited"), ("LIMITED_HEX PY_VERSION_HEX", "not limited")];
    assert_eq!(with(&hex, "LIMITED_HEX < 0x030b0000"), "python < 3.11 and not limited or limited < 3.11");
    let strange = [("WEIRD do { } while (0)", "always")];
    assert_eq!(with(&strange, "WEIRD"), "opaque(WEIRD != 0)");
    assert_eq!(with(&strange, "defined(WEIRD)"), "always");
    let empty = [("EMPTY", "always")];
    assert_eq!(with(&empty, "EMPTY + 1"), "always");
    let joined = [("JOIN(a) a ## 1", "always")];
    assert_eq!(with(&joined, "JOIN(2)"), "opaque(JOIN != 0)");
}

#[test]
fn cython_s_switches_follow_from_the_generated_file() {
    let switches = [
        ("CYTHON_COMPILING_IN_PYPY 1", "implementation == pypy"),
        ("CYTHON_COMPILING_IN_PYPY 0", "implementation != pypy"),
        ("CYTHON_COMPILING_IN_LIMITED_API 1", "implementation == cpython and cython_limited"),
        ("CYTHON_COMPILING_IN_LIMITED_API 0", "not (implementation == cpython and cython_limited)"),
        ("CYTHON_USE_TYPE_SLOTS 0", "implementation == cpython and cython_limited"),
        ("CYTHON_USE_TYPE_SLOTS 1", "implementation == cpython and not cython_limited"),
        ("CYTHON_USE_TYPE_SLOTS 0", "implementation == pypy"),
        ("CYTHON_FAST_THREAD_STATE (PY_VERSION_HEX < 0x030C00A6)", "implementation == cpython"),
    ]
    .map(|(line, condition)| match condition.strip_prefix("not (") {
        Some(_) => (line, "implementation != cpython or not cython_limited"),
        None => (line, condition),
    });
    assert_eq!(with(&switches, "CYTHON_USE_TYPE_SLOTS"), "implementation == cpython and not cython_limited");
    assert_eq!(with(&switches, "!CYTHON_COMPILING_IN_LIMITED_API"), "implementation != cpython or not cython_limited");
    assert_eq!(
        with(&switches, "CYTHON_FAST_THREAD_STATE && PY_VERSION_HEX >= 0x030b00a1"),
        "python == 3.11 and implementation == cpython"
    );
    assert_eq!(
        with(&switches, "CYTHON_COMPILING_IN_PYPY || PY_MAJOR_VERSION < 3"),
        "python < 3.0 or implementation == pypy"
    );
}

#[test]
fn undefined_names_are_zero_once_somebody_says_so() {
    let mut macros = MacroTable::default();
    let mut evaluator = Evaluator::default();
    assert_eq!(evaluator.evaluate(b"GUARD_H", &macros).to_string(), "opaque(GUARD_H != 0)");
    macros.undefine("GUARD_H", &Condition::always());
    assert!(evaluator.evaluate(b"GUARD_H", &macros).is_never());
    assert!(evaluator.defined(b"GUARD_H", &macros).is_never());
    macros.define("GUARD_H", None, "", &Condition::always());
    assert!(evaluator.defined(b"GUARD_H", &macros).is_always());
    macros.undefine("GUARD_H", &"debug".parse().expect("a condition"));
    assert_eq!(evaluator.defined(b"GUARD_H", &macros).to_string(), "not debug");
}

#[test]
fn an_ifndef_define_pair_is_always_defined_afterwards() {
    let mut macros = MacroTable::default();
    let mut evaluator = Evaluator::default();
    let missing = evaluator.defined(b"OPTION", &macros).negate();
    assert_eq!(missing.to_string(), "not opaque(OPTION)");
    macros.define("OPTION", None, "1", &missing);
    assert!(evaluator.defined(b" OPTION /* now */", &macros).is_always());
    assert_eq!(evaluator.evaluate(b"OPTION", &macros).to_string(), "not opaque(OPTION) or opaque(OPTION != 0)");
}

#[test]
fn hostile_macros_end() {
    let mut macros = MacroTable::default();
    let always = Condition::always();
    macros.define("SELF", None, "SELF", &always);
    macros.define("PING", None, "PONG + 1", &always);
    macros.define("PONG", None, "PING + 1", &always);
    for level in 0..200 {
        macros.define(&format!("L{level}"), None, &format!("(L{})", level + 1), &always);
        macros.define(&format!("D{level}"), None, &format!("D{n} + D{n}", n = level + 1), &always);
        let body = format!("F{n}(x + x) + F{n}(x)", n = level + 1);
        macros.define(&format!("F{level}"), Some(vec!["x".to_owned()]), &body, &always);
    }
    macros.define("L200", None, "PY_MAJOR_VERSION < 3", &always);
    macros.define("D200", None, "1", &always);
    let mut evaluator = Evaluator::default();
    assert!(evaluator.evaluate(b"SELF", &macros).is_never());
    assert!(evaluator.evaluate(b"PING == 2", &macros).is_always());
    assert_eq!(evaluator.evaluate(b"L140", &macros).to_string(), "python < 3.0");
    assert!(!evaluator.evaluate(b"L0", &macros).is_never());
    assert!(evaluator.evaluate(b"D150", &macros).is_always());
    assert!(evaluator.evaluate(b"F0(1)", &macros).to_string().starts_with("opaque("));
}

#[test]
fn hostile_expressions_end() {
    let many = 200_000;
    for expression in [
        "(".repeat(many),
        format!("{}1{}", "(".repeat(many), ")".repeat(many)),
        "!".repeat(many),
        format!("{}1", "-".repeat(many)),
        "1?".repeat(many),
        format!("1{}", "+1".repeat(many)),
        format!("A{}", "||B".repeat(many)),
        format!("0{}", (0..5_000).fold(String::new(), |all, i| format!("{all}||(A{i}&&B{i})"))),
        format!("F{}", "(F".repeat(many)),
        "defined(".repeat(many),
        "\"".repeat(many),
        "/*".repeat(many),
        "\\\n".repeat(many),
    ] {
        Evaluator::default().evaluate(expression.as_bytes(), &());
    }
}

#[test]
fn deep_nesting_fits_a_small_stack() {
    let deep = |levels: usize| format!("{}PY_MAJOR_VERSION < 3{}", "(".repeat(levels), ")".repeat(levels));
    let run = move || (evaluated(&deep(100)), evaluated(&deep(5_000)));
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread");
    let (read, refused) = thread.join().expect("no overflow");
    assert_eq!(read, "python < 3.0");
    assert!(refused.starts_with("opaque(expression_"));
}

#[test]
fn conditions_are_remembered_until_the_macros_change() {
    let mut evaluator = Evaluator::default();
    let first = table(&[("X 1", "always")]);
    let second = table(&[("X 0", "always")]);
    assert!(evaluator.evaluate(b"X", &first).is_always());
    assert!(evaluator.evaluate(b"X", &second).is_never());
    assert!(evaluator.evaluate(b"X", &first).is_always());
    assert_ne!(first.generation(), second.generation());
}

#[test]
fn the_same_definitions_have_the_same_version_in_every_table() {
    let first = table(&[("X 1", "debug"), ("Y 1", "always"), ("X 2", "not debug")]);
    let second = table(&[("X 1", "debug"), ("X 2", "not debug")]);
    assert_eq!(first.version("X"), second.version("X"));
    assert_ne!(first.version("X"), table(&[("X 1", "debug")]).version("X"));
    assert_ne!(first.version("X"), table(&[("X 1", "debug"), ("X 2", "limited")]).version("X"));
    assert_ne!(first.version("X"), table(&[("X 1", "debug"), ("X 3", "not debug")]).version("X"));
    assert_eq!((first.version("Z"), second.version("Y")), (0, 0));
}

#[test]
fn definitions_after_an_answer_count_too() {
    let mut macros = table(&[("A B", "always"), ("B 0", "always")]);
    let mut evaluator = Evaluator::default();
    assert!(evaluator.evaluate(b"A", &macros).is_never());
    macros.define_line(b"B 1", &Condition::always());
    assert!(evaluator.evaluate(b"A", &macros).is_always());
    macros.undefine("B", &Condition::always());
    assert!(evaluator.evaluate(b"A", &macros).is_never());
    assert!(evaluator.evaluate(b"defined(A) && !defined(B)", &macros).is_always());
}

#[test]
fn costly_directives_leave_enough_for_plain_ones() {
    let mut evaluator = Evaluator::default();
    let hex = "PY_VERSION_HEX + Py_LIMITED_API + ".repeat(20);
    for number in 0..200 {
        evaluator.evaluate(format!("{hex} {number}").as_bytes(), &());
    }
    assert_eq!(evaluator.evaluate(b"PY_VERSION_HEX >= 0x030b0000", &()).to_string(), "python >= 3.11");
}

#[test]
fn a_check_for_headers_that_are_too_old_leaves_no_trace() {
    assert_eq!(with(&[], "(Py_LIMITED_API & 0xffff0000) > (PY_VERSION_HEX & 0xffff0000)"), "never");
    assert_eq!(with(&[], "defined(Py_LIMITED_API) && Py_LIMITED_API > PY_VERSION_HEX"), "never");
}

#[test]
fn the_limited_api_s_value_or_else_the_headers_version_stays_exact() {
    let limited = "python >= 3.8 and (limited or cython_limited) and implementation == cpython";
    let otherwise = limited.parse::<Condition>().expect("a condition").negate().to_string();
    let hex = [("HEX Py_LIMITED_API", limited), ("HEX PY_VERSION_HEX", &otherwise)];
    let condition = with(&hex, "HEX >= 0x030d0000").parse::<Condition>().expect("a condition");
    let expected = "python >= 3.13 and (not limited and not cython_limited or implementation != cpython) \
                    or limited >= 3.13";
    assert_eq!(condition, expected.parse().expect("a condition"));
}
