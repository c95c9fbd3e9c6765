//! Text from outside, made fit for Postgres.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

/// Bytes of a text that is part of a key. An index row of Postgres holds at most 2,704.
const KEY_BYTES: usize = 500;

/// Without NUL, the one character that Postgres' text cannot hold.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// [`clean`], and cut where no index could hold it. Real names are far shorter; hostile ones may fall together.
pub(crate) fn key(text: &str) -> Cow<'_, str> {
    if text.len() <= KEY_BYTES {
        return clean(text);
    }
    let end = text.floor_char_boundary(KEY_BYTES - '…'.len_utf8());
    Cow::Owned(clean(&text[..end]).into_owned() + "…")
}

/// The value as JSON without NUL in any text, which `jsonb` refuses too.
pub(crate) fn json(value: &impl Serialize) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(value)?;
    clean_json(&mut value);
    Ok(value)
}

fn clean_json(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(cleaned) = clean(text) {
                *text = cleaned;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(clean_json),
        Value::Object(map) => {
            if map.keys().any(|key| key.contains('\0')) {
                *map = std::mem::take(map).into_iter().map(|(key, value)| (clean(&key).into_owned(), value)).collect();
            }
            map.values_mut().for_each(clean_json);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_replaced_wherever_it_hides() {
        let value = serde_json::json!({ "a\0": ["b\0", { "c": "\0" }], "d": 1 });
        let expected = serde_json::json!({ "a\u{fffd}": ["b\u{fffd}", { "c": "\u{fffd}" }], "d": 1 });
        assert_eq!(json(&value).unwrap(), expected);
    }

    #[test]
    fn keys_are_cut_between_characters_and_short_ones_left_alone() {
        assert_eq!(key("PyTuple_GET_SIZE"), "PyTuple_GET_SIZE");
        let long = "ä".repeat(400);
        let cut = key(&long);
        assert!(cut.len() <= KEY_BYTES && cut.ends_with("ä…"));
    }
}
