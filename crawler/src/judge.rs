//! Which release stands for a project, and which of its sdists is worth fetching. Pure: a page in, states out.

use packaging::{ProjectName, ReleaseVersion};
use store::{ProjectPage, ProjectState, ReleaseRecord, ReleaseState};
use trends::Claim;

use crate::releases::{Classified, Kind, Release, releases};
use crate::simple_page::SimplePage;
use crate::{FetchReason, Policy, Wanted};

/// The wanted release is not on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoSuchRelease {
    pub(crate) wanted: ReleaseVersion,
    /// The one that stands for the project, if there is any.
    pub(crate) latest: Option<ReleaseVersion>,
}

/// A page with its states, and why the wanted release's sdist is fetched, if it is.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) page: ProjectPage,
    pub(crate) fetch: Option<FetchReason>,
}

/// Judges every release of a page: the wanted one by its files, and those that the policy picks of the past; the others are left out. `sampled`: the project is in
/// the sample of those that are fetched though they are pure.
pub(crate) fn judge(
    name: &ProjectName,
    page: SimplePage,
    wanted: &Wanted,
    policy: Policy,
    sampled: bool,
) -> Result<Judged, NoSuchRelease> {
    let mut judged = ProjectPage {
        name: name.clone(),
        display_name: page.display_name.clone(),
        state: project_state(page.status.as_deref()),
        status_text: page.status.clone(),
        history: policy.history.map(|history| history.to_string()),
        serial: page.serial,
        etag: None,
        releases: Vec::new(),
    };
    let releases = releases(name, page);
    let latest = latest(&releases);
    let chosen = match wanted {
        Wanted::Latest => latest,
        Wanted::Version(version) => match position(&releases, version) {
            // A quarantined project shows no files: that is the answer, whatever was wanted.
            None if judged.state != ProjectState::Quarantined => {
                let latest = latest.map(|at| releases[at].version.clone());
                let wanted = version.clone();
                return Err(NoSuchRelease { wanted, latest });
            }
            found => found,
        },
    };
    let picked = policy.history.map(|history| history.picked(&releases)).unwrap_or_default();
    let mut fetch = None;
    for (at, release) in releases.into_iter().enumerate() {
        let is_judged = chosen == Some(at) || picked.contains(&at);
        let judgement = if is_judged { judge_files(&release.files, policy, sampled) } else { left_out(&release) };
        fetch = fetch.or(judgement.fetch.filter(|_| chosen == Some(at)));
        judged.releases.push(record(release, latest == Some(at), &judgement));
    }
    Ok(Judged { page: judged, fetch })
}

/// Other words than `quarantined` are kept as text, and change nothing.
fn project_state(status: Option<&str>) -> ProjectState {
    match status {
        Some("quarantined") => ProjectState::Quarantined,
        _ => ProjectState::Listed,
    }
}

fn position(releases: &[Release], version: &ReleaseVersion) -> Option<usize> {
    releases.iter().position(|release| release.version.is_same_release(version))
}

/// The release that stands for the project: the highest of those with the best claim.
fn latest(releases: &[Release]) -> Option<usize> {
    let rank =
        |release: &Release| Claim::of(!release.files.is_empty(), release.is_yanked(), release.version.is_prerelease());
    // Of equal ones the last is taken: the releases are sorted.
    (0..releases.len()).max_by_key(|at| rank(&releases[*at]))
}

fn record(release: Release, is_latest: bool, judgement: &Judgement) -> ReleaseRecord {
    let sdist = match judgement.state {
        ReleaseState::Selected => best_sdist(&release.files),
        _ => None,
    };
    let described = sdist.and_then(|at| release.files[at].file.requires_python.clone());
    ReleaseRecord {
        prerelease: release.version.is_prerelease(),
        yanked: release.is_yanked(),
        latest: is_latest,
        requires_python: described.or_else(|| release.files.iter().find_map(|one| one.file.requires_python.clone())),
        uploaded_at: release.files.iter().filter_map(|one| one.file.uploaded_at).min(),
        state: judgement.state,
        reason: judgement.reason.map(str::to_owned),
        selected: sdist,
        version: release.version,
        files: release.files.into_iter().map(Classified::record).collect(),
    }
}

/// A state, and why where the state alone does not tell.
struct Judgement {
    state: ReleaseState,
    reason: Option<&'static str>,
    /// Set when the state is `selected`.
    fetch: Option<FetchReason>,
}

impl Judgement {
    const fn of(state: ReleaseState) -> Self {
        Self { state, reason: None, fetch: None }
    }

    const fn because(state: ReleaseState, reason: &'static str) -> Self {
        Self { state, reason: Some(reason), fetch: None }
    }

    const fn fetch(why: FetchReason, reason: Option<&'static str>) -> Self {
        Self { state: ReleaseState::Selected, reason, fetch: Some(why) }
    }
}

fn left_out(release: &Release) -> Judgement {
    if release.files.is_empty() {
        Judgement::of(ReleaseState::NoFiles)
    } else {
        Judgement::of(ReleaseState::NotSelected)
    }
}

/// What the wheels of a release say together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wheels {
    /// There are none.
    None,
    /// All are pure Python.
    Pure,
    /// Some are of platforms, but none names an ABI: they bundle a program or a library.
    Bundled,
    /// Some name an ABI.
    Native,
}

fn wheels(files: &[Classified]) -> Wheels {
    let tags = files.iter().filter_map(Classified::wheel_tags);
    tags.fold(Wheels::None, |so_far, tags| match so_far {
        Wheels::Native => Wheels::Native,
        _ if !tags.is_abi_none() => Wheels::Native,
        Wheels::None | Wheels::Pure if tags.is_pure() => Wheels::Pure,
        _ => Wheels::Bundled,
    })
}

/// The prefilter: what the files of a release say, without fetching any.
///
/// A `none-any` wheel beside wheels of platforms is common and proves nothing: only where all wheels are pure is the
/// release taken as pure.
fn judge_files(files: &[Classified], policy: Policy, sampled: bool) -> Judgement {
    use ReleaseState::{NoFiles, NoSource, PureByTags};
    let has_sdist = files.iter().any(|one| matches!(one.kind, Kind::Sdist(_)));
    match (has_sdist, wheels(files)) {
        _ if files.is_empty() => Judgement::of(NoFiles),
        (true, Wheels::None | Wheels::Native) => Judgement::fetch(FetchReason::MayBeNative, None),
        (true, Wheels::Bundled) => {
            let reason = "its wheels for platforms name no ABI; they may bundle a program";
            Judgement::fetch(FetchReason::MayBundle, Some(reason))
        }
        (true, Wheels::Pure) if policy.pure_too => {
            let reason = "all its wheels are pure; fetched because all sources were asked for";
            Judgement::fetch(FetchReason::AskedFor, Some(reason))
        }
        (true, Wheels::Pure) if sampled => {
            let reason = "all its wheels are pure; fetched for the sample that measures what is missed";
            Judgement::fetch(FetchReason::PureSample, Some(reason))
        }
        (_, Wheels::Pure) => Judgement::of(PureByTags),
        (false, Wheels::Native | Wheels::Bundled) => {
            Judgement::because(NoSource, "it has wheels for platforms, but no sdist")
        }
        (false, Wheels::None) => {
            Judgement::because(NoSource, "it has neither an sdist nor a wheel, only files of other types")
        }
    }
}

/// Of several sdists the one with a hash, as without one nothing is fetched; then by format, then by name.
fn best_sdist(files: &[Classified]) -> Option<usize> {
    let sdists = files.iter().enumerate().filter_map(|(at, one)| match one.kind {
        Kind::Sdist(format) => Some(((one.file.sha256.is_none(), format, &one.file.filename), at)),
        _ => None,
    });
    sdists.min().map(|(_, at)| at)
}

#[cfg(test)]
pub(crate) mod tests;
