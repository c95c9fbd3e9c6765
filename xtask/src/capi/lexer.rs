//! Preprocessed C as tokens and macro definitions, each with the header it stands in.

use std::collections::BTreeMap;

/// What one run of the preprocessor left of a folder of headers.
#[derive(Debug, Default)]
pub(super) struct Lexed<'a> {
    /// The code of the folder's headers; that of other files is left out.
    pub(super) tokens: Vec<Token<'a>>,
    /// Macros that are defined at the end, by name.
    pub(super) macros: BTreeMap<&'a str, Macro<'a>>,
}

/// A word, number, literal or one character of punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// The header, relative to the folder.
    pub(super) header: &'a str,
}

/// A macro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Macro<'a> {
    pub(super) header: &'a str,
    pub(super) takes_arguments: bool,
}

/// Reads the output of `cc -E -dD`; `folder` is the headers' folder as the compiler writes it.
pub(super) fn lex<'a>(text: &'a str, folder: &str) -> Lexed<'a> {
    let mut lexed = Lexed::default();
    let mut header = None;
    for line in text.lines() {
        let Some(directive) = line.strip_prefix('#') else {
            if let Some(header) = header {
                words(line).for_each(|text| lexed.tokens.push(Token { text, header }));
            }
            continue;
        };
        let directive = directive.trim_start();
        if let Some(definition) = directive.strip_prefix("define ") {
            define(&mut lexed, definition, header);
        } else if let Some(name) = directive.strip_prefix("undef ") {
            lexed.macros.remove(name.trim());
        } else if let Some(file) = marker(directive) {
            header = file
                .strip_prefix(folder)
                .map(|name| name.trim_start_matches('/'))
                .filter(|name| !name.starts_with("internal/"));
        }
    }
    lexed
}

/// The file of a line marker: `12 "path/object.h" 1 3`.
fn marker(directive: &str) -> Option<&str> {
    directive.starts_with(|c: char| c.is_ascii_digit()).then(|| directive.split('"').nth(1))?
}

fn define<'a>(lexed: &mut Lexed<'a>, definition: &'a str, header: Option<&'a str>) {
    let end = definition.find(|c: char| !is_word(c)).unwrap_or(definition.len());
    let (name, rest) = definition.split_at(end);
    let Some(header) = header else {
        lexed.macros.remove(name);
        return;
    };
    let takes_arguments = rest.starts_with('(');
    lexed.macros.insert(name, Macro { header, takes_arguments });
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

/// The tokens of a line: words and numbers, literals with their quotes, single characters.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let end = match first {
            '"' | '\'' => literal_end(rest, first),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, tail) = rest.split_at(end);
        rest = tail;
        Some(token)
    })
}

/// Where the literal that opens `text` ends, after its closing quote.
fn literal_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<&str> {
        words(line).collect()
    }

    #[test]
    fn a_line_is_cut_into_words_literals_and_punctuation() {
        assert_eq!(texts("int f(char*a, ...);"), ["int", "f", "(", "char", "*", "a", ",", ".", ".", ".", ")", ";"]);
        assert_eq!(texts(r#"x = "a\"; b"; y"#), ["x", "=", r#""a\"; b""#, ";", "y"]);
        assert_eq!(texts("'\\''+1"), ["'\\''", "+", "1"]);
        assert_eq!(texts("  "), [""; 0]);
    }

    #[test]
    fn only_code_of_the_folder_is_kept() {
        let text = "# 1 \"/inc/a.h\" 1\nint a;\n# 1 \"/usr/include/b.h\" 1 3\nint b;\n# 2 \"/inc/cpython/c.h\" 2\nint c;\n# 1 \"/inc/internal/d.h\"\nint d;\n";
        let lexed = lex(text, "/inc");
        let names: Vec<(&str, &str)> = lexed
            .tokens
            .iter()
            .filter(|token| token.text.len() == 1 && token.text != ";")
            .map(|token| (token.text, token.header))
            .collect();
        assert_eq!(names, [("a", "a.h"), ("c", "cpython/c.h")]);
    }

    #[test]
    fn macros_are_those_defined_at_the_end() {
        let text = "# 1 \"/inc/a.h\"\n#define A 1\n#define F(x) x\n#define G (x)\n#define GONE\n#undef GONE\n# 1 \"/usr/x.h\"\n#define SYSTEM 1\n";
        let lexed = lex(text, "/inc");
        let names: Vec<(&str, bool)> = lexed.macros.iter().map(|(name, m)| (*name, m.takes_arguments)).collect();
        assert_eq!(names, [("A", false), ("F", true), ("G", false)]);
    }
}
