//! Writing: the steps of an sdist's way, each one transaction and an upsert.

use analyzer::{Report, SourceTree};
use bytes::Bytes;
use packaging::{ProjectName, ReleaseVersion};

use crate::{Error, FileId, FileState, ProjectPage, ProjectState, Store};

impl Store {
    /// Records a project's page: the project, its releases and their files. Files that already got further than
    /// `queued` keep their state; an older page never overwrites a newer one.
    pub async fn project_recorded(&self, page: &ProjectPage) -> Result<(), Error> {
        let _ = (&self.pool, &self.blobs, page);
        unimplemented!()
    }

    /// Records a project that has no page: `not-found`, `deferred`, `index-too-large`, with the reason. What is known of it is kept.
    pub async fn project_ended(&self, name: &ProjectName, state: ProjectState, reason: &str) -> Result<(), Error> {
        let _ = (name, state, reason);
        unimplemented!()
    }

    /// The selected sdist of a release, if the release is known and has one.
    pub async fn selected_file(&self, name: &ProjectName, version: &ReleaseVersion) -> Result<Option<FileId>, Error> {
        let _ = (name, version);
        unimplemented!()
    }

    /// The state of a file.
    pub async fn file_state(&self, file: FileId) -> Result<FileState, Error> {
        let _ = file;
        unimplemented!()
    }

    /// Whether a file has a report of exactly this analyzer and C-API data.
    pub async fn is_analysed(&self, file: FileId) -> Result<bool, Error> {
        let _ = file;
        unimplemented!()
    }

    /// Stores the verified bytes of a file, then sets it `fetched`. Nothing claims a blob that is not there.
    pub async fn file_fetched(&self, file: FileId, bytes: Bytes) -> Result<(), Error> {
        let _ = (file, bytes);
        unimplemented!()
    }

    /// The stored bytes of a file that was fetched, verified again.
    pub async fn file_bytes(&self, file: FileId) -> Result<Option<Bytes>, Error> {
        let _ = file;
        unimplemented!()
    }

    /// Stores a file's report: source pack, sites, uses, verdicts; sets it `analysed`.
    pub async fn file_analysed(&self, file: FileId, tree: &SourceTree, report: &Report) -> Result<(), Error> {
        let _ = (file, tree, report);
        unimplemented!()
    }

    /// Records that a file's way ended elsewhere: `unreadable`, `hash-mismatch`, `deferred`, …, with the reason.
    pub async fn file_ended(&self, file: FileId, state: FileState, reason: &str) -> Result<(), Error> {
        let _ = (file, state, reason);
        unimplemented!()
    }
}
