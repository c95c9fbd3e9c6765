//! The part of SARIF 2.1.0 that is written here, under the standard's names (OASIS, section 3).

use analyzer::Report;
use serde::Serialize;

/// 3.14: one scan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Outcome>,
    properties: Properties,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

/// 3.19: the program.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

/// 3.49: what a result is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Stable: `abi3-3.11/PyTuple_SET_ITEM`.
    pub id: String,
    /// One line.
    pub short_description: Text,
    /// Why it matters.
    pub full_description: Text,
    /// What to do.
    pub help: Text,
}

/// 3.11 and 3.12: words.
#[derive(Debug, Serialize)]
pub struct Text {
    /// Plain.
    pub text: String,
}

/// 3.20: how the scan went.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

/// 3.58: something to know about the scan.
#[derive(Debug, Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

/// 3.27: one result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Of one of the rules.
    pub rule_id: String,
    /// Its place among them.
    pub rule_index: usize,
    /// `error`, or `warning` for what is probable.
    pub level: &'static str,
    /// One sentence.
    pub message: Text,
    /// Where.
    pub locations: Vec<Location>,
    /// By what a service knows it again when lines move.
    pub partial_fingerprints: Fingerprints,
    /// How many places it stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurrence_count: Option<usize>,
}

/// 3.27.17.
#[derive(Debug, Serialize)]
pub struct Fingerprints {
    /// Hash of item, file and the text of the line.
    #[serde(rename = "abiscopeLine/v1")]
    pub line: String,
}

/// 3.28.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// 3.29.
    pub physical_location: Physical,
}

/// 3.29: a place in a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Physical {
    /// Which file.
    pub artifact_location: Artifact,
    /// Which part of it.
    pub region: Region,
}

/// 3.4: a file, relative to the root of the sources.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// Percent-encoded.
    pub uri: String,
    /// The name of the root.
    pub uri_base_id: &'static str,
}

/// 3.30: all counted from 1, columns in characters.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// From 1.
    pub start_line: u32,
    /// From 1.
    pub start_column: usize,
    /// After the last character.
    pub end_column: usize,
    /// The line itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Text>,
}

/// 3.8: what is ours.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    analyzer_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capi_version: Option<String>,
}

impl Run {
    /// The run of what was read. Problems and `merged` are notifications.
    pub fn new(report: &Report, rules: Vec<Rule>, results: Vec<Outcome>, merged: Option<&str>) -> Self {
        let problems = report.problems.iter().map(|problem| {
            let path = problem.path.as_deref().map_or_else(String::new, |path| format!("{path}: "));
            format!("{path}{}", problem.message)
        });
        let notes = problems.chain(merged.map(str::to_owned)).map(|text| notification("note", text)).collect();
        let versions = Some((report.analyzer_version.clone(), report.capi_version.clone()));
        Self::of(
            &report.sdist,
            versions,
            rules,
            results,
            Invocation { execution_successful: true, tool_execution_notifications: notes },
        )
    }

    /// The run of what could not be read.
    pub fn failed(path: &str, reason: &str) -> Self {
        Self::of(
            path,
            None,
            Vec::new(),
            Vec::new(),
            Invocation {
                execution_successful: false,
                tool_execution_notifications: vec![notification("error", reason.to_owned())],
            },
        )
    }

    fn of(
        path: &str,
        versions: Option<(String, String)>,
        rules: Vec<Rule>,
        results: Vec<Outcome>,
        invocation: Invocation,
    ) -> Self {
        let (analyzer_version, capi_version) = versions.unzip();
        Self {
            tool: Tool { driver: Driver { name: "abiscope", semantic_version: env!("CARGO_PKG_VERSION"), rules } },
            invocations: [invocation],
            column_kind: "unicodeCodePoints",
            results,
            properties: Properties { path: path.to_owned(), analyzer_version, capi_version },
        }
    }
}

fn notification(level: &'static str, text: String) -> Notification {
    Notification { level, message: Text { text } }
}
