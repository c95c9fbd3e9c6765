//! The way of one project: page, sdist, report, rows.

use analyzer::{ArchiveError, Limits, Options, Report, SourceTree};
use anyhow::Context;
use crawler::{IndexClient, Policy, ReadFailure, Wanted};
use store::{FileId, FileRecord, FileState, ProjectPage, ReleaseDetail, ReleaseState, Store};
use tokio::sync::Semaphore;

use super::progress::Progress;
use super::requests::Request;

/// What became of one request.
#[derive(Debug)]
pub struct Answer {
    /// What was asked.
    pub request: Request,
    /// What is known now.
    pub outcome: Surveyed,
    /// Bytes downloaded for it in this run; `None`: nothing was.
    pub downloaded: Option<u64>,
}

/// Where a request ended.
#[derive(Debug)]
pub enum Surveyed {
    /// The release is recorded, in some state.
    Release(Box<ReleaseDetail>),
    /// There is no page, or no such release: the state and why.
    Failed { state: &'static str, reason: String },
}

impl Answer {
    /// Whether the exit status says so: not found, or to be tried again later.
    pub fn is_failure(&self) -> bool {
        match &self.outcome {
            Surveyed::Failed { .. } => true,
            Surveyed::Release(release) => release
                .file
                .as_ref()
                .is_some_and(|file| file.state == FileState::Deferred),
        }
    }
}

/// Everything a survey needs; shared by the projects that are under way.
pub struct Surveyor {
    store: Store,
    client: IndexClient,
    policy: Policy,
    /// One permit a core: source trees are the largest thing in memory.
    cores: Semaphore,
}

impl Surveyor {
    /// A surveyor that reads with `client` and records in `store`.
    pub fn new(store: Store, client: IndexClient, policy: Policy) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            store,
            client,
            policy,
            cores: Semaphore::new(cores),
        }
    }

    /// Takes one request to its end. An error is about the store, never about the project.
    pub async fn survey(&self, request: &Request, progress: &Progress) -> anyhow::Result<Answer> {
        if let Some(release) = self.already_done(request).await? {
            return Ok(answer(request, Surveyed::Release(Box::new(release)), None));
        }
        progress.doing(format!("reading {}", request.name));
        let page = match self
            .client
            .read_project(&request.name, &request.wanted, self.policy)
            .await
        {
            Ok(page) => page,
            Err(failure) => return self.no_page(request, &failure).await,
        };
        self.store.project_recorded(&page).await?;
        let downloaded = self.work_on(request, &page, progress).await?;
        let release = self
            .release(request)
            .await?
            .context("a release that was just recorded is not in the database")?;
        Ok(answer(request, Surveyed::Release(Box::new(release)), downloaded))
    }

    /// The release, if it was named by its version and has come to an end that the index cannot change.
    async fn already_done(&self, request: &Request) -> anyhow::Result<Option<ReleaseDetail>> {
        let Wanted::Version(version) = &request.wanted else {
            return Ok(None);
        };
        let Some(file) = self.store.selected_file(&request.name, version).await? else {
            return Ok(None);
        };
        if !self.is_done(file).await? {
            return Ok(None);
        }
        self.release(request).await
    }

    async fn is_done(&self, file: FileId) -> anyhow::Result<bool> {
        Ok(match self.store.file_state(file).await? {
            FileState::Analysed => self.store.is_analysed(file).await?,
            FileState::Unreadable | FileState::TooLarge | FileState::Withdrawn => true,
            FileState::Queued
            | FileState::Fetched
            | FileState::HashMismatch
            | FileState::BlockedUrl
            | FileState::MissingUpstream
            | FileState::AnalyzerFailed
            | FileState::Deferred => false,
        })
    }

    async fn release(&self, request: &Request) -> anyhow::Result<Option<ReleaseDetail>> {
        let version = match &request.wanted {
            Wanted::Latest => None,
            Wanted::Version(version) => Some(version.as_str()),
        };
        Ok(self.store.release(&request.name, version).await?)
    }

    async fn no_page(&self, request: &Request, failure: &ReadFailure) -> anyhow::Result<Answer> {
        let state = failure.state();
        self.store
            .project_ended(&request.name, state, &failure.to_string())
            .await?;
        let failed = Surveyed::Failed {
            state: state.as_str(),
            reason: failure.to_string(),
        };
        Ok(answer(request, failed, None))
    }

    /// Fetches and analyses the selected sdist as far as that is still to be done; returns the bytes downloaded.
    async fn work_on(&self, request: &Request, page: &ProjectPage, progress: &Progress) -> anyhow::Result<Option<u64>> {
        let Some((version, record)) = selected(request, page) else {
            return Ok(None);
        };
        let Some(file) = self.store.selected_file(&request.name, version).await? else {
            return Ok(None);
        };
        if self.is_done(file).await? {
            return Ok(None);
        }
        let (bytes, downloaded) = match self.store.file_bytes(file).await? {
            Some(bytes) => (bytes, None),
            None => {
                let hear = |received| progress.downloading(&record.filename, received, record.size);
                match self.client.fetch(record, &hear).await {
                    Ok(bytes) => {
                        self.store.file_fetched(file, bytes.clone()).await?;
                        let size = bytes.len() as u64;
                        (bytes, Some(size))
                    }
                    Err(failure) => {
                        self.store
                            .file_ended(file, failure.state(), &failure.to_string())
                            .await?;
                        return Ok(None);
                    }
                }
            }
        };
        let _core = self.cores.acquire().await.context("waiting for a core")?;
        progress.doing(format!("analysing {}", record.filename));
        let filename = record.filename.clone();
        let analysed = tokio::task::spawn_blocking(move || analyse(&filename, &bytes)).await;
        match analysed {
            Ok(Ok((tree, report))) => self.store.file_analysed(file, &tree, &report).await?,
            Ok(Err(error)) => {
                self.store
                    .file_ended(file, archive_state(&error), &error.to_string())
                    .await?
            }
            Err(crash) => {
                let reason = format!("the analyzer crashed: {crash}");
                self.store.file_ended(file, FileState::AnalyzerFailed, &reason).await?;
            }
        }
        Ok(downloaded)
    }
}

fn answer(request: &Request, outcome: Surveyed, downloaded: Option<u64>) -> Answer {
    Answer {
        request: request.clone(),
        outcome,
        downloaded,
    }
}

/// The release asked for and its sdist, if it is to be analysed.
fn selected<'a>(request: &Request, page: &'a ProjectPage) -> Option<(&'a packaging::ReleaseVersion, &'a FileRecord)> {
    let release = page.releases.iter().find(|release| match &request.wanted {
        Wanted::Latest => release.latest,
        Wanted::Version(version) => release.version == *version,
    })?;
    if release.state != ReleaseState::Selected {
        return None;
    }
    Some((&release.version, release.files.get(release.selected?)?))
}

fn analyse(filename: &str, bytes: &[u8]) -> Result<(SourceTree, Report), ArchiveError> {
    let tree = analyzer::read_sdist(filename, bytes, &Limits::default())?;
    let report = analyzer::analyze(&tree, &Options::default());
    Ok((tree, report))
}

fn archive_state(error: &ArchiveError) -> FileState {
    match error {
        ArchiveError::TooLarge { .. } => FileState::TooLarge,
        ArchiveError::NotAnSdist(_)
        | ArchiveError::Unsupported { .. }
        | ArchiveError::Damaged(_)
        | ArchiveError::Encrypted => FileState::Unreadable,
    }
}
