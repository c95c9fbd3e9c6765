//! Conditions in plain words.

use super::cover::{Formula, Literal, formula};
use super::tree::Tree;
use super::variable::{Variable, limited_version, python_next, python_version};
use super::{Condition, Repr};

impl Condition {
    /// The condition for people: "only below 3.9", "3.9 and later", "only on Windows, not in the limited API".
    pub fn words(&self) -> String {
        match &self.0 {
            Repr::Unknown => "cannot be told".to_owned(),
            Repr::Known(Tree::Leaf(true)) => "always".to_owned(),
            Repr::Known(Tree::Leaf(false)) => "never compiled".to_owned(),
            Repr::Known(tree) => {
                let text = phrase(&formula(tree), Place::Alone);
                // "3.9 and later" and "not on Windows" are whole; "below 3.9" is clearer as "only below 3.9".
                let whole = text.starts_with("not ")
                    || text.starts_with("either ")
                    || text.starts_with(|c: char| c.is_ascii_digit());
                if whole { text } else { format!("only {text}") }
            }
        }
    }
}

/// What [`Condition`] prints, for people; what it did not print stays as it is.
pub fn condition_in_words(condition: &str) -> String {
    condition.parse().map_or_else(|_| condition.to_owned(), |condition: Condition| condition.words())
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Alone,
    InAll,
    InAny,
}

fn phrase(formula: &Formula, place: Place) -> String {
    match formula {
        Formula::Is(literal) => literal_words(literal),
        Formula::All(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| phrase(part, Place::InAll)).collect();
            parts.join(if place == Place::InAny { " and " } else { ", " })
        }
        Formula::Any(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| phrase(part, Place::InAny)).collect();
            match place {
                Place::Alone => parts.join(", or "),
                Place::InAll | Place::InAny => format!("either {}", parts.join(" or ")),
            }
        }
    }
}

fn literal_words(literal: &Literal) -> String {
    match &literal.variable {
        Variable::Python => python(literal),
        Variable::Limited => limited(literal),
        Variable::Platform => {
            worded(literal, &["Linux", "macOS", "Windows", "systems besides Linux, macOS and Windows"])
        }
        Variable::Implementation => worded(literal, &["CPython", "PyPy", "GraalPy"]),
        Variable::Abi3t => flag(literal, "for abi3t", "not for abi3t"),
        Variable::FreeThreaded => flag(literal, "in free-threaded builds", "not in free-threaded builds"),
        Variable::Debug => flag(literal, "in debug builds", "not in debug builds"),
        Variable::Cplusplus => flag(literal, "in C++", "in C"),
        Variable::CythonLimited => flag(literal, "with CYTHON_LIMITED_API", "not with CYTHON_LIMITED_API"),
        Variable::Opaque(text) => opaque(literal, text),
    }
}

fn flag(literal: &Literal, set: &str, unset: &str) -> String {
    if literal.ranges == [(1, 2)] { set } else { unset }.to_owned()
}

fn python(literal: &Literal) -> String {
    if let Some(version) = literal.all_but_one(python_next) {
        return format!("not on {}", python_version(version));
    }
    let parts: Vec<String> = literal.ranges.iter().map(|&(from, to)| python_range(from, to)).collect();
    parts.join(" or ")
}

fn python_range(from: u32, to: u32) -> String {
    if from == 0 {
        return format!("below {}", python_version(to));
    }
    let first = python_version(from);
    if to == Variable::Python.size() {
        format!("{first} and later")
    } else if python_next(from) == to {
        format!("on {first}")
    } else {
        format!("from {first} up to below {}", python_version(to))
    }
}

fn limited(literal: &Literal) -> String {
    let range = |&(from, to): &(u32, u32)| limited_range(from, to);
    if literal.ranges.first().is_some_and(|(from, _)| *from == 0) {
        let complement = literal.complement();
        if complement.ranges.len() == 1 {
            let without: Vec<String> = complement.ranges.iter().map(range).collect();
            return if without == ["in the limited API"] {
                "not in the limited API".to_owned()
            } else {
                format!("not {}", without.join(" or "))
            };
        }
        let lowest = literal.ranges.first().filter(|(_, to)| *to > 1).map(|(_, to)| limited_range(1, *to));
        let others = literal.ranges.iter().skip(1).map(range);
        let parts: Vec<String> =
            ["outside the limited API".to_owned()].into_iter().chain(lowest).chain(others).collect();
        return parts.join(" or ");
    }
    let parts: Vec<String> = literal.ranges.iter().map(range).collect();
    parts.join(" or ")
}

/// Values of a defined `Py_LIMITED_API`.
fn limited_range(from: u32, to: u32) -> String {
    let open = to == Variable::Limited.size();
    match (from, open) {
        (1, true) => "in the limited API".to_owned(),
        (1, false) => format!("with Py_LIMITED_API below {}", limited_version(to)),
        (_, true) => format!("with Py_LIMITED_API {} or later", limited_version(from)),
        (_, false) if from + 1 == to => format!("with Py_LIMITED_API {}", limited_version(from)),
        (_, false) => format!("with Py_LIMITED_API from {} up to below {}", limited_version(from), limited_version(to)),
    }
}

fn worded(literal: &Literal, words: &[&str]) -> String {
    if let Some(index) = literal.all_but_one(|value| value + 1) {
        return format!("not on {}", words[index as usize]);
    }
    let values = literal.ranges.iter().flat_map(|(from, to)| *from..*to);
    let values: Vec<&str> = values.map(|value| words[value as usize]).collect();
    format!("on {}", values.join(" or "))
}

fn opaque(literal: &Literal, text: &str) -> String {
    if literal.variable.size() == 2 {
        return if literal.ranges == [(1, 2)] { format!("if {text}") } else { format!("not if {text}") };
    }
    match literal.ranges[..] {
        [(1, 3)] => format!("if {text} is defined"),
        [(0, 1)] => format!("if {text} is not defined"),
        [(2, 3)] => format!("if {text} is set"),
        [(0, 2)] => format!("not if {text} is set"),
        [(1, 2)] => format!("if {text} is defined as zero"),
        _ => format!("if {text} is not defined as zero"),
    }
}
