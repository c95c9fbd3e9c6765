//! A figure with its series, and the chart that comes of it.

use chrono::{Datelike, NaiveDate};
use trends::{Chain, Month, Point, Scope, Series, Subject};

use super::Wanted;
use crate::address;
use crate::charts::{Chart, Line, Unit};
use crate::numbers::{Count, share};

/// A figure with its series.
#[derive(Debug, Clone)]
pub(crate) struct Figured {
    /// Its word in addresses.
    pub(crate) id: String,
    pub(crate) title: String,
    /// What is counted, in a sentence.
    pub(crate) definition: String,
    /// Its lines are parts of a whole.
    pub(crate) is_stacked: bool,
    /// It is about one subject: numbers of projects tell more than shares.
    pub(crate) is_one: bool,
    pub(crate) lines: Vec<(Wanted, Series)>,
    /// All projects with native source of the scope asked about.
    pub(crate) whole: Series,
}

/// How projects count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Each counts one.
    Each,
    /// Each counts its downloads.
    Downloads,
}

/// Lines that a chart has room for.
const LINES: usize = 5;

impl Figured {
    /// The lines that are drawn: of many those with most projects at the end, if they ever had any.
    fn drawn(&self) -> Vec<&(Wanted, Series)> {
        let mut lines: Vec<_> = self.lines.iter().collect();
        if lines.len() > LINES {
            lines.retain(|line| line.1.points.iter().any(|point| point.projects > 0));
            lines.sort_by_key(|line| std::cmp::Reverse(line.1.points.last().map(|point| point.projects)));
            lines.truncate(LINES);
        }
        lines
    }

    /// Whether there is anything to draw by downloads.
    pub(crate) fn is_weighed(&self) -> bool {
        self.whole.points.iter().any(|point| point.native_downloads.is_some_and(|downloads| downloads > 0))
    }

    /// The chart over these dates, which are places among the points.
    pub(crate) fn chart(&self, weight: Weight, places: &[usize], marks: &[(NaiveDate, String)]) -> Chart {
        let whole: Vec<&Point> = places.iter().filter_map(|at| self.whole.points.get(*at)).collect();
        let drawn = self.drawn();
        let lines = drawn.iter().enumerate().map(|(n, (wanted, series))| {
            let points = places.iter().filter_map(|at| series.points.get(*at));
            let values = points.zip(&whole).map(|(point, whole)| self.value(weight, point, whole)).collect();
            match wanted.mark {
                Some(mark) => {
                    Line { label: wanted.label.clone(), shape: mark.shape(), class: mark.class().to_owned(), values }
                }
                None => Line::nth(n, wanted.label.clone(), values),
            }
        });
        Chart {
            title: format!("{}, {}", self.title, weight.words(self.is_one)),
            definition: self.definition.clone(),
            unit: if self.is_one && weight == Weight::Each { Unit::Count } else { Unit::Share },
            is_stacked: self.is_stacked,
            lines: lines.collect(),
            dates: whole.iter().map(|point| point.on).collect(),
            said: places.iter().map(|at| self.said(weight, *at, &drawn)).collect(),
            addresses: self.addresses(places, &drawn),
            observed_from: self.whole.observed_from,
            marks: marks.to_vec(),
            top: None,
        }
    }

    fn value(&self, weight: Weight, point: &Point, whole: &Point) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "there are not that many projects")]
        if self.is_one && weight == Weight::Each {
            return Some(point.projects as f64);
        }
        weight.share(point, whole)
    }

    /// `2024-03-31: no blocker 12 (31.6 %), blocked 20 (52.6 %) of 38 projects`.
    fn said(&self, weight: Weight, at: usize, drawn: &[&(Wanted, Series)]) -> String {
        let Some(whole) = self.whole.points.get(at) else { return String::new() };
        let told = drawn.iter().filter_map(|(wanted, series)| {
            let point = series.points.get(at)?;
            Some(match weight {
                Weight::Each => format!("{} {}", wanted.label, Count(point.projects)),
                Weight::Downloads => format!("{} {}", wanted.label, share(point.downloads?, whole.native_downloads?)),
            })
        });
        let of = match weight {
            Weight::Each => format!("of {}", Count(whole.chain.with_native)),
            Weight::Downloads => format!("of downloads, {}", whole.downloads_of.as_deref().unwrap_or("no list")),
        };
        format!("{}: {} {of}", whole.on, told.collect::<Vec<_>>().join(", "))
    }

    /// Who changed since the date before, of the first line.
    fn addresses(&self, places: &[usize], drawn: &[&(Wanted, Series)]) -> Vec<String> {
        let Some((wanted, _)) = drawn.first() else { return Vec::new() };
        let month = |at: usize| Some(Month::of(self.whole.points.get(at)?.on));
        let befores = std::iter::once(None).chain(places.iter().map(|at| Some(*at)));
        let address = |(before, at): (Option<usize>, usize)| {
            let until = month(at)?;
            let after = before.and_then(month).unwrap_or_else(|| until.before());
            Some(changes_address(&wanted.subject, wanted.scope, after, until))
        };
        befores.zip(places.iter().copied()).filter_map(address).collect()
    }
}

impl Weight {
    /// The share of a point of all projects with native source, in per cent; `None`: there are none.
    fn share(self, point: &Point, whole: &Point) -> Option<f64> {
        let (part, whole) = match self {
            Self::Each => (point.projects, whole.chain.with_native),
            Self::Downloads => (point.downloads?, whole.native_downloads?),
        };
        #[expect(clippy::cast_precision_loss, reason = "a share, drawn to a tenth of a pixel")]
        (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Each => "projects",
            Self::Downloads => "downloads",
        }
    }

    /// The weight of a word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Each, Self::Downloads].into_iter().find(|weight| weight.as_str() == word)
    }

    /// What a chart is of.
    const fn words(self, is_one: bool) -> &'static str {
        match self {
            Self::Each if is_one => "projects",
            Self::Each => "share of projects",
            Self::Downloads => "share of downloads",
        }
    }
}

/// The address of the list of projects that came and went.
pub(crate) fn changes_address(subject: &Subject, scope: Scope, after: Month, until: Month) -> String {
    let scope = if scope == Scope::All { String::new() } else { scope.to_string() };
    let pairs =
        [("of", subject.to_string()), ("scope", scope), ("after", after.to_string()), ("until", until.to_string())];
    let pairs = pairs.each_ref().map(|(name, value)| (*name, value.as_str()));
    address::with_query("/trends/changes", &pairs)
}

/// Places of points that are drawn: from the first one of which enough was read on, months where they are few, else
/// quarters, and always the last. `years`: only so many before the last.
///
/// Of old dates less may have been read: a date counts as read enough where at least half as large a part of what had an
/// sdist was selected as on the last one.
pub(crate) fn places(points: &[Point], years: Option<i32>) -> Vec<usize> {
    let Some(last) = points.last() else { return Vec::new() };
    let since = years.and_then(|years| last.on.with_day(1)?.with_year(last.on.year() - years));
    let is_read = |chain: &Chain| {
        chain.with_native > 0 && 2 * chain.selected * last.chain.with_sdist >= last.chain.selected * chain.with_sdist
    };
    let is_shown = |point: &Point| is_read(&point.chain) && since.is_none_or(|since| point.on >= since);
    let first = points.iter().position(is_shown).unwrap_or(points.len() - 1);
    // A page with every figure has room for fewer.
    let is_few = points.len() - first <= if years.is_some() { 13 } else { 24 };
    // Where only what stood at ends of quarters was read, the months between them tell little.
    let is_whole = |point: &Point| {
        20 * point.chain.selected * last.chain.with_sdist >= 19 * last.chain.selected * point.chain.with_sdist
    };
    let is_few = is_few && points[first..].iter().all(is_whole);
    let is_drawn = |at: &usize| is_few || *at == points.len() - 1 || points[*at].on.month().is_multiple_of(3);
    (first..points.len()).filter(is_drawn).collect()
}
