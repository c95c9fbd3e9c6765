//! Series as a table: a row for each point, with what it is out of.

use export::{Column, Error, Kind, Table, Value, Writer};
use trends::{Point, Series};

pub(crate) const TABLE: Table = Table {
    name: "series",
    about: "How many projects something is true of: a row for each series and date, in the order of time.",
    columns: &COLUMNS,
};

const COLUMNS: [Column; 15] = [
    Column::new("date", Kind::Text, "At the end of this day: the last of a month, or the last that is known."),
    Column::new("series", Kind::Text, "What is counted, such as verdict:abi3-3.11:no-blocker."),
    Column::new("scope", Kind::Text, "Of which projects: all, or a part of them such as toolchain:cython."),
    Column::count("projects", "projects", "It is true of."),
    Column::count("with_native_source", "projects", "With native source: what shares are out of."),
    Column::count("downloads", "downloads", "Of the projects that it is true of; missing without a list of downloads."),
    Column::count("native_downloads", "downloads", "Of all projects with native source; missing without a list."),
    Column::new("downloads_of", Kind::Text, "The month of that list."),
    Column::count("with_files", "projects", "With files on that day."),
    Column::count("with_sdist", "projects", "Whose release of that day had an sdist by then."),
    Column::count("selected", "projects", "Whose sdist was selected to be read."),
    Column::count("fetched", "projects", "Whose sdist was fetched."),
    Column::count("readable", "projects", "Whose sdist could be read."),
    Column::count("decided", "projects", "With a verdict other than undecided; missing where it is about no target."),
    Column::count("observed", "projects", "Of those with files, those whose pages had been read by that day."),
];

/// Writes a point.
pub(crate) fn row<W: std::io::Write + Send>(
    writer: &mut Writer<W>,
    series: &Series,
    point: &Point,
) -> Result<(), Error> {
    let (date, chain) = (point.on.to_string(), &point.chain);
    let number = |n: Option<i64>| n.map_or(Value::Missing, Value::Integer);
    let row: [Value<'_>; COLUMNS.len()] = [
        Value::Text(&date),
        Value::Text(&series.subject),
        Value::Text(&series.scope),
        Value::Integer(point.projects),
        Value::Integer(chain.with_native),
        number(point.downloads),
        number(point.native_downloads),
        point.downloads_of.as_deref().map_or(Value::Missing, Value::Text),
        Value::Integer(chain.with_files),
        Value::Integer(chain.with_sdist),
        Value::Integer(chain.selected),
        Value::Integer(chain.fetched),
        Value::Integer(chain.readable),
        number(chain.decided),
        Value::Integer(chain.observed),
    ];
    writer.row(&row)
}
