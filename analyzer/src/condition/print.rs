//! Conditions as expressions.

use std::fmt;

use super::cover::{Formula, Literal, formula};
use super::memory::printed;
use super::tree::Tree;
use super::variable::{Variable, limited_version, python_next, python_version};
use super::{Condition, Repr};

/// A literal in the words of the grammar.
pub(super) enum Text<A> {
    Atom(A),
    All(Vec<A>),
    Any(Vec<Text<A>>),
}

/// What an atom becomes: a text, or nothing where atoms are only counted.
pub(super) trait Atom: Sized {
    /// From its text.
    fn of(text: fmt::Arguments<'_>) -> Self;
}

impl Atom for String {
    fn of(text: fmt::Arguments<'_>) -> Self {
        text.to_string()
    }
}

impl Atom for () {
    fn of(_: fmt::Arguments<'_>) -> Self {}
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

fn text(literal: &Text<String>, place: Place) -> String {
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

impl<A> Text<A> {
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
        self.text::<()>().size()
    }

    pub(super) fn text<A: Atom>(&self) -> Text<A> {
        match &self.variable {
            Variable::Python => self.python(),
            Variable::Limited => self.limited(),
            Variable::Opaque(text) => self.opaque(text),
            variable => match variable.words() {
                Some(words) => self.words(words),
                None if self.ranges == [(1, 2)] => Text::Atom(A::of(format_args!("{}", variable.name()))),
                None => Text::Atom(A::of(format_args!("not {}", variable.name()))),
            },
        }
    }

    fn python<A: Atom>(&self) -> Text<A> {
        if let Some(version) = self.all_but_one(python_next)
            && self.ranges.len() > 1
        {
            return Text::Atom(A::of(format_args!("python != {}", python_version(version))));
        }
        any(self.ranges.iter().map(|&(from, to)| python_range(from, to)).collect())
    }

    fn limited<A: Atom>(&self) -> Text<A> {
        let range = |&(from, to): &(u32, u32)| limited_range(from, to);
        match self.ranges.first() {
            Some((0, end)) => {
                let complement = self.complement();
                if let [one] = &complement.ranges[..]
                    && let Text::Atom(atom) = limited_range::<String>(one.0, one.1)
                {
                    return Text::Atom(A::of(format_args!("not {atom}")));
                }
                let lowest = (*end > 1).then(|| limited_range(1, *end));
                let others = self.ranges.iter().skip(1).map(range);
                any([Text::Atom(A::of(format_args!("not limited")))].into_iter().chain(lowest).chain(others).collect())
            }
            _ => any(self.ranges.iter().map(range).collect()),
        }
    }

    fn opaque<A: Atom>(&self, text: &str) -> Text<A> {
        let defined = || A::of(format_args!("opaque({text})"));
        let not_defined = || A::of(format_args!("not opaque({text})"));
        let set = || A::of(format_args!("opaque({text} != 0)"));
        let not_set = || A::of(format_args!("not opaque({text} != 0)"));
        match self.ranges[..] {
            [(1, 2)] if self.variable.size() == 2 => Text::Atom(defined()),
            _ if self.variable.size() == 2 => Text::Atom(not_defined()),
            [(1, 3)] => Text::Atom(defined()),
            [(0, 1)] => Text::Atom(not_defined()),
            [(2, 3)] => Text::Atom(set()),
            [(0, 2)] => Text::Atom(not_set()),
            [(1, 2)] => Text::All(vec![defined(), not_set()]),
            _ => Text::Any(vec![Text::Atom(not_defined()), Text::Atom(set())]),
        }
    }

    fn words<A: Atom>(&self, words: &[&str]) -> Text<A> {
        let name = self.variable.name();
        if let Some(index) = self.all_but_one(|value| value + 1)
            && words.len() > 2
        {
            return Text::Atom(A::of(format_args!("{name} != {}", words[index as usize])));
        }
        let values = self.ranges.iter().flat_map(|(from, to)| *from..*to);
        any(values.map(|value| Text::Atom(A::of(format_args!("{name} == {}", words[value as usize])))).collect())
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

fn any<A>(mut parts: Vec<Text<A>>) -> Text<A> {
    if parts.len() == 1 { parts.remove(0) } else { Text::Any(parts) }
}

fn python_range<A: Atom>(from: u32, to: u32) -> Text<A> {
    let from_version = (from > 0).then(|| python_version(from));
    let to_version = (to < Variable::Python.size()).then(|| python_version(to));
    versions("python", from_version, to_version, python_next(from) == to)
}

fn limited_range<A: Atom>(from: u32, to: u32) -> Text<A> {
    let from_version = (from > 1).then(|| limited_version(from));
    let to_version = (to < Variable::Limited.size()).then(|| limited_version(to));
    versions("limited", from_version, to_version, from + 1 == to)
}

/// Versions from `from` up to `to`; `single`: there is only one.
fn versions<A: Atom>(name: &str, from: Option<capi::Version>, to: Option<capi::Version>, single: bool) -> Text<A> {
    let atom = |op: &str, version| A::of(format_args!("{name} {op} {version}"));
    match (from, to) {
        (Some(from), Some(_)) if single => Text::Atom(atom("==", from)),
        (Some(from), Some(to)) => Text::All(vec![atom(">=", from), atom("<", to)]),
        (Some(from), None) => Text::Atom(atom(">=", from)),
        (None, Some(to)) => Text::Atom(atom("<", to)),
        (None, None) => Text::Atom(A::of(format_args!("{name}"))),
    }
}
