//! Source lines, made safe to look at.

use std::borrow::Cow;

/// Characters of a source line that are stored and shown.
const SHOWN: usize = 200;
/// Characters before the column when the line is too long to be shown from its start.
const BEFORE: usize = 80;

/// The line as text of at most 200 characters, starting near the 1-based byte `column` if that lies further right.
/// Bytes that are not UTF-8 become `U+FFFD`; control, bidirectional and invisible characters become visible, so that
/// what is shown is what the compiler reads. Done before a line is stored, and again for whatever is read from a pack.
pub(crate) fn line(bytes: &[u8], column: u32) -> String {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1).min(bytes.len());
    // Four bytes are the longest character: what lies further off is never shown.
    let start = if column < SHOWN - BEFORE / 2 { 0 } else { column.saturating_sub(BEFORE) };
    let end = bytes.len().min(start + 4 * SHOWN);
    let mut out = String::new();
    if start > 0 {
        out.push('…');
    }
    for c in lossy(&bytes[start..end]).chars().skip_while(|c| start > 0 && *c == '\u{fffd}') {
        push(&mut out, c);
    }
    clip(out, end < bytes.len())
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn clip(mut text: String, cut: bool) -> String {
    match text.char_indices().nth(SHOWN - 1) {
        Some((last, c)) if cut || text.len() > last + c.len_utf8() => {
            text.truncate(last);
            text + "…"
        }
        _ => text,
    }
}

/// One character, spelled out if it cannot be seen or deceives the eye.
pub(crate) fn push(out: &mut String, c: char) {
    match c {
        '\t' => out.push(c),
        '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + u32::from(c))),
        '\x7f' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => {
            out.extend(c.escape_unicode());
        }
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_ordinary_line_is_itself() {
        assert_eq!(line(b"\tif (x) { /* \xc3\xa4 */ }\r", 1), "\tif (x) { /* ä */ }");
    }

    #[test]
    fn what_deceives_the_eye_is_spelled_out() {
        assert_eq!(line("a\u{202e}b\u{200b}\x1b[0m\u{85}".as_bytes(), 1), "a\\u{202e}b\\u{200b}␛[0m\\u{85}");
        assert_eq!(line(b"\xff", 1), "\u{fffd}");
    }

    #[test]
    fn a_long_line_is_shown_around_its_column() {
        let text = format!("{}NEEDLE{}", "x".repeat(5000), "y".repeat(5000));
        let shown = line(text.as_bytes(), 5001);
        assert!(shown.contains("NEEDLE") && shown.starts_with('…') && shown.ends_with('…'));
        let first = line(text.as_bytes(), 1);
        assert!(first.starts_with('x') && first.ends_with('…'));
    }

    proptest! {
        #[test]
        fn never_more_than_200_characters_and_none_of_control(bytes: Vec<u8>, repeat in 1usize..60, column: u32) {
            let shown = line(&bytes.repeat(repeat), column);
            prop_assert!(shown.chars().count() <= SHOWN);
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\t'));
        }
    }
}
