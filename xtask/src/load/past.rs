//! What those who look at the past ask for.

use super::draw::Draw;
use super::mix::Mix;

/// A sort of page about the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trended {
    Trends,
    Figure,
    Chart,
    Series,
    Changes,
    Structure,
    Project,
    Api,
}

/// Of a hundred requests so many are of each sort.
const SHARES: [(Trended, usize); 8] = [
    (Trended::Trends, 25),
    (Trended::Figure, 25),
    (Trended::Chart, 10),
    (Trended::Series, 10),
    (Trended::Changes, 10),
    (Trended::Structure, 5),
    (Trended::Project, 10),
    (Trended::Api, 5),
];

const FIGURES: [&str; 6] = ["verdicts", "stable-abi", "structures", "toolchains", "removals", "deprecations"];
const SCOPES: [&str; 6] = ["all", "toolchain:cython", "toolchain:c", "rank:1-1000", "age:10-", "toolchain:pybind11"];
const SUBJECTS: [&str; 7] = [
    "native",
    "verdict:abi3-3.11:no-blocker",
    "could-be:abi3t-3.15",
    "ships:abi3",
    "structure:PyTypeObject",
    "structure:PyObject:generated",
    "removed:3.14",
];
const STRUCTURES: [&str; 5] = ["PyObject", "PyVarObject", "PyTypeObject", "PyFrameObject", "PyThreadState"];

/// Parts of which nothing is counted of items in advance, from about a tenth of the projects to all of them.
const PARTS: [&str; 5] = ["rank:1-1000", "toolchain:cython", "toolchain:c", "age:10-", "cohort:2026"];

/// A sort of page about an item over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemTrended {
    All,
    Part,
    Changes,
}

impl ItemTrended {
    const ALL: [Self; 3] = [Self::All, Self::Part, Self::Changes];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::All => "over all",
            Self::Part => "in a part",
            Self::Changes => "changes",
        }
    }
}

/// A month that every made world has.
const UNTIL: &str = "2026-05";

impl Trended {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Trends => "trends",
            Self::Figure => "figure",
            Self::Chart => "chart",
            Self::Series => "series",
            Self::Changes => "changes",
            Self::Structure => "structure",
            Self::Project => "project",
            Self::Api => "api",
        }
    }
}

impl Mix {
    /// The next request about the past: its sort and its path with the query.
    pub(super) fn past(&self, draw: &mut Draw) -> (Trended, String) {
        let asked = draw.by_share(&SHARES);
        let (subject, scope) = (*draw.one_of(&SUBJECTS), *draw.one_of(&SCOPES));
        let path = match asked {
            Trended::Trends if draw.unit() < 0.6 => "/trends".to_owned(),
            Trended::Trends => format!("/trends?scope={scope}"),
            Trended::Figure => format!("/trends/{}?scope={scope}", draw.one_of(&FIGURES)),
            Trended::Chart => format!("/trends/{}-projects.svg?scope={scope}", draw.one_of(&FIGURES)),
            Trended::Series => format!("/trends/series?of={subject}&scope={scope}"),
            Trended::Changes => format!("/trends/changes?of={subject}&scope={scope}&until={UNTIL}"),
            Trended::Structure => format!("/structures/{}", draw.one_of(&STRUCTURES)),
            Trended::Project => format!("/projects/{}/changes", self.project(draw)),
            Trended::Api => format!("/api/v1/series?of={subject}&scope={scope}"),
        };
        (asked, path)
    }

    /// The next request about an item over time: its sort and its path with the query.
    pub(super) fn item_past(&self, draw: &mut Draw) -> (ItemTrended, String) {
        let (asked, item) = (*draw.one_of(&ItemTrended::ALL), self.known_item(draw));
        let subject = format!("item:{}:{}", item.kind, item.name.replace('/', "%2F"));
        let path = match asked {
            ItemTrended::All => format!("/trends/series?of={subject}"),
            ItemTrended::Part => format!("/trends/series?of={subject}&scope={}", draw.one_of(&PARTS)),
            ItemTrended::Changes => format!("/trends/changes?of={subject}&until={UNTIL}"),
        };
        (asked, path)
    }
}
