//! From a source tree to a report.

use capi::Version;

use crate::{Environment, Report, SourceTree, TreeFacts};

/// What is asked of the analyzer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The build asked about, if one is.
    pub environment: Option<Environment>,
}

/// Analyses the tree. Never fails: what could not be told is in [`Report::problems`].
pub fn analyze(tree: &SourceTree, options: &Options) -> Report {
    let _ = (options, Version::NEWEST);
    Report {
        schema_version: crate::SCHEMA_VERSION,
        analyzer_version: crate::ANALYZER_VERSION.to_owned(),
        capi_version: capi::DATA_VERSION.to_owned(),
        sdist: tree.name.clone(),
        tree: TreeFacts::default(),
        tools: Vec::new(),
        files: Vec::new(),
        uses: Vec::new(),
        verdicts: Vec::new(),
        floor: None,
        unresolved: std::collections::BTreeMap::new(),
        structures: std::collections::BTreeMap::new(),
        problems: Vec::new(),
    }
}
