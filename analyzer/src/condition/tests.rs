//! Laws of conditions, and how they read.

use proptest::prelude::*;

use super::tree::Tree;
use super::variable::{FLAGS, Variable};
use super::{Condition, Implementation, Limited, Truth, World, atom};
use crate::environment::Platform;
use capi::{Target, Version};

fn c(text: &str) -> Condition {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn conditions_are_printed_in_their_shortest_form() {
    let table = [
        ("always", "always"),
        ("never or never", "never"),
        ("python<3.9", "python < 3.9"),
        ("python <= 3.8", "python < 3.9"),
        ("python > 2.7", "python >= 3.0"),
        ("python >= 2.8", "python >= 3.0"),
        ("python == 2.8", "never"),
        ("python <= 2.9", "python < 3.0"),
        ("python != 3.9", "python != 3.9"),
        ("not python == 3.9", "python != 3.9"),
        ("python < 3.9 and python < 3.7", "python < 3.7"),
        ("python < 3.9 or python >= 3.9", "always"),
        ("python < 3.9 and python >= 3.9", "never"),
        ("python >= 3.6 and not python >= 3.9", "python >= 3.6 and python < 3.9"),
        ("python > 3.8 and python < 3.10", "python == 3.9"),
        ("python < 3.6 or python >= 3.9", "python < 3.6 or python >= 3.9"),
        ("(python < 3.6 or python >= 3.9) and debug", "(python < 3.6 or python >= 3.9) and debug"),
        ("debug or debug and limited", "debug"),
        ("debug and (debug or limited)", "debug"),
        ("limited and debug or limited and not debug", "limited"),
        ("python < 3.9 or python >= 3.9 and limited", "python < 3.9 or limited"),
        ("python < 3.9 or python < 3.11 and limited", "python < 3.9 or python < 3.11 and limited"),
        ("limited and (abi3t or debug)", "limited and (abi3t or debug)"),
        ("limited and abi3t or limited and debug", "limited and (abi3t or debug)"),
        ("not limited or limited < 3.11", "not limited >= 3.11"),
        ("not limited or limited >= 3.11", "not limited < 3.11"),
        ("limited and not limited >= 3.11", "limited < 3.11"),
        ("limited != 3.11", "limited < 3.11 or limited >= 3.12"),
        ("not limited == 3.11", "not limited == 3.11"),
        ("limited >= 0.0", "limited"),
        ("limited < 3.0 or limited >= 3.0", "limited"),
        ("python >= 2.0", "always"),
        ("python >= 4.0", "never"),
        ("platform == windows or platform == linux", "platform == linux or platform == windows"),
        ("not platform == windows", "platform != windows"),
        ("not platform == linux", "platform != linux"),
        ("implementation != pypy and implementation != graalpy", "implementation == cpython"),
        ("opaque( FOO )", "opaque(FOO)"),
        ("opaque(FOO) and opaque(FOO != 0)", "opaque(FOO != 0)"),
        ("opaque(FOO == 0)", "not opaque(FOO != 0)"),
        ("opaque(FOO) and not opaque(FOO != 0)", "opaque(FOO) and not opaque(FOO != 0)"),
        ("opaque(FOO > (1 + 2)) or opaque(FOO)", "opaque(FOO) or opaque(FOO > (1 + 2))"),
        ("python < 3.9 and implementation == cpython", "python < 3.9 and implementation == cpython"),
        ("(((abi3t)))", "abi3t"),
        ("unknown", "unknown"),
    ];
    for (text, printed) in table {
        assert_eq!(c(text).to_string(), printed, "{text}");
    }
}

#[test]
fn what_is_not_a_condition_is_refused_with_a_reason() {
    let table = [
        ("", "\"\" is not a name"),
        ("python", "expected a comparison"),
        ("python < ", "not a CPython version"),
        ("python < 3", "not a CPython version"),
        ("python =< 3.9", "expected a comparison"),
        ("python << 3.9", "expected a value"),
        ("platform < windows", "compared with =="),
        ("platform == solaris", "one of linux"),
        ("debug >= 3.9", "cannot read"),
        ("(debug", "expected ')'"),
        ("debug)", "cannot read"),
        ("debug and", "\"\" is not a name"),
        ("not not debug", "\"not\" is not a name"),
        ("opaque()", "names nothing"),
        ("opaque(FOO", "expected ')'"),
        ("pythn < 3.9", "\"pythn\" is not a name"),
        ("unknown and debug", "\"unknown\" is not a name"),
    ];
    for (text, reason) in table {
        let error = text.parse::<Condition>().expect_err(text).to_string();
        assert!(error.contains(reason), "{text:?}: {error}");
    }
    assert!(format!("{}debug", "(".repeat(10_000)).parse::<Condition>().is_err());
}

#[test]
fn conditions_are_told_in_plain_words() {
    let table = [
        ("always", "always"),
        ("never", "never compiled"),
        ("unknown", "cannot be told"),
        ("python < 3.9", "only below 3.9"),
        ("python >= 3.9", "3.9 and later"),
        ("python == 3.9", "only on 3.9"),
        ("python != 3.9", "not on 3.9"),
        ("python >= 3.6 and python < 3.9", "only from 3.6 up to below 3.9"),
        ("python < 3.6 or python >= 3.9", "only below 3.6 or 3.9 and later"),
        ("platform == windows", "only on Windows"),
        ("platform != windows", "not on Windows"),
        ("platform == linux or platform == macos", "only on Linux or macOS"),
        ("limited", "only in the limited API"),
        ("not limited", "not in the limited API"),
        ("limited >= 3.11", "only with Py_LIMITED_API 3.11 or later"),
        ("limited < 3.11", "only with Py_LIMITED_API below 3.11"),
        ("limited == 3.11", "only with Py_LIMITED_API 3.11"),
        ("not limited >= 3.11", "not with Py_LIMITED_API 3.11 or later"),
        ("not limited < 3.11", "not with Py_LIMITED_API below 3.11"),
        ("python < 3.9 and implementation == cpython", "only below 3.9, on CPython"),
        ("python < 3.9 and not limited", "only below 3.9, not in the limited API"),
        ("python >= 3.9 and platform == windows", "3.9 and later, on Windows"),
        ("python < 3.9 or platform == windows", "only below 3.9, or on Windows"),
        ("python < 3.9 or platform == windows and debug", "only below 3.9, or on Windows and in debug builds"),
        ("debug and (abi3t or cplusplus)", "either for abi3t or in C++, in debug builds"),
        ("opaque(HAVE_X)", "only if HAVE_X is defined"),
        ("not opaque(HAVE_X)", "only if HAVE_X is not defined"),
        ("opaque(HAVE_X != 0)", "only if HAVE_X is set"),
        ("opaque(X > 3)", "only if X > 3"),
        ("not cplusplus", "only in C"),
    ];
    for (text, words) in table {
        assert_eq!(c(text).words(), words, "{text}");
    }
}

#[test]
fn unknown_gives_way_only_where_the_other_side_decides() {
    let unknown = Condition::unknown();
    assert!(unknown.and(&Condition::never()).is_never());
    assert!(unknown.or(&Condition::always()).is_always());
    assert!(unknown.and(&c("debug")).is_unknown());
    assert!(unknown.or(&c("debug")).is_unknown());
    assert!(unknown.negate().is_unknown());
    assert_eq!(unknown.eval(&World::default()), Truth::Unknown);
}

#[test]
fn a_target_is_a_world() {
    let world = |text: &str, target: &str| {
        let target: Target = target.parse().expect("a target");
        c(text).eval(&World::for_target(target.version(), target))
    };
    assert_eq!(world("limited >= 3.11", "abi3-3.11"), Truth::True);
    assert_eq!(world("limited >= 3.11", "abi3-3.10"), Truth::False);
    assert_eq!(world("not limited or abi3t", "abi3-3.15"), Truth::False);
    assert_eq!(world("limited and abi3t and free_threaded", "abi3t-3.15"), Truth::True);
    assert_eq!(world("python < 3.9", "abi3-3.9"), Truth::False);
    assert_eq!(world("implementation == pypy or debug", "abi3-3.9"), Truth::False);
    assert_eq!(world("platform == windows", "abi3-3.9"), Truth::Unknown);
    assert_eq!(world("platform == windows or platform != windows", "abi3-3.9"), Truth::True);
    assert_eq!(world("opaque(FOO)", "abi3-3.9"), Truth::Unknown);
    assert_eq!(world("opaque(FOO) and python < 3.0", "abi3-3.9"), Truth::False);
}

#[test]
fn a_macro_can_be_decided_in_a_world() {
    let world = |set| World { macros: [("FOO".to_owned(), set)].into(), ..World::default() };
    let (without, with) = (world(false), world(true));
    assert_eq!(c("opaque(FOO)").eval(&without), Truth::False);
    assert_eq!(c("opaque(FOO != 0)").eval(&with), Truth::True);
    assert_eq!(c("opaque(BAR)").eval(&with), Truth::Unknown);
    assert_eq!(c("opaque(FOO) and debug").given(&with), c("debug"));
}

#[test]
fn a_condition_with_too_many_cases_becomes_unknown_and_never_slow() {
    let parity = (0..64).fold(Condition::never(), |all, index| {
        let bit = Condition::opaque(&format!("M{index}"));
        all.and(&bit.negate()).or(&all.negate().and(&bit))
    });
    assert!(parity.is_unknown());
    let sums = (0..60).fold(Condition::always(), |all, index| {
        let either = Condition::opaque(&format!("A{index}")).or(&Condition::opaque(&format!("B{index}")));
        all.and(&either)
    });
    assert!(sums.is_unknown());
}

#[test]
fn a_long_list_of_alternatives_stays_exact() {
    let any = (0..100).fold(Condition::never(), |all, i| all.or(&Condition::opaque(&format!("M{i:02}"))));
    assert_eq!(any.to_string().matches(" or ").count(), 99);
    assert_eq!(any.negate().to_string().matches(" and ").count(), 99);
}

#[test]
fn opaque_texts_that_cannot_stand_in_parentheses_are_named_by_hash() {
    for text in ["", "a)", "a(", "a)(b", "x\u{1}y", &"long ".repeat(100)] {
        let condition = Condition::opaque(text);
        assert!(condition.to_string().starts_with("opaque(expression_"), "{text:?}");
        assert_eq!(c(&condition.to_string()), condition);
    }
}

#[test]
fn conditions_travel_through_json_as_text() {
    let condition = c("python < 3.9 and limited");
    let json = serde_json::to_string(&condition).expect("text");
    assert_eq!(json, "\"python < 3.9 and limited\"");
    assert_eq!(serde_json::from_str::<Condition>(&json).expect("a condition"), condition);
    assert!(serde_json::from_str::<Condition>("\"pythn\"").is_err());
}

/// The truth by definition, for comparison with the trees.
#[derive(Debug, Clone)]
enum Plain {
    Atom(Condition, fn(&World, u8) -> bool, u8),
    Not(Box<Plain>),
    And(Box<Plain>, Box<Plain>),
    Or(Box<Plain>, Box<Plain>),
}

impl Plain {
    fn truth(&self, world: &World) -> bool {
        match self {
            Self::Atom(_, test, parameter) => test(world, *parameter),
            Self::Not(a) => !a.truth(world),
            Self::And(a, b) => a.truth(world) && b.truth(world),
            Self::Or(a, b) => a.truth(world) || b.truth(world),
        }
    }

    fn condition(&self) -> Condition {
        match self {
            Self::Atom(condition, ..) => condition.clone(),
            Self::Not(a) => a.condition().negate(),
            Self::And(a, b) => a.condition().and(&b.condition()),
            Self::Or(a, b) => a.condition().or(&b.condition()),
        }
    }
}

fn value(world: &World) -> Option<Version> {
    match world.limited {
        Some(Limited::Value(version)) => Some(version),
        _ => None,
    }
}

fn plain_atom() -> impl Strategy<Value = Plain> {
    let minor = 7_u8..12;
    prop_oneof![
        minor.clone().prop_map(|m| {
            Plain::Atom(c(&format!("python < 3.{m}")), |w, m| w.python < Some(Version::new(3, m)), m)
        }),
        minor.clone().prop_map(|m| {
            Plain::Atom(c(&format!("python == 3.{m}")), |w, m| w.python == Some(Version::new(3, m)), m)
        }),
        minor.clone().prop_map(|m| {
            Plain::Atom(c(&format!("limited < 3.{m}")), |w, m| value(w).is_some_and(|v| v < Version::new(3, m)), m)
        }),
        minor.prop_map(|m| {
            Plain::Atom(c(&format!("limited != 3.{m}")), |w, m| value(w).is_some_and(|v| v != Version::new(3, m)), m)
        }),
        Just(Plain::Atom(c("limited"), |w, _| value(w).is_some(), 0)),
        Just(Plain::Atom(c("abi3t"), |w, _| w.abi3t == Some(true), 0)),
        Just(Plain::Atom(c("platform == windows"), |w, _| w.platform == Some(Platform::Windows), 0)),
        Just(Plain::Atom(c("platform != linux"), |w, _| w.platform != Some(Platform::Linux), 0)),
        Just(Plain::Atom(c("implementation == pypy"), |w, _| w.implementation == Some(Implementation::PyPy), 0)),
    ]
}

fn plain() -> impl Strategy<Value = Plain> {
    plain_atom().prop_recursive(5, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| Plain::Not(Box::new(a))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Plain::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Plain::Or(Box::new(a), Box::new(b))),
        ]
    })
}

fn worlds() -> Vec<World> {
    let mut all = Vec::new();
    let versions = || (6..13).map(|minor| Version::new(3, minor));
    for python in versions() {
        for limited in versions().map(Limited::Value).chain([Limited::Undefined]) {
            for abi3t in [false, true] {
                for platform in [Platform::Linux, Platform::MacOs, Platform::Windows] {
                    for implementation in [Implementation::CPython, Implementation::PyPy, Implementation::GraalPy] {
                        all.push(World {
                            python: Some(python),
                            limited: Some(limited),
                            abi3t: Some(abi3t),
                            platform: Some(platform),
                            implementation: Some(implementation),
                            ..World::default()
                        });
                    }
                }
            }
        }
    }
    all
}

/// Any tree over opaque names and expressions, flags and words.
fn any_condition() -> impl Strategy<Value = Condition> {
    let atoms = prop_oneof![
        (0_usize..5).prop_map(|i| Condition::from_tree(atom::flag(FLAGS[i].1.clone()))),
        (0_u32..4).prop_map(|i| Condition::from_tree(atom::word(Variable::Platform, i))),
        (0_u32..3).prop_map(|i| Condition::from_tree(atom::word(Variable::Implementation, i))),
        "[AB]( != 0| > 3)?".prop_map(|text| Condition::opaque(&text)),
        plain_atom().prop_map(|plain| plain.condition()),
    ];
    atoms.prop_recursive(6, 40, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| a.negate()),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.and(&b)),
            (inner.clone(), inner).prop_map(|(a, b)| a.or(&b)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_then_parsing_gives_the_same(condition in any_condition()) {
        let text = condition.to_string();
        prop_assert_eq!(text.parse::<Condition>(), Ok(condition), "{}", text);
    }

    #[test]
    fn simplifying_keeps_the_truth_in_every_world(plain in plain()) {
        let condition = plain.condition();
        for world in worlds() {
            let expected = if plain.truth(&world) { Truth::True } else { Truth::False };
            prop_assert_eq!(condition.eval(&world), expected, "{} in {:?}", condition, world);
        }
    }

    #[test]
    fn equal_functions_are_equal_conditions(a in any_condition(), b in any_condition()) {
        prop_assume!(!a.and(&b).is_unknown() && !a.or(&b).is_unknown());
        prop_assert_eq!(a.and(&b).negate(), a.negate().or(&b.negate()));
        prop_assert_eq!(a.and(&b), b.and(&a));
        prop_assert_eq!(a.or(&a.and(&b)), a.clone());
        prop_assert!(a.and(&a.negate()).is_never());
        prop_assert!(a.and(&b).implies(&a));
    }

    #[test]
    fn a_partly_known_world_never_contradicts_a_whole_one(plain in plain(), keep in 0_u8..32) {
        let condition = plain.condition();
        for whole in worlds().into_iter().step_by(7) {
            let part = World {
                python: whole.python.filter(|_| keep & 1 != 0),
                limited: whole.limited.filter(|_| keep & 2 != 0),
                abi3t: whole.abi3t.filter(|_| keep & 4 != 0),
                platform: whole.platform.filter(|_| keep & 8 != 0),
                implementation: whole.implementation.filter(|_| keep & 16 != 0),
                ..World::default()
            };
            let told = condition.eval(&part);
            prop_assert!(told == Truth::Unknown || told == condition.eval(&whole));
            prop_assert_eq!(condition.given(&part).eval(&whole), condition.eval(&whole));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let _ = text.parse::<Condition>();
    }

    #[test]
    fn near_texts_are_read_or_refused(text in "(python|limited|not|and|or|\\(|\\)|<|==|3\\.9|debug|opaque\\(|A| ){0,20}") {
        let _ = text.parse::<Condition>();
    }
}

#[test]
fn trees_have_one_shape() {
    let one = Tree::within(Variable::Python, 5, 9).or(&Tree::within(Variable::Python, 9, 12));
    assert_eq!(one, Ok(Tree::within(Variable::Python, 5, 12)));
}
