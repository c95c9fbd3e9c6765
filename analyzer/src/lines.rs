//! One file by itself: what of it is code, when its lines are compiled, and whose it is. What source search filters by.

use std::ops::Range;

use crate::condition::{ConditionStack, Evaluator, MacroTable};
use crate::lexer::{self, Directive, Kind, Names, Token};
use crate::{Condition, Effort, Language, Origin, OriginClass, SourceFile, origin};

/// A file, read by itself: macros that other files define are not known, so what hangs on them cannot be told.
#[derive(Debug)]
pub struct SourceLines {
    /// What is neither comment nor literal nor space, in order.
    code: Vec<Range<usize>>,
    /// Where another condition begins, in order.
    conditions: Vec<(usize, Condition)>,
    origin: Origin,
}

impl SourceLines {
    /// Reads a file.
    pub fn read(file: &SourceFile) -> Self {
        let language = match file.language() {
            Some(Language::Cython | Language::CythonInclude) => lexer::Language::Cython,
            Some(Language::Rust) => lexer::Language::Rust,
            Some(Language::C) => lexer::Language::C,
            _ => lexer::Language::Cpp,
        };
        let mut names = Names::within(Effort::Full);
        let tokens = lexer::lex(&file.bytes, language, &mut names);
        Self {
            code: code(&file.bytes, &tokens),
            conditions: conditions(&file.bytes, &tokens),
            origin: origin::origin_of(file),
        }
    }

    /// Whether any of these bytes is code: not a comment, not in a literal, not space.
    pub fn is_code(&self, bytes: &Range<usize>) -> bool {
        let first = self.code.partition_point(|span| span.end <= bytes.start);
        self.code.get(first).is_some_and(|span| span.start < bytes.end.max(bytes.start + 1))
    }

    /// When the preprocessor keeps what stands at an offset, as far as the file alone tells.
    pub fn condition(&self, at: usize) -> Condition {
        let after = self.conditions.partition_point(|(start, _)| *start <= at);
        let before = after.checked_sub(1).and_then(|place| self.conditions.get(place));
        before.map_or_else(Condition::always, |(_, condition)| condition.clone())
    }

    /// Who wrote it, by its content and its path.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The class of that.
    pub const fn class(&self) -> OriginClass {
        self.origin.class
    }
}

/// Where a token's text lies, given the next one.
fn text_of(token: Token, next: Token) -> Range<usize> {
    token.start as usize..next.start as usize
}

fn code(source: &[u8], tokens: &[Token]) -> Vec<Range<usize>> {
    let mut out = Vec::with_capacity(tokens.len());
    for pair in tokens.windows(2) {
        let [token, next] = pair else { continue };
        let text = text_of(*token, *next);
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'\'' | 0x80..);
        let length = match token.kind {
            Kind::Str | Kind::Char | Kind::EndDirective | Kind::Newline | Kind::End => continue,
            // What follows is not lexed: it is code all the same.
            Kind::Directive(Directive::Include | Directive::Other) => text.len(),
            Kind::Directive(_) => {
                let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'#');
                let word = source[text.clone()].iter().take_while(|byte| blank(byte)).count();
                word + source[text.start + word..text.end].iter().take_while(|byte| is_word(byte)).count()
            }
            Kind::Ident | Kind::Number => source[text.clone()].iter().take_while(|byte| is_word(byte)).count(),
            _ => 1,
        };
        out.push(text.start..(text.start + length.max(1)).min(text.end));
    }
    out
}

fn conditions(source: &[u8], tokens: &[Token]) -> Vec<(usize, Condition)> {
    let (mut stack, mut evaluator, mut macros) =
        (ConditionStack::default(), Evaluator::default(), MacroTable::default());
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Kind::Directive(directive) = token.kind else { continue };
        let end = tokens[at..].iter().find(|token| matches!(token.kind, Kind::EndDirective | Kind::End));
        let end = end.map_or(source.len(), |token| token.start as usize);
        let rest = after_keyword(&source[token.start as usize..end]);
        match directive {
            Directive::If => stack.begin(&evaluator.evaluate(rest, &macros)),
            Directive::Ifdef => stack.begin(&evaluator.defined(rest, &macros)),
            Directive::Ifndef => stack.begin(&evaluator.defined(rest, &macros).negate()),
            Directive::Elif => stack.elif(&evaluator.evaluate(rest, &macros)),
            Directive::Elifdef => stack.elif(&evaluator.defined(rest, &macros)),
            Directive::Elifndef => stack.elif(&evaluator.defined(rest, &macros).negate()),
            Directive::Else => stack.otherwise(),
            Directive::Endif => stack.end(),
            Directive::Define => {
                macros.define_line(rest, stack.current());
                continue;
            }
            Directive::Undef => {
                if let Ok(name) = std::str::from_utf8(rest) {
                    macros.undefine(name.trim(), stack.current());
                }
                continue;
            }
            Directive::Include | Directive::Other => continue,
        }
        out.push((end, stack.current().clone()));
    }
    out
}

/// What follows `# keyword`.
fn after_keyword(line: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'#');
    let line = &line[line.iter().take_while(|byte| blank(byte)).count()..];
    &line[line.iter().take_while(|byte| byte.is_ascii_alphabetic()).count()..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Implementation, Truth, World};
    use capi::Version;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec().into() }
    }

    fn is_code(path: &str, text: &str, part: &str) -> bool {
        let at = text.find(part).expect("a part of the text");
        SourceLines::read(&file(path, text)).is_code(&(at..at + part.len()))
    }

    #[test]
    fn comments_and_literals_are_no_code_and_what_reaches_out_of_them_is() {
        let text = "x = y->ob_type; // ob_size\nputs(\"ob_refcnt\" /* ob_base */, 'q');\n#include <Python.h>\n";
        for part in ["ob_type", "b_typ", "puts", "Python.h", "ob_refcnt\" /* ob_base */, "] {
            assert!(is_code("a.c", text, part), "{part}");
        }
        for part in ["ob_size", "ob_refcnt", "ob_base", "q", "// ob"] {
            assert!(!is_code("a.c", text, part), "{part}");
        }
        assert!(!is_code("a.pyx", "cdef int a # PyList_New\n", "PyList_New"));
        assert!(is_code("a.rs", "fn main() { f() } /* /* g */ */", "main"));
    }

    #[test]
    fn lines_are_active_where_some_build_compiles_them() {
        let text = "#if PY_VERSION_HEX >= 0x030d0000\nnew();\n#else\nold();\n#endif\n#ifdef UNKNOWN\nmaybe();\n#endif\n\
                    #define OLD (PY_VERSION_HEX < 0x030c0000)\n#if OLD\nolder();\n#endif\nalways();\n";
        let lines = SourceLines::read(&file("a.c", text));
        let on = |minor, part: &str| {
            let world = World {
                python: Some(Version::new(3, minor)),
                implementation: Some(Implementation::CPython),
                ..World::default()
            };
            lines.condition(text.find(part).expect("a part")).eval(&world)
        };
        assert_eq!((on(13, "new()"), on(12, "new()")), (Truth::True, Truth::False));
        assert_eq!((on(13, "old()"), on(12, "old()")), (Truth::False, Truth::True));
        assert_eq!((on(12, "older()"), on(11, "older()")), (Truth::False, Truth::True));
        assert_eq!((on(13, "maybe()"), on(13, "always()")), (Truth::Unknown, Truth::True));
    }

    #[test]
    fn whose_a_file_is() {
        let class = |path, text| SourceLines::read(&file(path, text)).class();
        assert_eq!(class("a.c", "int x;"), OriginClass::Own);
        assert_eq!(class("a.c", "/* Generated by Cython 3.1.2 */\n"), OriginClass::Generated);
        assert_eq!(class("tests/a.c", "int x;"), OriginClass::TestOrDoc);
    }
}
