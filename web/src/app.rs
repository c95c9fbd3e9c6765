//! What handlers share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use capi::{Target, Version};
use store::{Error, Overview};
use tokio::sync::Semaphore;

use crate::Survey;

/// The target of pages that are asked for none: the oldest CPython that is still maintained (PEP 602's five years).
pub(crate) const DEFAULT_TARGET: Target = Target::Abi3(Version::new(3, 11));

/// Answers built at the same time; more wait.
const AT_ONCE: usize = 64;

/// For how long a data version is believed: a page is at most this stale, and a burst asks once.
const BELIEVED: Duration = Duration::from_secs(1);

/// The state of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

struct Inner {
    survey: Arc<dyn Survey>,
    permits: Semaphore,
    version: Mutex<Option<(Instant, i64)>>,
    overviews: Mutex<(i64, HashMap<Target, Arc<Overview>>)>,
}

impl App {
    pub(crate) fn new(survey: Arc<dyn Survey>) -> Self {
        Self(Arc::new(Inner {
            survey,
            permits: Semaphore::new(AT_ONCE),
            version: Mutex::new(None),
            overviews: Mutex::new((-1, HashMap::new())),
        }))
    }

    pub(crate) fn survey(&self) -> &dyn Survey {
        self.0.survey.as_ref()
    }

    pub(crate) fn permits(&self) -> &Semaphore {
        &self.0.permits
    }

    /// The data version, at most a second old.
    pub(crate) async fn data_version(&self) -> Result<i64, Error> {
        let known = *self.0.version.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((when, version)) = known
            && when.elapsed() < BELIEVED
        {
            return Ok(version);
        }
        let version = self.survey().data_version().await?;
        *self.0.version.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), version));
        Ok(version)
    }

    /// The overview of one data version: asked once, then remembered. Lists take their denominators from it.
    pub(crate) async fn overview(&self, target: Target, version: i64) -> Result<Arc<Overview>, Error> {
        if let Some(known) = self.remembered(target, version) {
            return Ok(known);
        }
        let overview = Arc::new(self.survey().overview(target).await?);
        let mut memory = self.0.overviews.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.0 != version {
            *memory = (version, HashMap::new());
        }
        memory.1.insert(target, Arc::clone(&overview));
        Ok(overview)
    }

    fn remembered(&self, target: Target, version: i64) -> Option<Arc<Overview>> {
        let memory = self.0.overviews.lock().unwrap_or_else(PoisonError::into_inner);
        (memory.0 == version).then(|| memory.1.get(&target).cloned()).flatten()
    }
}
