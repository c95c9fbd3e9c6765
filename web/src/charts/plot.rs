//! What is drawn of a chart: the same on pages and by itself.

use std::fmt::{self, Write as _};

use super::{Chart, Unit, labels, scale};
use crate::numbers::Count;

/// Pixels from zero to the top of the scale.
pub(super) const HEIGHT: f64 = 220.0;

/// Units from left to right of the box that is stretched.
const WIDTH: f64 = 1000.0;

/// The drawing of a chart, as the content of an `svg` element whose width is that of the axis of time.
pub(crate) struct Plot<'c>(pub(crate) &'c Chart);

impl fmt::Display for Plot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chart = self.0;
        let drawn = chart.drawn();
        let top = chart.scale_top();
        grid(f, chart, top)?;
        lines(f, chart, &drawn, top)?;
        marks(f, chart)?;
        ends(f, chart, &drawn, top)?;
        columns(f, chart, &drawn, top)
    }
}

// Text of the survey is escaped; the rest is numbers, and constants of this room.
impl askama::filters::HtmlSafe for Plot<'_> {}

/// Pixels from the top for a value.
fn height(value: f64, top: f64) -> f64 {
    HEIGHT - (value / top).clamp(0.0, 1.0) * HEIGHT
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `40`, `16,880`, `12.5 %`.
pub(super) fn number(value: f64, unit: Unit) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "counts are far below")]
    match unit {
        Unit::Count => Count(value.round() as i64).to_string(),
        Unit::Share if (value - value.round()).abs() < 0.05 => format!("{value:.0}\u{a0}%"),
        Unit::Share => format!("{value:.1}\u{a0}%"),
    }
}

fn grid(f: &mut fmt::Formatter<'_>, chart: &Chart, top: f64) -> fmt::Result {
    for tick in scale::ticks(top) {
        let y = height(tick, top);
        write!(f, "<line class=\"grid\" x2=\"100%\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>")?;
        write!(
            f,
            "<text class=\"tick\" dx=\"-8\" y=\"{y:.1}\" dy=\".35em\" text-anchor=\"end\">{}</text>",
            number(tick, chart.unit)
        )?;
    }
    for (day, word) in scale::beginnings(&chart.dates) {
        let x = scale::along(day, &chart.dates);
        write!(f, "<line class=\"year\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"{HEIGHT}\" y2=\"{}\"/>", HEIGHT + 5.0)?;
        write!(f, "<text class=\"tick\" x=\"{x:.2}%\" y=\"{}\" text-anchor=\"middle\">{}</text>", HEIGHT + 20.0, word)?;
    }
    Ok(())
}

/// Lines and areas, in a box that is stretched to the width there is.
fn lines(f: &mut fmt::Formatter<'_>, chart: &Chart, drawn: &[Vec<Option<f64>>], top: f64) -> fmt::Result {
    write!(
        f,
        "<svg width=\"100%\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" overflow=\"visible\">"
    )?;
    let zero = vec![Some(0.0); chart.dates.len()];
    for (n, (line, values)) in chart.lines.iter().zip(drawn).enumerate() {
        if chart.is_stacked {
            let below = n.checked_sub(1).and_then(|n| drawn.get(n)).unwrap_or(&zero);
            for run in runs(values) {
                let up = points(chart, run.clone(), values, top);
                let back = points(chart, run, below, top).into_iter().rev();
                let all: Vec<String> = up.into_iter().chain(back).collect();
                write!(f, "<polygon class=\"a-{}\" points=\"{}\"/>", line.class, all.join(" "))?;
            }
        } else {
            for run in runs(values) {
                let (before, seen) = split(chart, &run);
                for (part, class) in [(before, " before"), (seen, "")] {
                    if part.len() > 1 {
                        let points = points(chart, part, values, top).join(" ");
                        write!(f, "<polyline class=\"s-{}{class}\" points=\"{points}\"/>", line.class)?;
                    }
                }
            }
        }
    }
    if chart.is_stacked
        && let Some(seen) = chart.observed_from.filter(|seen| chart.dates.first().is_some_and(|first| first < seen))
    {
        let x = scale::along(seen, &chart.dates) * WIDTH / 100.0;
        write!(f, "<rect class=\"veil\" width=\"{x:.1}\" height=\"{HEIGHT}\"/>")?;
    }
    f.write_str("</svg>")
}

/// Dates in a row that have a value.
fn runs(values: &[Option<f64>]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in values.iter().enumerate().filter(|(_, value)| value.is_some()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// A run up to the day from which it was observed, and from then on; both have the date at which they meet.
fn split(chart: &Chart, run: &std::ops::Range<usize>) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let seen = chart.observed_from.map_or(0, |seen| chart.dates.partition_point(|day| *day < seen));
    let at = seen.clamp(run.start, run.end);
    if at == run.start { (run.start..run.start, run.clone()) } else { (run.start..(at + 1).min(run.end), at..run.end) }
}

fn points(chart: &Chart, run: std::ops::Range<usize>, values: &[Option<f64>], top: f64) -> Vec<String> {
    let point = |at: usize| {
        let x = scale::along(*chart.dates.get(at)?, &chart.dates) * WIDTH / 100.0;
        Some(format!("{x:.1},{:.1}", height(values.get(at).copied().flatten()?, top)))
    };
    run.filter_map(point).collect()
}

/// Where what is counted changed.
fn marks(f: &mut fmt::Formatter<'_>, chart: &Chart) -> fmt::Result {
    let (Some(first), Some(last)) = (chart.dates.first(), chart.dates.last()) else { return Ok(()) };
    for (day, word) in chart.marks.iter().filter(|(day, _)| (first..=last).contains(&day)) {
        let x = scale::along(*day, &chart.dates);
        let word = escaped(word);
        write!(
            f,
            "<g class=\"changed\"><title>{day}: {word}</title><line x1=\"{x:.2}%\" x2=\"{x:.2}%\" y2=\"{HEIGHT}\"/>"
        )?;
        write!(f, "<text x=\"{x:.2}%\" y=\"-4\" text-anchor=\"middle\">▾</text></g>")?;
    }
    Ok(())
}

/// The name of each line at its end.
fn ends(f: &mut fmt::Formatter<'_>, chart: &Chart, drawn: &[Vec<Option<f64>>], top: f64) -> fmt::Result {
    let middle = |n: usize, values: &Vec<Option<f64>>| {
        let last = values.last().copied().flatten()?;
        let below =
            if chart.is_stacked { n.checked_sub(1).and_then(|n| *drawn.get(n)?.last()?).unwrap_or(0.0) } else { last };
        // A part that cannot be seen has no name.
        (!chart.is_stacked || last - below >= top / 100.0).then(|| height(f64::midpoint(last, below), top))
    };
    let named: Vec<(usize, f64)> =
        drawn.iter().enumerate().filter_map(|(n, values)| Some((n, middle(n, values)?))).collect();
    let wanted: Vec<f64> = named.iter().map(|(_, y)| *y).collect();
    for ((n, _), y) in named.iter().zip(labels::apart(&wanted, HEIGHT)) {
        let Some(line) = chart.lines.get(*n) else { continue };
        write!(
            f,
            "<text class=\"end e-{}\" x=\"100%\" dx=\"8\" y=\"{y:.1}\" dy=\".35em\">{} {}</text>",
            line.class,
            line.shape,
            escaped(&line.label)
        )?;
    }
    Ok(())
}

/// One column for each date: what it is on hover and focus, and a link to who changed.
fn columns(f: &mut fmt::Formatter<'_>, chart: &Chart, drawn: &[Vec<Option<f64>>], top: f64) -> fmt::Result {
    for (at, day) in chart.dates.iter().enumerate() {
        let x = scale::along(*day, &chart.dates);
        let (from, to) = (edge(chart, at.checked_sub(1), at, 0.0), edge(chart, Some(at), at + 1, 100.0));
        let said = escaped(chart.said.get(at).map_or("", |said| said));
        let mut column = format!("<title>{said}</title>");
        write!(
            column,
            "<rect x=\"{from:.2}%\" width=\"{:.2}%\" y=\"-8\" height=\"{}\"/>",
            (to - from).max(0.0),
            HEIGHT + 8.0
        )?;
        write!(column, "<line x1=\"{x:.2}%\" x2=\"{x:.2}%\" y2=\"{HEIGHT}\"/>")?;
        for (line, values) in chart.lines.iter().zip(drawn) {
            if let Some(value) = values.get(at).copied().flatten() {
                write!(
                    column,
                    "<circle class=\"e-{}\" cx=\"{x:.2}%\" cy=\"{:.1}\" r=\"3\"/>",
                    line.class,
                    height(value, top)
                )?;
            }
        }
        write!(column, "<text y=\"-14\">{said}</text>")?;
        match chart.addresses.get(at) {
            Some(address) => write!(f, "<a class=\"at\" href=\"{}\">{column}</a>", escaped(address))?,
            None => write!(f, "<g class=\"at\">{column}</g>")?,
        }
    }
    Ok(())
}

/// Half way between two dates, or the end of the axis.
fn edge(chart: &Chart, before: Option<usize>, after: usize, end: f64) -> f64 {
    let place = |at: usize| Some(scale::along(*chart.dates.get(at)?, &chart.dates));
    match (before.and_then(place), place(after)) {
        (Some(before), Some(after)) => f64::midpoint(before, after),
        _ => end,
    }
}
