//! Where literals and comments end. Each function takes the position after the opening and gives the position
//! after the closing; what is never closed ends at the line's or the file's end, as compilers recover.

use super::class::{continues_identifier, is_digit};

/// The end of a string or character literal closed by `quote`; a line end that is not spliced ends it too.
pub(super) fn quoted(source: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(step) = memchr::memchr3(quote, b'\\', b'\n', &source[at..]) {
        at += step;
        match source[at] {
            b'\\' => at = (after_splice(source, at).unwrap_or(at + 2)).min(source.len()),
            b'\n' => return at,
            _ => return at + 1,
        }
    }
    source.len()
}

/// The end of a raw string whose `"` is at `at - 1`, or `None` if what follows is no raw string's opening.
pub(super) fn raw(source: &[u8], at: usize) -> Option<usize> {
    // The standard allows sixteen characters of delimiter.
    let window = &source[at..source.len().min(at + 17)];
    let delimiter = &window[..window.iter().position(|&b| b == b'(')?];
    if delimiter.iter().any(|b| b" \t\n\\)\"".contains(b)) {
        return None;
    }
    let mut from = at + delimiter.len() + 1;
    while let Some(step) = memchr::memchr(b')', &source[from..]) {
        from += step + 1;
        if let Some(rest) = source[from..].strip_prefix(delimiter)
            && rest.first() == Some(&b'"')
        {
            return Some(from + delimiter.len() + 1);
        }
    }
    Some(source.len())
}

/// The end of a `/* */` comment.
pub(super) fn block_comment(source: &[u8], at: usize) -> usize {
    // Comments are many and short, so that a searcher for both bytes is not worth its making. `/*/` closes nothing.
    let slashes = memchr::memchr_iter(b'/', &source[at..]).map(|step| at + step);
    let mut closing = slashes.filter(|&slash| slash > at && source[slash - 1] == b'*');
    closing.next().map_or(source.len(), |slash| slash + 1)
}

/// The end of a `//` comment: the position of its line end.
pub(super) fn line_comment(source: &[u8], mut at: usize) -> usize {
    while let Some(step) = memchr::memchr(b'\n', &source[at..]) {
        at += step;
        if !is_spliced(source, at) {
            return at;
        }
        at += 1;
    }
    source.len()
}

/// The end of a preprocessing number, digit separators included.
pub(super) fn number(source: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = source.get(at) {
        let signed = matches!(byte, b'+' | b'-') && matches!(source[at - 1], b'e' | b'E' | b'p' | b'P');
        let separator = byte == b'\'' && source.get(at + 1).is_some_and(|&b| continues_identifier(b));
        // In hexadecimal, `0xe+1` is one preprocessing number too; compilers agree.
        if !(continues_identifier(byte) || byte == b'.' || signed || separator && is_digit_before(source, at)) {
            break;
        }
        at += 1;
    }
    at
}

fn is_digit_before(source: &[u8], at: usize) -> bool {
    source[at - 1].is_ascii_hexdigit() || is_digit(source[at - 1])
}

/// If a backslash at `at` joins two lines, the position after the line end.
pub(super) fn after_splice(source: &[u8], at: usize) -> Option<usize> {
    match source.get(at + 1..)? {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    }
}

/// Whether the line end at `newline` is joined to the next line by a backslash.
pub(super) fn is_spliced(source: &[u8], newline: usize) -> bool {
    matches!(source[..newline], [.., b'\\'] | [.., b'\\', b'\r'])
}
