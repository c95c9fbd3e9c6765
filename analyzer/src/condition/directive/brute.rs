//! The evaluator against a tiny interpreter of C expressions, in every build.

use proptest::prelude::*;

use super::super::{Evaluator, Implementation, Limited, MacroTable, Truth, World};
use capi::Version;

/// An expression of the preprocessor.
#[derive(Debug, Clone)]
enum C {
    Integer(i64),
    Name(&'static str),
    Defined(&'static str),
    Not(Box<C>),
    Minus(Box<C>),
    Binary(Box<C>, &'static str, Box<C>),
    Choice(Box<C>, Box<C>, Box<C>),
}

const NAMES: [&str; 9] = [
    "PY_VERSION_HEX",
    "PY_MAJOR_VERSION",
    "PY_MINOR_VERSION",
    "Py_LIMITED_API",
    "Py_GIL_DISABLED",
    "GRAALVM_PYTHON",
    "IS_PY3",
    "SWITCH",
    "HEX",
];

/// What the package defines: `IS_PY3` everywhere, `SWITCH` as 2 under limited and as 0 elsewhere below 3.9, `HEX` as one
/// of two built-in macros.
fn macros() -> MacroTable {
    let mut table = MacroTable::default();
    let mut define = |line: &str, condition: &str| {
        table.define_line(line.as_bytes(), &condition.parse().expect("a condition")).expect("a definition");
    };
    define("IS_PY3 (PY_MAJOR_VERSION >= 3)", "always");
    define("SWITCH 2", "limited");
    define("SWITCH 0", "not limited and python < 3.9");
    define("HEX Py_LIMITED_API", "limited");
    define("HEX PY_VERSION_HEX", "not limited");
    table.undefine("SWITCH", &"not limited and python >= 3.9".parse().expect("a condition"));
    table
}

/// The value of a macro in one build; `None` if it is not defined.
fn look_up(name: &str, world: &World) -> Option<i64> {
    let python = world.python.expect("known");
    let limited = match world.limited {
        Some(Limited::Value(version)) => Some(i64::from(version.limited_hex())),
        _ => None,
    };
    match name {
        // The newest patch release.
        "PY_VERSION_HEX" => Some(i64::from(python.hex() | 0xfff0)),
        "PY_MAJOR_VERSION" => Some(python.major().into()),
        "PY_MINOR_VERSION" => Some(python.minor().into()),
        "Py_LIMITED_API" => limited,
        "Py_GIL_DISABLED" => world.free_threaded.expect("known").then_some(1),
        "GRAALVM_PYTHON" => (world.implementation == Some(Implementation::GraalPy)).then_some(1),
        "IS_PY3" => Some(i64::from(python.major() >= 3)),
        "SWITCH" => limited.map(|_| 2).or((python < Version::new(3, 9)).then_some(0)),
        "HEX" => limited.or(look_up("PY_VERSION_HEX", world)),
        _ => None,
    }
}

impl C {
    fn value(&self, world: &World) -> i64 {
        match self {
            Self::Integer(value) => *value,
            Self::Name(name) => look_up(name, world).unwrap_or(0),
            Self::Defined(name) => i64::from(look_up(name, world).is_some()),
            Self::Not(a) => i64::from(a.value(world) == 0),
            Self::Minus(a) => a.value(world).wrapping_neg(),
            Self::Choice(a, b, c) => {
                if a.value(world) != 0 {
                    b.value(world)
                } else {
                    c.value(world)
                }
            }
            Self::Binary(a, op, b) => {
                let (a, b) = (a.value(world), b.value(world));
                match *op {
                    "+" => a.wrapping_add(b),
                    "-" => a.wrapping_sub(b),
                    "*" => a.wrapping_mul(b),
                    "&" => a & b,
                    "|" => a | b,
                    "^" => a ^ b,
                    "&&" => i64::from(a != 0 && b != 0),
                    "||" => i64::from(a != 0 || b != 0),
                    "<" => i64::from(a < b),
                    "<=" => i64::from(a <= b),
                    ">" => i64::from(a > b),
                    ">=" => i64::from(a >= b),
                    "==" => i64::from(a == b),
                    "!=" => i64::from(a != b),
                    other => unreachable!("{other}"),
                }
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Integer(value) if *value > 1000 => format!("{value:#x}L"),
            Self::Integer(value) => value.to_string(),
            Self::Name(name) => (*name).to_owned(),
            Self::Defined(name) => format!("defined({name})"),
            Self::Not(a) => format!("!{}", a.inner()),
            Self::Minus(a) => format!("-{}", a.inner()),
            Self::Binary(a, op, b) => format!("{} {op} {}", a.inner(), b.inner()),
            Self::Choice(a, b, c) => format!("{} ? {} : {}", a.inner(), b.inner(), c.inner()),
        }
    }

    fn inner(&self) -> String {
        match self {
            Self::Binary(..) | Self::Choice(..) | Self::Minus(_) => format!("({})", self.text()),
            _ => self.text(),
        }
    }
}

/// Without `PY_VERSION_HEX` inside arithmetic other than comparisons everything is exact; with it, patch levels show.
fn expression() -> impl Strategy<Value = C> {
    let leaf = prop_oneof![
        (-3_i64..12).prop_map(C::Integer),
        (1_usize..NAMES.len() - 1).prop_map(|index| C::Name(NAMES[index])),
        (0_usize..NAMES.len()).prop_map(|index| C::Defined(NAMES[index])),
        version_test(),
        version_test(),
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        let op = prop::sample::select(vec![
            "+", "-", "*", "&", "|", "^", "&&", "||", "&&", "||", "<", "<=", ">", ">=", "==", "!=",
        ]);
        prop_oneof![
            inner.clone().prop_map(|a| C::Not(Box::new(a))),
            inner.clone().prop_map(|a| C::Minus(Box::new(a))),
            (inner.clone(), op, inner.clone()).prop_map(|(a, op, b)| C::Binary(Box::new(a), op, Box::new(b))),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| C::Choice(
                Box::new(a),
                Box::new(b),
                Box::new(c)
            )),
        ]
    })
}

/// A version number compared with a threshold that is not in the middle of a feature version's patch releases.
fn version_test() -> impl Strategy<Value = C> {
    let name = prop::sample::select(vec!["PY_VERSION_HEX", "Py_LIMITED_API", "HEX"]);
    let threshold = (2_i64..4, 0_i64..14, prop::sample::select(vec![0_i64, 0xa4, 0xb1, 0xf0, 0x3f0]));
    let op = prop::sample::select(vec!["<", "<=", ">", ">="]);
    (name, op, threshold, any::<bool>()).prop_map(|(name, op, (major, minor, patch), turned)| {
        let name = Box::new(C::Name(name));
        let threshold = Box::new(C::Integer(major << 24 | minor << 16 | patch));
        if turned { C::Binary(threshold, op, name) } else { C::Binary(name, op, threshold) }
    })
}

/// Every build that can exist: headers do not know a later limited API than their own.
fn worlds() -> Vec<World> {
    let mut all = Vec::new();
    let versions = [(2, 6), (2, 7), (3, 0), (3, 2), (3, 8), (3, 9), (3, 11), (3, 12), (3, 15), (3, 31)];
    let versions = versions.map(|(major, minor)| Version::new(major, minor));
    for python in versions {
        let known = versions[3..].iter().filter(|version| **version <= python);
        for limited in known.map(|version| Limited::Value(*version)).chain([Limited::Undefined]) {
            for implementation in [Implementation::CPython, Implementation::GraalPy] {
                for free_threaded in [false, true] {
                    all.push(World {
                        python: Some(python),
                        limited: Some(limited),
                        implementation: Some(implementation),
                        free_threaded: Some(free_threaded),
                        ..World::default()
                    });
                }
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_evaluator_agrees_with_an_interpreter_in_every_build(c in expression()) {
        let text = c.text();
        let condition = Evaluator::default().evaluate(text.as_bytes(), &macros());
        for world in worlds() {
            let expected = if c.value(&world) != 0 { Truth::True } else { Truth::False };
            let told = condition.eval(&world);
            prop_assert!(told == expected || told == Truth::Unknown, "{text}: {condition} is {told:?} in {world:?}");
        }
    }

    #[test]
    fn version_tests_are_never_left_open(
        tests in prop::collection::vec((version_test(), prop::sample::select(vec!["&&", "||"]), any::<bool>()), 1..5)
    ) {
        let text = tests.iter().fold("1".to_owned(), |all, (test, op, negated)| {
            let test = if *negated { format!("!({})", test.text()) } else { format!("({})", test.text()) };
            format!("({all} {op} {test})")
        });
        let condition = Evaluator::default().evaluate(text.as_bytes(), &macros());
        for world in worlds() {
            prop_assert_ne!(condition.eval(&world), Truth::Unknown, "{}: {}", text, condition);
        }
    }

    #[test]
    fn any_bytes_give_a_condition(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let condition = Evaluator::default().evaluate(&bytes, &macros());
        prop_assert_eq!(condition.to_string().parse(), Ok(condition.clone()));
        Evaluator::default().defined(&bytes, &macros());
        MacroTable::default().define_line(&bytes, &condition);
    }

    #[test]
    fn any_run_of_tokens_gives_a_condition(
        text in "(defined|\\(|\\)| |PY_VERSION_HEX|HEX|SWITCH|X|,|&&|\\|\\||!|-|\\?|:|<|>=|1|0x030b0000|/\\*|\"|'|__has_include|#){0,30}"
    ) {
        let condition = Evaluator::default().evaluate(text.as_bytes(), &macros());
        prop_assert_eq!(condition.to_string().parse(), Ok(condition));
    }
}
