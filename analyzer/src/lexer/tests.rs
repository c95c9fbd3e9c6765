//! What is code and what only looks like it.

use proptest::prelude::*;

use super::*;

/// The tokens as text: identifiers as they are, everything else by kind.
fn read(source: &[u8], language: Language) -> Vec<String> {
    let mut names = Names::default();
    lex(source, language, &mut names)
        .iter()
        .map(|token| match token.kind {
            Kind::Ident => names.text(token.sym).into_owned(),
            kind => format!("{kind:?}"),
        })
        .collect()
}

fn identifiers(source: &str, language: Language) -> Vec<String> {
    let mut names = Names::default();
    lex(source.as_bytes(), language, &mut names)
        .iter()
        .filter(|token| token.is_ident())
        .map(|token| names.text(token.sym).into_owned())
        .collect()
}

#[test]
fn comments_and_strings_are_not_code() {
    let source = r#"a /* b " */ c // d \
                    still a comment
                    "e \" f" 'g' L"h" u8'i' j"#;
    assert_eq!(identifiers(source, Language::C), ["a", "c", "j"]);
}

#[test]
fn an_unclosed_string_ends_with_its_line() {
    assert_eq!(identifiers("a \"b\nc 'd\ne", Language::C), ["a", "c", "e"]);
}

#[test]
fn raw_strings_are_strings_in_cpp_only() {
    let source = "x R\"y(a \" )\" b)y\" z";
    assert_eq!(identifiers(source, Language::Cpp), ["x", "z"]);
    assert_eq!(identifiers("R\"a\" b", Language::C), ["R", "b"]);
}

#[test]
fn line_splices_join_identifiers_and_operators() {
    assert_eq!(read(b"Py\\\nList\\\r\n_New -\\\n> x", Language::C), ["PyList_New", "Arrow", "x", "End"]);
}

#[test]
fn digit_separators_do_not_open_a_character() {
    assert_eq!(identifiers("int x = 1'000'000; y", Language::Cpp), ["int", "x", "y"]);
}

#[test]
fn directives_are_bracketed() {
    assert_eq!(
        read(b"# /* c */ define A(x) x \\\n ## B\ny", Language::C),
        ["Directive(Define)", "A", "LParen", "x", "RParen", "x", "Paste", "B", "EndDirective", "y", "End"]
    );
}

#[test]
fn the_text_of_an_error_is_not_tokens() {
    assert_eq!(
        read(b"#error don't\n#include <a'b.h> /* \n */\nx", Language::C),
        ["Directive(Other)", "EndDirective", "Directive(Include)", "EndDirective", "x", "End"]
    );
}

#[test]
fn a_hash_in_the_middle_of_a_line_opens_nothing() {
    assert_eq!(read(b"a # if\n", Language::C), ["a", "Hash", "if", "End"]);
}

#[test]
fn marks_and_odd_bytes_are_survived() {
    assert_eq!(identifiers("\u{feff}a\0b\r\nc", Language::C), ["a", "b", "c"]);
    assert_eq!(read(b"caf\xe9 \xff", Language::C).len(), 3);
}

#[test]
fn cython_has_pythons_comments_and_strings() {
    let source = "cdef f(): # it's \"a\n  '''doc ' \" \n  '''\n  x = b'y' + \"z\"\n  return (a,\n b)\n";
    assert_eq!(
        read(source.as_bytes(), Language::Cython),
        [
            "cdef", "f", "LParen", "RParen", "Colon", "Newline", "Str", "Newline", "x", "Assign", "Str", "Sign", "Str",
            "Newline", "return", "LParen", "a", "Comma", "b", "RParen", "Newline", "Newline", "End"
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_give_tokens_in_order(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for language in [Language::C, Language::Cpp, Language::Cython] {
            check_order(&bytes, language);
        }
    }

    #[test]
    fn hostile_text_gives_tokens_in_order(text in r#"([\\\n\r"'/*#R(){}a-z0-9.<>=&+-]|u8R"|if |define |\\\n){0,80}"#) {
        for language in [Language::C, Language::Cpp, Language::Cython] {
            check_order(text.as_bytes(), language);
        }
    }

    #[test]
    fn an_identifier_is_where_its_token_says(words in prop::collection::vec("[A-Za-z_][A-Za-z_0-9]{0,9}", 1..20)) {
        let source = words.join(" + ");
        let mut names = Names::default();
        let tokens = lex(source.as_bytes(), Language::C, &mut names);
        for token in tokens.iter().filter(|t| t.is_ident()) {
            prop_assert!(source[token.start as usize..].starts_with(&*names.text(token.sym)));
        }
        prop_assert_eq!(tokens.iter().filter(|t| t.is_ident()).count(), words.len());
    }
}

fn check_order(bytes: &[u8], language: Language) {
    let mut names = Names::default();
    let tokens = lex(bytes, language, &mut names);
    assert!(tokens.windows(2).all(|pair| pair[0].start <= pair[1].start));
    assert_eq!(tokens.last().map(|t| (t.kind, t.start as usize)), Some((Kind::End, bytes.len())));
    let opened = tokens.iter().filter(|t| matches!(t.kind, Kind::Directive(_))).count();
    let closed = tokens.iter().filter(|t| t.kind == Kind::EndDirective).count();
    assert_eq!(opened, closed);
}
