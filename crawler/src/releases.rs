//! From a page's list of files to releases: which file belongs where.

use packaging::{DistFile, ProjectName, ReleaseVersion, SdistFormat, WheelTags, possible_versions};
use store::{FileKind, FileRecord};

use crate::simple_page::{SimpleFile, SimplePage};

/// A release with its files, before it is judged.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) version: ReleaseVersion,
    pub(crate) files: Vec<Classified>,
}

/// A file, and what its name says.
#[derive(Debug)]
pub(crate) struct Classified {
    pub(crate) file: SimpleFile,
    pub(crate) kind: Kind,
}

/// What a file is, without its version.
#[derive(Debug)]
pub(crate) enum Kind {
    Sdist(SdistFormat),
    Wheel(WheelTags),
    Other(&'static str),
}

/// Files of a name that tells no version are kept under this one, which sorts before every real one.
const NO_VERSION: &str = "unknown";

/// Every release of the page, lowest version first. Spellings of one version (`1.0`, `1.0.0`) are one release, named
/// as `versions` does, else as its files do. No file is left out.
pub(crate) fn releases(name: &ProjectName, page: SimplePage) -> Vec<Release> {
    let parsed: Vec<_> = page.files.into_iter().map(|file| (DistFile::parse(name, &file.filename), file)).collect();
    let listed = page.versions.iter().map(|text| ReleaseVersion::new(text));
    let named = parsed.iter().filter_map(|(dist, _)| version_of(dist).cloned());
    let mut releases = Releases::new(listed.chain(named));
    for (dist, file) in parsed {
        let (version, kind) = match dist {
            DistFile::Sdist { version, format } => (version, Kind::Sdist(format)),
            DistFile::Wheel { version, tags } => (version, Kind::Wheel(tags)),
            DistFile::Other(what) => (releases.guess(name, &file.filename), Kind::Other(what)),
        };
        releases.find_or_add(version).files.push(Classified { file, kind });
    }
    releases.0
}

fn version_of(dist: &DistFile) -> Option<&ReleaseVersion> {
    match dist {
        DistFile::Sdist { version, .. } | DistFile::Wheel { version, .. } => Some(version),
        DistFile::Other(_) => None,
    }
}

/// Sorted, one for each version.
struct Releases(Vec<Release>);

impl Releases {
    /// The first spelling of a version names it.
    fn new(versions: impl Iterator<Item = ReleaseVersion>) -> Self {
        let mut all: Vec<(usize, ReleaseVersion)> = versions.enumerate().collect();
        all.sort_by(|(_, left), (_, right)| left.cmp(right));
        // Spellings of one version are neighbours now; keep the one that came first.
        all.dedup_by(|(at, version), (kept_at, kept)| {
            let same = version.is_same_release(kept);
            if same && at < kept_at {
                std::mem::swap(at, kept_at);
                std::mem::swap(version, kept);
            }
            same
        });
        Self(all.into_iter().map(|(_, version)| Release::new(version)).collect())
    }

    /// The place of a version, or where it would stand.
    fn place(&self, version: &ReleaseVersion) -> Result<usize, usize> {
        let at = self.0.partition_point(|release| release.version < *version);
        let neighbours = [Some(at), at.checked_sub(1)];
        let same = |at: &usize| self.0.get(*at).is_some_and(|release| release.version.is_same_release(version));
        neighbours.into_iter().flatten().find(same).ok_or(at)
    }

    fn find_or_add(&mut self, version: ReleaseVersion) -> &mut Release {
        let at = self.place(&version).unwrap_or_else(|at| {
            self.0.insert(at, Release::new(version));
            at
        });
        &mut self.0[at]
    }

    /// The release that a file without a clear version belongs to: the longest that its name allows and that exists.
    fn guess(&self, name: &ProjectName, filename: &str) -> ReleaseVersion {
        let mut candidates = possible_versions(name, filename);
        let known = candidates.iter().position(|version| self.place(version).is_ok());
        match known {
            Some(at) => candidates.swap_remove(at),
            None => candidates.into_iter().next().unwrap_or_else(|| ReleaseVersion::new(NO_VERSION)),
        }
    }
}

impl Release {
    const fn new(version: ReleaseVersion) -> Self {
        Self { version, files: Vec::new() }
    }

    /// Withdrawn by its authors: all its files are.
    pub(crate) fn is_yanked(&self) -> bool {
        !self.files.is_empty() && self.files.iter().all(|classified| classified.file.yanked.is_some())
    }
}

impl Classified {
    /// Of a wheel, its tags.
    pub(crate) const fn wheel_tags(&self) -> Option<&WheelTags> {
        match &self.kind {
            Kind::Wheel(tags) => Some(tags),
            Kind::Sdist(_) | Kind::Other(_) => None,
        }
    }

    /// The file as it is stored.
    pub(crate) fn record(self) -> FileRecord {
        FileRecord {
            filename: self.file.filename,
            url: self.file.url,
            sha256: self.file.sha256,
            size: self.file.size,
            uploaded_at: self.file.uploaded_at,
            yanked: self.file.yanked,
            kind: match self.kind {
                Kind::Sdist(_) => FileKind::Sdist,
                Kind::Wheel(tags) => FileKind::Wheel(tags.to_string()),
                Kind::Other(what) => FileKind::Other(what.to_owned()),
            },
        }
    }
}
