//! Reading a page again: what is asked, what is known, and what may come of it.

use std::time::Duration;

use packaging::ProjectName;
use store::{ProjectPage, Sha256};

use crate::{FetchReason, History, Policy, PureSample, Wanted};

/// How long after a page lost all its files it is read again before that is believed: it has happened by mistake.
pub const EMPTY_PAGE_BELIEVED_AFTER: Duration = Duration::from_mins(15);

/// What is asked of a project's page.
#[derive(Debug, Clone)]
pub struct Question {
    /// Which release is to be judged.
    pub wanted: Wanted,
    /// How.
    pub policy: Policy,
    /// The projects whose sdist is fetched though their wheels are pure.
    pub sample: PureSample,
}

impl Question {
    /// What a crawl asks: the release that stands for the project, and old ones as the deployment wants.
    pub const fn of_the_crawl(sample: PureSample, history: Option<History>) -> Self {
        Self { wanted: Wanted::Latest, policy: Policy { pure_too: false, history }, sample }
    }

    /// Whether ETags may be kept and sent. One says that the page is the same, but not what it was asked for: so only
    /// where everybody asks the same of the project.
    pub(crate) fn is_usual_of(&self, name: &ProjectName) -> bool {
        self.wanted == Wanted::Latest && self.policy == Policy::default() && !self.sample.contains(name)
    }

    /// As text that differs where the answers may.
    pub(crate) fn text(&self, sampled: bool) -> String {
        let Policy { pure_too, history } = self.policy;
        let wanted = match &self.wanted {
            Wanted::Latest => "latest",
            Wanted::Version(version) => version.as_str(),
        };
        let text = format!("{wanted}, pure too: {pure_too}, sampled: {sampled}");
        history.map_or_else(|| text.clone(), |history| format!("{text}, history: {history}"))
    }
}

/// What is known of the project from its page as it was last recorded. [`Known::default`] knows nothing: the page is
/// read whatever it says, as is due every 30 days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// [`ProjectPage::etag`].
    pub etag: Option<String>,
    /// [`ReadPage::digest`].
    pub digest: Option<Sha256>,
    /// [`ProjectPage::serial`].
    pub serial: Option<i64>,
    /// The serial that the listing gives for the project now. A page with a lower one comes from a stale cache.
    pub serial_expected: Option<i64>,
    /// Whether any file of the project is recorded that was not withdrawn.
    pub has_files: bool,
    /// How long ago, by the database's clock, the page was first seen without the files that are recorded.
    pub without_files_since: Option<Duration>,
}

/// What reading a page again came to.
#[derive(Debug, Clone)]
pub enum Refreshed {
    /// The page says what is recorded already: nothing is to be written but that it was read.
    Unchanged(Unchanged),
    /// The page.
    Page(Box<ReadPage>),
    /// The page has lost every file of a project that had some, and says no reason. Keep what is recorded, remember when
    /// this was first seen ([`Known::without_files_since`]), and read it again after the pause; then it is a
    /// [`Refreshed::Page`] like any other.
    LostAllFiles {
        /// The page as it is now.
        page: Box<ReadPage>,
        /// The pause.
        again_after: Duration,
    },
}

/// A page that says nothing new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    /// The serial now, where the index tells it: it moves without any change to the files.
    pub serial: Option<i64>,
    /// The ETag now.
    pub etag: Option<String>,
    /// See [`ReadPage::stale`].
    pub stale: bool,
}

/// A page that was read and judged.
#[derive(Debug, Clone)]
pub struct ReadPage {
    /// The page with its states.
    pub page: ProjectPage,
    /// A hash of what it says and of what was asked: an equal one means that writing it again changes nothing.
    pub digest: Sha256,
    /// A cache still served an older page than the listing promised. It is taken; read it again later.
    pub stale: bool,
    /// Why the selected sdist of the wanted release is fetched; `None`: none is.
    pub fetch: Option<FetchReason>,
}

/// Where a file is that the files host does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// The index does not list it any more, or not the project: it is withdrawn.
    Withdrawn,
    /// The project is quarantined, and shows no files.
    Quarantined,
    /// The index lists other bytes under its name, which never happens by the index's rules. Raise an alarm; keep both.
    OtherContent,
    /// The index lists it still: trouble that may pass; try again later, and call it missing upstream if it does not.
    StillListed,
}

impl Known {
    /// Whether the served serial is behind the promised one.
    pub(crate) fn is_stale(&self, served: Option<i64>) -> bool {
        matches!((self.serial_expected, served), (Some(expected), Some(served)) if served < expected)
    }

    /// How much longer a page without files is not believed.
    pub(crate) fn doubts(&self, page: &ProjectPage) -> Option<Duration> {
        let has_files = page.releases.iter().any(|release| !release.files.is_empty());
        if has_files || !self.has_files || page.state == store::ProjectState::Quarantined {
            return None;
        }
        let since = self.without_files_since.unwrap_or_default();
        EMPTY_PAGE_BELIEVED_AFTER.checked_sub(since).filter(|left| !left.is_zero())
    }
}
