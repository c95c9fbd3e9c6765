//! The way of one project: page, sdist, report, rows.

use anyhow::Context;
use crawler::{IndexClient, Policy, ReadFailure, Wanted};
use store::{FileId, FileRecord, FileState, ProjectPage, ReleaseDetail, ReleaseRecord, ReleaseState, Store};

use super::progress::Progress;
use super::requests::Request;
use crate::analysis::{self, Pool};

/// What became of one request.
#[derive(Debug)]
pub struct Answer {
    /// What was asked.
    pub request: Request,
    /// What is known now.
    pub outcome: Surveyed,
    /// What was done for it in this run.
    pub done: Done,
}

/// What was done for one request.
#[derive(Debug, Default)]
pub struct Done {
    /// The bytes of each sdist that was downloaded.
    pub downloaded: Vec<u64>,
    /// Older releases that were read with it, now or before.
    pub older: u64,
}

/// Where a request ended.
#[derive(Debug)]
pub enum Surveyed {
    /// The release is recorded, in some state.
    Release(Box<ReleaseDetail>),
    /// The project has no release: the state and why.
    NoRelease { state: &'static str, reason: String },
    /// There is no page, or not the release asked for: the state and why.
    Failed { state: &'static str, reason: String },
}

impl Answer {
    /// Whether an sdist of it is stored here.
    pub fn has_sdist(&self) -> bool {
        let Surveyed::Release(release) = &self.outcome else { return false };
        release.file.as_ref().is_some_and(|file| match file.state {
            FileState::Fetched | FileState::Analysed | FileState::Unreadable | FileState::AnalyzerFailed => true,
            FileState::Queued
            | FileState::TooLarge
            | FileState::HashMismatch
            | FileState::BlockedUrl
            | FileState::MissingUpstream
            | FileState::Withdrawn
            | FileState::Deferred => false,
        })
    }

    /// Whether the exit status says so: not found, or to be tried again later.
    pub fn is_failure(&self) -> bool {
        match &self.outcome {
            Surveyed::Failed { .. } => true,
            Surveyed::NoRelease { .. } => false,
            Surveyed::Release(release) => release.file.as_ref().is_some_and(|file| file.state == FileState::Deferred),
        }
    }
}

/// Everything a survey needs; shared by the projects that are under way.
pub struct Surveyor {
    store: Store,
    client: IndexClient,
    policy: Policy,
    /// One child a core: source trees are the largest thing in memory.
    children: Pool,
}

impl Surveyor {
    /// A surveyor that reads with `client` and records in `store`.
    pub fn new(store: Store, client: IndexClient, policy: Policy) -> anyhow::Result<Self> {
        let children = Pool::new(analysis::Config::new()?)?;
        Ok(Self { store, client, policy, children })
    }

    /// Takes one request to its end. An error is about the store, never about the project.
    pub async fn survey(&self, request: &Request, progress: &Progress) -> anyhow::Result<Answer> {
        let (outcome, done) = match self.already_done(request).await? {
            Some(release) => (Surveyed::Release(Box::new(release)), Done::default()),
            None => self.read_and_work(request, progress).await?,
        };
        let request = request.clone();
        Ok(Answer { request, outcome, done })
    }

    /// The release, if it was named by its version and has come to an end that the index cannot change.
    async fn already_done(&self, request: &Request) -> anyhow::Result<Option<ReleaseDetail>> {
        let Wanted::Version(version) = &request.wanted else { return Ok(None) };
        if self.policy.history.is_some() {
            return Ok(None);
        }
        let Some(file) = self.store.selected_file(&request.name, version).await? else { return Ok(None) };
        if !self.is_done(file).await? {
            return Ok(None);
        }
        Ok(self.store.release(&request.name, Some(version.as_str())).await?)
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

    async fn read_and_work(&self, request: &Request, progress: &Progress) -> anyhow::Result<(Surveyed, Done)> {
        progress.doing(format!("reading {}", request.name));
        let page = match self.client.read_project(&request.name, &request.wanted, self.policy).await {
            Ok(page) => page,
            Err(failure) => return Ok((self.no_page(request, &failure).await?, Done::default())),
        };
        self.store.project_recorded(&page).await?;
        let Some(release) = wanted(request, &page) else { return Ok((no_release(&page), Done::default())) };
        let mut done = Done::default();
        // The one asked for first, then back in time.
        let older = page.releases.iter().rev().filter(|one| one.version != release.version);
        for (n, one) in (0..).zip(std::iter::once(release).chain(older).filter(|one| selected(one).is_some())) {
            let Some(sdist) = selected(one) else { continue };
            done.downloaded.extend(self.work_on(request, one, sdist, progress).await?);
            done.older = n;
        }
        let recorded = self.store.release(&request.name, Some(release.version.as_str())).await?;
        let recorded = recorded.context("a release that was just recorded is not in the database")?;
        Ok((Surveyed::Release(Box::new(recorded)), done))
    }

    async fn no_page(&self, request: &Request, failure: &ReadFailure) -> anyhow::Result<Surveyed> {
        let (state, mut reason) = (failure.state(), failure.to_string());
        let default = crawler::IndexUrl::parse(&default_index::url());
        if *failure == ReadFailure::NotFound && default.as_ref() == Ok(self.client.index()) {
            "not found on PyPI".clone_into(&mut reason);
        }
        if let ReadFailure::NoSuchRelease { .. } = failure {
            return Ok(Surveyed::Failed { state: "no such release", reason });
        }
        self.store.project_ended(&request.name, state, &reason).await?;
        Ok(Surveyed::Failed { state: state.as_str(), reason })
    }

    /// Fetches and analyses an sdist as far as that is still to be done; returns the bytes downloaded.
    async fn work_on(
        &self,
        request: &Request,
        release: &ReleaseRecord,
        sdist: &FileRecord,
        progress: &Progress,
    ) -> anyhow::Result<Option<u64>> {
        let Some(file) = self.store.selected_file(&request.name, &release.version).await? else { return Ok(None) };
        if self.is_done(file).await? {
            return Ok(None);
        }
        let stored = self.store.file_bytes(file).await?;
        if stored.is_none() && analysis::again(&self.children, &self.store, file, &sdist.filename).await?.is_some() {
            // The archive was dropped once it was packed.
            return Ok(None);
        }
        let downloaded = if stored.is_none() { self.fetch(file, sdist, progress).await? } else { None };
        let Some(bytes) = stored.or_else(|| downloaded.clone()) else { return Ok(None) };
        progress.doing(format!("analysing {}", sdist.filename));
        analysis::archive(&self.children, &self.store, file, &sdist.filename, bytes).await?;
        Ok(downloaded.map(|bytes| bytes.len() as u64))
    }

    /// Fetches the sdist and stores it; `None` if that failed, which is recorded.
    async fn fetch(
        &self,
        file: FileId,
        sdist: &FileRecord,
        progress: &Progress,
    ) -> anyhow::Result<Option<bytes::Bytes>> {
        let hear = |received| progress.downloading(&sdist.filename, received, sdist.size);
        match self.client.fetch(sdist, &hear).await {
            Ok(bytes) => {
                self.store.file_fetched(file, bytes.clone()).await?;
                Ok(Some(bytes))
            }
            Err(failure) => {
                self.store.file_ended(file, failure.state(), &failure.to_string()).await?;
                Ok(None)
            }
        }
    }
}

/// The release asked for.
fn wanted<'a>(request: &Request, page: &'a ProjectPage) -> Option<&'a ReleaseRecord> {
    page.releases.iter().find(|release| match &request.wanted {
        Wanted::Latest => release.latest,
        Wanted::Version(version) => release.version.is_same_release(version),
    })
}

/// The sdist to analyse, if the release has one worth fetching.
fn selected(release: &ReleaseRecord) -> Option<&FileRecord> {
    if release.state != ReleaseState::Selected {
        return None;
    }
    release.files.get(release.selected?)
}

fn no_release(page: &ProjectPage) -> Surveyed {
    let reason = page.status_text.clone().unwrap_or_else(|| "the project has no files".to_owned());
    Surveyed::NoRelease { state: page.state.as_str(), reason }
}
