//! One writer for all formats.

use std::io::Write;

use crate::delimited::Delimited;
use crate::lines::Lines;
use crate::parquet_file::ParquetFile;
use crate::{Error, Table, Value};

/// Formats of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// RFC 4180 with a line of names. A missing value is empty, as an empty text is; a list is a JSON array.
    Csv,
    /// A JSON object a line.
    JsonLines,
    /// Apache Parquet, compressed with zstd.
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::JsonLines, Self::Parquet];

    /// What names of such files end in.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}

/// Writes rows of a table as they come. What was not finished is no whole file.
pub struct Writer<W: Write + Send> {
    table: Table,
    format: Writing<W>,
}

enum Writing<W: Write + Send> {
    Csv(Box<Delimited<W>>),
    JsonLines(Lines<W>),
    Parquet(Box<ParquetFile<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file. `to` gets many small pieces: it should be buffered.
    pub fn new(table: &Table, format: Format, to: W) -> Result<Self, Error> {
        let writing = match format {
            Format::Csv => Writing::Csv(Box::new(Delimited::new(table, to)?)),
            Format::JsonLines => Writing::JsonLines(Lines::new(to)),
            Format::Parquet => Writing::Parquet(Box::new(ParquetFile::new(table, to)?)),
        };
        Ok(Self { table: *table, format: writing })
    }

    /// Adds a row: a value for each column. One that does not fit the table is refused and leaves no trace.
    pub fn row(&mut self, row: &[Value<'_>]) -> Result<(), Error> {
        self.table.check(row)?;
        match &mut self.format {
            Writing::Csv(file) => file.row(row),
            Writing::JsonLines(file) => file.row(&self.table, row),
            Writing::Parquet(file) => file.row(row),
        }
    }

    /// Ends the file, and gives back what it was written to.
    pub fn finish(self) -> Result<W, Error> {
        let mut to = match self.format {
            Writing::Csv(file) => file.finish()?,
            Writing::JsonLines(file) => file.finish(),
            Writing::Parquet(file) => file.finish()?,
        };
        to.flush()?;
        Ok(to)
    }
}
