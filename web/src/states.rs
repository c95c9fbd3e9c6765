//! States in words: what is known, why not more, what to do.

use store::{FileState, ProjectState, ReleaseState};

use crate::words::Mark;

/// A state, explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explained {
    /// Shape and word for tables.
    pub(crate) mark: Mark,
    /// What is known.
    pub(crate) known: &'static str,
    /// Why not more.
    pub(crate) why: &'static str,
    /// What the reader can do, or what happens next.
    pub(crate) next: &'static str,
}

const fn say(word: &'static str, known: &'static str, why: &'static str, next: &'static str) -> Explained {
    Explained { mark: Mark::state(word), known, why, next }
}

pub(crate) const fn project(state: ProjectState) -> Explained {
    match state {
        ProjectState::Listed => say("listed", "Its page on PyPI was read.", "", ""),
        ProjectState::NotFound => say(
            "not found",
            "PyPI does not know this name.",
            "There is nothing to read.",
            "Check the spelling; the project may have been deleted or renamed.",
        ),
        ProjectState::Quarantined => say(
            "quarantined",
            "PyPI has put this project under quarantine.",
            "Its files cannot be fetched now; what was found before stays, its source is not shown.",
            "Wait for PyPI's decision; the project is looked at again.",
        ),
        ProjectState::Withdrawn => say(
            "withdrawn",
            "This project is gone from PyPI.",
            "What was found before stays, its source is not shown.",
            "Nothing to do here.",
        ),
        ProjectState::IndexTooLarge => say(
            "index too large",
            "Its page on PyPI is larger than we read.",
            "Reading is bounded, so that one project cannot stop the survey.",
            "An operator can raise the limit.",
        ),
        ProjectState::Deferred => say(
            "deferred",
            "Its page could not be read for a passing reason.",
            "PyPI, or the way to it, did not answer in time.",
            "It is tried again later by itself.",
        ),
    }
}

pub(crate) const fn release(state: ReleaseState) -> Explained {
    match state {
        ReleaseState::Selected => say("selected", "One of its sdists is to be analysed.", "", ""),
        ReleaseState::PureByTags => say(
            "pure by tags",
            "All its wheels are pure Python by their tags.",
            "Its sdist was not fetched: optional native code behind pure wheels would be missed.",
            "Survey it with --all to fetch it regardless.",
        ),
        ReleaseState::NoSource => say(
            "no source",
            "It has wheels, but no sdist.",
            "Without sources there is nothing to read; binaries are not a verdict about code.",
            "The maintainers can upload an sdist; a local folder can be scanned offline.",
        ),
        ReleaseState::NoFiles => {
            say("no files", "It has no files at all.", "There is nothing to read.", "Look at another release.")
        }
        ReleaseState::NotSelected => say(
            "not selected",
            "This release was left out by policy: it is not the latest.",
            "The survey reads one release of each project.",
            "Survey it by name and version to have it read.",
        ),
    }
}

pub(crate) const fn file(state: FileState) -> Explained {
    match state {
        FileState::Queued => say(
            "queued",
            "Its sdist is waiting to be fetched.",
            "It was not its turn yet.",
            "This page changes by itself when a worker has read it.",
        ),
        FileState::Fetched => say(
            "fetched",
            "Its sdist is stored, its hash is right.",
            "It has not been analysed yet.",
            "This page changes by itself when a worker has read it.",
        ),
        FileState::Analysed => say("analysed", "Its sdist was read and has a report.", "", ""),
        FileState::Unreadable => say(
            "unreadable",
            "Its sdist has the right hash, but the archive is damaged or encrypted.",
            "Parts of an archive are not a verdict, so none is given.",
            "The maintainers can upload a sound sdist with the next release.",
        ),
        FileState::TooLarge => say(
            "too large",
            "Its sdist is over a limit.",
            "Reading is bounded, so that one archive cannot stop the survey.",
            "Scan it offline, or ask the operator for a higher limit.",
        ),
        FileState::HashMismatch => say(
            "hash mismatch",
            "The bytes that came are not those that PyPI promised.",
            "Nothing of them was stored or read.",
            "It is worth a report to PyPI if it stays so.",
        ),
        FileState::BlockedUrl => say(
            "blocked address",
            "Its address is not one that we follow.",
            "Only hosts that the index vouches for are asked.",
            "An operator can allow the host.",
        ),
        FileState::MissingUpstream => say(
            "missing upstream",
            "PyPI lists its sdist, but the files host does not have it.",
            "There is nothing to read.",
            "It is worth a report to PyPI.",
        ),
        FileState::Withdrawn => say(
            "withdrawn",
            "Its sdist is gone from PyPI.",
            "What was found before stays, its source is not shown.",
            "Look at another release.",
        ),
        FileState::AnalyzerFailed => say(
            "analyzer failed",
            "The analyzer did not finish on this sdist.",
            "This is a defect of abiscope, not of the project.",
            "Please report it with the archive's hash below.",
        ),
        FileState::Deferred => say(
            "deferred",
            "Its sdist could not be fetched for a passing reason.",
            "The files host, or the way to it, did not answer in time.",
            "It is tried again later by itself.",
        ),
    }
}

/// What stands in the place of a verdict: the most telling of the three states.
pub(crate) const fn instead_of_verdict(
    project_state: ProjectState,
    release_state: Option<ReleaseState>,
    file_state: Option<FileState>,
) -> Explained {
    match (project_state, release_state, file_state) {
        (ProjectState::NotFound | ProjectState::IndexTooLarge | ProjectState::Deferred, None, _) => {
            project(project_state)
        }
        (_, _, Some(state)) => file(state),
        (_, Some(state), None) => release(state),
        (_, None, None) => project(project_state),
    }
}
