//! The releases and files of a project, by its case.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::archives::Archive;
use super::{Case, Generated, Project, Release};
use crate::chance::chance_of;
use crate::world::entry;

const VERSIONED: [&str; 3] =
    ["cp313-cp313-manylinux_2_28_x86_64", "cp313-cp313-win_amd64", "cp314-cp314t-manylinux_2_28_x86_64"];
const ABI3: [&str; 2] = ["cp310-abi3-manylinux_2_28_x86_64", "cp310-abi3-win_amd64"];
const PLATFORM: [&str; 2] = ["cp313-cp313-macosx_11_0_arm64", "cp313-cp313-win_amd64"];
const BUNDLED: [&str; 2] = ["py3-none-manylinux_2_28_x86_64", "py3-none-win_amd64"];
const PURE: &[&str] = &["py3-none-any"];

impl Generated {
    pub(super) fn add_releases(&self, number: u32, project: &mut Project) {
        let versions = versions(project.case, project.history.new_releases);
        let last = versions.len().saturating_sub(1);
        for (at, version) in versions.into_iter().enumerate() {
            let mut release = Release { version, files: Vec::new() };
            let kind = chance_of(self.seed, number, 1000 + u32::try_from(at).unwrap_or(0));
            self.add_files(project, &mut release, kind);
            let yanked = match project.case {
                Case::AllYanked => true,
                Case::YankedLatest => at == last,
                _ => project.history.yanked && at == last,
            };
            if yanked {
                release.files.iter_mut().for_each(|(entry, _)| _ = entry.insert("yanked".into(), json!("broken")));
            }
            project.releases.push(release);
        }
    }

    fn add_files(&self, project: &Project, release: &mut Release, kind: u64) {
        let c = self.archives.c(kind);
        let other = &self.archives.other;
        let stem = format!("{}-{}", project.name.replace('-', "_"), release.version);
        let mut add = |filename: String, archive: &Archive| {
            let url = format!("{}/files/{}/{filename}", self.root, project.name);
            let entry = entry(&url, &filename, &archive.sha256, archive.bytes.len());
            release.files.push((entry, Some(archive.bytes.clone())));
        };
        if let Some(sdist) = self.sdist(project.case, c) {
            add(format!("{stem}.tar.gz"), sdist);
        }
        for tags in wheels(project.case) {
            add(format!("{stem}-{tags}.whl"), other);
        }
        match project.case {
            Case::ZipAndTarGz => add(format!("{stem}.zip"), &self.archives.zip),
            Case::OtherTypes => {
                add(format!("{stem}-py2.7.egg"), other);
                add(format!("{stem}.win32-py2.7.exe"), other);
            }
            _ => {}
        }
        if let Some(sdist) = release.files.first_mut() {
            spoil(project.case, sdist);
        }
    }

    fn sdist<'a>(&'a self, case: Case, c: &'a Archive) -> Option<&'a Archive> {
        match case {
            Case::PurePythonSdist | Case::Pure => Some(&self.archives.python),
            Case::TruncatedArchive => Some(&self.archives.truncated),
            Case::ScriptAsArchive => Some(&self.archives.script),
            Case::WrongChecksum => Some(&self.archives.wrong_checksum),
            Case::TrailingBytes => Some(&self.archives.trailing),
            Case::PureWithoutSdist | Case::NoSource | Case::NoFiles | Case::NoVersions | Case::OtherTypes => None,
            _ => Some(c),
        }
    }
}

/// Lowest first, but for the many, which stand as text is sorted.
fn versions(case: Case, new: u32) -> Vec<String> {
    let first: &[&str] = match case {
        Case::NoVersions => &[],
        Case::ManyReleases => {
            &["0.1", "0.10", "0.2", "0.9", "1.0", "1.0.1", "1.10", "1.11", "1.2", "1.9", "2.0rc1", "1.9.1"]
        }
        Case::YankedLatest | Case::AllYanked => &["1.0", "2.0"],
        Case::PrereleasesOnly => &["1.0a1", "1.0rc2"],
        Case::LegacyVersion => &["2004d"],
        _ => &["1.0"],
    };
    let new = (1..=new).map(|nth| format!("3.0.{nth}"));
    first.iter().map(ToString::to_string).chain(new).collect()
}

fn wheels(case: Case) -> Vec<&'static str> {
    match case {
        Case::VersionedWheels => VERSIONED.to_vec(),
        Case::Abi3Wheel => ABI3.to_vec(),
        Case::PureBesidePlatform => [PURE, &PLATFORM].concat(),
        Case::BundledBinary => BUNDLED.to_vec(),
        Case::Pure | Case::PureWithHiddenC | Case::PureWithoutSdist => PURE.to_vec(),
        Case::NoSource => PLATFORM.to_vec(),
        _ => Vec::new(),
    }
}

/// Defects that lie between page and files host.
fn spoil(case: Case, (entry, content): &mut (Map<String, Value>, Option<Bytes>)) {
    match case {
        Case::WrongHash => _ = entry.insert("hashes".into(), json!({ "sha256": "ab".repeat(32) })),
        Case::MissingFile => *content = None,
        Case::NoHash => _ = entry.insert("hashes".into(), json!({})),
        Case::BlockedUrl => _ = entry.insert("url".into(), json!("http://169.254.169.254/latest/meta-data/")),
        _ => {}
    }
}
