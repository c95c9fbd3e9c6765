//! A pattern, and the lines it matches in.

use std::ops::Range;

use grep_matcher::Matcher;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use regex_syntax::hir::{Hir, Look};

use crate::Plan;

/// Bytes of a pattern.
pub const LONGEST: usize = 1000;
/// Bytes of a compiled pattern: repetitions of repetitions are refused instead of compiled.
const COMPILED: usize = 4 << 20;
/// Bytes that matching may remember.
const REMEMBERED: usize = 8 << 20;

/// Why a text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// There is nothing to search for.
    #[error("there is nothing to search for")]
    Empty,
    /// It is too long.
    #[error("a pattern has at most {LONGEST} bytes")]
    TooLong,
    /// Lines are searched one by one, so the text has no start or end of its own.
    #[error("lines are searched one by one: write ^ and $ for their start and end instead of \\A and \\z")]
    Anchors,
    /// It cannot be read, or is too big.
    #[error("not a pattern: {0}")]
    Syntax(String),
}

/// A regular expression of Rust's `regex`, matched line by line: a match never crosses the end of a line, and `^` and `$`
/// are the start and end of lines.
#[derive(Debug, Clone)]
pub struct Pattern {
    matcher: RegexMatcher,
    plan: Plan,
}

/// A line with a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMatch {
    /// Where the line is, without its end.
    pub line: Range<usize>,
    /// Where the first match is.
    pub matched: Range<usize>,
}

impl Pattern {
    /// Reads a pattern; with `any_case` upper and lower case are the same.
    pub fn parse(text: &str, any_case: bool) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if text.len() > LONGEST {
            return Err(PatternError::TooLong);
        }
        let hir = parsed(text, any_case)?;
        let looks = hir.properties().look_set();
        if looks.contains(Look::Start) || looks.contains(Look::End) {
            return Err(PatternError::Anchors);
        }
        let matcher = RegexMatcherBuilder::new()
            .multi_line(true)
            .case_insensitive(any_case)
            .line_terminator(Some(b'\n'))
            .size_limit(COMPILED)
            .dfa_size_limit(REMEMBERED)
            .build(text)
            .map_err(|error| PatternError::Syntax(last_line(&error.to_string())))?;
        Ok(Self { matcher, plan: Plan::of(&hir) })
    }

    /// What a matching line must hold.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Whether an index helps: otherwise every line has to be looked at.
    pub fn is_selective(&self) -> bool {
        self.plan != Plan::Any
    }

    /// The first line with a match at or after `from`, which is the start of a line. `text` is whole lines.
    pub fn next(&self, text: &[u8], from: usize) -> Option<LineMatch> {
        let found = self.matcher.find_at(text, from).ok()??;
        let line = line_at(text, found.start());
        // After the last line's end there is no line.
        (line.start < text.len()).then_some(LineMatch { line, matched: found.start()..found.end() })
    }

    /// Where the matches of one line are.
    pub fn matches(&self, line: &[u8]) -> Vec<Range<usize>> {
        let mut matches = Vec::new();
        // Matching does not fail.
        let _ = self.matcher.find_iter(line, |found| {
            matches.push(found.start()..found.end());
            true
        });
        matches
    }

    /// A line as it is shown: what stands before its first match, the match, and what stands behind it. What is shown may
    /// be a part of the line that has no match: then all of it is before.
    pub fn marked<'t>(&self, line: &'t str) -> [&'t str; 3] {
        let found = self.lines(line.as_bytes()).next().map(|found| found.matched);
        let parts = found.and_then(|at| Some([line.get(..at.start)?, line.get(at.clone())?, line.get(at.end..)?]));
        parts.unwrap_or([line, "", ""])
    }

    /// Every line with a match.
    pub fn lines<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = LineMatch> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = (from < text.len()).then(|| self.next(text, from))??;
            from = found.line.end + 1;
            Some(found)
        })
    }
}

/// The line that a place of a text is in, without its end.
pub fn line_at(text: &[u8], at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
    start..end
}

fn parsed(text: &str, any_case: bool) -> Result<Hir, PatternError> {
    let mut parser = regex_syntax::ParserBuilder::new().multi_line(true).case_insensitive(any_case).utf8(false).build();
    parser.parse(text).map_err(|error| PatternError::Syntax(placed(text, &error)))
}

/// The sentence of an error and where it is: `unclosed group, at character 3`.
fn placed(text: &str, error: &regex_syntax::Error) -> String {
    let (why, at) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start.offset),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start.offset),
        other => return last_line(&other.to_string()),
    };
    format!("{why}, at character {}", text.get(..at).unwrap_or(text).chars().count() + 1)
}

/// The sentence of an error that also draws where it is.
fn last_line(text: &str) -> String {
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or(text);
    line.trim().trim_start_matches("error: ").to_owned()
}
