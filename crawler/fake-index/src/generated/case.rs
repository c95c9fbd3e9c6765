//! What kinds of projects there are, and how often.

use crate::chance::chance_of;

/// The kind of a generated project. Each is a case that a survey has to tell from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Case {
    /// An sdist of C, no wheel.
    SdistOnly,
    /// An sdist of C beside wheels of single versions.
    VersionedWheels,
    /// An sdist of C beside an abi3 wheel.
    Abi3Wheel,
    /// An sdist of C beside a wheel of any platform and some of one platform.
    PureBesidePlatform,
    /// An sdist beside wheels with a bundled program: `py3-none-PLATFORM`.
    BundledBinary,
    /// An sdist without C, no wheel.
    PurePythonSdist,
    /// An sdist without C beside a `none-any` wheel.
    Pure,
    /// An sdist of C beside nothing but a `none-any` wheel: what the prefilter misses.
    PureWithHiddenC,
    /// Only a `none-any` wheel.
    PureWithoutSdist,
    /// Only wheels of platforms.
    NoSource,
    /// Versions without files.
    NoFiles,
    /// Neither versions nor files.
    NoVersions,
    /// Only eggs and installers.
    OtherTypes,
    /// One release as zip and as tar.gz.
    ZipAndTarGz,
    /// A dozen releases whose order as text is not their order.
    ManyReleases,
    /// The highest release is yanked.
    YankedLatest,
    /// All releases are yanked.
    AllYanked,
    /// Only pre-releases.
    PrereleasesOnly,
    /// A version older than the rule for versions.
    LegacyVersion,
    /// Of status `archived`.
    Archived,
    /// Of status `deprecated`.
    Deprecated,
    /// Quarantined: not listed, a page without files.
    Quarantined,
    /// Listed, but there is no page.
    Gone,
    /// Its address leads to another project for good; not listed.
    Moved,
    /// The sdist ends in its middle; its hash is right.
    TruncatedArchive,
    /// The sdist is a script; its hash is right.
    ScriptAsArchive,
    /// The sdist has a wrong checksum inside; its hash is right.
    WrongChecksum,
    /// The sdist has bytes behind its end, which is no loss.
    TrailingBytes,
    /// The page has the hash of other bytes.
    WrongHash,
    /// On the page, but the files host does not have it.
    MissingFile,
    /// The page has no hash of the sdist.
    NoHash,
    /// The sdist's address is one that is not followed.
    BlockedUrl,
}

/// In a thousand projects. The rare ones are not as rare as in life, so that some hundred projects hold each.
const OFTEN: [(Case, u32); 32] = [
    (Case::SdistOnly, 150),
    (Case::VersionedWheels, 120),
    (Case::Abi3Wheel, 50),
    (Case::PureBesidePlatform, 30),
    (Case::BundledBinary, 20),
    (Case::PurePythonSdist, 90),
    (Case::Pure, 220),
    (Case::PureWithHiddenC, 20),
    (Case::PureWithoutSdist, 30),
    (Case::NoSource, 25),
    (Case::NoFiles, 15),
    (Case::NoVersions, 10),
    (Case::OtherTypes, 10),
    (Case::ZipAndTarGz, 15),
    (Case::ManyReleases, 30),
    (Case::YankedLatest, 15),
    (Case::AllYanked, 10),
    (Case::PrereleasesOnly, 15),
    (Case::LegacyVersion, 10),
    (Case::Archived, 10),
    (Case::Deprecated, 5),
    (Case::Quarantined, 10),
    (Case::Gone, 10),
    (Case::Moved, 5),
    (Case::TruncatedArchive, 10),
    (Case::ScriptAsArchive, 10),
    (Case::WrongChecksum, 10),
    (Case::TrailingBytes, 10),
    (Case::WrongHash, 10),
    (Case::MissingFile, 10),
    (Case::NoHash, 7),
    (Case::BlockedUrl, 8),
];

/// How a project of a case ends, in the words of the database, before time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The state of the project.
    pub project: &'static str,
    /// The state of the release that stands for it, if there is any.
    pub release: Option<&'static str>,
    /// The state of the file of that release, if one is selected.
    pub file: Option<&'static str>,
}

impl Case {
    pub(super) fn of(seed: u64, number: u32) -> Self {
        // The first of a world are one of each: a small world holds all cases, too.
        if let Some((case, _)) = usize::try_from(number).ok().and_then(|at| OFTEN.get(at)) {
            return *case;
        }
        let mut dice = u32::try_from(chance_of(seed, number, 0) % 1000).expect("less than a thousand");
        for (case, often) in OFTEN {
            if dice < often {
                return case;
            }
            dice -= often;
        }
        Self::SdistOnly
    }

    /// How such a project ends.
    pub fn expected(self) -> Expected {
        let file = |state| Expected { project: "listed", release: Some("selected"), file: Some(state) };
        let release = |state| Expected { project: "listed", release: Some(state), file: None };
        let project = |state| Expected { project: state, release: None, file: None };
        match self {
            Self::TruncatedArchive | Self::ScriptAsArchive | Self::WrongChecksum => file("unreadable"),
            Self::WrongHash => file("hash-mismatch"),
            Self::MissingFile => file("missing-upstream"),
            Self::NoHash | Self::BlockedUrl => file("blocked-url"),
            Self::Pure | Self::PureWithHiddenC | Self::PureWithoutSdist => release("pure-by-tags"),
            Self::NoSource | Self::OtherTypes => release("no-source"),
            Self::NoFiles => release("no-files"),
            Self::NoVersions => project("listed"),
            Self::Quarantined => project("quarantined"),
            Self::Gone | Self::Moved => project("not-found"),
            _ => file("analysed"),
        }
    }

    /// Whether its sdist, if any, holds C.
    pub const fn has_c(self) -> bool {
        !matches!(
            self,
            Self::PurePythonSdist
                | Self::Pure
                | Self::PureWithoutSdist
                | Self::NoSource
                | Self::NoFiles
                | Self::NoVersions
                | Self::OtherTypes
                | Self::Quarantined
                | Self::Gone
                | Self::Moved
        )
    }

    /// Whether time changes it: the defects and the oddities stay what they are.
    pub(super) const fn lives(self) -> bool {
        matches!(
            self,
            Self::SdistOnly
                | Self::VersionedWheels
                | Self::Abi3Wheel
                | Self::PureBesidePlatform
                | Self::PurePythonSdist
                | Self::Pure
                | Self::ManyReleases
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_add_up_to_the_whole() {
        assert_eq!(OFTEN.iter().map(|(_, often)| often).sum::<u32>(), 1000);
    }
}
