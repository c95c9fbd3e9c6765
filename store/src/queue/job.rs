//! What is to be done.

use packaging::ProjectName;

use crate::FileId;

/// The default of how often a job is tried: with the delays between, about a day.
const TRIES: i16 = 12;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The kinds of job.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum JobKind { $($(#[$doc])* $variant,)* }

        impl JobKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in the queue, in formats and on pages.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

kinds! {
    /// Read the page of a project.
    ReadProject = "read-project",
    /// Fetch an sdist.
    Fetch = "fetch",
    /// Analyse an sdist that is stored.
    Analyse = "analyse",
    /// Upkeep: what is out of date is enqueued, what is too old is removed.
    Refresh = "refresh",
}

impl JobKind {
    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }

    /// Whether news makes sense of doing it again: pages change, the bytes of a file do not.
    pub(crate) const fn again(self) -> bool {
        matches!(self, Self::ReadProject | Self::Refresh)
    }

    /// Within one priority: what is begun is ended first, so that little lies half done.
    const fn order(self) -> i16 {
        match self {
            Self::Analyse => 1,
            Self::Fetch => 2,
            Self::ReadProject => 3,
            Self::Refresh => 4,
        }
    }
}

impl std::fmt::Display for JobKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A job. Small: what it is about is looked up when it runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// See [`JobKind::ReadProject`].
    ReadProject {
        /// Whose page.
        name: ProjectName,
    },
    /// See [`JobKind::Fetch`].
    Fetch {
        /// Which file.
        file: FileId,
    },
    /// See [`JobKind::Analyse`].
    Analyse {
        /// Which file.
        file: FileId,
    },
    /// See [`JobKind::Refresh`].
    Refresh,
}

impl Job {
    /// Its kind.
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::ReadProject { .. } => JobKind::ReadProject,
            Self::Fetch { .. } => JobKind::Fetch,
            Self::Analyse { .. } => JobKind::Analyse,
            Self::Refresh => JobKind::Refresh,
        }
    }

    /// What makes it the same job: the kind, and what it is about.
    pub fn key(&self) -> String {
        match self {
            Self::Refresh => self.kind().as_str().to_owned(),
            Self::ReadProject { name } => key(self.kind(), name),
            Self::Fetch { file } | Self::Analyse { file } => key(self.kind(), &file.0),
        }
    }

    /// From a key.
    pub(crate) fn from_key(text: &str) -> Option<Self> {
        let (kind, about) = text.split_once(':').unwrap_or((text, ""));
        let file = || about.parse().ok().map(FileId);
        Some(match JobKind::from_word(kind)? {
            JobKind::ReadProject => Self::ReadProject { name: about.parse().ok()? },
            JobKind::Fetch => Self::Fetch { file: file()? },
            JobKind::Analyse => Self::Analyse { file: file()? },
            JobKind::Refresh => Self::Refresh,
        })
    }
}

impl std::fmt::Display for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key())
    }
}

fn key(kind: JobKind, about: &dyn std::fmt::Display) -> String {
    format!("{kind}:{about}")
}

/// How soon: all jobs of a higher priority go before any of a lower one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Somebody waits for it.
    Interactive,
    /// The crawl.
    Crawl,
    /// The crawl, where it is not urgent: old releases, and those where little is to be expected, as a bundled binary.
    Low,
    /// Analysing again what has a report already.
    Reanalysis,
}

impl Priority {
    /// The queue's number: smaller goes first.
    pub(crate) const fn number(self, kind: JobKind) -> i16 {
        self.first() + kind.order()
    }

    /// The smallest number of this priority.
    pub(crate) const fn first(self) -> i16 {
        100 * self as i16
    }

    /// The priority of a job with this number.
    pub(crate) const fn from_number(number: i16) -> Self {
        match number {
            ..100 => Self::Interactive,
            100..200 => Self::Crawl,
            200..300 => Self::Low,
            _ => Self::Reanalysis,
        }
    }
}

/// A job to be enqueued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What.
    pub job: Job,
    /// How soon.
    pub priority: Priority,
    /// Tries before it is parked, 12 if nothing else is said; at least 1.
    pub tries: i16,
}

impl NewJob {
    /// With the usual number of tries.
    pub const fn new(job: Job, priority: Priority) -> Self {
        Self { job, priority, tries: TRIES }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_reads_back_from_its_key() {
        let name = "zope-interface".parse().unwrap();
        let file = FileId(30_000);
        let jobs = [Job::ReadProject { name }, Job::Fetch { file }, Job::Analyse { file }, Job::Refresh];
        assert!(jobs.iter().map(Job::kind).eq(JobKind::ALL.iter().copied()));
        for job in jobs {
            assert_eq!(Job::from_key(&job.key()), Some(job));
        }
        for wrong in ["", "fetch", "fetch:x", "read-project:", "scan:1"] {
            assert_eq!(Job::from_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn interactive_jobs_go_first_and_reanalysis_last_whatever_the_kind() {
        let numbers = |priority: Priority| JobKind::ALL.iter().map(move |kind| priority.number(*kind));
        let order = [Priority::Interactive, Priority::Crawl, Priority::Low, Priority::Reanalysis];
        for pair in order.windows(2) {
            assert!(numbers(pair[0]).max() < numbers(pair[1]).min());
        }
        for priority in order {
            assert!(numbers(priority).all(|number| Priority::from_number(number) == priority));
        }
        assert!(Priority::Crawl.number(JobKind::Analyse) < Priority::Crawl.number(JobKind::ReadProject));
    }
}
