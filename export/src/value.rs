//! What stands in a cell.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

use crate::Kind;

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// There is none.
    Missing,
    /// Of [`Kind::Text`].
    Text(&'a str),
    /// Of [`Kind::Integer`].
    Integer(i64),
    /// Of [`Kind::Boolean`].
    Boolean(bool),
    /// Of [`Kind::Time`]; what is finer than a microsecond is cut.
    Time(DateTime<Utc>),
    /// Of [`Kind::Texts`].
    Texts(&'a [String]),
}

impl Value<'_> {
    pub(crate) const fn is_of(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Self::Missing, _)
                | (Self::Text(_), Kind::Text)
                | (Self::Integer(_), Kind::Integer)
                | (Self::Boolean(_), Kind::Boolean)
                | (Self::Time(_), Kind::Time)
                | (Self::Texts(_), Kind::Texts)
        )
    }
}

/// RFC 3339 in UTC, always with microseconds, so that texts compare as times do.
pub(crate) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Boolean(truth) => serializer.serialize_bool(*truth),
            Self::Time(at) => serializer.serialize_str(&time(*at)),
            Self::Texts(texts) => texts.serialize(serializer),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Time(at)
    }
}

impl<'a> From<&'a Vec<String>> for Value<'a> {
    fn from(texts: &'a Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}
