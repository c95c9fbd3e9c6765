//! Python files read as tokens, never run: what stands in their strings, and which names their code uses.

/// The parts of a Python file that matter here.
#[derive(Debug, Default)]
pub(super) struct PythonText {
    /// The contents of string literals, as written (escapes are not undone).
    pub(super) strings: Vec<String>,
    /// The code with each string as `""` and without comments.
    pub(super) code: String,
}

impl PythonText {
    /// Reads any text; one that is not Python gives odd strings and no error.
    pub(super) fn read(text: &str) -> Self {
        let mut parts = Self::default();
        let mut rest = text;
        while let Some(at) = rest.find(['#', '"', '\'']) {
            parts.code.push_str(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with('#') {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            let quotes = ["\"\"\"", "'''", "\"", "'"];
            let quote = quotes.into_iter().find(|quote| rest.starts_with(*quote)).unwrap_or("'");
            let (content, after) = string_content(&rest[quote.len()..], quote);
            parts.strings.push(content.to_owned());
            parts.code.push_str("\"\"");
            rest = after;
        }
        parts.code.push_str(rest);
        parts
    }

    /// Whether the code uses the name, as a whole word.
    pub(super) fn uses(&self, name: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        self.code
            .match_indices(name)
            .any(|(at, _)| !self.code[..at].ends_with(is_word) && !self.code[at + name.len()..].starts_with(is_word))
    }
}

/// Up to the closing quote, and what follows it; a string in single quotes ends with its line at the latest.
fn string_content<'a>(text: &'a str, quote: &str) -> (&'a str, &'a str) {
    let is_notable = |c: char| c == '\\' || c == '\n' || quote.starts_with(c);
    let mut from = 0;
    while let Some(at) = text[from..].find(is_notable).map(|at| at + from) {
        let here = &text[at..];
        if let Some(after) = here.strip_prefix(quote) {
            return (&text[..at], after);
        }
        let mut chars = here.chars();
        match chars.next() {
            Some('\\') => {
                chars.next();
            }
            Some('\n') if quote.len() == 1 => return (&text[..at], here),
            _ => {}
        }
        from = text.len() - chars.as_str().len();
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_code_are_told_apart() {
        let text =
            PythonText::read("a = ['Cython>=3', \"it's\"] # 'not'\nb = \"\"\"x 'y'\n# z\"\"\"; c = 'd\\'e'\nmypycify");
        assert_eq!(text.strings, ["Cython>=3", "it's", "x 'y'\n# z", "d\\'e"]);
        assert_eq!(text.code, "a = [\"\", \"\"] \nb = \"\"; c = \"\"\nmypycify");
        assert!(text.uses("mypycify") && text.uses("a") && !text.uses("mypy") && !text.uses("Cython"));
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in ["'", "'''", "\"\\", "'a\nb'", "#", "'\\\u{e4}", "\u{e4}'\u{e4}", "''''"] {
            PythonText::read(text);
        }
        assert_eq!(PythonText::read("'open\nCython").code, "\"\"\nCython");
    }
}
