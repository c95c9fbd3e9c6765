//! Which survey is shown: the newest, and an earlier one only where a newer takes long to read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Standing;
use crate::{Error, Store};

/// A survey of more projects than these is shown as it was while a newer one is read; a smaller one is waited for.
const QUICK: usize = 2_000;

/// After a read that took a second, the next one begins so many seconds later at the earliest.
const REST: u32 = 10;

/// What a process keeps.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    kept: Mutex<Kept>,
    /// Held by whoever reads.
    gate: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default, Clone)]
struct Kept {
    standing: Option<Arc<Standing>>,
    /// When the next read may begin.
    rested: Option<Instant>,
}

impl Keeper {
    fn kept(&self) -> Kept {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, standing: Arc<Standing>, took: Duration) {
        let rested = Some(Instant::now() + took * REST);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Kept { standing: Some(standing), rested };
    }
}

impl Store {
    /// The survey as it stands. Of a large survey that is being written it may be some moments old.
    pub(crate) async fn standing(&self) -> Result<Arc<Standing>, Error> {
        let version = self.data_version().await?;
        let Kept { standing, rested } = self.standing.kept();
        match standing {
            Some(standing) if standing.data_version == version => Ok(standing),
            Some(standing) if standing.projects.len() > QUICK => {
                if rested.is_none_or(|rested| rested <= Instant::now())
                    && let Ok(gate) = Arc::clone(&self.standing.gate).try_lock_owned()
                {
                    let store = self.clone();
                    tokio::spawn(async move {
                        if let Err(error) = store.read_standing(gate).await {
                            tracing::warn!("reading the survey as it stands: {error}");
                        }
                    });
                }
                Ok(standing)
            }
            _ => self.standing_now(version).await,
        }
    }

    /// The data version of what lists and counts show: that of the survey in memory, if there is one.
    pub async fn shown_version(&self) -> Result<i64, Error> {
        match self.standing.kept().standing {
            Some(_) => Ok(self.standing().await?.data_version),
            None => self.data_version().await,
        }
    }

    /// The survey that was read last, however old, without waiting for one.
    pub(crate) fn kept_standing(&self) -> Option<Arc<Standing>> {
        self.standing.kept().standing
    }

    /// Reads the survey now, so that whoever asks for a list first need not wait for it.
    pub async fn warm_up(&self) -> Result<(), Error> {
        self.standing().await.map(drop)
    }

    /// Reads on even if whoever asked goes away: the next one asks for the same.
    async fn standing_now(&self, version: i64) -> Result<Arc<Standing>, Error> {
        let gate = Arc::clone(&self.standing.gate).lock_owned().await;
        if let Some(standing) = self.standing.kept().standing.filter(|kept| kept.data_version >= version) {
            return Ok(standing);
        }
        let store = self.clone();
        let reading = tokio::spawn(async move { store.read_standing(gate).await });
        reading.await.map_err(|error| Error::Damaged(format!("reading the survey: {error}")))?
    }

    async fn read_standing(&self, gate: tokio::sync::OwnedMutexGuard<()>) -> Result<Arc<Standing>, Error> {
        let began = Instant::now();
        let before = self.standing.kept().standing;
        let standing = Arc::new(self.load_standing(before).await?);
        self.standing.keep(Arc::clone(&standing), began.elapsed());
        drop(gate);
        Ok(standing)
    }
}
