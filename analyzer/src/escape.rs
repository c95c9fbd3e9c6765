//! Bytes of strangers as text that is safe to print, store and send.

use std::fmt::Write as _;

/// How much of a foreign message is worth showing.
const MESSAGE_CHARS: usize = 300;

/// `raw` as UTF-8: bytes that are not UTF-8, control characters and backslashes become `\xNN`, so that two names never
/// become one.
pub(crate) fn bytes(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() || c == '\\' {
                let mut utf8 = [0; 4];
                push_hex(&mut text, c.encode_utf8(&mut utf8).as_bytes());
            } else {
                text.push(c);
            }
        }
        push_hex(&mut text, chunk.invalid());
    }
    text
}

/// A message that may quote foreign bytes, as printable ASCII, shortened.
pub(crate) fn message(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars().take(MESSAGE_CHARS) {
        match c {
            ' '..='~' => safe.push(c),
            _ => safe.extend(c.escape_unicode()),
        }
    }
    if text.chars().nth(MESSAGE_CHARS).is_some() {
        safe.push_str("...");
    }
    safe
}

fn push_hex(text: &mut String, raw: &[u8]) {
    for byte in raw {
        // Writing to a String cannot fail.
        let _ = write!(text, "\\x{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_not_plain_text_becomes_hexadecimal() {
        assert_eq!(super::bytes(b"a/b-\xc3\xa4.c"), "a/b-\u{e4}.c");
        assert_eq!(super::bytes(b"\xff\0\x1b[31m\\"), r"\xff\x00\x1b[31m\x5c");
        assert_eq!(super::bytes("\u{85}".as_bytes()), r"\xc2\x85");
    }

    #[test]
    fn messages_are_printable_ascii_and_short() {
        assert_eq!(super::message("bad \u{1b}]0;x\u{7} \u{202e}"), r"bad \u{1b}]0;x\u{7} \u{202e}");
        assert!(super::message(&"x".repeat(10_000)).len() < 400);
    }
}
