//! Parquet. Rows are gathered into groups, which are written column by column.

use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use crate::{Error, Kind, Table, Value};

/// Rows of a group.
const GROUP_ROWS: usize = 100_000;
/// Bytes of text after which a group is written, however few its rows are.
const GROUP_BYTES: usize = 32 << 20;

pub(crate) struct ParquetFile<W: Write + Send> {
    file: SerializedFileWriter<W>,
    cells: Vec<Cells>,
    rows: usize,
    bytes: usize,
}

/// The cells of a column in the group that is being gathered, with the levels that say where one is missing (0).
struct Cells {
    values: Values,
    definitions: Vec<i16>,
    /// Of lists only: 0 where a row begins.
    repetitions: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Boolean(Vec<bool>),
    Texts(Vec<ByteArray>),
}

impl<W: Write + Send> ParquetFile<W> {
    pub(crate) fn new(table: &Table, to: W) -> Result<Self, Error> {
        let message = Arc::new(parse_message_type(&message(table))?);
        // The name of the library's version would change the bytes of equal rows.
        let properties = WriterProperties::builder()
            .set_created_by("abiscope".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()));
        let file = SerializedFileWriter::new(to, message, Arc::new(properties.build()))?;
        let cells = table.columns.iter().map(|column| Cells::of(column.kind)).collect();
        Ok(Self { file, cells, rows: 0, bytes: 0 })
    }

    pub(crate) fn row(&mut self, row: &[Value<'_>]) -> Result<(), Error> {
        for (cells, value) in self.cells.iter_mut().zip(row) {
            self.bytes += cells.push(value);
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<(), Error> {
        let mut group = self.file.next_row_group()?;
        for cells in &mut self.cells {
            if let Some(column) = group.next_column()? {
                cells.write(column)?;
            }
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<W, Error> {
        if self.rows > 0 {
            self.write_group()?;
        }
        Ok(self.file.into_inner()?)
    }
}

/// The table in Parquet's own language.
fn message(table: &Table) -> String {
    let mut text = format!("message {} {{", table.name);
    for column in table.columns {
        let name = column.name;
        let _ = match column.kind {
            Kind::Text => write!(text, " optional binary {name} (STRING);"),
            Kind::Integer => write!(text, " optional int64 {name};"),
            Kind::Boolean => write!(text, " optional boolean {name};"),
            Kind::Time => write!(text, " optional int64 {name} (TIMESTAMP(MICROS,true));"),
            Kind::Texts => write!(
                text,
                " optional group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}"
            ),
        };
    }
    text + " }"
}

fn bytes(text: &str) -> ByteArray {
    text.as_bytes().to_vec().into()
}

impl Cells {
    fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Integer | Kind::Time => Values::Integer(Vec::new()),
            Kind::Boolean => Values::Boolean(Vec::new()),
            Kind::Texts => Values::Texts(Vec::new()),
        };
        Self { values, definitions: Vec::new(), repetitions: Vec::new() }
    }

    /// Adds a value of the column's kind; about how many bytes that takes.
    fn push(&mut self, value: &Value<'_>) -> usize {
        match (&mut self.values, value) {
            (Values::Text(cells), Value::Text(text)) => {
                cells.push(bytes(text));
                self.present(text.len())
            }
            (Values::Integer(cells), Value::Integer(number)) => {
                cells.push(*number);
                self.present(8)
            }
            (Values::Integer(cells), Value::Time(at)) => {
                cells.push(at.timestamp_micros());
                self.present(8)
            }
            (Values::Boolean(cells), Value::Boolean(truth)) => {
                cells.push(*truth);
                self.present(1)
            }
            (Values::Texts(cells), Value::Texts(texts)) if !texts.is_empty() => {
                cells.extend(texts.iter().map(|text| bytes(text)));
                self.definitions.extend(texts.iter().map(|_| 2));
                self.repetitions.extend((0..texts.len()).map(|place| i16::from(place > 0)));
                texts.iter().map(String::len).sum::<usize>() + 32 * texts.len()
            }
            (_, value) => {
                // An empty list is there; whatever else comes here is missing.
                self.definitions.push(i16::from(matches!(value, Value::Texts(_))));
                self.repetitions.push(0);
                4
            }
        }
    }

    fn present(&mut self, size: usize) -> usize {
        self.definitions.push(1);
        self.repetitions.push(0);
        size + 32
    }

    /// Writes the column of a group, and begins the next.
    fn write(&mut self, mut column: SerializedColumnWriter<'_>) -> Result<(), Error> {
        let (definitions, repetitions) = (Some(&*self.definitions), Some(&*self.repetitions));
        match &mut self.values {
            Values::Text(cells) => {
                column.typed::<ByteArrayType>().write_batch(cells, definitions, None)?;
                cells.clear();
            }
            Values::Integer(cells) => {
                column.typed::<Int64Type>().write_batch(cells, definitions, None)?;
                cells.clear();
            }
            Values::Boolean(cells) => {
                column.typed::<BoolType>().write_batch(cells, definitions, None)?;
                cells.clear();
            }
            Values::Texts(cells) => {
                column.typed::<ByteArrayType>().write_batch(cells, definitions, repetitions)?;
                cells.clear();
            }
        }
        column.close()?;
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}
