//! What core developers ask for: proposals of ten rules.

use super::draw::{Draw, Zipf};
use super::real;

/// What the load generator asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Ask {
    /// The mix of pages
    Pages,
    /// Pages about the past
    Past,
    /// Items over time, in parts of the projects, and who took them up
    ItemsPast,
    /// Pages of proposals
    Proposals,
    /// Proposals as JSON, with every project
    WholeAnswers,
}

impl Ask {
    /// As the command line has it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Past => "past",
            Self::ItemsPast => "items-past",
            Self::Proposals => "proposals",
            Self::WholeAnswers => "whole-answers",
        }
    }
}

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
}

impl Question {
    const ALL: [Self; 4] = [Self::Ten, Self::Commonest, Self::Types, Self::Objects];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ten => "ten items",
            Self::Commonest => "commonest",
            Self::Types => "types",
            Self::Objects => "objects",
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

    /// The next proposal: its sort, and the page with the query.
    pub(super) fn ask(&self, draw: &mut Draw, page: &str) -> (Question, String) {
        let question = *draw.one_of(&Question::ALL);
        let mut some = |n| (0..n).map(|_| self.items[self.by_item.rank(draw)]).collect::<Vec<_>>().join(",");
        let rules = match question {
            Question::Ten => format!("remove={}", some(RULES)),
            Question::Commonest => format!("remove={}", self.items[..RULES].join(",")),
            Question::Types => format!("opaque=PyTypeObject&remove={}", some(RULES - 1)),
            Question::Objects => format!("opaque-abi=PyObject&remove={}", some(RULES - 1)),
        };
        (question, format!("{page}?{rules}"))
    }
}
