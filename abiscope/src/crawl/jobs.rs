//! Doing the jobs of the queue. Each may be run twice: what it writes makes the second run harmless.

use std::time::Duration;

use crawler::{FetchFailure, History, Known, PureSample, Question, ReadFailure, Refreshed, Whereabouts};
use packaging::ProjectName;
use store::{
    BoxFuture, FileId, FileState, Job, JobEnd, JobFailure, JobHandler, KnownPage, NewJob, Priority, SelectedFile,
    Store, Withdrawal,
};

use super::index::Index;
use super::watch;
use crate::analysis::{self, Pool};

/// How long a file that the files host does not have, and the index still lists, rests.
const MISSING_RESTS: Duration = Duration::from_hours(1);

/// Does jobs of every kind.
pub struct Crew {
    store: Store,
    index: Index,
    children: Pool,
}

impl JobHandler for Crew {
    fn run(&self, job: Job, priority: Priority) -> BoxFuture<'_, Result<(), JobFailure>> {
        Box::pin(async move {
            match job {
                Job::ReadProject { name } => self.read_project(&name, priority).await,
                Job::Fetch { file } => self.fetch(file, priority).await,
                Job::Analyse { file } => self.analyse(file).await,
                Job::Refresh => self.refresh().await,
            }
        })
    }

    fn ended(&self, job: &Job, end: JobEnd<'_>, took: Duration) {
        watch::ended(job, end, took);
    }
}

impl Crew {
    /// Reads with `index`, analyses in `children`, records in `store`.
    pub fn new(store: Store, index: Index, children: Pool) -> Self {
        Self { store, index, children }
    }

    /// Reads a project's page again and enqueues what follows from it, as urgent as this is.
    async fn read_project(&self, name: &ProjectName, priority: Priority) -> Result<(), JobFailure> {
        let known = self.store.page_known(name).await?;
        let asked = known.now;
        let question = Question::of_the_crawl(PureSample::OneInAHundred, self.history().await?);
        match self.index.client.refresh_project(name, &question, &known_to_the_crawler(known)).await {
            Ok(Refreshed::Unchanged(page)) => {
                self.store.page_unchanged(name, page.serial, page.etag.as_deref(), asked).await?;
                tell_if_stale(name, page.stale);
            }
            Ok(Refreshed::Page(read)) => {
                self.store.page_recorded(&read.page, read.digest, asked).await?;
                tell_if_stale(name, read.stale);
                self.index.share_hosts().await?;
            }
            Ok(Refreshed::LostAllFiles { again_after, .. }) => {
                self.store.page_emptied(name).await?;
                return Err(JobFailure::put_back("the page has lost all its files: looking again later", again_after));
            }
            Err(failure) => return self.page_failed(name, failure, asked, priority).await,
        }
        self.store.enqueue_project_files(name, priority).await?;
        Ok(())
    }

    /// Which old releases the deployment reads, too.
    async fn history(&self) -> Result<Option<History>, JobFailure> {
        let history = self.store.history().await?;
        history.map(|text| text.parse().map_err(JobFailure::counted)).transpose()
    }

    async fn page_failed(
        &self,
        name: &ProjectName,
        failure: ReadFailure,
        asked: chrono::DateTime<chrono::Utc>,
        priority: Priority,
    ) -> Result<(), JobFailure> {
        match &failure {
            ReadFailure::Deferred { retry_after: Some(pause), .. } => Err(JobFailure::put_back(&failure, *pause)),
            ReadFailure::NoSuchRelease { .. } => Ok(()),
            ReadFailure::Deferred { .. } => {
                self.store.project_ended_as_of(name, failure.state(), &failure.to_string(), asked).await?;
                Err(JobFailure::counted(failure))
            }
            ReadFailure::NotFound | ReadFailure::Renamed { .. } | ReadFailure::TooLarge(_) => {
                self.store.project_ended_as_of(name, failure.state(), &failure.to_string(), asked).await?;
                if let ReadFailure::Renamed { to } = &failure {
                    let job = Job::ReadProject { name: to.clone() };
                    self.store.enqueue(&[NewJob::new(job, priority)]).await?;
                }
                Ok(())
            }
        }
    }

    /// Fetches an sdist, unless it is stored already, and enqueues its analysis.
    async fn fetch(&self, file: FileId, priority: Priority) -> Result<(), JobFailure> {
        let Some(selected) = self.store.file_selected(file).await? else { return Ok(()) };
        match selected.state {
            FileState::Queued | FileState::Deferred | FileState::MissingUpstream | FileState::HashMismatch => {}
            FileState::Fetched => return self.enqueue_analysis(file, priority).await,
            FileState::Analysed
            | FileState::Unreadable
            | FileState::TooLarge
            | FileState::BlockedUrl
            | FileState::Withdrawn
            | FileState::AnalyzerFailed => return Ok(()),
        }
        self.index.learn_hosts().await?;
        match self.index.client.fetch(&selected.file, &|_| {}).await {
            Ok(bytes) => {
                watch::fetched(bytes.len());
                self.store.file_fetched(file, bytes).await?;
                self.enqueue_analysis(file, priority).await
            }
            Err(FetchFailure::Missing) => self.missing(file, &selected).await,
            Err(failure) => {
                if let FetchFailure::Deferred { retry_after: Some(pause), .. } = &failure {
                    return Err(JobFailure::put_back(&failure, *pause));
                }
                self.store.file_ended(file, failure.state(), &failure.to_string()).await?;
                match failure.state() {
                    FileState::Deferred => Err(JobFailure::counted(failure)),
                    _ => Ok(()),
                }
            }
        }
    }

    /// The files host does not have the file: asks the index whether it still lists it.
    async fn missing(&self, file: FileId, selected: &SelectedFile) -> Result<(), JobFailure> {
        let found = self.index.client.whereabouts(&selected.project, &selected.file, selected.serial).await;
        let why = match found {
            Ok(Whereabouts::Withdrawn) => Withdrawal::NotListed,
            Ok(Whereabouts::Quarantined) => Withdrawal::Quarantined,
            Ok(Whereabouts::OtherContent) => Withdrawal::OtherContent,
            Ok(Whereabouts::StillListed) => {
                let reason = "the files host does not have it, and the index lists it still";
                self.store.file_ended(file, FileState::MissingUpstream, reason).await?;
                return Err(JobFailure::put_back(reason, MISSING_RESTS));
            }
            Err(ReadFailure::Deferred { retry_after: Some(pause), reason, .. }) => {
                return Err(JobFailure::put_back(reason, pause));
            }
            Err(failure) => return Err(JobFailure::counted(failure)),
        };
        self.store.file_withdrawn(file, why).await?;
        if why == Withdrawal::OtherContent {
            // Which raises the alarm, and has the other bytes as a file of their own.
            let job = Job::ReadProject { name: selected.project.clone() };
            self.store.enqueue(&[NewJob::new(job, Priority::Crawl)]).await?;
        }
        Ok(())
    }

    /// What is fetched does not lie about for long, even where the fetching was not urgent.
    async fn enqueue_analysis(&self, file: FileId, priority: Priority) -> Result<(), JobFailure> {
        self.store.enqueue(&[NewJob::new(Job::Analyse { file }, priority.min(Priority::Crawl))]).await?;
        Ok(())
    }

    /// Analyses a stored sdist, from its source pack if it has one: nothing is fetched.
    async fn analyse(&self, file: FileId) -> Result<(), JobFailure> {
        let Some(selected) = self.store.file_selected(file).await? else { return Ok(()) };
        if self.store.is_analysed(file).await? {
            return Ok(());
        }
        let done = analysis::again(&self.children, &self.store, file, &selected.file.filename).await;
        match done {
            Ok(Some(FileState::AnalyzerFailed)) => Err(JobFailure::counted("the analyzer failed on it")),
            Ok(Some(_)) => Ok(()),
            Ok(None) => self.lost(file).await,
            Err(error) => Err(match error.downcast::<store::Error>() {
                Ok(error) => error.into(),
                Err(error) => JobFailure::counted(format!("{error:#}")),
            }),
        }
    }

    /// Neither the sources of a file are stored nor its archive, though the database says so.
    async fn lost(&self, file: FileId) -> Result<(), JobFailure> {
        if self.store.file_lost(file).await? {
            self.store.enqueue(&[NewJob::new(Job::Fetch { file }, Priority::Crawl)]).await?;
            return Ok(());
        }
        Err(JobFailure::counted("its sources are not in the blob store: copy the blobs back from a backup"))
    }

    /// Finds what an older analyzer said; indexes sources for the search; lets go of what need not be kept.
    async fn refresh(&self) -> Result<(), JobFailure> {
        self.store.enqueue_reanalysis().await?;
        let indexed = self.store.source_indexed(false, |_| ()).await?;
        if indexed.packs > 0 {
            tracing::info!(?indexed, "indexed sources for the search");
        }
        if let Some(retained) = self.store.retained_if_due().await? {
            tracing::info!(?retained, "removed what need not be kept");
        }
        Ok(())
    }
}

/// A page that a cache served too old is taken as it is. Its serial is not that of the listing, by which the project is
/// due again when the crawl next looks for what is ([`Store::enqueue_due`]); so this only says it.
fn tell_if_stale(name: &ProjectName, is_stale: bool) {
    if is_stale {
        tracing::info!("the page of {name} is older than the listing says; it is read again in the next round");
    }
}

fn known_to_the_crawler(known: KnownPage) -> Known {
    Known {
        etag: known.etag,
        digest: known.digest,
        serial: known.serial,
        serial_expected: known.serial_listed,
        has_files: known.has_files,
        without_files_since: known.without_files_since,
    }
}
