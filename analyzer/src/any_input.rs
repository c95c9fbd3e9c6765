//! What must hold for any input: the bodies of the fuzzers, in `tests/fuzz.rs` on stable and in `fuzz/` under libFuzzer.
//!
//! Each takes any bytes and panics where a promise is broken. Not for other use.

use crate::analyze::declare_one;
use crate::condition::{ConditionStack, Evaluator, MacroTable};
use crate::lexer::{self, Kind, Names};
use crate::{
    CODES, Condition, Limits, Options, Report, SourceFile, SourceTree, WheelTag, analyze, read_sdist, records,
};

/// Names of files of each sort that is read.
pub const PATHS: [&str; 24] = [
    "a.c",
    "a.h",
    "a.cpp",
    "a.hpp",
    "a.c.in",
    "a.pyx",
    "a.pxd",
    "a.i",
    "a.sip",
    "build_a.py",
    "a.rs",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "Cargo.toml",
    "CMakeLists.txt",
    "meson.build",
    "build.rs",
    ".github/workflows/a.yml",
    "Makefile",
    "hatch_build.py",
    "recipe.yaml",
    "PKG-INFO",
    ".bazelrc",
];

/// Names of archives of each format.
const ARCHIVES: [&str; 5] = ["p-1.tar", "p-1.tar.gz", "p-1.tar.bz2", "p-1.tar.xz", "p-1.zip"];

/// The lexer: tokens ascend, end once, and preprocessor lines are closed.
pub fn lexer(data: &[u8]) {
    for language in [lexer::Language::C, lexer::Language::Cpp, lexer::Language::Cython, lexer::Language::Rust] {
        let mut names = Names::default();
        let tokens = lexer::lex(data, language, &mut names);
        assert!(tokens.is_sorted_by_key(|token| token.start), "tokens ascend");
        assert!(tokens.len() <= 2 * data.len() + 2, "no more tokens than bytes and line ends");
        let ends = tokens.iter().filter(|token| token.kind == Kind::End).count();
        assert!(ends == 1 && tokens.last().is_some_and(|token| token.start as usize == data.len()), "one end");
        let mut is_open = false;
        for token in &tokens {
            match token.kind {
                Kind::Directive(_) => assert!(!std::mem::replace(&mut is_open, true), "lines do not nest"),
                Kind::EndDirective => assert!(std::mem::replace(&mut is_open, false), "a line ends that began"),
                _ => {}
            }
        }
        assert!(!is_open, "every line ends");
    }
}

/// The conditions: every line is a directive; what comes out prints and parses to the same.
pub fn conditions(data: &[u8]) {
    let (mut evaluator, mut table, mut stack) =
        (Evaluator::default(), MacroTable::default(), ConditionStack::default());
    for line in data.split(|byte| *byte == b'\n').take(2_000) {
        let word = line.split(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
        let rest = &line[word.len()..];
        match word {
            b"define" => _ = table.define_line(rest, stack.current()),
            b"undef" => table.undefine(&String::from_utf8_lossy(rest), stack.current()),
            b"ifdef" => stack.begin(&evaluator.defined(rest, &table)),
            b"elif" => stack.elif(&evaluator.evaluate(rest, &table)),
            b"else" => stack.otherwise(),
            b"endif" => stack.end(),
            b"is" => _ = String::from_utf8_lossy(rest).trim().parse::<Condition>(),
            _ => stack.begin(&evaluator.evaluate(line, &table)),
        }
    }
    let printed = stack.current().to_string();
    assert_eq!(printed.parse().as_ref(), Ok(stack.current()), "{printed}");
}

/// The declarations of one file, in C and in C++.
pub fn declarations(data: &[u8]) {
    for language in [lexer::Language::C, lexer::Language::Cpp] {
        declare_one(data, language);
    }
}

/// The whole analysis, of one file of each sort: the same twice, and every site inside its file.
pub fn analysis(data: &[u8]) {
    let (&which, data) = data.split_first().unwrap_or((&0, &[]));
    let path = PATHS[usize::from(which) % PATHS.len()];
    let report = report(path, data);
    assert_eq!(report, self::report(path, data), "the same again");
    // The file beside it has three lines.
    let lines = memchr::memchr_iter(b'\n', data).count().max(2) + 1;
    let sites = report.uses.iter().flat_map(|found| &found.sites);
    assert!(sites.into_iter().all(|site| (1..=lines).contains(&(site.line as usize))), "sites are in the file");
    assert!(records(&report, None).count() >= report.verdicts.len());
    for found in &report.declarations {
        let is_in_file = found.path != path || (1..=lines).contains(&(found.line as usize));
        assert!(is_in_file && found.column > 0, "{found}");
        assert_eq!(found.when.is_some(), !found.depends_on.is_empty(), "{found}");
    }
    let tags = ["cp310-abi3-any", "cp313-cp313t-any", "cp314-abi3t-any"].map(str::parse);
    let wheels: Vec<WheelTag> = tags.into_iter().flatten().collect();
    for found in report.contradictions(Some(&wheels)) {
        assert!(CODES.contains(&found.code) && found.changes.iter().all(|change| change.line != Some(0)), "{found}");
    }
}

fn report(path: &str, data: &[u8]) -> Report {
    let file = |path: &str, bytes: &[u8]| SourceFile { path: path.to_owned(), bytes: bytes.to_vec().into() };
    // Files without the name of the API are not looked at.
    let mut bytes = data.to_vec();
    bytes.extend_from_slice(b"Py");
    let files = vec![file(path, &bytes), file("z.c", b"#include <Python.h>\n#include \"a.h\"\nPyObject *x;")];
    analyze(&SourceTree { files, ..SourceTree::default() }, &Options::default())
}

/// The archive reader, under limits that little bytes reach.
pub fn archive(data: &[u8]) {
    let limits = Limits {
        decoded_bytes: 1 << 20,
        ratio: 20,
        ratio_floor: 64 << 10,
        entries: 100,
        file_bytes: 64 << 10,
        native_bytes: 256 << 10,
        name_bytes: 200,
        header_bytes: 2_000,
    };
    for name in ARCHIVES {
        let result = read_sdist(name, data, &limits);
        assert_eq!(result, read_sdist(name, data, &limits), "the same again");
        if let Ok(tree) = result {
            assert!(tree.entries <= limits.entries && tree.decoded_bytes <= limits.decoded_bytes);
            assert!(tree.files.is_sorted_by(|a, b| a.path < b.path), "sorted, each name once");
        }
    }
}
