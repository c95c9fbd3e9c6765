//! What holds for any input: no panics, the same report twice, and the order of files does not matter.

use analyzer::{Options, Report, SourceFile, SourceTree, analyze};
use proptest::prelude::*;

fn tree(files: Vec<(String, Vec<u8>)>) -> SourceTree {
    let files = files.into_iter().map(|(path, bytes)| SourceFile { path, bytes: bytes.into() });
    SourceTree { name: "any".into(), files: files.collect(), ..SourceTree::default() }
}

fn judged(files: Vec<(String, Vec<u8>)>) -> Report {
    analyze(&tree(files), &Options::default())
}

/// Pieces of C that meet in odd ways.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "PyObject",
        "Py_TYPE",
        "tp_name",
        "x",
        "struct",
        "typedef",
        "static",
        "template",
        "operator",
        "class",
        "union",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ";",
        ",",
        "->",
        ".",
        "::",
        "<",
        ">",
        "=",
        "==",
        "+=",
        "++",
        "*",
        "&",
        "&&",
        "?",
        ":",
        "...",
        "\"s\"",
        "'c'",
        "1",
        "\n#if X\n",
        "\n#else\n",
        "\n#elif Y\n",
        "\n#endif\n",
        "\n#define M(a) a->b\n",
        "\n#define Q PyTypeObject t = {\n",
        "\n#include \"b.h\"\n",
        "\n#include \"a.c\"\n",
        "M(",
        "Q",
        "sizeof",
        "offsetof",
        "PyObject_HEAD",
        "PyTypeObject",
        "auto",
        "new",
        "return",
        "for",
        "if",
        "case",
        "extern",
        "\"C\"",
        "namespace",
        "#",
        "##",
        "\\\n",
        "/*",
        "*/",
        "//",
        "R\"(",
        "cdef",
        "cimport",
        "\u{e9}",
        "\0",
    ]);
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn hostile_files_are_judged_the_same_each_time_in_any_order(
        a in pieces(), b in pieces(), c in pieces(), d in pieces()
    ) {
        let files = vec![
            ("a.c".to_owned(), format!("Py {a}").into_bytes()),
            ("b.h".to_owned(), format!("Py {b}").into_bytes()),
            ("c.cpp".to_owned(), format!("Py {c}").into_bytes()),
            ("d.pyx".to_owned(), format!("cpython Py {d}").into_bytes()),
        ];
        let mut reversed = files.clone();
        reversed.reverse();
        let first = judged(files.clone());
        prop_assert_eq!(&first, &judged(files));
        let other = judged(reversed);
        prop_assert_eq!(&first.uses, &other.uses);
        prop_assert_eq!(&first.verdicts, &other.verdicts);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut text = b"Py ".to_vec();
        text.extend(bytes);
        for path in ["a.c", "a.cpp", "a.pyx", "a.h", "a.c.in"] {
            judged(vec![(path.to_owned(), text.clone())]);
        }
    }
}

#[test]
fn deep_nesting_and_long_lines_are_survived() {
    let deep = |open: &str, close: &str, n: usize| format!("Py {}{}", open.repeat(n), close.repeat(n));
    for text in [
        deep("(", ")", 100_000),
        deep("{", "}", 100_000),
        deep("[", "]", 100_000),
        deep("\n#if A\n", "\n#endif\n", 5_000),
        deep("struct a { ", "} x;", 20_000),
        deep("f<", ">", 20_000),
        deep("a ? b : ", "c", 20_000),
        deep("*", "x", 100_000),
        "Py (a)".repeat(50_000),
        "PyObject ".repeat(50_000),
    ] {
        judged(vec![("a.cpp".to_owned(), text.into_bytes())]);
    }
}

#[test]
fn macros_that_expand_to_each_other_end() {
    let define = |n: u32| format!("#define M{n} M{} M{}\n#if M{n}\n#endif\n", n + 1, n + 2);
    let chain: String = (0..64).map(define).collect();
    let text = format!("Py\n{chain}#define M64 M0\n#define M65 M0\nint x = M0;\n");
    judged(vec![("a.c".to_owned(), text.into_bytes())]);
}
