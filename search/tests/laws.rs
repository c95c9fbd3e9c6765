//! What a search finds is what a plain regex finds, line by line.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use regex::bytes::{Regex, RegexBuilder};
use search::{Builder, DIRECTORY, Directory, Pattern, PatternError, Plan, Trigram, Units};

/// Parts of patterns over few letters, so that they match often and miss narrowly.
fn patterns() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => "[a-cA-Ck_é]{1,5}",
        1 => Just(".".to_owned()),
        1 => Just("[ab]".to_owned()),
        1 => Just("[^a]".to_owned()),
        1 => Just(r"\s".to_owned()),
        1 => Just(r"\w".to_owned()),
        1 => Just(r"\b".to_owned()),
        1 => Just("^".to_owned()),
        1 => Just("$".to_owned()),
        1 => Just(r"[\n;]".to_owned()),
        1 => Just(r"(?-u:\xff)".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("|"))),
            (inner.clone(), prop::sample::select(vec!["?", "*", "+", "{2}", "{1,3}", "{5}", "{2,}", "*?"]))
                .prop_map(|(part, how)| format!("(?:{part}){how}")),
            inner.prop_map(|part| format!("(?i:{part})")),
        ]
    })
}

fn texts() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-cA-Ck_é; ]{1,6}".prop_map(String::into_bytes),
        2 => Just(b"\n".to_vec()),
        1 => prop::sample::select(vec![&b"\r\n"[..], b"\xff", b"\xe2\x84\xaa", b"\0", b"\xc5\xbf"]).prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn plain(pattern: &str) -> Regex {
    RegexBuilder::new(pattern).multi_line(true).build().unwrap()
}

/// The numbers of the lines in which a plain regex finds something.
fn by_line(pattern: &str, text: &[u8]) -> Vec<usize> {
    let regex = plain(pattern);
    let text = text.strip_suffix(b"\n").map_or(text, |rest| rest);
    let lines = text.split(|byte| *byte == b'\n').enumerate();
    lines.filter(|(_, line)| regex.is_match(line)).map(|(number, _)| number).collect()
}

fn by_search(pattern: &Pattern, text: &[u8]) -> Vec<usize> {
    let number = |at: usize| memchr::memchr_iter(b'\n', &text[..at]).count();
    pattern.lines(text).map(|found| number(found.line.start)).collect()
}

/// The units that an index of these texts lets through.
fn let_through(plan: &Plan, texts: &[Vec<u8>]) -> Units {
    let mut builder = Builder::default();
    for text in texts {
        builder.unit([text.as_slice()]);
    }
    let index = builder.finish();
    let directory = Directory::read(&index[..DIRECTORY]).unwrap();
    let held: BTreeMap<Trigram, Units> = plan
        .trigrams()
        .into_iter()
        .map(|trigram| {
            let place = directory.place(trigram);
            let bytes = &index[usize::try_from(place.start).unwrap()..usize::try_from(place.end).unwrap()];
            (trigram, directory.holding(trigram, bytes).unwrap())
        })
        .collect();
    plan.units(directory.units(), &held)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_lines_found_are_those_of_a_plain_regex(pattern in patterns(), text in texts()) {
        let Ok(read) = Pattern::parse(&pattern, false) else { return Err(TestCaseError::reject("no pattern")) };
        prop_assert_eq!(by_search(&read, &text), if text.is_empty() { vec![] } else { by_line(&pattern, &text) });
    }

    #[test]
    fn the_index_never_leaves_out_a_unit_with_a_match(
        pattern in patterns(), texts in prop::collection::vec(texts(), 1..20)
    ) {
        let Ok(read) = Pattern::parse(&pattern, false) else { return Err(TestCaseError::reject("no pattern")) };
        let units = let_through(read.plan(), &texts);
        for (unit, text) in (0..).zip(&texts) {
            prop_assert!(units.contains(unit) || by_search(&read, text).is_empty(), "unit {} of {:?}", unit, pattern);
        }
    }

    #[test]
    fn bytes_that_are_no_index_never_panic(start: Vec<u8>, bytes: Vec<u8>) {
        let mut builder = Builder::default();
        builder.unit([start.as_slice()]);
        let index = builder.finish();
        let directory = Directory::read(&index).unwrap();
        let _ = directory.holding(*b"abc", &bytes);
        prop_assert!(Directory::read(&start).is_none());
    }
}

#[test]
fn literals_are_looked_up_and_what_is_open_is_scanned() {
    let texts: Vec<Vec<u8>> = [&b"ob_type = x"[..], b"ob_type", b"OB_TYPE=", b"type_ob"].map(<[u8]>::to_vec).into();
    let through = |pattern: &str| {
        let units = let_through(Pattern::parse(pattern, false).unwrap().plan(), &texts);
        (0..4).filter(|unit| units.contains(*unit)).collect::<Vec<u32>>()
    };
    assert_eq!(through(r"ob_type\s*="), [0, 1]);
    assert_eq!(through(r"(?i)ob_type\s*="), [0, 1, 2]);
    assert_eq!(through("type_ob|OB_TYPE"), [2, 3]);
    assert_eq!(through("_type.*x"), [0, 1]);
    assert_eq!(through("nowhere"), [] as [u32; 0]);
    assert!(!Pattern::parse(r"\w+\s*=", false).unwrap().is_selective());
    assert!(Pattern::parse(r"\w+->ob_type", false).unwrap().is_selective());
}

#[test]
fn what_cannot_be_searched_for_is_said() {
    assert_eq!(Pattern::parse("", false).unwrap_err(), PatternError::Empty);
    assert_eq!(Pattern::parse(r"\Aint", false).unwrap_err(), PatternError::Anchors);
    assert_eq!(Pattern::parse(&"x".repeat(2000), false).unwrap_err(), PatternError::TooLong);
    let why = Pattern::parse("é(", false).unwrap_err().to_string();
    assert_eq!(why, "not a pattern: unclosed group, at character 2");
    assert!(matches!(Pattern::parse(r"(\w{100}){100}", false).unwrap_err(), PatternError::Syntax(_)));
    assert!(matches!(Pattern::parse(r"a\nb", false).unwrap_err(), PatternError::Syntax(_)));
}
