//! What a table is: the one definition that the writers and the schema are made from.

use crate::{Error, Value};

/// A table: its name, what a row of it is, and its columns in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name, which is the stem of its file: a letter, then letters, digits and underscores.
    pub name: &'static str,
    /// What a row is, in a sentence, and the order of the rows.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

/// A column. Any value of it may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name: a letter, then letters, digits and underscores.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// What it is counted in, for numbers that count.
    pub unit: Option<&'static str>,
    /// What it means, and when it is missing.
    pub about: &'static str,
}

/// Kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Unicode text.
    Text,
    /// A whole number of 64 bits with a sign.
    Integer,
    /// True or false.
    Boolean,
    /// A moment, to the microsecond.
    Time,
    /// A list of texts.
    Texts,
}

impl Column {
    /// A column that counts nothing.
    pub const fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, kind, unit: None, about }
    }

    /// A column of whole numbers that count something.
    pub const fn count(name: &'static str, unit: &'static str, about: &'static str) -> Self {
        Self { name, kind: Kind::Integer, unit: Some(unit), about }
    }
}

impl Kind {
    /// Its word in a schema.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Time => "time",
            Self::Texts => "list of text",
        }
    }
}

impl Table {
    /// Refuses a row that is not one of this table.
    pub(crate) fn check(&self, row: &[Value<'_>]) -> Result<(), Error> {
        if row.len() != self.columns.len() {
            return Err(Error::OtherWidth { table: self.name, columns: self.columns.len(), found: row.len() });
        }
        match self.columns.iter().zip(row).find(|(column, value)| !value.is_of(column.kind)) {
            Some((column, _)) => Err(Error::OtherKind { table: self.name, column: column.name }),
            None => Ok(()),
        }
    }
}
