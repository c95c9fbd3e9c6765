//! JSON Lines.

use std::io::Write;

use serde::{Serialize, Serializer};

use crate::{Error, Table, Value};

pub(crate) struct Lines<W> {
    to: W,
}

/// A row as an object, in the order of the columns.
struct Object<'a>(&'a Table, &'a [Value<'a>]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.columns.iter().map(|column| column.name).zip(self.1))
    }
}

impl<W: Write> Lines<W> {
    pub(crate) fn new(to: W) -> Self {
        Self { to }
    }

    pub(crate) fn row(&mut self, table: &Table, row: &[Value<'_>]) -> Result<(), Error> {
        serde_json::to_writer(&mut self.to, &Object(table, row))?;
        Ok(self.to.write_all(b"\n")?)
    }

    pub(crate) fn finish(self) -> W {
        self.to
    }
}
