//! Charts over time: server-side SVG, legible at any width and without scripts.
//!
//! Horizontal places are in per cent and heights in pixels, so that a chart fits its column while its text keeps its size:
//! only lines and areas lie in a box that is stretched. Colours, and what shows on hover and focus, are the style sheet's;
//! [`standalone`] carries its own, for a PEP or a README.

mod labels;
mod plot;
mod scale;
mod standalone;

use chrono::NaiveDate;

pub(crate) use plot::Plot;
pub(crate) use standalone::{STYLE, standalone, summary};

/// A chart. Every line has a value for each date, or says that there is none.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub(crate) title: String,
    /// What is counted, in a sentence.
    pub(crate) definition: String,
    pub(crate) unit: Unit,
    /// Parts of a whole, lowest first, drawn on top of each other.
    pub(crate) is_stacked: bool,
    /// In the order of time.
    pub(crate) dates: Vec<NaiveDate>,
    pub(crate) lines: Vec<Line>,
    /// What each date is, in words: shown on hover and focus, and told to who does not see.
    pub(crate) said: Vec<String>,
    /// Where each date leads; may be empty.
    pub(crate) addresses: Vec<String>,
    /// Dates before this one are drawn as not observed.
    pub(crate) observed_from: Option<NaiveDate>,
    /// Days on which what is counted changed, each with a word.
    pub(crate) marks: Vec<(NaiveDate, String)>,
    /// The top of the scale; `None`: what the values want.
    pub(crate) top: Option<f64>,
}

/// What values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Of projects.
    Count,
    /// In per cent.
    Share,
}

/// A line, or a part of a stack.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) label: String,
    /// Tells it apart without colour.
    pub(crate) shape: &'static str,
    /// Its class in the style sheet: a verdict's word, or `l-0` to `l-4`.
    pub(crate) class: String,
    pub(crate) values: Vec<Option<f64>>,
}

/// Shapes of lines that are no verdicts.
const SHAPES: [&str; 5] = ["●", "▲", "◆", "■", "○"];

impl Line {
    /// The n-th of several lines.
    pub(crate) fn nth(n: usize, label: impl Into<String>, values: Vec<Option<f64>>) -> Self {
        let n = n % SHAPES.len();
        Self { label: label.into(), shape: SHAPES[n], class: format!("l-{n}"), values }
    }

    pub(crate) fn last(&self) -> Option<f64> {
        self.values.iter().rev().find_map(|value| value.filter(|value| value.is_finite()))
    }
}

impl Chart {
    /// The lines as they are drawn: of a stack each on top of those before.
    fn drawn(&self) -> Vec<Vec<Option<f64>>> {
        let told = |value: &Option<f64>| value.filter(|value| value.is_finite());
        if !self.is_stacked {
            return self.lines.iter().map(|line| line.values.iter().map(told).collect()).collect();
        }
        let mut below = vec![Some(0.0); self.dates.len()];
        let mut drawn = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            for (sum, value) in below.iter_mut().zip(&line.values) {
                *sum = sum.zip(told(value)).map(|(sum, value)| sum + value);
            }
            drawn.push(below.clone());
        }
        drawn
    }

    /// The top of its scale.
    pub(crate) fn scale_top(&self) -> f64 {
        let most = self.drawn().into_iter().flatten().flatten().fold(0.0, f64::max);
        self.top.unwrap_or_else(|| scale::top(most, self.unit))
    }

    /// Both on the same scale, so that they compare.
    pub(crate) fn paired(mut self, mut other: Self) -> (Self, Self) {
        let top = self.scale_top().max(other.scale_top());
        (self.top, other.top) = (Some(top), Some(top));
        (self, other)
    }
}

#[cfg(test)]
mod tests;
