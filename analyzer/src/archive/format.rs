//! Which format a file name promises.

use super::ArchiveError;
use crate::escape;

/// The formats of sdists that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    TarGz,
    TarBz2,
    TarXz,
    Tar,
    Zip,
}

/// Endings, in lower case. PyPI takes `.tar.gz` and `.zip` today, and took the others until PEP 625's predecessors.
const ENDINGS: [(&str, Format); 7] = [
    (".tar.gz", Format::TarGz),
    (".tgz", Format::TarGz),
    (".zip", Format::Zip),
    (".tar.bz2", Format::TarBz2),
    (".tbz", Format::TarBz2),
    (".tar.xz", Format::TarXz),
    (".tar", Format::Tar),
];

impl Format {
    /// The format by the ending of `name`, in any case.
    pub(super) fn of(name: &str) -> Result<Self, ArchiveError> {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".tar.z") {
            return Err(ArchiveError::Unsupported {
                name: escape::message(name),
                format: "compressed by the Unix program `compress` (.tar.Z)",
            });
        }
        ENDINGS
            .into_iter()
            .find(|(ending, _)| lower.ends_with(ending))
            .map(|(_, format)| format)
            .ok_or_else(|| ArchiveError::NotAnSdist(escape::message(name)))
    }
}

/// A file name without the ending that says its format.
pub(crate) fn stem(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let ending = ENDINGS.into_iter().find(|(ending, _)| lower.ends_with(ending));
    ending.map_or(name, |(ending, _)| &name[..name.len() - ending.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_format_in_any_case() {
        for (name, format) in [
            ("a-1.tar.gz", Format::TarGz),
            ("a-1.tgz", Format::TarGz),
            ("a-1.TAR.BZ2", Format::TarBz2),
            ("a-1.tbz", Format::TarBz2),
            ("a-1.tar.xz", Format::TarXz),
            ("a-1.tar", Format::Tar),
            ("a-1.Zip", Format::Zip),
        ] {
            assert_eq!(Format::of(name), Ok(format), "{name}");
        }
    }

    #[test]
    fn other_files_of_a_release_are_told_what_is_accepted() {
        for name in ["a-1-py3-none-any.whl", "a-1.egg", "a-1.exe", "a-1.gz", "a"] {
            let error = Format::of(name).unwrap_err();
            assert!(matches!(error, ArchiveError::NotAnSdist(_)), "{name}");
            assert!(error.to_string().contains("reads .tar.gz, .tgz, .zip"));
        }
    }

    #[test]
    fn the_old_unix_compression_is_named() {
        let text = Format::of("a-1.tar.Z").unwrap_err().to_string();
        assert!(text.starts_with("a-1.tar.Z is compressed by the Unix program `compress`"), "{text}");
    }
}
