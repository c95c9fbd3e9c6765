//! What core developers ask for: proposals of ten rules.

use super::draw::{Draw, Zipf};
use super::real;

/// Rules of a proposal.
const RULES: usize = 10;

/// A sort of proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Ten items, the oftener the better known.
    Ten,
    /// The ten commonest items.
    Commonest,
    /// `PyTypeObject` opaque, and nine items.
    Types,
    /// `PyObject` opaque in binaries, too, and nine items.
    Objects,
    /// Ten items, as JSON: all projects on one page.
    Json,
}

impl Question {
    pub(super) const ALL: [Self; 5] = [Self::Ten, Self::Commonest, Self::Types, Self::Objects, Self::Json];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ten => "ten items",
            Self::Commonest => "commonest",
            Self::Types => "types",
            Self::Objects => "objects",
            Self::Json => "as JSON",
        }
    }
}

/// Draws proposals.
#[derive(Debug)]
pub(super) struct Questions {
    /// Functions and macros that CPython has, the best known first.
    items: Vec<&'static str>,
    by_item: Zipf,
}

impl Questions {
    pub(super) fn new() -> Self {
        let known = |item: &real::Item| item.kind == "api" && capi::item(item.name).is_some();
        let items: Vec<&str> = real::items().iter().filter(|item| known(item)).map(|item| item.name).collect();
        let by_item = Zipf::new(u32::try_from(items.len()).unwrap_or(u32::MAX), 1.0);
        Self { items, by_item }
    }

    /// The next proposal: its sort and its path with the query.
    pub(super) fn ask(&self, draw: &mut Draw) -> (Question, String) {
        let question = *draw.one_of(&Question::ALL);
        let mut some = |n| (0..n).map(|_| self.items[self.by_item.rank(draw)]).collect::<Vec<_>>().join(",");
        let path = match question {
            Question::Ten => format!("/whatif?remove={}", some(RULES)),
            Question::Json => format!("/api/v1/whatif?remove={}", some(RULES)),
            Question::Commonest => format!("/whatif?remove={}", self.items[..RULES].join(",")),
            Question::Types => format!("/whatif?opaque=PyTypeObject&remove={}", some(RULES - 1)),
            Question::Objects => format!("/whatif?opaque-abi=PyObject&remove={}", some(RULES - 1)),
        };
        (question, path)
    }
}
