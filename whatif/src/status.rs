//! What a proposal means for one project.

use analyzer::OriginClass;
use serde::{Deserialize, Serialize};

use crate::conditions::Live;
use crate::{Evidence, Hit};

/// What a proposal means for one project. In this order the first that is true counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
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

/// What the uses of one release come to; `None` if none counts. Tests and documentation never do.
pub(crate) fn of_hits<'h>(evidence: &Evidence, hits: impl Iterator<Item = &'h Hit>, live: &Live) -> Option<Status> {
    let of = |hit: &Hit| match evidence.origin(hit).class {
        OriginClass::TestOrDoc => None,
        OriginClass::Generated => Some(Status::Regenerate),
        OriginClass::Vendored => Some(Status::Vendored),
        OriginClass::Own if hit.probable => Some(Status::Unresolved),
        OriginClass::Own => Some(Status::Affected),
    };
    hits.filter_map(|hit| of(hit).map(|status| if live.is_live(hit.condition) { status } else { Status::Guarded }))
        .min()
}

#[cfg(test)]
mod tests {
    use capi::Version;

    use super::*;
    use crate::made::{Made, evidence};

    fn status(hits: &[Made]) -> Option<Status> {
        let evidence = evidence(&["one"], hits);
        of_hits(&evidence, evidence.hits.of(0).iter(), &evidence.conditions.live(Version::new(3, 15)))
    }

    #[test]
    fn own_code_weighs_most_and_dead_branches_least() {
        let own = Made::default();
        let generated = Made { origin: OriginClass::Generated, ..own };
        let vendored = Made { origin: OriginClass::Vendored, ..own };
        let dead = Made { condition: "python < 3.9", ..own };
        let probable = Made { probable: true, ..own };
        let test = Made { origin: OriginClass::TestOrDoc, ..own };
        assert_eq!(status(&[generated, own, probable]), Some(Status::Affected));
        assert_eq!(status(&[generated, probable]), Some(Status::Unresolved));
        assert_eq!(status(&[generated, vendored, dead]), Some(Status::Vendored));
        assert_eq!(status(&[generated, dead]), Some(Status::Regenerate));
        assert_eq!(status(&[dead, test]), Some(Status::Guarded));
        assert_eq!(status(&[test]), None);
        assert_eq!(status(&[]), None);
    }
}
