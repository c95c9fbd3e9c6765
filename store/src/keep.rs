//! What a process holds in memory of the survey: the newest, and an earlier one only where a newer takes long to read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use metrics::histogram;

use crate::{Error, Store};

/// Seconds that reading the survey into memory took, by what was read: `standing` or `past`.
pub const MEMORY_SECONDS: &str = "abiscope_memory_read_duration_seconds";

/// A survey of more projects than these is shown as it was while a newer one is read; a smaller one is waited for.
const QUICK: usize = 2_000;

/// After a read that took a second, the next one begins so many seconds later at the earliest.
const REST: u32 = 10;

/// A read that takes less is not worth a line of the log.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// Something that follows from all that the survey knows, and is read again when something was written.
pub(crate) trait Memory: Send + Sync + Sized + 'static {
    /// The data version that it was read at.
    fn data_version(&self) -> i64;

    /// What it is, in a word, for metrics and the log.
    const WHAT: &'static str;

    /// How many projects it is about.
    fn projects(&self) -> usize;

    /// Where a process keeps it.
    fn keeper(store: &Store) -> &Keeper<Self>;

    /// Reads it now; what was read before helps.
    fn read(store: &Store, before: Option<Arc<Self>>) -> impl Future<Output = Result<Self, Error>> + Send;
}

/// What a process keeps.
#[derive(Debug)]
pub(crate) struct Keeper<M> {
    kept: Mutex<Kept<M>>,
    /// Held by whoever reads.
    gate: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct Kept<M> {
    memory: Option<Arc<M>>,
    /// When the next read may begin.
    rested: Option<Instant>,
}

impl<M> Default for Keeper<M> {
    fn default() -> Self {
        Self { kept: Mutex::new(Kept { memory: None, rested: None }), gate: Arc::default() }
    }
}

impl<M> Keeper<M> {
    /// What was read last, however old.
    pub(crate) fn kept(&self) -> Option<Arc<M>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).memory.clone()
    }

    fn is_rested(&self) -> bool {
        let rested = self.kept.lock().unwrap_or_else(PoisonError::into_inner).rested;
        rested.is_none_or(|rested| rested <= Instant::now())
    }

    fn keep(&self, memory: Arc<M>, took: Duration) {
        let rested = Some(Instant::now() + took * REST);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Kept { memory: Some(memory), rested };
    }
}

impl Store {
    /// What this process holds of the survey. Of a large survey that is being written it may be some moments old.
    pub(crate) async fn remembered<M: Memory>(&self) -> Result<Arc<M>, Error> {
        let version = self.data_version().await?;
        match M::keeper(self).kept() {
            Some(memory) if memory.data_version() == version => Ok(memory),
            Some(memory) if memory.projects() > QUICK => {
                if M::keeper(self).is_rested()
                    && let Ok(gate) = Arc::clone(&M::keeper(self).gate).try_lock_owned()
                {
                    let store = self.clone();
                    tokio::spawn(async move {
                        if let Err(error) = store.read_memory::<M>(gate).await {
                            tracing::warn!("reading the survey: {error}");
                        }
                    });
                }
                Ok(memory)
            }
            _ => self.remembered_now(version).await,
        }
    }

    /// What follows from what is written now, for whoever can wait for it.
    pub(crate) async fn remembered_newest<M: Memory>(&self) -> Result<Arc<M>, Error> {
        let version = self.data_version().await?;
        match M::keeper(self).kept() {
            Some(memory) if memory.data_version() == version => Ok(memory),
            _ => self.remembered_now(version).await,
        }
    }

    /// Reads on even if whoever asked goes away: the next one asks for the same.
    async fn remembered_now<M: Memory>(&self, version: i64) -> Result<Arc<M>, Error> {
        let gate = Arc::clone(&M::keeper(self).gate).lock_owned().await;
        if let Some(memory) = M::keeper(self).kept().filter(|kept| kept.data_version() >= version) {
            return Ok(memory);
        }
        let store = self.clone();
        let reading = tokio::spawn(async move { store.read_memory(gate).await });
        reading.await.map_err(|error| Error::Damaged(format!("reading the survey: {error}")))?
    }

    async fn read_memory<M: Memory>(&self, gate: tokio::sync::OwnedMutexGuard<()>) -> Result<Arc<M>, Error> {
        let began = Instant::now();
        let memory = Arc::new(M::read(self, M::keeper(self).kept()).await?);
        let took = began.elapsed();
        histogram!(MEMORY_SECONDS, "what" => M::WHAT).record(took.as_secs_f64());
        if took >= WORTH_TELLING {
            let (projects, seconds) = (memory.projects(), took.as_secs_f64());
            tracing::info!("read into memory: {}, {projects} projects, {seconds:.1} s", M::WHAT);
        }
        M::keeper(self).keep(Arc::clone(&memory), took);
        drop(gate);
        Ok(memory)
    }
}
