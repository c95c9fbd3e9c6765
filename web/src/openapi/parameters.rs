//! What can be said in an address, each with what it may be.

use std::sync::LazyLock;

use analyzer::{Kind, Outcome};
use capi::Target;
use serde_json::{Value, json};
use whatif::FIELDS;

use crate::params::{LAST_PAGE, MOST_ROWS};

/// A part of an address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    /// In the path, not in the query; such a one is always given.
    pub(crate) in_path: bool,
    pub(crate) required: bool,
    pub(crate) what: &'static str,
    /// Its JSON Schema.
    pub(crate) schema: fn() -> Value,
    pub(crate) example: &'static str,
}

impl Parameter {
    const fn query(name: &'static str, what: &'static str, schema: fn() -> Value, example: &'static str) -> Self {
        Self { name, in_path: false, required: false, what, schema, example }
    }

    const fn path(name: &'static str, what: &'static str, example: &'static str) -> Self {
        Self { name, in_path: true, required: true, what, schema: text, example }
    }
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn month() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" })
}

fn words(words: impl IntoIterator<Item = String>) -> Value {
    json!({ "type": "string", "enum": words.into_iter().collect::<Vec<_>>() })
}

pub(super) const NAME: Parameter =
    Parameter::path("name", "A project; other spellings of its name lead to it", "numpy");
pub(super) const VERSION: Parameter = Parameter::path("version", "A release, as its index writes it", "2.5.5");
pub(super) const ITEM: Parameter =
    Parameter::path("item", "An item of CPython's C API, or a member", "PyTuple_GET_ITEM");
pub(super) const ID: Parameter = Parameter {
    schema: || json!({ "type": "string", "pattern": "^[0-9a-f]{20}$" }),
    ..Parameter::path("id", "The ID of a saved answer", "0f3c9a1be2d45f60718a")
};
pub(super) const TARGET: Parameter = Parameter::query(
    "target",
    "What the verdicts are about; without it abi3-3.11",
    || words(Target::all().map(|target| target.to_string())),
    "abi3-3.11",
);
pub(super) const VERDICT: Parameter = Parameter::query(
    "verdict",
    "Only projects with this verdict",
    || words(Outcome::ALL.iter().map(|outcome| outcome.as_str().to_owned())),
    "blocked",
);
pub(super) const KIND: Parameter = Parameter::query(
    "kind",
    "Only uses of this kind",
    || words(Kind::ALL.iter().map(|kind| kind.as_str().to_owned())),
    "api",
);
pub(super) const SORT: Parameter = Parameter::query(
    "sort",
    "The order",
    || words(["name", "verdict", "blockers", "uploaded"].map(str::to_owned)),
    "blockers",
);
pub(super) const DESC: Parameter =
    Parameter::query("desc", "Turns the order round, whatever its value", || json!({ "type": "string" }), "1");
pub(super) const PAGE: Parameter = Parameter::query(
    "page",
    "The page of the list, 50 rows each; the first without it",
    || json!({ "type": "integer", "minimum": 1, "maximum": LAST_PAGE }),
    "1",
);
pub(super) const LIMIT: Parameter = Parameter::query(
    "limit",
    "Rows of an answer; 50 without it. Not together with page",
    || json!({ "type": "integer", "minimum": 1, "maximum": MOST_ROWS }),
    "500",
);
pub(super) const CURSOR: Parameter =
    Parameter::query("cursor", "Goes on after the answer whose next this is; Link has the whole address", text, "");
pub(super) const Q: Parameter = Parameter::query("q", "Only names with this in them", text, "tuple");
pub(super) const SITES_OF: Parameter = Parameter {
    required: true,
    ..Parameter::query("item", "The item whose sites are wanted", text, "PyTuple_GET_ITEM")
};
pub(super) const TO: Parameter = Parameter::query(
    "to",
    "The ID of another saved answer to the same question; without it the survey as it stands",
    text,
    "now",
);

pub(super) const OF: Parameter = Parameter {
    required: true,
    ..Parameter::query(
        "of",
        "What is counted: native, verdict:TARGET:VERDICT, declared:abi3, tagged:abi3, ships:abi3, could-be:TARGET, structure:NAME, \
         structure:NAME:own|generated|vendored, item:KIND:NAME, removed:VERSION or deprecated:VERSION",
        text,
        "structure:PyTypeObject",
    )
};
pub(super) const SCOPE: Parameter = Parameter::query(
    "scope",
    "Of which projects: all, cohort:YEAR, toolchain:NAME, rank:FROM-TO or age:FROM-TO; all without it",
    text,
    "toolchain:cython",
);
pub(super) const AFTER: Parameter =
    Parameter::query("after", "From the end of this month; without it the one before the other", month, "2025-12");
pub(super) const UNTIL: Parameter =
    Parameter { required: true, ..Parameter::query("until", "To the end of this month", month, "2026-03") };

pub(super) const PATTERN: Parameter = Parameter {
    required: true,
    ..Parameter::query("q", "The pattern, in the syntax of Rust's regex; a match lies in a line", text, "ob_type")
};
pub(super) const CASE: Parameter =
    Parameter::query("case", "any: small and capital letters are the same", || words(["any".to_owned()]), "any");
pub(super) const PROJECT: Parameter = Parameter::query("project", "Only in this project", text, "numpy");
pub(super) const PATH: Parameter =
    Parameter::query("path", "Only in files with this in their path, or of this pattern", text, "*.pyx");
pub(super) const OWN: Parameter =
    Parameter::query("own", "Only in code of the projects' own", || words(["1".to_owned()]), "1");
pub(super) const CODE: Parameter =
    Parameter::query("code", "Not in comments and strings", || words(["1".to_owned()]), "1");
pub(super) const ACTIVE: Parameter = Parameter::query(
    "active",
    "Only where this CPython compiles it",
    || json!({ "type": "string", "pattern": "^3\\.[0-9]+$" }),
    "3.13",
);
pub(super) const AROUND: Parameter = Parameter::query(
    "around",
    "Lines to show before and after each",
    || json!({ "type": "integer", "minimum": 0, "maximum": 3 }),
    "1",
);

/// The fields of a proposal.
pub(super) static PROPOSAL: LazyLock<Vec<Parameter>> = LazyLock::new(|| {
    let title = Parameter::query("title", "For people; no part of the question", text, "PEP 674");
    let python = Parameter::query(
        "python",
        "The CPython that would make the change; without it the newest of the data",
        || json!({ "type": "string", "pattern": "^3\\.[0-9]+$" }),
        "3.15",
    );
    let fields = FIELDS.iter().map(|field| Parameter::query(field.name, field.what, text, field.example));
    [title, python].into_iter().chain(fields).collect()
});
