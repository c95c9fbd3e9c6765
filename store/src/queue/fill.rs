//! Enqueueing what the tables say is to be done.
//!
//! It follows from the states of files alone, so that a job that was lost is found again ([`Store::enqueue_waiting_files`]).

use packaging::ProjectName;
use sqlx::query;

use super::{Job, NewJob, Priority};
use crate::{Error, FileId, FileState, Store, words};

/// Files that are looked at together.
const BATCH: i64 = 1000;

impl Store {
    /// Enqueues the next step of each selected sdist of a project: to fetch what waits for it, to analyse what is stored.
    /// In a crawl, releases whose wheels are only bundled binaries go later. Returns how many jobs are new.
    pub async fn enqueue_project_files(&self, name: &ProjectName, priority: Priority) -> Result<u64, Error> {
        let rows = query!(
            r#"SELECT f.id, f.state AS "state!",
                   coalesce((SELECT bool_and(split_part(w.detail, '-', 2) = 'none') FROM files w
                       WHERE w.release_id = f.release_id AND w.kind = 'wheel' AND w.listed), false) AS "bundled!"
               FROM projects p JOIN releases r ON r.project_id = p.id JOIN files f ON f.release_id = r.id
               WHERE p.name = $1 AND f.selected AND f.state IN ('queued', 'deferred', 'fetched')
               ORDER BY r.position DESC"#,
            name.as_str(),
        )
        .fetch_all(&self.pool)
        .await?;
        let jobs = rows.into_iter().map(|row| {
            let later = row.bundled && priority == Priority::Crawl;
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
                BATCH,
            )
            .fetch_all(&self.pool)
            .await?;
            let Some(last) = rows.last() else { return Ok(added) };
            after = last.id;
            let jobs = rows.iter().map(|row| next_step(FileId(row.id), &row.state, Priority::Crawl));
            added += self.enqueue(&jobs.collect::<Result<Vec<_>, _>>()?).await?;
        }
    }

    /// Enqueues the analysis of every analysed file that has no report of this analyzer and C-API data yet, and of those
    /// an older analyzer failed on. Returns how many jobs are new.
    pub async fn enqueue_reanalysis(&self) -> Result<u64, Error> {
        let (mut after, mut added) = (0, 0);
        loop {
            let rows = query!(
                "SELECT id FROM files f
                 WHERE id > $1 AND selected AND state IN ('analysed', 'analyzer-failed') AND fetched_at IS NOT NULL
                   AND NOT EXISTS (SELECT FROM reports rep WHERE rep.file_id = f.id
                       AND rep.analyzer_version = $3 AND rep.capi_version = $4)
                 ORDER BY id LIMIT $2",
                after,
                BATCH,
                analyzer::ANALYZER_VERSION,
                capi::DATA_VERSION,
            )
            .fetch_all(&self.pool)
            .await?;
            let Some(last) = rows.last() else { return Ok(added) };
            after = last.id;
            let again = |id| NewJob::new(Job::Analyse { file: FileId(id) }, Priority::Reanalysis);
            added += self.enqueue(&rows.iter().map(|row| again(row.id)).collect::<Vec<_>>()).await?;
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
