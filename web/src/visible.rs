//! Characters that would hide, made visible.

use std::borrow::Cow;
use std::fmt::Write;

/// Control characters, and those that turn the direction of text or take no room (Unicode TR 36): a name must not
/// look like another, nor a line of source read in another order than the compiler reads it.
fn hides(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

/// `text` with each hidden character as `⟨U+202E⟩`.
///
/// Applied to whole pages, after escaping, so that no template can forget it: our own markup has no such characters.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.chars().any(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if hides(c) {
            let _ = write!(shown, "\u{27e8}U+{:04X}\u{27e9}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// At most `longest` characters of `text`, with `…` where it was cut: one hostile name must not fill a page.
pub(crate) fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("漢字漢字", 3), "漢字漢…");
        assert_eq!(cut("漢字", 2), "漢字");
    }

    #[test]
    fn what_hides_is_shown_and_the_rest_stays() {
        assert_eq!(visible("a\u{202e}b"), "a⟨U+202E⟩b");
        assert_eq!(visible("a\u{0}\u{1b}[31m"), "a⟨U+0000⟩⟨U+001B⟩[31m");
        assert_eq!(visible("zero\u{200b}width"), "zero⟨U+200B⟩width");
        assert_eq!(visible("lines\n\tand tabs"), "lines\n\tand tabs");
        assert_eq!(visible("été – 漢字"), "été – 漢字");
    }
}
