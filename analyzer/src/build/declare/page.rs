//! A file that is being read for declarations: positions, and the list that they go to.

use std::ops::Range;

use crate::declared::{Declaration, Dependence, Form, Knobs, Says};
use crate::report::Certainty;

use super::value::Reading;

/// Declarations of one file that are kept; real files have a handful.
const MAX_DECLARATIONS: usize = 200;

/// Bytes of a value or condition that are kept.
const MAX_TEXT: usize = 200;

/// A file and its declarations.
pub(super) struct Page<'a> {
    path: &'a str,
    pub(super) text: &'a str,
    /// Where lines start.
    starts: Vec<usize>,
    pub(super) found: Vec<Declaration>,
}

/// When a declaration holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct When {
    /// The conditions as written; all of them have to hold.
    pub(super) texts: Vec<String>,
    /// What they ask about.
    pub(super) depends_on: Vec<Dependence>,
}

impl When {
    /// In every build.
    pub(super) fn always() -> Self {
        Self::default()
    }

    /// If `text`, which asks about `depends_on`.
    pub(super) fn only(text: &str, depends_on: &[Dependence]) -> Self {
        Self::always().and(text, depends_on)
    }

    /// And if `text`.
    #[must_use]
    pub(super) fn and(mut self, text: &str, depends_on: &[Dependence]) -> Self {
        let text = shortened(text);
        if !self.texts.contains(&text) {
            self.texts.push(text);
        }
        self.depends_on.extend_from_slice(depends_on);
        self.depends_on.sort_unstable();
        self.depends_on.dedup();
        self
    }

    /// Both.
    #[must_use]
    pub(super) fn both(mut self, other: &Self) -> Self {
        for text in &other.texts {
            self = self.and(text, &[]);
        }
        self.depends_on.extend_from_slice(&other.depends_on);
        self.depends_on.sort_unstable();
        self.depends_on.dedup();
        self
    }
}

impl<'a> Page<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
        Self { path, text, starts: std::iter::once(0).chain(ends).collect(), found: Vec::new() }
    }

    /// Whether enough was found: what follows is not looked at.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MAX_DECLARATIONS
    }

    /// The line, from 1, and the column of an offset.
    pub(super) fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let column = offset.saturating_sub(self.starts[line - 1]) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Adds what stands at `at`.
    pub(super) fn add(&mut self, at: usize, form: Form, value: &str, sets: Knobs, reading: Reading, when: &When) {
        let (line, column) = self.position(at);
        let declaration = Declaration {
            path: self.path.to_owned(),
            line,
            column,
            form,
            value: shortened(value),
            sets,
            says: reading.says,
            abi: reading.abi,
            floor: reading.floor,
            when: (!when.texts.is_empty()).then(|| shortened(&when.texts.join(" and "))),
            depends_on: when.depends_on.clone(),
            certainty: Certainty::Certain,
        };
        if !self.is_full() && !self.found.contains(&declaration) {
            self.found.push(declaration);
        }
    }

    /// Adds what says nothing about the stable ABI by itself.
    pub(super) fn add_context(&mut self, at: usize, form: Form, value: &str, when: &When) {
        let reading = Reading { abi: None, ..Reading::of(Says::Context) };
        self.add(at, form, value, Knobs::NONE, reading, when);
    }

    /// The last one is a guess.
    pub(super) fn doubt(&mut self) {
        if let Some(last) = self.found.last_mut() {
            last.certainty = Certainty::Probable;
        }
    }

    /// The text of a range, trimmed.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default().trim()
    }
}

/// The text in one line, and not too long.
pub(super) fn shortened(text: &str) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        if short.len() > MAX_TEXT {
            let end = (0..=MAX_TEXT).rev().find(|end| short.is_char_boundary(*end)).unwrap_or(0);
            short.truncate(end);
            short.push('…');
            break;
        }
    }
    short
}
