//! Conditions as expressions.

use std::fmt;

use super::cover::{Formula, Literal, formula};
use super::memory::printed;
use super::tree::Tree;
use super::variable::{Variable, limited_version, python_next, python_version};
use super::{Condition, Repr};

/// A literal in the words of the grammar.
pub(super) enum Text {
    Atom(String),
    All(Vec<String>),
    Any(Vec<Text>),
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Unknown => f.write_str("unknown"),
            Repr::Known(Tree::Leaf(true)) => f.write_str("always"),
            Repr::Known(Tree::Leaf(false)) => f.write_str("never"),
            Repr::Known(tree) => f.write_str(&printed(tree, || written(&formula(tree), Place::Alone))),
        }
    }
}

/// Where a part stands: a sum inside a product needs parentheses.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Alone,
    InAll,
}

fn written(formula: &Formula, place: Place) -> String {
    match formula {
        Formula::Is(literal) => text(&literal.text(), place),
        Formula::All(parts) => parts.iter().map(|part| written(part, Place::InAll)).collect::<Vec<_>>().join(" and "),
        Formula::Any(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| written(part, Place::Alone)).collect();
            in_place(parts.join(" or "), place)
        }
    }
}

fn text(literal: &Text, place: Place) -> String {
    match literal {
        Text::Atom(atom) => atom.clone(),
        Text::All(atoms) => atoms.join(" and "),
        Text::Any(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| text(part, Place::Alone)).collect();
            in_place(parts.join(" or "), place)
        }
    }
}

fn in_place(sum: String, place: Place) -> String {
    if place == Place::InAll { format!("({sum})") } else { sum }
}

impl Text {
    /// Atoms in print.
    fn size(&self) -> usize {
        match self {
            Self::Atom(_) => 1,
            Self::All(atoms) => atoms.len(),
            Self::Any(parts) => parts.iter().map(Self::size).sum(),
        }
    }
}

impl Literal {
    /// Atoms in print.
    pub(super) fn size(&self) -> usize {
        self.text().size()
    }

    pub(super) fn text(&self) -> Text {
        match &self.variable {
            Variable::Python => self.python(),
            Variable::Limited => self.limited(),
            Variable::Opaque(text) => self.opaque(text),
            variable => match variable.words() {
                Some(words) => self.words(words),
                None if self.ranges == [(1, 2)] => Text::Atom(variable.name().to_owned()),
                None => Text::Atom(format!("not {}", variable.name())),
            },
        }
    }

    fn python(&self) -> Text {
        if let Some(version) = self.all_but_one(python_next)
            && self.ranges.len() > 1
        {
            return Text::Atom(format!("python != {}", python_version(version)));
        }
        any(self.ranges.iter().map(|&(from, to)| python_range(from, to)).collect())
    }

    fn limited(&self) -> Text {
        let range = |&(from, to): &(u32, u32)| limited_range(from, to);
        match self.ranges.first() {
            Some((0, end)) => {
                let complement = self.complement();
                if let [one] = &complement.ranges[..]
                    && let Text::Atom(atom) = range(one)
                {
                    return Text::Atom(format!("not {atom}"));
                }
                let lowest = (*end > 1).then(|| limited_range(1, *end));
                let others = self.ranges.iter().skip(1).map(range);
                any([Text::Atom("not limited".to_owned())].into_iter().chain(lowest).chain(others).collect())
            }
            _ => any(self.ranges.iter().map(range).collect()),
        }
    }

    fn opaque(&self, text: &str) -> Text {
        let defined = format!("opaque({text})");
        let set = format!("opaque({text} != 0)");
        if self.variable.size() == 2 {
            return Text::Atom(if self.ranges == [(1, 2)] { defined } else { format!("not {defined}") });
        }
        match self.ranges[..] {
            [(1, 3)] => Text::Atom(defined),
            [(0, 1)] => Text::Atom(format!("not {defined}")),
            [(2, 3)] => Text::Atom(set),
            [(0, 2)] => Text::Atom(format!("not {set}")),
            [(1, 2)] => Text::All(vec![defined, format!("not {set}")]),
            _ => Text::Any(vec![Text::Atom(format!("not {defined}")), Text::Atom(set)]),
        }
    }

    fn words(&self, words: &[&str]) -> Text {
        let name = self.variable.name();
        if let Some(index) = self.all_but_one(|value| value + 1)
            && words.len() > 2
        {
            return Text::Atom(format!("{name} != {}", words[index as usize]));
        }
        let values = self.ranges.iter().flat_map(|(from, to)| *from..*to);
        any(values.map(|value| Text::Atom(format!("{name} == {}", words[value as usize]))).collect())
    }

    /// The only value left out, if there is only one.
    pub(super) fn all_but_one(&self, next: impl Fn(u32) -> u32) -> Option<u32> {
        let mut gaps = self.gaps();
        match (gaps.next(), gaps.next()) {
            (Some((from, to)), None) if next(from) == to => Some(from),
            _ => None,
        }
    }
}

fn any(mut parts: Vec<Text>) -> Text {
    if parts.len() == 1 { parts.remove(0) } else { Text::Any(parts) }
}

fn python_range(from: u32, to: u32) -> Text {
    let from_version = (from > 0).then(|| python_version(from));
    let to_version = (to < Variable::Python.size()).then(|| python_version(to));
    versions("python", from_version, to_version, python_next(from) == to)
}

fn limited_range(from: u32, to: u32) -> Text {
    let from_version = (from > 1).then(|| limited_version(from));
    let to_version = (to < Variable::Limited.size()).then(|| limited_version(to));
    versions("limited", from_version, to_version, from + 1 == to)
}

/// Versions from `from` up to `to`; `single`: there is only one.
fn versions(name: &str, from: Option<capi::Version>, to: Option<capi::Version>, single: bool) -> Text {
    match (from, to) {
        (Some(from), Some(_)) if single => Text::Atom(format!("{name} == {from}")),
        (Some(from), Some(to)) => Text::All(vec![format!("{name} >= {from}"), format!("{name} < {to}")]),
        (Some(from), None) => Text::Atom(format!("{name} >= {from}")),
        (None, Some(to)) => Text::Atom(format!("{name} < {to}")),
        (None, None) => Text::Atom(name.to_owned()),
    }
}
