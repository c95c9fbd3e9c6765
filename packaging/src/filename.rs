//! File names of distributions.

use crate::{ProjectName, ReleaseVersion, WheelTags};

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

/// The archive format of an sdist, the most preferred first where a release has several.
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

/// Endings of sdists, those of old uploads included. Compared without case.
const SDIST_ENDINGS: [(&str, SdistFormat); 9] = [
    (".tar.gz", SdistFormat::TarGz),
    (".zip", SdistFormat::Zip),
    (".tgz", SdistFormat::Tgz),
    (".tar.bz2", SdistFormat::TarBz2),
    (".tbz", SdistFormat::TarBz2),
    (".tar.xz", SdistFormat::TarXz),
    (".txz", SdistFormat::TarXz),
    (".tar.z", SdistFormat::TarZ),
    (".tar", SdistFormat::Tar),
];

/// Endings of files that PyPI took once and that are no sdists.
const OTHER_ENDINGS: [(&str, &str); 7] = [
    (".egg", "an egg"),
    (".exe", "a Windows installer"),
    (".msi", "a Windows installer package"),
    (".rpm", "an RPM package"),
    (".dmg", "a macOS disk image"),
    (".deb", "a Debian package"),
    (".asc", "a signature"),
];

/// Where `bdist_dumb` writes the platform between version and ending: `demo-1.0.linux-x86_64.tar.gz`.
const DUMB_PLATFORMS: [&str; 8] =
    [".linux-", ".macosx-", ".win32", ".win-", ".freebsd-", ".cygwin-", ".solaris-", ".darwin-"];

impl DistFile {
    /// Reads `filename`, a file of `project` (which settles where the name ends and the version starts).
    pub fn parse(project: &ProjectName, filename: &str) -> Self {
        if let Some(stem) = strip_ending(filename, ".whl") {
            return wheel(project, stem);
        }
        if let Some((stem, format)) = sdist_ending(filename) {
            return sdist(project, stem, format);
        }
        let other = OTHER_ENDINGS.iter().find(|(ending, _)| strip_ending(filename, ending).is_some());
        Self::Other(other.map_or("a file of unknown type", |(_, what)| what))
    }
}

/// The versions that a file whose name says no more (an egg, an installer) may belong to, the longest first: what stands
/// after the project's name, cut at any separator, where that is a version.
pub fn possible_versions(project: &ProjectName, filename: &str) -> Vec<ReleaseVersion> {
    let Some(rest) = after_name(project, filename) else {
        return Vec::new();
    };
    let mut candidates: Vec<_> = rest
        .match_indices(['-', '.', '_'])
        .map(|(at, _)| ReleaseVersion::new(&rest[..at]))
        .filter(ReleaseVersion::is_valid)
        .collect();
    candidates.reverse();
    candidates
}

/// The part of `text` after the project's name and its hyphen: the version and whatever follows it.
///
/// Old uploads are not normalised and both names and versions may hold hyphens, so the place is the one where the text
/// before it normalises to the project's name.
fn after_name<'a>(project: &ProjectName, text: &'a str) -> Option<&'a str> {
    text.match_indices('-')
        .find(|(at, _)| text[..*at].parse::<ProjectName>().is_ok_and(|name| name == *project))
        .map(|(at, _)| &text[at + 1..])
        .filter(|rest| !rest.is_empty())
}

fn sdist(project: &ProjectName, stem: &str, format: SdistFormat) -> DistFile {
    let Some(version) = after_name(project, stem).or_else(|| version_after_other_name(stem)) else {
        return DistFile::Other("an archive without the project's name or a version in its name");
    };
    let version = ReleaseVersion::new(version);
    if !version.is_valid() && DUMB_PLATFORMS.iter().any(|platform| version.as_str().contains(platform)) {
        return DistFile::Other("a built archive (bdist_dumb)");
    }
    DistFile::Sdist { version, format }
}

/// Some projects were renamed, and their old archives carry another name: the first part that is a version counts.
fn version_after_other_name(stem: &str) -> Option<&str> {
    stem.match_indices('-')
        .map(|(at, _)| &stem[at + 1..])
        .find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && ReleaseVersion::new(rest).is_valid())
}

/// `name-version[-build]-python-abi-platform` (PEP 427), the tags being the last three whatever the name holds.
fn wheel(project: &ProjectName, stem: &str) -> DistFile {
    const NOT_A_WHEEL: DistFile = DistFile::Other("a wheel with a malformed name");
    let tags_start = stem.rmatch_indices('-').nth(2).map(|(at, _)| at);
    let Some((name_and_version, tags)) = tags_start.map(|at| (&stem[..at], &stem[at + 1..])) else {
        return NOT_A_WHEEL;
    };
    let Some(tags) = WheelTags::parse(tags) else {
        return NOT_A_WHEEL;
    };
    let version_and_build =
        after_name(project, name_and_version).or_else(|| name_and_version.split_once('-').map(|(_, rest)| rest));
    match version_and_build.and_then(|text| text.split('-').next()) {
        Some(version) if !version.is_empty() => DistFile::Wheel { version: unescape(version), tags },
        _ => NOT_A_WHEEL,
    }
}

/// Wheels write `_` for the hyphens of a version.
fn unescape(version: &str) -> ReleaseVersion {
    let as_written = ReleaseVersion::new(version);
    if as_written.is_valid() { as_written } else { ReleaseVersion::new(&version.replace('_', "-")) }
}

fn sdist_ending(filename: &str) -> Option<(&str, SdistFormat)> {
    SDIST_ENDINGS.iter().find_map(|(ending, format)| Some((strip_ending(filename, ending)?, *format)))
}

fn strip_ending<'a>(filename: &'a str, ending: &str) -> Option<&'a str> {
    let at = filename.len().checked_sub(ending.len())?;
    let (stem, found) = filename.split_at_checked(at)?;
    found.eq_ignore_ascii_case(ending).then_some(stem)
}

#[cfg(test)]
mod tests;
