//! Reports for the tests of formats.

use analyzer::{Options, Report, SourceFile, SourceTree};

/// A package with this `demo.c`.
pub fn tree(source: &str) -> SourceTree {
    let files = vec![SourceFile { path: "demo.c".to_owned(), bytes: source.as_bytes().to_vec().into() }];
    SourceTree { name: "demo-1.0.tar.gz".to_owned(), files, ..SourceTree::default() }
}

/// What is found in it.
pub fn report(source: &str) -> Report {
    analyzer::analyze(&tree(source), &Options::default())
}
