//! Calls in the scripts of Meson and CMake, with what stands around them.

/// A call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// The function.
    pub(super) name: &'a str,
    /// What stands in the parentheses.
    pub(super) arguments: &'a str,
    /// It stands in no block that may be left out or repeated.
    pub(super) is_certain: bool,
}

/// Words that open and close blocks.
const OPENING: [&str; 6] = ["if", "foreach", "while", "function", "macro", "block"];
const CLOSING: [&str; 6] = ["endif", "endforeach", "endwhile", "endfunction", "endmacro", "endblock"];

/// The calls of a script without comments, also those inside other calls.
pub(super) fn calls(text: &str) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| is_word(c) || c == '\'' || c == '"') {
        rest = &rest[start..];
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            let inside = &rest[1..];
            rest = inside.find(quote).map_or("", |end| &inside[end + 1..]);
            continue;
        }
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        if OPENING.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            depth += 1;
        } else if CLOSING.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            depth = depth.saturating_sub(1);
        } else if let Some(inside) = after.trim_start_matches([' ', '\t']).strip_prefix('(') {
            let arguments = &inside[..closing(inside)];
            found.push(Call { name: word, arguments, is_certain: depth == 0 });
        }
    }
    found
}

/// The longest arguments that are looked at: a bound on the work for brackets inside brackets.
const MAX_ARGUMENTS: usize = 16 << 10;

/// The position of the parenthesis that closes the one in front of the text.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(MAX_ARGUMENTS) {
        match (byte, quote) {
            (byte, Some(open)) => quote = (byte != open).then_some(open),
            (b'\'' | b'"', None) => quote = Some(byte),
            (b'(', None) => depth += 1,
            (b')', None) if depth == 0 => return at,
            (b')', None) => depth -= 1,
            _ => {}
        }
    }
    0
}

/// The text without comments, which start with `#`.
pub(super) fn without_comments(text: &str) -> String {
    let code: Vec<_> = text.lines().map(|line| line.split_once('#').map_or(line, |(code, _)| code)).collect();
    code.join("\n")
}
