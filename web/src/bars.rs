//! Bars: server-side SVG in per cent, so that they fit any width while their text keeps its size.

use std::fmt;

use analyzer::Outcome;
use capi::Target;
use store::OutcomeCounts;

use crate::address;
use crate::numbers::{Count, length};
use crate::words::Mark;

/// The parts of a bar, in drawing order: what can ship first, so that it starts at zero and compares across rows.
/// `pure` is not drawn: the whole is the projects with native source.
pub(crate) const PARTS: [Outcome; 4] = [Outcome::NoBlocker, Outcome::Undecided, Outcome::ToolBlocks, Outcome::Blocked];

/// A part narrower than this has no room for its number on a phone.
const NUMBER_FROM_PERCENT: i64 = 5;

/// A part narrower than this has no room for its shape beside the number.
const SHAPE_FROM_PERCENT: i64 = 12;

/// One target's projects with native source, as parts of their whole.
pub(crate) struct Bar {
    target: Target,
    counts: OutcomeCounts,
}

/// The count of one verdict.
pub(crate) const fn count(counts: &OutcomeCounts, outcome: Outcome) -> i64 {
    match outcome {
        Outcome::NoBlocker => counts.no_blocker,
        Outcome::Blocked => counts.blocked,
        Outcome::ToolBlocks => counts.tool_blocks,
        Outcome::Undecided => counts.undecided,
        Outcome::Pure => counts.pure,
    }
}

/// Projects with native source that have a verdict.
pub(crate) fn native(counts: &OutcomeCounts) -> i64 {
    PARTS.iter().map(|part| count(counts, *part)).sum()
}

impl Bar {
    pub(crate) const fn new(target: Target, counts: OutcomeCounts) -> Self {
        Self { target, counts }
    }

    fn sentence(&self) -> String {
        let parts: Vec<String> = PARTS
            .iter()
            .map(|part| format!("{} {}", Count(count(&self.counts, *part)), Mark::from(*part).word()))
            .collect();
        format!("{}: {}, of {}", self.target, parts.join(", "), Count(native(&self.counts)))
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = native(&self.counts);
        write!(f, "<svg role=\"group\" aria-label=\"{}\">", self.sentence())?;
        let mut before = 0;
        for part in PARTS {
            let n = count(&self.counts, part);
            if n > 0 {
                segment(f, self.target, part, before, n, whole)?;
            }
            before += n;
        }
        f.write_str("</svg>")
    }
}

fn segment(f: &mut fmt::Formatter<'_>, target: Target, part: Outcome, before: i64, n: i64, whole: i64) -> fmt::Result {
    let mark = Mark::from(part);
    let pairs = [("verdict", part.as_str()), ("target", &address::target_value(target))];
    let href = address::with_query("/projects", &pairs).replace('&', "&amp;");
    write!(f, "<a href=\"{href}\"><title>{target}: {} {}</title>", Count(n), mark.word())?;
    let (x, width) = (length(before, whole), length(n, whole));
    write!(f, "<rect class=\"b-{}\" x=\"{x}\" width=\"{width}\" height=\"100%\"/>", part.as_str())?;
    if n * 100 >= whole * NUMBER_FROM_PERCENT {
        let shape = if n * 100 >= whole * SHAPE_FROM_PERCENT { mark.shape() } else { "" };
        let (middle, gap) = (length(2 * before + n, 2 * whole), if shape.is_empty() { "" } else { " " });
        write!(
            f,
            "<text x=\"{middle}\" y=\"50%\" dy=\".35em\" text-anchor=\"middle\">{shape}{gap}{}</text>",
            Count(n)
        )?;
    }
    f.write_str("</a>")
}

// Numbers, and constants of this crate.
impl askama::filters::HtmlSafe for Bar {}

/// How much of the survey is left at one step of the denominator chain.
pub(crate) struct Left {
    pub(crate) n: i64,
    pub(crate) all: i64,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = length(self.n, self.all);
        write!(
            f,
            "<svg aria-hidden=\"true\"><rect class=\"all\" width=\"100%\" height=\"100%\"/>\
             <rect class=\"left\" width=\"{width}\" height=\"100%\"/></svg>"
        )
    }
}

impl askama::filters::HtmlSafe for Left {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_the_whole_and_link_to_their_projects() {
        let counts = OutcomeCounts { no_blocker: 1, blocked: 2, tool_blocks: 0, undecided: 1, pure: 7 };
        let svg = Bar::new("abi3-3.9".parse().expect("a target"), counts).to_string();
        assert!(svg.contains("x=\"0.00%\" width=\"25.00%\""), "{svg}");
        assert!(svg.contains("x=\"50.00%\" width=\"50.00%\""), "{svg}");
        assert!(svg.contains("href=\"/projects?verdict=blocked&amp;target=abi3-3.9\""), "{svg}");
        assert!(
            svg.contains("aria-label=\"abi3-3.9: 1 no blocker, 1 undecided, 0 tool blocks, 2 blocked, of 4\""),
            "{svg}"
        );
        assert!(!svg.contains("tool-blocks"), "an empty part is not drawn: {svg}");
    }

    #[test]
    fn a_survey_of_nothing_draws_nothing() {
        let svg = Bar::new("abi3-3.9".parse().expect("a target"), OutcomeCounts::default()).to_string();
        assert!(!svg.contains("<rect"), "{svg}");
    }
}
