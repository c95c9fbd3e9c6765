//! Enqueueing what the tables say is to be done.
//!
//! It follows from the states of files alone, so that a job that was lost is found again ([`Store::enqueue_waiting_files`]).

use packaging::ProjectName;
use sqlx::{query, query_scalar};

use super::{Job, NewJob, Priority};
use crate::write::commit;
use crate::{Error, FileId, FileState, Store, words};

/// Files that are looked at together.
const BATCH: u32 = 1000;

impl Store {
    /// Enqueues the next step of each selected sdist of a project: to fetch what waits for it, to analyse what is stored.
    /// In a crawl, old releases and those whose wheels are only bundled binaries go later. Returns how many jobs are new.
    pub async fn enqueue_project_files(&self, name: &ProjectName, priority: Priority) -> Result<u64, Error> {
        let rows = query!(
            r#"SELECT f.id, f.state AS "state!",
                   coalesce((SELECT bool_and(split_part(w.detail, '-', 2) = 'none') FROM files w
                       WHERE w.release_id = f.release_id AND w.kind = 'wheel' AND w.listed), false)
                       OR NOT r.standing AS "later!"
               FROM projects p JOIN releases r ON r.project_id = p.id JOIN files f ON f.release_id = r.id
               WHERE p.name = $1 AND f.selected AND f.state IN ('queued', 'deferred', 'fetched')
               ORDER BY r.position DESC"#,
            name.as_str(),
        )
        .fetch_all(&self.pool)
        .await?;
        let jobs = rows.into_iter().map(|row| {
            let later = row.later && priority == Priority::Crawl;
            next_step(FileId(row.id), &row.state, if later { Priority::Low } else { priority })
        });
        self.enqueue(&jobs.collect::<Result<Vec<_>, _>>()?).await
    }

    /// Enqueues the next step of every selected sdist that waits for one, whose job may have been lost. Returns how many
    /// jobs are new.
    pub async fn enqueue_waiting_files(&self) -> Result<u64, Error> {
        let (mut after, mut added) = (0, 0);
        loop {
            let rows = query!(
                r#"SELECT id, state AS "state!" FROM files
                   WHERE id > $1 AND selected AND state IN ('queued', 'deferred', 'fetched') ORDER BY id LIMIT $2"#,
                after,
                i64::from(BATCH),
            )
            .fetch_all(&self.pool)
            .await?;
            let Some(last) = rows.last() else { return Ok(added) };
            after = last.id;
            let jobs = rows.iter().map(|row| next_step(FileId(row.id), &row.state, Priority::Crawl));
            added += self.enqueue(&jobs.collect::<Result<Vec<_>, _>>()?).await?;
        }
    }

    /// Lets the files that ended in a state before they were stored be fetched once more: `hash-mismatch`, `blocked-url`
    /// or `too-large`, when the operator has changed what led to it. Returns how many.
    pub async fn files_fetched_again(&self, state: FileState) -> Result<u64, Error> {
        let mut tx = self.pool.begin().await?;
        let files = query_scalar!(
            "UPDATE files SET state = 'queued', reason = NULL
             WHERE selected AND listed AND state = $1 AND state IN ('hash-mismatch', 'blocked-url', 'too-large')
               AND fetched_at IS NULL RETURNING id",
            state.as_str(),
        )
        .fetch_all(&mut *tx)
        .await?;
        commit(tx).await?;
        // Should this end half-way, upkeep finds the others.
        let jobs = files.iter().map(|id| NewJob::new(Job::Fetch { file: FileId(*id) }, Priority::Crawl));
        self.enqueue(&jobs.collect::<Vec<_>>()).await?;
        Ok(files.len() as u64)
    }

    /// Enqueues the analysis of every file of [`Store::files_outdated`]. Returns how many jobs are new.
    pub async fn enqueue_reanalysis(&self) -> Result<u64, Error> {
        let (mut after, mut added) = (None, 0);
        loop {
            let outdated = self.files_outdated(after, BATCH).await?;
            let Some(last) = outdated.last() else { return Ok(added) };
            after = Some(last.file);
            let again = |file| NewJob::new(Job::Analyse { file }, Priority::Reanalysis);
            added += self.enqueue(&outdated.iter().map(|row| again(row.file)).collect::<Vec<_>>()).await?;
        }
    }
}

fn next_step(file: FileId, state: &str, priority: Priority) -> Result<NewJob, Error> {
    let job = match words::file_state(state)? {
        FileState::Fetched => Job::Analyse { file },
        _ => Job::Fetch { file },
    };
    Ok(NewJob::new(job, priority))
}
