//! Which release stands for a project, and which of its sdists is worth fetching. Pure: a page in, states out.

use packaging::{ProjectName, ReleaseVersion};
use store::{ProjectPage, ProjectState, ReleaseRecord, ReleaseState};

use crate::releases::{Classified, Kind, Release, releases};
use crate::simple_page::SimplePage;
use crate::{Policy, Wanted};

/// The wanted release is not on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoSuchRelease {
    pub(crate) wanted: ReleaseVersion,
    /// The one that stands for the project, if there is any.
    pub(crate) latest: Option<ReleaseVersion>,
}

/// Judges every release of a page: the wanted one by its files, the others are left out.
pub(crate) fn judge(
    name: &ProjectName,
    page: SimplePage,
    wanted: &Wanted,
    policy: Policy,
) -> Result<ProjectPage, NoSuchRelease> {
    let mut judged = ProjectPage {
        name: name.clone(),
        display_name: page.display_name.clone(),
        state: project_state(page.status.as_deref()),
        status_text: page.status.clone(),
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
    let records = releases.into_iter().enumerate();
    judged.releases =
        records.map(|(at, release)| record(release, latest == Some(at), chosen == Some(at), policy)).collect();
    Ok(judged)
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

/// The release that stands for the project: the highest final one that is not yanked, else the highest pre-release, else
/// the highest yanked one; and one without files only where no release has any.
fn latest(releases: &[Release]) -> Option<usize> {
    let rank = |release: &Release| {
        let usable = !release.is_yanked();
        let settled = usable && !release.version.is_prerelease();
        (!release.files.is_empty(), usable, settled)
    };
    // Of equal ones the last is taken: the releases are sorted.
    (0..releases.len()).max_by_key(|at| rank(&releases[*at]))
}

fn record(release: Release, is_latest: bool, is_wanted: bool, policy: Policy) -> ReleaseRecord {
    let judgement = if is_wanted { judge_files(&release.files, policy) } else { left_out(&release) };
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
}

impl Judgement {
    const fn of(state: ReleaseState) -> Self {
        Self { state, reason: None }
    }

    const fn because(state: ReleaseState, reason: &'static str) -> Self {
        Self { state, reason: Some(reason) }
    }
}

fn left_out(release: &Release) -> Judgement {
    if release.files.is_empty() {
        Judgement::of(ReleaseState::NoFiles)
    } else {
        Judgement::of(ReleaseState::NotSelected)
    }
}

/// The prefilter: what the files of a release say, without fetching any.
///
/// A `none-any` wheel beside wheels of platforms is common and proves nothing: only where all wheels are pure is the
/// release taken as pure.
fn judge_files(files: &[Classified], policy: Policy) -> Judgement {
    use ReleaseState::{NoFiles, NoSource, PureByTags, Selected};
    let mut wheels = files.iter().filter_map(Classified::wheel_is_pure).peekable();
    let has_wheels = wheels.peek().is_some();
    let all_pure = has_wheels && wheels.all(|pure| pure);
    let has_sdist = files.iter().any(|one| matches!(one.kind, Kind::Sdist(_)));
    match (has_sdist, has_wheels, all_pure) {
        _ if files.is_empty() => Judgement::of(NoFiles),
        (true, _, true) if policy.pure_too => {
            Judgement::because(Selected, "all its wheels are pure; fetched because all sources were asked for")
        }
        (_, _, true) => Judgement::of(PureByTags),
        (true, _, _) => Judgement::of(Selected),
        (false, true, _) => Judgement::because(NoSource, "it has wheels for platforms, but no sdist"),
        (false, false, _) => {
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
mod tests;
