//! The pool: as many children as may work at once, started when they are needed and used again.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use analyzer::Fingerprint;
use anyhow::Context;
use bytes::Bytes;
use metrics::counter;
use tokio::sync::Semaphore;

use super::faults;
use super::nursery::{Nursery, own_program};
use super::outcome::{self, Outcome};
use super::wire::{Input, Message, Request};
use super::worker::Worker;

/// Files that one child is given: what an allocator leaves in pieces is not counted against the file that comes last.
const FILES: u64 = 100;

/// The metric of children that were started.
pub const CHILDREN: &str = "abiscope_analysis_children_total";
/// The metric of children that did not come to an end with their file.
pub const CHILD_FAILURES: &str = "abiscope_analysis_child_failures_total";

/// How children are run.
#[derive(Debug, Clone)]
pub struct Config {
    /// The program to start; this one, but for tests.
    pub program: PathBuf,
    /// How many may work at once.
    pub children: usize,
    /// Bytes of memory that each allows itself.
    pub memory: u64,
    /// How long a file may take.
    pub deadline: Duration,
    /// Names of files make faults, for tests; only in debug builds.
    pub faults: bool,
}

impl Config {
    /// This program, one child a core, 1 GiB and two minutes for each file.
    pub fn new() -> anyhow::Result<Self> {
        let children = std::thread::available_parallelism().map_or(1, usize::from);
        let asked = faults::deadline();
        Ok(Self {
            program: own_program()?,
            children,
            memory: 1 << 30,
            deadline: asked.unwrap_or(Duration::from_mins(2)),
            faults: asked.is_some(),
        })
    }
}

/// Children to analyse in. They end with it.
pub struct Pool {
    nursery: Nursery,
    idle: Mutex<Vec<Worker>>,
    /// One for each child that may work.
    places: Semaphore,
    number: AtomicU64,
    config: Config,
}

impl Pool {
    /// A pool that has not started any child yet. To be called inside a runtime.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        Ok(Self {
            nursery: Nursery::open(config.clone())?,
            idle: Mutex::default(),
            places: Semaphore::new(config.children.max(1)),
            number: AtomicU64::new(0),
            config,
        })
    }

    /// Analyses an sdist. Waits until a child is free. An error is about this machine, never about the file: no child can
    /// be started. What is `known` already is not analysed.
    pub async fn archive(&self, filename: &str, archive: Bytes, known: Vec<Fingerprint>) -> anyhow::Result<Outcome> {
        self.analysed(filename, Input::Archive, archive, known).await
    }

    /// Analyses what is in a source pack again; as [`Pool::archive`].
    pub async fn pack(&self, filename: &str, pack: Bytes, known: Vec<Fingerprint>) -> anyhow::Result<Outcome> {
        self.analysed(filename, Input::Pack, pack, known).await
    }

    async fn analysed(
        &self,
        filename: &str,
        input: Input,
        bytes: Bytes,
        known: Vec<Fingerprint>,
    ) -> anyhow::Result<Outcome> {
        let _place = self.places.acquire().await.context("waiting for a child")?;
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let head = Request { number, filename: filename.to_owned(), input, known };
        let request = Message { head, parts: vec![bytes] };
        // Taken out while it works: if nobody waits for the answer any more, the child goes, too.
        let mut worker = self.worker().await?;
        tracing::debug!(file = filename, "a child analyses it");
        let reply = match tokio::time::timeout(self.config.deadline, worker.ask(&request)).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
                worker.kill().await;
                failed("garbage");
                return Ok(Outcome::failed(garbage(&error.to_string())));
            }
            Ok(Err(_)) => {
                let (status, said) = worker.end().await;
                failed("crashed");
                return Ok(Outcome::failed(outcome::death(status, &said)));
            }
            Err(_) => {
                worker.kill().await;
                let seconds = self.config.deadline.as_secs();
                failed("too-slow");
                return Ok(Outcome::failed(format!("the analyzer was stopped: no answer within {seconds} seconds")));
            }
        };
        let outcome =
            tokio::task::spawn_blocking(move || Outcome::of(reply, &request.head)).await.context("reading a report")?;
        match outcome {
            Ok(outcome) => {
                self.put_back(worker);
                Ok(outcome)
            }
            Err(error) => {
                worker.kill().await;
                failed("garbage");
                Ok(Outcome::failed(garbage(&format!("{error:#}"))))
            }
        }
    }

    /// A child that waits for work: one from before, or a new one.
    async fn worker(&self) -> anyhow::Result<Worker> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut worker) = idle else {
                counter!(CHILDREN).increment(1);
                return Worker::start(&self.nursery).await;
            };
            if worker.is_alive() {
                return Ok(worker);
            }
            worker.kill().await;
        }
    }

    fn put_back(&self, worker: Worker) {
        if worker.given < FILES {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
    }
}

/// Counts a child that did not come to an end with its file.
fn failed(how: &'static str) {
    counter!(CHILD_FAILURES, "how" => how).increment(1);
}

fn garbage(why: &str) -> String {
    format!("the analyzer answered garbage: {}", outcome::shown(why))
}
