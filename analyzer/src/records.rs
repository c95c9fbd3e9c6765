//! A report as flat records, one per site: the lines of `scan --format jsonl`.

use std::collections::HashMap;
use std::rc::Rc;

use serde::Serialize;

use crate::{
    Condition, Contradiction, Declaration, Environment, Note, OriginClass, Problem, Report, Site, Undecided, Use,
    Verdict, notes,
};

/// One record of the JSON Lines format. Fields that a kind does not have are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record<'a> {
    /// The file or folder scanned.
    pub sdist: &'a str,
    /// `api`, `member`, …, `declaration`, `contradiction`, `problem`, `verdict`.
    pub kind: &'static str,
    /// Where it is and what was found there, for kinds that have sites.
    #[serde(flatten)]
    pub finding: Option<Finding<'a>>,
    /// For `verdict`.
    #[serde(flatten)]
    pub verdict: Option<VerdictFields<'a>>,
    /// For `declaration`.
    #[serde(flatten)]
    pub declaration: Option<&'a Declaration>,
    /// For `contradiction`.
    #[serde(flatten)]
    pub contradiction: Option<Contradiction>,
    /// For `problem`.
    #[serde(flatten)]
    pub problem: Option<&'a Problem>,
}

/// The fields of a record that has a site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding<'a> {
    /// Inside the sdist, without the top folder.
    pub path: &'a str,
    /// 1-based.
    pub line: u32,
    /// 1-based, in bytes.
    pub column: u32,
    /// The item; the variable; the last component of a member.
    pub name: &'a str,
    /// The structure, for members.
    #[serde(rename = "struct", skip_serializing_if = "Option::is_none")]
    pub structure: Option<&'a str>,
    /// The last component, for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<&'a str>,
    /// `long_value.lv_tag`, for members of inner structures the whole path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_path: Option<&'a str>,
    /// `read+write`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// `own`, `generated`, `vendored`, `test-or-doc`.
    pub origin: &'static str,
    /// `cython 3.1.2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generator: Option<&'a str>,
    /// `pythoncapi_compat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<&'a str>,
    /// As `Condition` prints.
    pub condition: Rc<str>,
    /// Absent unless an environment was asked about; `null` if it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<Option<bool>>,
    /// `certain` or `probable`.
    pub certainty: crate::Certainty,
    /// In the body of a macro: how often code expands that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expansions: Option<u32>,
}

/// The fields of a `verdict` record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictFields<'a> {
    /// `abi3-3.11`.
    pub target: capi::Target,
    /// `blocked`.
    pub verdict: crate::Outcome,
    /// Identifiers that stand in the way.
    pub blocking: &'a [String],
    /// `Structure.member`.
    pub blocking_members: &'a [String],
    /// Variables of static types.
    pub blocking_types: &'a [String],
    /// Open questions.
    pub undecided: &'a [Undecided],
    /// What else there is to know about the target.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Every record of `report` but the summary, which needs the time: findings in the order of the report, then
/// declarations, contradictions, problems, verdicts. The wheels of the release are not known here.
///
/// `on` is the environment that the report was made for: with one, `active` is in every finding.
pub fn records<'a>(report: &'a Report, on: Option<&Environment>) -> impl Iterator<Item = Record<'a>> {
    let asked = on.is_some();
    let on = on.copied();
    #[expect(clippy::mutable_key_type, reason = "what changes inside a condition only remembers its hash")]
    let mut printed: HashMap<&Condition, Rc<str>> = HashMap::new();
    let findings = report.uses.iter().flat_map(move |found| {
        // Printing a condition is work, and few differ.
        let condition = printed.entry(&found.condition).or_insert_with(|| found.condition.to_string().into());
        let condition = Rc::clone(condition);
        found.sites.iter().map(move |site| finding(report, found, *site, &condition, asked))
    });
    let declarations = report
        .declarations
        .iter()
        .map(|declaration| Record { declaration: Some(declaration), ..empty(report, "declaration") });
    let contradictions = report
        .contradictions(None)
        .into_iter()
        .map(|found| Record { contradiction: Some(found), ..empty(report, "contradiction") });
    let problems = report.problems.iter().map(|problem| Record { problem: Some(problem), ..empty(report, "problem") });
    let verdicts = report
        .verdicts
        .iter()
        .map(move |verdict| Record { verdict: Some(verdict_fields(report, verdict, on)), ..empty(report, "verdict") });
    findings.chain(declarations).chain(contradictions).chain(problems).chain(verdicts)
}

fn empty<'a>(report: &'a Report, kind: &'static str) -> Record<'a> {
    Record {
        sdist: &report.sdist,
        kind,
        finding: None,
        verdict: None,
        declaration: None,
        contradiction: None,
        problem: None,
    }
}

fn finding<'a>(report: &'a Report, found: &'a Use, site: Site, condition: &Rc<str>, asked: bool) -> Record<'a> {
    let by = |class| found.origin.by.as_deref().filter(|_| found.origin.class == class);
    let is_member = found.kind == crate::Kind::Member;
    Record {
        finding: Some(Finding {
            path: report.files.get(site.file as usize).map_or("", String::as_str),
            line: site.line,
            column: site.column,
            name: &found.name,
            structure: found.structure.as_deref(),
            member: is_member.then_some(found.name.as_str()),
            member_path: found.member_path.as_deref(),
            access: (!found.access.is_empty()).then(|| found.access.to_string()),
            origin: found.origin.class.as_str(),
            generator: by(OriginClass::Generated),
            vendor: by(OriginClass::Vendored),
            condition: Rc::clone(condition),
            active: asked.then_some(found.active),
            certainty: found.certainty,
            expansions: (site.expansions > 0).then_some(site.expansions),
        }),
        ..empty(report, found.kind.as_str())
    }
}

fn verdict_fields<'a>(report: &'a Report, verdict: &'a Verdict, on: Option<Environment>) -> VerdictFields<'a> {
    VerdictFields {
        target: verdict.target,
        verdict: verdict.verdict,
        blocking: &verdict.blocking,
        blocking_members: &verdict.blocking_members,
        blocking_types: &verdict.blocking_types,
        undecided: &verdict.undecided,
        notes: notes(report, verdict.target, on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Access, Certainty, Condition, Kind, Origin};

    fn report() -> Report {
        let tree = crate::SourceTree { name: "x-1.0.tar.gz".into(), ..crate::SourceTree::default() };
        let mut report = crate::analyze(&tree, &crate::Options::default());
        report.files = vec!["x.c".into()];
        report.verdicts.clear();
        report.uses = vec![Use {
            kind: Kind::Member,
            name: "lv_tag".into(),
            structure: Some("PyLongObject".into()),
            member_path: Some("long_value.lv_tag".into()),
            access: Access::Read.into(),
            origin: Origin { class: OriginClass::Generated, by: Some("cython 3.1.2".into()) },
            condition: Condition::always(),
            active: None,
            certainty: Certainty::Certain,
            sites: vec![Site { file: 0, line: 7, column: 3, expansions: 0 }],
        }];
        report
    }

    #[test]
    fn a_finding_has_the_fields_of_the_contract() {
        let report = report();
        let lines: Vec<_> =
            records(&report, None).map(|record| serde_json::to_value(&record).expect("serialises")).collect();
        assert_eq!(
            lines,
            [serde_json::json!({
                "sdist": "x-1.0.tar.gz", "kind": "member", "path": "x.c", "line": 7, "column": 3, "name": "lv_tag",
                "struct": "PyLongObject", "member": "lv_tag", "member_path": "long_value.lv_tag", "access": "read",
                "origin": "generated", "generator": "cython 3.1.2", "condition": "always", "certainty": "certain",
            })]
        );
    }

    #[test]
    fn declarations_and_contradictions_have_the_fields_of_the_contract() {
        let text = "[tool.distutils.bdist_wheel]\npy-limited-api = \"cp39\"\n";
        let file =
            |path: &str, text: &str| crate::SourceFile { path: path.into(), bytes: text.as_bytes().to_vec().into() };
        let files = vec![file("a.c", "#include <Python.h>"), file("pyproject.toml", text)];
        let tree = crate::SourceTree { name: "x-1.0.tar.gz".into(), files, ..crate::SourceTree::default() };
        let report = crate::analyze(&tree, &crate::Options::default());
        let of = |kind: &str| -> Vec<serde_json::Value> {
            let of_kind = records(&report, None).filter(|record| record.kind == kind);
            of_kind.map(|record| serde_json::to_value(&record).expect("serialises")).collect()
        };
        assert_eq!(
            of("declaration"),
            [serde_json::json!({
                "sdist": "x-1.0.tar.gz", "kind": "declaration", "path": "pyproject.toml", "line": 2, "column": 1,
                "form": "setuptools-bdist-wheel", "value": "\"cp39\"", "sets": "tag", "says": "on", "abi": "abi3",
                "floor": "3.9", "certainty": "certain",
            })]
        );
        let contradictions = of("contradiction");
        let [found] = contradictions.as_slice() else { panic!("{contradictions:?}") };
        assert_eq!((&found["code"], &found["severity"]), (&"macro-missing".into(), &"error".into()));
        assert_eq!(found["places"], serde_json::json!([{"path": "pyproject.toml", "line": 2}]));
        assert!(found["explanation"].is_string() && found["changes"][0]["text"].is_string());
    }

    #[test]
    fn active_is_null_only_when_an_environment_was_asked_about() {
        let report = report();
        let with = |on: Option<&Environment>| {
            let record = records(&report, on).next().expect("one record");
            serde_json::to_value(&record).expect("serialises").get("active").cloned()
        };
        assert_eq!(with(None), None);
        assert_eq!(with(Some(&Environment::default())), Some(serde_json::Value::Null));
    }
}
