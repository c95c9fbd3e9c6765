//! Downloading Postgres: from the releases of theseus-rs/postgresql-binaries, or of a list in the same form.
//!
//! The library of that project is not used: it looks at one host whatever address it is given, so that neither a mirror
//! nor a test could stand in for it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use reqwest::{Client, Response};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempDir};

use super::report::Report;
use crate::Step;

/// The list of releases that is used when nobody names another.
const RELEASES: &str = "https://api.github.com/repos/theseus-rs/postgresql-binaries/releases";

/// Pages of a hundred releases each; the list is some 300 long and grows by 30 a year.
const PAGES: u32 = 20;

/// How often the progress is told, in bytes.
const TELL_EVERY: u64 = 1 << 20;

/// A release; what else the reply says is of no interest.
#[derive(Debug, Deserialize)]
struct Release {
    tag_name: String,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    prerelease: bool,
    assets: Vec<Asset>,
}

#[derive(Debug, Deserialize)]
struct Asset {
    name: String,
    browser_download_url: String,
}

/// The archive to get, and the file with its SHA-256.
#[derive(Debug, PartialEq, Eq)]
struct Archive {
    version: [u32; 3],
    name: String,
    url: String,
    sha256_url: String,
}

/// Downloads the newest release of `major` into a folder of its own in `folder`; returns the one with the programs.
pub(crate) async fn postgres(releases: Option<&str>, major: u32, folder: &Path) -> anyhow::Result<PathBuf> {
    let releases = releases.unwrap_or(RELEASES);
    let client = Client::builder()
        .user_agent(concat!("abiscope/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(20))
        .read_timeout(Duration::from_mins(1))
        .build()
        .context("cannot make an HTTP client")?;
    let archive = find(&client, releases, major, &target()?).await?;
    Report::Step(Step::Downloading(archive.url.clone())).send();

    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (file, found) = fetch(&client, &archive.url, folder).await?;
    let expected = get(&client, &archive.sha256_url).await?.text().await.context("cannot read the SHA-256")?;
    if expected.split_whitespace().next() != Some(found.as_str()) {
        bail!("{} has the SHA-256 {found}, but its release says {:?}", archive.url, expected.trim());
    }
    let [major, minor, patch] = archive.version;
    let home = folder.join(format!("{major}.{minor}.{patch}"));
    unpack(&file, folder, &home).with_context(|| format!("cannot unpack {}", archive.name))?;
    Ok(home.join("bin"))
}

/// The newest release of `major`. Lists are sorted by date, so the first page that has one has the newest.
async fn find(client: &Client, releases: &str, major: u32, target: &str) -> anyhow::Result<Archive> {
    for page in 1..=PAGES {
        let separator = if releases.contains('?') { '&' } else { '?' };
        let url = format!("{releases}{separator}per_page=100&page={page}");
        let list: Vec<Release> =
            get(client, &url).await?.json().await.with_context(|| format!("{url} is not a list of releases"))?;
        if let Some(archive) =
            list.iter().filter_map(|release| archive_of(release, major, target)).max_by_key(|archive| archive.version)
        {
            return Ok(archive);
        }
        if list.is_empty() {
            break;
        }
    }
    bail!("{releases} has no Postgres {major} for {target}")
}

/// The release's archive for `target`, if the release is a finished one of `major` and has it with its SHA-256.
fn archive_of(release: &Release, major: u32, target: &str) -> Option<Archive> {
    if release.draft || release.prerelease {
        return None;
    }
    let tag = release.tag_name.trim_start_matches('v');
    let numbers: Vec<u32> = tag.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let version: [u32; 3] = numbers.try_into().ok()?;
    let name = format!("postgresql-{tag}-{target}.tar.gz");
    let url_of = |name: &str| {
        let asset = release.assets.iter().find(|asset| asset.name == name);
        asset.map(|asset| asset.browser_download_url.clone())
    };
    let (url, sha256_url) = (url_of(&name)?, url_of(&format!("{name}.sha256"))?);
    (version[0] == major).then_some(Archive { version, name, url, sha256_url })
}

async fn get(client: &Client, url: &str) -> anyhow::Result<Response> {
    let response = client.get(url).send().await.and_then(Response::error_for_status);
    response.with_context(|| format!("cannot get {url}"))
}

/// Writes what is at `url` into a file without a name to come back to, and returns its SHA-256 in hexadecimal.
async fn fetch(client: &Client, url: &str, folder: &Path) -> anyhow::Result<(NamedTempFile, String)> {
    let mut response = get(client, url).await?;
    let total = response.content_length();
    let mut file = NamedTempFile::new_in(folder).with_context(|| format!("cannot write in {}", folder.display()))?;
    let (mut hasher, mut received, mut told) = (Sha256::new(), 0_u64, 0_u64);
    while let Some(chunk) = response.chunk().await.with_context(|| format!("{url} broke off"))? {
        file.write_all(&chunk).with_context(|| format!("cannot write in {}", folder.display()))?;
        hasher.update(&chunk);
        received += chunk.len() as u64;
        if received >= told + TELL_EVERY {
            told = received;
            Report::Step(Step::Downloaded { received, total }).send();
        }
    }
    Report::Step(Step::Downloaded { received, total }).send();
    Ok((file, format!("{:x}", hasher.finalize())))
}

/// Unpacks beside `home` and renames, so that what is at `home` is whole. The archive has one folder at its top.
fn unpack(archive: &NamedTempFile, folder: &Path, home: &Path) -> anyhow::Result<()> {
    let unpacked = TempDir::new_in(folder)?;
    let tar = flate2::read::MultiGzDecoder::new(std::io::BufReader::new(archive.reopen()?));
    tar::Archive::new(tar).unpack(unpacked.path())?;
    let top: Vec<_> = std::fs::read_dir(unpacked.path())?.collect::<Result<_, _>>()?;
    let [top] = top.as_slice() else { bail!("it has {} entries at its top instead of one folder", top.len()) };
    if home.exists() {
        std::fs::remove_dir_all(home)?;
    }
    std::fs::rename(top.path(), home)?;
    Ok(())
}

/// The machine's name in the archives' names.
fn target() -> anyhow::Result<String> {
    let arch = std::env::consts::ARCH;
    let system = match std::env::consts::OS {
        "linux" if cfg!(target_env = "musl") => "unknown-linux-musl",
        "linux" => "unknown-linux-gnu",
        "macos" => "apple-darwin",
        other => bail!("there are no Postgres binaries for {other} to download"),
    };
    Ok(format!("{arch}-{system}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(tag: &str, assets: &[&str]) -> Release {
        let asset = |name: &&str| Asset { name: (*name).to_owned(), browser_download_url: format!("http://x/{name}") };
        Release {
            tag_name: tag.to_owned(),
            draft: false,
            prerelease: false,
            assets: assets.iter().map(asset).collect(),
        }
    }

    #[test]
    fn an_archive_is_the_targets_own_with_its_checksum() {
        let good = release("18.1.0", &["postgresql-18.1.0-a-b.tar.gz", "postgresql-18.1.0-a-b.tar.gz.sha256"]);
        let archive = archive_of(&good, 18, "a-b").unwrap();
        assert_eq!(archive.version, [18, 1, 0]);
        assert_eq!(archive.url, "http://x/postgresql-18.1.0-a-b.tar.gz");
        assert_eq!(archive.sha256_url, "http://x/postgresql-18.1.0-a-b.tar.gz.sha256");
    }

    #[test]
    fn other_majors_other_machines_and_unverifiable_archives_are_passed_over() {
        let good = release("18.1.0", &["postgresql-18.1.0-a-b.tar.gz", "postgresql-18.1.0-a-b.tar.gz.sha256"]);
        assert_eq!(archive_of(&good, 17, "a-b"), None);
        assert_eq!(archive_of(&good, 18, "a-c"), None);
        assert_eq!(archive_of(&release("18.1.0", &["postgresql-18.1.0-a-b.tar.gz"]), 18, "a-b"), None);
        assert_eq!(archive_of(&release("eighteen", &[]), 18, "a-b"), None);
        assert_eq!(archive_of(&Release { prerelease: true, ..good }, 18, "a-b"), None);
    }
}
