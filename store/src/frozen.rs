//! Answers that are kept as they were given: compressed JSON in a column.

use std::io::Read;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// How hard they are compressed.
const LEVEL: i32 = 9;
/// Bytes of one as JSON; a damaged one shall not fill the memory.
const MAX: u64 = 256 << 20;

pub(crate) fn packed(answer: &impl Serialize) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(answer).map_err(|error| Error::Unpackable(error.to_string()))?;
    zstd::bulk::compress(&json, LEVEL).map_err(|error| Error::Unpackable(error.to_string()))
}

pub(crate) fn unpacked<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let damaged = |error: &dyn std::fmt::Display| Error::Damaged(format!("a saved answer: {error}"));
    let mut json = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(bytes).map_err(|error| damaged(&error))?;
    decoder.take(MAX + 1).read_to_end(&mut json).map_err(|error| damaged(&error))?;
    if json.len() as u64 > MAX {
        return Err(damaged(&"it is too large"));
    }
    serde_json::from_slice(&json).map_err(|error| damaged(&error))
}
