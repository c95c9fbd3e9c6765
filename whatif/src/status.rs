//! What a proposal means for one project.

use std::collections::HashMap;

use analyzer::{Condition, Implementation, OriginClass, Truth, World};
use capi::Version;
use serde::{Deserialize, Serialize};

use crate::Hit;

/// What a proposal means for one project. In this order the first that is true counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its own code, compiled in the version asked about, has to change.
    Affected,
    /// Its own code may have to: types are not proven.
    Unresolved,
    /// Only code copied from another project has to change: a newer copy may do.
    Vendored,
    /// Only generated code has to change: running a newer generator may do.
    Regenerate,
    /// Only in branches that the version asked about does not compile.
    Guarded,
    /// An earlier release was affected.
    Fixed,
}

impl Status {
    /// Each one, in order.
    pub const ALL: [Self; 6] =
        [Self::Affected, Self::Unresolved, Self::Vendored, Self::Regenerate, Self::Guarded, Self::Fixed];

    /// The word used in formats and addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Unresolved => "unresolved",
            Self::Vendored => "vendored",
            Self::Regenerate => "regenerate",
            Self::Guarded => "guarded",
            Self::Fixed => "fixed",
        }
    }

    /// What it means, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Affected => "its own code has to change",
            Self::Unresolved => "its own code may have to change: types are not proven",
            Self::Vendored => "only code copied from another project has to change",
            Self::Regenerate => "only generated code has to change: a newer generator may do",
            Self::Guarded => "only in branches that this version does not compile",
            Self::Fixed => "an earlier release was affected",
        }
    }

    /// Whether something is left to do.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Affected | Self::Unresolved | Self::Vendored | Self::Regenerate)
    }
}

/// Which conditions the version asked about compiles; each is read once.
pub(crate) struct Live {
    world: World,
    known: HashMap<String, bool>,
}

impl Live {
    pub(crate) fn new(python: Version) -> Self {
        let world = World { python: Some(python), implementation: Some(Implementation::CPython), ..World::default() };
        Self { world, known: HashMap::new() }
    }

    /// Whether a build may compile it; what cannot be told may be.
    pub(crate) fn is_live(&mut self, condition: &str) -> bool {
        if let Some(live) = self.known.get(condition) {
            return *live;
        }
        let read = condition.parse::<Condition>();
        let live = !read.is_ok_and(|condition| condition.eval(&self.world) == Truth::False);
        self.known.insert(condition.to_owned(), live);
        live
    }
}

/// What the uses of one release come to; `None` if none counts. Tests and documentation never do.
pub(crate) fn of_hits(hits: &[&Hit], live: &mut Live) -> Option<Status> {
    let of = |hit: &Hit| match hit.origin.as_str() {
        origin if origin == OriginClass::TestOrDoc.as_str() => None,
        origin if origin == OriginClass::Generated.as_str() => Some(Status::Regenerate),
        origin if origin == OriginClass::Vendored.as_str() => Some(Status::Vendored),
        _ if hit.probable => Some(Status::Unresolved),
        _ => Some(Status::Affected),
    };
    hits.iter()
        .filter_map(|hit| of(hit).map(|status| if live.is_live(&hit.condition) { status } else { Status::Guarded }))
        .min()
}

#[cfg(test)]
mod tests {
    use analyzer::Kind;

    use super::*;

    fn hit(origin: &str, condition: &str, probable: bool) -> Hit {
        Hit {
            project: 0,
            kind: Kind::Api,
            item: "PyA".to_owned(),
            access: String::new(),
            origin: origin.to_owned(),
            by: None,
            condition: condition.to_owned(),
            probable,
            sites: 1,
            first_site: "a.c:1".to_owned(),
        }
    }

    fn status(hits: &[Hit]) -> Option<Status> {
        of_hits(&hits.iter().collect::<Vec<_>>(), &mut Live::new(Version::new(3, 15)))
    }

    #[test]
    fn own_code_weighs_most_and_dead_branches_least() {
        let (own, generated) = (hit("own", "always", false), hit("generated", "always", false));
        let (vendored, dead) = (hit("vendored", "always", false), hit("own", "python < 3.9", false));
        let (probable, test) = (hit("own", "always", true), hit("test-or-doc", "always", false));
        assert_eq!(status(&[generated.clone(), own, probable.clone()]), Some(Status::Affected));
        assert_eq!(status(&[generated.clone(), probable]), Some(Status::Unresolved));
        assert_eq!(status(&[generated.clone(), vendored, dead.clone()]), Some(Status::Vendored));
        assert_eq!(status(&[generated, dead.clone()]), Some(Status::Regenerate));
        assert_eq!(status(&[dead, test.clone()]), Some(Status::Guarded));
        assert_eq!(status(&[test]), None);
        assert_eq!(status(&[]), None);
    }

    #[test]
    fn what_cannot_be_told_may_be_compiled_and_other_implementations_are_not_asked() {
        assert_eq!(status(&[hit("own", "opaque(HAVE_X)", false)]), Some(Status::Affected));
        assert_eq!(status(&[hit("own", "implementation == pypy", false)]), Some(Status::Guarded));
        assert_eq!(status(&[hit("own", "python >= 3.12", false)]), Some(Status::Affected));
    }
}
