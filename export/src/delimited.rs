//! CSV.

use std::io::Write;

use crate::value::time;
use crate::{Error, Table, Value};

pub(crate) struct Delimited<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Delimited<W> {
    pub(crate) fn new(table: &Table, to: W) -> Result<Self, Error> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(table.columns.iter().map(|column| column.name))?;
        Ok(Self { csv })
    }

    pub(crate) fn row(&mut self, row: &[Value<'_>]) -> Result<(), Error> {
        for value in row {
            match value {
                Value::Missing => self.csv.write_field("")?,
                Value::Text(text) => self.csv.write_field(text)?,
                Value::Integer(number) => self.csv.write_field(number.to_string())?,
                Value::Boolean(truth) => self.csv.write_field(if *truth { "true" } else { "false" })?,
                Value::Time(at) => self.csv.write_field(time(*at))?,
                Value::Texts(texts) => self.csv.write_field(serde_json::to_string(texts)?)?,
            }
        }
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    pub(crate) fn finish(self) -> Result<W, Error> {
        Ok(self.csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }
}
