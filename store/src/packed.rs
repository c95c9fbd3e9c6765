//! What is stored as blobs beside a report, made where the tree is: in the process that analyses.

use analyzer::{Report, SourceTree};
use bytes::Bytes;

use crate::{Error, pack, sites};

/// The blobs of one analysis: the pack of its sources, and its sites with their lines. Making one is pure computing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The sources; `None` if they came from their pack, which stays.
    pub(crate) sources: Option<Bytes>,
    /// The sites.
    pub(crate) sites: Bytes,
}

impl Packed {
    /// Of a tree that was read from an archive.
    pub fn of(tree: &SourceTree, report: &Report) -> Result<Self, Error> {
        let sources = pack::tree_packed(tree).map_err(unpackable)?;
        Ok(Self { sources: Some(sources.into()), ..Self::again(tree, report)? })
    }

    /// Of a tree that was read from its pack.
    pub fn again(tree: &SourceTree, report: &Report) -> Result<Self, Error> {
        let sites = sites::write(tree, report).map_err(unpackable)?;
        Ok(Self { sources: None, sites: sites.into() })
    }

    /// From bytes that another process got from [`Packed::sources`] and [`Packed::sites`].
    pub fn from_parts(sources: Option<Bytes>, sites: Bytes) -> Result<Self, Error> {
        for pack in sources.iter().chain([&sites]) {
            pack::Index::read(pack, pack.len() as u64)?;
        }
        Ok(Self { sources, sites })
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
