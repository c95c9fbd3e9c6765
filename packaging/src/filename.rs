//! File names of distributions.

use crate::{ProjectName, ReleaseVersion};

/// What a file of a project is, told by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistFile {
    /// A source archive.
    Sdist {
        /// The release, as the file name writes it.
        version: ReleaseVersion,
        /// Its format.
        format: SdistFormat,
    },
    /// A built distribution.
    Wheel {
        /// The release.
        version: ReleaseVersion,
        /// Its tags.
        tags: WheelTags,
    },
    /// Neither: with the reason, such as "an egg" or "a Windows installer". Recorded, never dropped.
    Other(&'static str),
}

/// The archive format of an sdist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the endings say it")]
pub enum SdistFormat {
    TarGz,
    Zip,
    Tgz,
    TarBz2,
    TarXz,
    TarZ,
    Tar,
}

/// The tags of a wheel's file name, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelTags {
    /// `cp311`, `py2.py3`.
    pub python: String,
    /// `abi3`, `none`, `abi3.abi3t`.
    pub abi: String,
    /// `manylinux_2_17_x86_64`, `any`.
    pub platform: String,
}

impl DistFile {
    /// Reads `filename`, a file of `project` (which settles where the name ends and the version starts).
    pub fn parse(project: &ProjectName, filename: &str) -> Self {
        let _ = (project, filename);
        Self::Other("not read yet")
    }
}
