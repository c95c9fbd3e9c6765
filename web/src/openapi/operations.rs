//! Every operation of `/api/v1`.

use axum::routing::{MethodRouter, get, post};
use schemars::{Schema, SchemaGenerator};
use store::{ItemHit, Overview, Paged, ProjectRow, SiteLine, Status};
use trends::Series;
use whatif::{Answer, Difference};

use super::parameters::{
    ACTIVE, AFTER, AROUND, CASE, CODE, CURSOR, DESC, ID, ITEM, KIND, LIMIT, NAME, OF, OWN, PAGE, PATH, PATTERN,
    PROJECT, PROPOSAL, Parameter, Q, SCOPE, SITES_OF, SORT, TARGET, TO, UNTIL, VERDICT, VERSION,
};
use crate::api::{self, ItemAnswer, ProjectAnswer, SearchAnswer, Versioned};
use crate::app::App;
use crate::cursor::Part;
use crate::pages::project::changes::BlockersAnswer;
use crate::pages::{self, ChangesAnswer, SavedAnswer, StructuresAnswer, TrendsAnswer, UnlockAnswer};

/// How it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    /// With a form as its body: the parameters that are in no path.
    Post,
}

/// Something that can be asked.
pub(crate) struct Operation {
    /// Its name for programs that are made from the description.
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    /// In one line.
    pub(crate) summary: &'static str,
    /// What else there is to know; may be empty.
    pub(crate) more: &'static str,
    pub(crate) parameters: fn() -> Vec<Parameter>,
    /// An address to try.
    pub(crate) example: &'static str,
    /// The schema of its answer.
    pub(crate) answer: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) route: fn() -> MethodRouter<App>,
}

/// All of them, in the order in which they are explained.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        id: "overview",
        method: Method::Get,
        path: "/api/v1/overview",
        summary: "The denominator chain, and how many projects have which verdict for each target",
        more: "",
        parameters: || vec![TARGET],
        example: "/api/v1/overview?target=abi3-3.11",
        answer: |schemas| schemas.subschema_for::<Versioned<Overview>>(),
        route: || get(api::overview),
    },
    Operation {
        id: "projects",
        method: Method::Get,
        path: "/api/v1/projects",
        summary: "The list of projects, each by the release that stands for it",
        more: "",
        parameters: || vec![Q, TARGET, VERDICT, SORT, DESC, LIMIT, CURSOR, PAGE],
        example: "/api/v1/projects?q=num&verdict=blocked&sort=blockers",
        answer: |schemas| schemas.subschema_for::<Versioned<Part<ProjectRow>>>(),
        route: || get(api::projects),
    },
    Operation {
        id: "project",
        method: Method::Get,
        path: "/api/v1/projects/{name}",
        summary: "One project, and the release that stands for it",
        more: "",
        parameters: || vec![NAME, TARGET],
        example: "/api/v1/projects/numpy",
        answer: |schemas| schemas.subschema_for::<Versioned<ProjectAnswer>>(),
        route: || get(api::project),
    },
    Operation {
        id: "release",
        method: Method::Get,
        path: "/api/v1/projects/{name}/{version}",
        summary: "One project, and one of its releases",
        more: "",
        parameters: || vec![NAME, VERSION, TARGET],
        example: "/api/v1/projects/numpy/2.5.5",
        answer: |schemas| schemas.subschema_for::<Versioned<ProjectAnswer>>(),
        route: || get(api::release),
    },
    Operation {
        id: "blockers",
        method: Method::Get,
        path: "/api/v1/projects/{name}/blockers",
        summary: "What blocked the releases of a project that were read, one after the other",
        more: "",
        parameters: || vec![NAME, TARGET],
        example: "/api/v1/projects/numpy/blockers?target=abi3-3.15",
        answer: |schemas| schemas.subschema_for::<Versioned<BlockersAnswer>>(),
        route: || get(pages::project::changes::json),
    },
    Operation {
        id: "sites",
        method: Method::Get,
        path: "/api/v1/projects/{name}/{version}/sites",
        summary: "The sites of one item in a release, each with its line of source",
        more: "At most 1,000; total says how many there are. Where the source is hidden, the lines are empty.",
        parameters: || vec![NAME, VERSION, SITES_OF],
        example: "/api/v1/projects/numpy/2.5.5/sites?item=PyTuple_GET_ITEM",
        answer: |schemas| schemas.subschema_for::<Versioned<Paged<SiteLine>>>(),
        route: || get(api::sites),
    },
    Operation {
        id: "items",
        method: Method::Get,
        path: "/api/v1/items",
        summary: "The items that are used, most projects first",
        more: "",
        parameters: || vec![Q, KIND, LIMIT, CURSOR, PAGE],
        example: "/api/v1/items?q=tuple&kind=api",
        answer: |schemas| schemas.subschema_for::<Versioned<Part<ItemHit>>>(),
        route: || get(api::items),
    },
    Operation {
        id: "item",
        method: Method::Get,
        path: "/api/v1/items/{item}",
        summary: "One item, and the projects that use it",
        more: "limit, cursor and page are about its users.",
        parameters: || vec![ITEM, KIND, LIMIT, CURSOR, PAGE],
        example: "/api/v1/items/PyTuple_GET_ITEM",
        answer: |schemas| schemas.subschema_for::<Versioned<ItemAnswer>>(),
        route: || get(api::item),
    },
    Operation {
        id: "structures",
        method: Method::Get,
        path: "/api/v1/structures",
        summary: "How many projects touch each structure",
        more: "",
        parameters: Vec::new,
        example: "/api/v1/structures",
        answer: |schemas| schemas.subschema_for::<Versioned<StructuresAnswer<'_>>>(),
        route: || get(pages::structures_json),
    },
    Operation {
        id: "unlock",
        method: Method::Get,
        path: "/api/v1/unlock",
        summary: "Which items would free the most projects, if the limited API had them",
        more: "",
        parameters: || vec![TARGET],
        example: "/api/v1/unlock?target=abi3-3.11",
        answer: |schemas| schemas.subschema_for::<Versioned<UnlockAnswer<'_>>>(),
        route: || get(pages::unlock_json),
    },
    Operation {
        id: "trends",
        method: Method::Get,
        path: "/api/v1/trends",
        summary: "What there are series of, and since when",
        more: "",
        parameters: Vec::new,
        example: "/api/v1/trends",
        answer: |schemas| schemas.subschema_for::<Versioned<TrendsAnswer>>(),
        route: || get(pages::trends_json),
    },
    Operation {
        id: "series",
        method: Method::Get,
        path: "/api/v1/series",
        summary: "How one figure moved, month by month, each point with what it is out of",
        more: "Each project counts by the release that stood for it at the end of the month.",
        parameters: || vec![OF, SCOPE],
        example: "/api/v1/series?of=verdict:abi3-3.11:no-blocker&scope=toolchain:cython",
        answer: |schemas| schemas.subschema_for::<Versioned<Series>>(),
        route: || get(pages::series_json),
    },
    Operation {
        id: "seriesChanges",
        method: Method::Get,
        path: "/api/v1/series/changes",
        summary: "Who made a figure move between the ends of two months",
        more: "",
        parameters: || vec![OF, SCOPE, AFTER, UNTIL],
        example: "/api/v1/series/changes?of=tagged:abi3&after=2025-12&until=2026-03",
        answer: |schemas| schemas.subschema_for::<Versioned<ChangesAnswer>>(),
        route: || get(pages::changes_json),
    },
    Operation {
        id: "whatif",
        method: Method::Get,
        path: "/api/v1/whatif",
        summary: "What a change of CPython would break",
        more: "At least one rule is wanted. A parameter may stand several times, and hold several names separated by commas, \
               or several patterns separated by the ends of lines. \
               The answer names every project that is in the way, or was.",
        parameters: || PROPOSAL.clone(),
        example: "/api/v1/whatif?opaque=PyTypeObject",
        answer: |schemas| schemas.subschema_for::<Versioned<Answer>>(),
        route: || get(pages::whatif_json),
    },
    Operation {
        id: "saveWhatif",
        method: Method::Post,
        path: "/api/v1/whatif",
        summary: "Saves the answer, for the operator",
        more: "Wants Authorization: Bearer TOKEN. The answer says under which ID it is saved, Location where: the same question \
               of the same snapshot has the same ID, and the answer that it was given first.",
        parameters: || PROPOSAL.clone(),
        example: "",
        answer: |schemas| schemas.subschema_for::<store::SavedHead>(),
        route: || post(pages::saved::save),
    },
    Operation {
        id: "savedWhatif",
        method: Method::Get,
        path: "/api/v1/whatif/{id}",
        summary: "A saved answer, as it was given",
        more: "It never changes.",
        parameters: || vec![ID],
        example: "",
        answer: |schemas| schemas.subschema_for::<SavedAnswer<'_>>(),
        route: || get(pages::saved::json),
    },
    Operation {
        id: "whatifDifference",
        method: Method::Get,
        path: "/api/v1/whatif/{id}/difference",
        summary: "What has become of a saved answer",
        more: "",
        parameters: || vec![ID, TO],
        example: "",
        answer: |schemas| schemas.subschema_for::<Versioned<Difference>>(),
        route: || get(pages::difference::json),
    },
    Operation {
        id: "search",
        method: Method::Get,
        path: "/api/v1/search",
        summary: "Projects and items by a part of their name",
        more: "Projects, then items, each best first; limit is of each.",
        parameters: || vec![Q, LIMIT, CURSOR],
        example: "/api/v1/search?q=tuple",
        answer: |schemas| schemas.subschema_for::<Versioned<SearchAnswer>>(),
        route: || get(api::search),
    },
    Operation {
        id: "source",
        method: Method::Get,
        path: "/api/v1/source",
        summary: "Lines of the stored sources that match a regular expression, and how many each project has",
        more: "The first 1,000 lines, 20 of a file, of the standing releases. A search stops after five seconds: then complete \
               is false, and counts are lower bounds.",
        parameters: || vec![PATTERN, CASE, PROJECT, PATH, OWN, CODE, ACTIVE, AROUND],
        example: "/api/v1/source?q=ob_type&project=numpy",
        answer: |schemas| schemas.subschema_for::<Versioned<store::SourceFound>>(),
        route: || get(pages::source_search_json),
    },
    Operation {
        id: "status",
        method: Method::Get,
        path: "/api/v1/status",
        summary: "How the survey and the crawl stand",
        more: "It changes all the time, and has no ETag.",
        parameters: Vec::new,
        example: "/api/v1/status",
        answer: |schemas| schemas.subschema_for::<Versioned<Status>>(),
        route: || get(api::status),
    },
];
