//! Places in a source file.

use serde::Deserialize;

/// Lines of a file: inclusive ranges, sorted and apart.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Lines(Vec<(u32, u32)>);

impl Lines {
    /// Whether `line` is in one of the ranges.
    pub(super) fn contains(&self, line: u32) -> bool {
        let begun = self.0.partition_point(|(first, _)| *first <= line);
        self.0[..begun].last().is_some_and(|(_, last)| line <= *last)
    }
}

/// A name on a line of some file: what one finding, and one fact, is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// 1-based.
    pub(super) line: u32,
    /// The item, the last component of a member, or the variable.
    pub(super) name: String,
}

impl Place {
    pub(super) const fn new(line: u32, name: String) -> Self {
        Self { line, name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_range_belong_to_it_and_the_lines_between_two_do_not() {
        let lines = Lines(vec![(2, 3), (7, 7)]);
        let inside: Vec<u32> = (0..10).filter(|line| lines.contains(*line)).collect();
        assert_eq!(inside, [2, 3, 7]);
    }
}
