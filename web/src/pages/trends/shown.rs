//! A figure as pages and reports show it: charts, and the values as a table.

use chrono::NaiveDate;
use trends::{Month, Series};

use crate::address;
use crate::charts::{Chart, Plot, summary};
use crate::figures::{Figured, Wanted, Weight, changes_address};
use crate::numbers::{Count, share};

/// A figure as it is shown.
pub(crate) struct View {
    pub(crate) title: String,
    pub(crate) definition: String,
    pub(crate) address: String,
    pub(crate) csv: String,
    pub(crate) json: String,
    pub(crate) charts: Vec<ChartView>,
}

/// One of its charts.
pub(crate) struct ChartView {
    pub(crate) chart: Chart,
    pub(crate) caption: &'static str,
    pub(crate) svg: String,
}

impl ChartView {
    pub(crate) fn plot(&self) -> Plot<'_> {
        Plot(&self.chart)
    }

    pub(crate) fn summary(&self) -> String {
        summary(&self.chart)
    }
}

/// The values.
pub(crate) struct Table {
    pub(crate) heads: Vec<String>,
    pub(crate) has_downloads: bool,
    /// Numbers lead to who came and went.
    pub(crate) has_addresses: bool,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    pub(crate) on: String,
    pub(crate) is_observed: bool,
    pub(crate) cells: Vec<Cell>,
    pub(crate) native: Count,
    pub(crate) read: Count,
    pub(crate) files: Count,
    pub(crate) list: String,
}

pub(crate) struct Cell {
    pub(crate) projects: Count,
    pub(crate) share: String,
    pub(crate) downloads: String,
    pub(crate) address: String,
}

/// A figure as pages and reports show it.
pub(crate) fn view(
    made: &Figured,
    shown: &[usize],
    marks: &[(NaiveDate, String)],
    query: &[(&'static str, String)],
) -> View {
    let base = format!("/trends/{}", made.id);
    let chart = |weight: Weight, caption| ChartView {
        chart: made.chart(weight, shown, marks),
        caption,
        svg: format!("{base}-{}.svg{}", weight.as_str(), query_text(query)),
    };
    let each = chart(Weight::Each, "Each project counts one");
    let weighed = made.is_weighed().then(|| chart(Weight::Downloads, "Each project counts its downloads"));
    let charts = match weighed {
        // Shares compare, numbers do not.
        Some(weighed) if !made.is_one => {
            let (one, other) = each.chart.paired(weighed.chart);
            vec![ChartView { chart: one, ..each }, ChartView { chart: other, ..weighed }]
        }
        weighed => std::iter::once(each).chain(weighed).collect(),
    };
    View {
        title: made.title.clone(),
        definition: made.definition.clone(),
        address: format!("{base}{}", query_text(query)),
        csv: format!("{base}.csv{}", query_text(query)),
        json: format!("{base}.json{}", query_text(query)),
        charts,
    }
}

pub(crate) fn table(made: &Figured, shown: &[usize], has_addresses: bool) -> Table {
    let row = |(before, at): (Option<usize>, usize)| {
        let whole = made.whole.points.get(at)?;
        let cell = |(wanted, series): &(Wanted, Series)| {
            let point = series.points.get(at)?;
            let (projects, downloads) = (point.projects, point.downloads);
            let weighed = downloads.zip(whole.native_downloads).filter(|(_, all)| *all > 0);
            let (after, until) = (month(made, before?), month(made, at)?);
            Some(Cell {
                projects: Count(projects),
                share: share(projects, whole.chain.with_native),
                downloads: weighed.map(|(part, all)| share(part, all)).unwrap_or_default(),
                address: changes_address(&wanted.subject, wanted.scope, after?, until),
            })
        };
        Some(Row {
            on: whole.on.to_string(),
            is_observed: made.whole.observed_from.is_none_or(|from| whole.on >= from),
            cells: made.lines.iter().filter_map(cell).collect(),
            native: Count(whole.chain.with_native),
            read: Count(whole.chain.readable),
            files: Count(whole.chain.with_files),
            list: whole.downloads_of.clone().unwrap_or_default(),
        })
    };
    // What the first date is compared with is the month before it.
    let befores = std::iter::once(shown.first().and_then(|first| first.checked_sub(1)).or(Some(0)));
    let befores = befores.chain(shown.iter().map(|at| Some(*at)));
    let mut rows: Vec<Row> = befores.zip(shown.iter().copied()).filter_map(row).collect();
    rows.reverse();
    Table {
        heads: made.lines.iter().map(|(wanted, _)| wanted.label.clone()).collect(),
        has_downloads: made.is_weighed(),
        has_addresses,
        rows,
    }
}

fn month(made: &Figured, at: usize) -> Option<Month> {
    Some(Month::of(made.whole.points.get(at)?.on))
}

fn query_text(query: &[(&'static str, String)]) -> String {
    let pairs: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    address::with_query("", &pairs)
}
