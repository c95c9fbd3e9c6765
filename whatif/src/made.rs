//! Evidence made by hand, for tests: hits in words.

use std::sync::Arc;

use analyzer::{Accesses, Kind, Origin, OriginClass};

use crate::{Answer, Conditions, Evidence, Hit, Item, Project, Sought};

/// The conditions with the numbers 0 and 1.
pub(crate) const ALWAYS: &str = "always";
pub(crate) const OLD: &str = "python < 3.9";

/// A hit in words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    pub(crate) project: u32,
    pub(crate) kind: Kind,
    pub(crate) item: &'static str,
    pub(crate) access: Accesses,
    pub(crate) origin: OriginClass,
    pub(crate) by: Option<&'static str>,
    pub(crate) condition: &'static str,
    pub(crate) probable: bool,
    pub(crate) sites: u32,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            project: 0,
            kind: Kind::Lvalue,
            item: "Py_TYPE",
            access: Accesses::default(),
            origin: OriginClass::Own,
            by: None,
            condition: ALWAYS,
            probable: false,
            sites: 1,
        }
    }
}

/// Projects of release 2.0, the first with the most downloads, and these hits.
pub(crate) fn evidence(projects: &[&str], hits: &[Made]) -> Evidence {
    let (mut items, mut origins, mut conditions) = (Vec::new(), Vec::new(), vec![ALWAYS.into(), OLD.into()]);
    let hits: Vec<Hit> = hits
        .iter()
        .map(|made| Hit {
            project: made.project,
            item: number(&mut items, Item { kind: Sought::Use(made.kind), name: made.item.into() }),
            origin: number(&mut origins, Origin { class: made.origin, by: made.by.map(str::to_owned) }),
            condition: number(&mut conditions, Arc::from(made.condition)),
            sites: made.sites,
            access: made.access,
            probable: made.probable,
        })
        .collect();
    let project = |(name, rank): (&&str, i64)| Project {
        name: name.parse().expect("a name"),
        version: Some("2.0".to_owned()),
        scanned: *name != "unread",
        rank: Some(rank),
        downloads: Some(1000 / rank),
        releases: Arc::default(),
    };
    Evidence {
        projects: projects.iter().zip(1..).map(project).collect(),
        items,
        origins: origins.into(),
        conditions: Arc::new(Conditions::new(conditions)),
        hits: hits.into(),
        ..Evidence::default()
    }
}

fn number<T: PartialEq>(known: &mut Vec<T>, one: T) -> u32 {
    let place = known.iter().position(|other| *other == one).unwrap_or_else(|| {
        known.push(one);
        known.len() - 1
    });
    u32::try_from(place).expect("few words")
}

/// Says where the first sites are, as whoever holds the survey does.
pub(crate) fn placed(mut answer: Answer, evidence: &Evidence) -> Answer {
    for row in &mut answer.rows {
        if let Some(hit) = row.first.take() {
            row.first_site = format!("{}.c:7", evidence.origin(&hit).class.as_str());
        }
    }
    answer
}
