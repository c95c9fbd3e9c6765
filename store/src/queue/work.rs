//! Working the queue off.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::Shared;
use graphile_worker::{Database, IntoTaskHandlerResult, TaskHandler, Worker, WorkerContext, WorkerOptions};
use serde::{Deserialize, Serialize};
use sqlx::query;
use tokio::sync::Notify;

use super::driver::Driver;
use super::failure::STORE_TROUBLE;
use super::rest::Rest;
use super::{BoxFuture, Job, JobEnd, JobFailure, JobHandler, Priority, SCHEMA};
use crate::{Error, FileId, Presence, Store};

/// How long to wait when the database went away in the middle, before it is looked for again.
const RECONNECT: Duration = Duration::from_secs(1);

/// How to work.
#[derive(Debug, Clone)]
pub struct WorkOptions {
    /// Jobs at a time; at least 1.
    pub jobs: usize,
    /// Who works, for the status page.
    pub presence: Presence,
    /// How often a worker says that it lives.
    pub heartbeat: Duration,
    /// How long a worker may be silent before others take its jobs.
    pub silence: Duration,
    /// How often silent workers are looked for.
    pub sweep: Duration,
    /// How often the queue is looked at where no notice came.
    pub poll: Duration,
    /// What running jobs are given when the worker is to stop; after that they go back to the queue and cost no try.
    pub grace: Duration,
}

impl WorkOptions {
    /// As the contract has it: heartbeat 30 seconds, sweep after 5 minutes of silence.
    pub fn new(jobs: usize, presence: Presence) -> Self {
        Self {
            jobs,
            presence,
            heartbeat: Duration::from_secs(30),
            silence: Duration::from_mins(5),
            sweep: Duration::from_mins(1),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(30),
        }
    }
}

/// Says when to stop; asked by several.
type Stop = Shared<BoxFuture<'static, ()>>;

impl Store {
    /// Runs jobs until `stop` completes; then takes no more, waits for those under way, and returns. While the database
    /// is away it waits for it. Fails only if the database is there and this binary cannot work with it.
    pub async fn work(
        &self,
        options: &WorkOptions,
        handler: Arc<dyn JobHandler>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let stop: Stop = (Box::pin(stop) as BoxFuture<'static, ()>).shared();
        let presence = tokio::spawn(self.clone().stay_present(options.presence.clone(), options.heartbeat));
        let done = self.work_on(options, &handler, &stop).await;
        presence.abort();
        // If the database is gone, the row ages away.
        let _ = self.left(&options.presence).await;
        done
    }

    async fn work_on(&self, options: &WorkOptions, handler: &Arc<dyn JobHandler>, stop: &Stop) -> Result<(), Error> {
        let mut last = None;
        let rest = Arc::new(Rest::default());
        let handler = Handler { inner: Arc::clone(handler), ended: Arc::default(), rest, stop: stop.clone() };
        while stop.peek().is_none() {
            match self.work_once(options, &handler, stop, &mut last).await {
                Ok(()) => {}
                Err(Trouble::Ours(error)) if !error.is_passing() => return Err(error),
                Err(trouble) => {
                    tracing::warn!("working the queue off: {trouble}; going on when the database answers");
                    tokio::select! { () = tokio::time::sleep(RECONNECT) => {}, () = stop.clone() => {} }
                }
            }
        }
        Ok(())
    }

    /// One worker of the library, from its start to its end. It ends early when the database does; what it held then
    /// (`last`) is freed by its successor, which need not wait until the silence is noticed.
    async fn work_once(
        &self,
        options: &WorkOptions,
        handler: &Handler,
        stop: &Stop,
        last: &mut Option<String>,
    ) -> Result<(), Trouble> {
        self.check().await.map_err(Trouble::Ours)?;
        if let Some(worker) = last.take_if(|_| true) {
            let freed = self.freed(&worker).await;
            if freed.is_err() {
                *last = Some(worker);
            }
            freed.map_err(Trouble::Ours)?;
        }
        self.given_up_removed().await.map_err(Trouble::Ours)?;
        let worker = self.worker(options, handler, stop).await?;
        *last = Some(worker.worker_id().clone());
        worker.run().await.map_err(|error| Trouble::Library(error.to_string()))?;
        *last = None;
        Ok(())
    }

    async fn worker(&self, options: &WorkOptions, handler: &Handler, stop: &Stop) -> Result<Worker, Trouble> {
        let handler = Handler { ended: Arc::default(), ..handler.clone() };
        WorkerOptions::default()
            .database(Database::new(Driver::new(&self.pool, Arc::clone(&handler.ended))))
            .schema(SCHEMA)
            .concurrency(options.jobs.max(1))
            .poll_interval(options.poll)
            .heartbeat_interval(options.heartbeat)
            .sweep_interval(options.sweep)
            .sweep_threshold(options.silence)
            .recovery_delay(Duration::ZERO)
            .listen_os_shutdown_signals(false)
            .shutdown_signal(stop.clone())
            .shutdown_grace_period(options.grace)
            .shutdown_interrupted_job_retry_delay(Duration::ZERO)
            .add_extension(handler)
            .define_job::<ReadProject>()
            .define_job::<Fetch>()
            .define_job::<Analyse>()
            .define_job::<Refresh>()
            .init()
            .await
            .map_err(|error| Trouble::Library(error.to_string()))
    }

    /// Takes all jobs from a worker that is known to have stopped. They cost no try.
    async fn freed(&self, worker: &str) -> Result<(), Error> {
        query!("SELECT graphile_worker.recover_dead_worker_jobs(ARRAY[$1::text])", worker)
            .fetch_all(&self.pool)
            .await?;
        query!("SELECT graphile_worker.worker_deregister($1)", worker).fetch_all(&self.pool).await?;
        Ok(())
    }

    /// Removes jobs that were running when the same was enqueued once more, and then failed: the other one stands for
    /// them.
    async fn given_up_removed(&self) -> Result<(), Error> {
        query!(
            r#"SELECT count(*) FROM graphile_worker.complete_jobs(ARRAY(
                 SELECT id FROM graphile_worker.jobs WHERE key IS NULL AND locked_at IS NULL AND attempts >= max_attempts))"#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(())
    }
}

/// Why a worker ended early.
enum Trouble {
    Ours(Error),
    /// The library says only in words what it was: mostly that the database went away.
    Library(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ours(error) => error.fmt(f),
            Self::Library(words) => f.write_str(words),
        }
    }
}

/// The handler, as the library hands it to each job.
#[derive(Clone)]
struct Handler {
    inner: Arc<dyn JobHandler>,
    /// Told when a job ended.
    ended: Arc<Notify>,
    /// What all jobs of this process wait for.
    rest: Arc<Rest>,
    stop: Stop,
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler")
    }
}

/// Runs a job, then has the next one looked for.
async fn run(job: Option<Job>, context: WorkerContext) -> Result<(), JobFailure> {
    let Some(Handler { inner, ended, rest, stop }) = context.get_ext::<Handler>() else {
        return Err(JobFailure::counted("this worker has no handler"));
    };
    // Also when it panics.
    let _told = Told(ended);
    let Some(job) = job else {
        return Err(JobFailure::counted(format!("this job cannot be read: {}", context.payload())));
    };
    let under_way = UnderWay::new(&**inner, &job);
    let priority = Priority::from_number(*context.job().priority());
    let outcome = tokio::select! {
        biased;
        () = rest.over() => inner.run(job.clone(), priority).await,
        () = stop.clone() => Err(JobFailure::put_back("the worker stopped before it began", Duration::ZERO)),
    };
    let Err(failure) = outcome else {
        under_way.ended(JobEnd::Done);
        return Ok(());
    };
    if failure.rests {
        rest.begin(STORE_TROUBLE);
    }
    if let Some(rest) = failure.put_back {
        put_back(&context, &failure, rest).await;
        under_way.ended(JobEnd::PutBack(&failure));
    } else if context.job().attempts() >= context.job().max_attempts() {
        under_way.ended(JobEnd::Parked(&failure));
    } else {
        under_way.ended(JobEnd::Failed(&failure));
    }
    Err(failure)
}

/// A run whose handler is told how it ends, also when it panics or is given up.
struct UnderWay<'a> {
    handler: &'a dyn JobHandler,
    job: &'a Job,
    since: Instant,
    is_told: bool,
}

impl<'a> UnderWay<'a> {
    fn new(handler: &'a dyn JobHandler, job: &'a Job) -> Self {
        Self { handler, job, since: Instant::now(), is_told: false }
    }

    fn ended(mut self, end: JobEnd<'_>) {
        self.is_told = true;
        self.handler.ended(self.job, end, self.since.elapsed());
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if !self.is_told {
            self.handler.ended(self.job, JobEnd::Broken, self.since.elapsed());
        }
    }
}

/// Tells when it is dropped.
struct Told<'a>(&'a Notify);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Gives a job back to the queue here, because the library counts every failure. It is no longer ours then, and what the
/// library does about the failure touches only jobs that are.
async fn put_back(context: &WorkerContext, failure: &JobFailure, rest: Duration) {
    let given_back = graphile_worker::sql::return_jobs::recovery::return_job_for_recovery(
        context.database(),
        context.job(),
        context.schema(),
        context.worker_id(),
        Some(rest),
        Some(failure.message()),
    );
    if let Err(error) = given_back.await {
        tracing::warn!("a job that was to be put back is counted: {error}");
    }
}

/// A kind of job with its payload, as the library wants it.
macro_rules! tasks {
    ($($name:ident { $($field:ident: $type:ty)? } = $kind:literal, |$task:ident| $job:expr;)*) => {$(
        #[derive(Serialize, Deserialize)]
        struct $name { $($field: $type)? }

        impl TaskHandler for $name {
            const IDENTIFIER: &'static str = $kind;

            async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
                let $task = self;
                run($job, context).await
            }
        }
    )*};
}

tasks! {
    ReadProject { name: String } = "read-project", |task| task.name.parse().ok().map(|name| Job::ReadProject { name });
    Fetch { file: i64 } = "fetch", |task| Some(Job::Fetch { file: FileId(task.file) });
    Analyse { file: i64 } = "analyse", |task| Some(Job::Analyse { file: FileId(task.file) });
    Refresh {} = "refresh", |_task| Some(Job::Refresh);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JobKind;

    #[test]
    fn the_library_knows_each_kind_by_our_word() {
        let words = [ReadProject::IDENTIFIER, Fetch::IDENTIFIER, Analyse::IDENTIFIER, Refresh::IDENTIFIER];
        assert!(JobKind::ALL.iter().map(|kind| kind.as_str()).eq(words));
    }
}
