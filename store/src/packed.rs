//! What is stored as blobs beside a report, made where the tree is: in the process that analyses.

use analyzer::{Fingerprint, Report, SourceTree, TreeFacts};
use bytes::Bytes;

use crate::{Error, pack, sites};

/// The blobs of one analysis: the pack of its sources, and its sites with their lines. Making one is pure computing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The sources; `None` if they came from their pack, which stays.
    pub(crate) sources: Option<Bytes>,
    /// The sites.
    pub(crate) sites: Bytes,
    /// Of all that the report follows from.
    pub(crate) fingerprint: Fingerprint,
}

/// What is left to store of a file whose sources are those of another release of its project: that one's report is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    /// What the two have in common.
    pub fingerprint: Fingerprint,
    /// What its own archive held.
    pub tree: TreeFacts,
    /// The sources; `None` if they came from their pack, which stays.
    pub(crate) sources: Option<Bytes>,
}

impl Unchanged {
    /// From what another process has read: the pack is from [`sources_packed`].
    pub fn from_parts(fingerprint: Fingerprint, tree: TreeFacts, sources: Option<Bytes>) -> Result<Self, Error> {
        if let Some(pack) = &sources {
            pack::Index::read(pack, pack.len() as u64)?;
        }
        Ok(Self { fingerprint, tree, sources })
    }
}

/// The source pack of a tree that was read from an archive.
pub fn sources_packed(tree: &SourceTree) -> Result<Bytes, Error> {
    Ok(pack::tree_packed(tree).map_err(unpackable)?.into())
}

impl Packed {
    /// Of a tree that was read from an archive.
    pub fn of(tree: &SourceTree, report: &Report) -> Result<Self, Error> {
        Ok(Self { sources: Some(sources_packed(tree)?), ..Self::again(tree, report)? })
    }

    /// Of a tree that was read from its pack.
    pub fn again(tree: &SourceTree, report: &Report) -> Result<Self, Error> {
        let sites = sites::write(tree, report).map_err(unpackable)?;
        Ok(Self { sources: None, sites: sites.into(), fingerprint: Fingerprint::of(tree) })
    }

    /// From bytes that another process got from [`Packed::sources`] and [`Packed::sites`].
    pub fn from_parts(fingerprint: Fingerprint, sources: Option<Bytes>, sites: Bytes) -> Result<Self, Error> {
        for pack in sources.iter().chain([&sites]) {
            pack::Index::read(pack, pack.len() as u64)?;
        }
        Ok(Self { sources, sites, fingerprint })
    }

    /// The hash over what the report follows from.
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The pack of the sources, if it is to be stored.
    pub fn sources(&self) -> Option<&Bytes> {
        self.sources.as_ref()
    }

    /// The pack of the sites.
    pub fn sites(&self) -> &Bytes {
        &self.sites
    }
}

/// The tree in a source pack, as [`crate::Store::source_pack`] gives it; `name` is the name of the sdist. `None` for a
/// pack by an abiscope that kept the files alone: such a file is read from its archive.
pub fn unpacked(name: &str, pack: &[u8]) -> Result<Option<SourceTree>, Error> {
    Ok(pack::tree_of(name, pack)?)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unpackable(error: pack::PackError) -> Error {
    Error::Unpackable(error.to_string())
}
