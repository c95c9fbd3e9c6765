//! What handlers share.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use capi::{Target, Version};
use store::{Error, Overview, PureMisses, SnapshotName, Status, StructureRow, WheelCounts};
use tokio::sync::Semaphore;

use crate::asker::Askers;
use crate::by_version::ByVersion;
use crate::error::WebError;
use crate::pages::{self, Touched};
use crate::remembered::Remembered;
use crate::unlock::Unlock;
use crate::{Config, Site, Survey};

/// The target of pages that are asked for none: the oldest CPython that is still maintained (PEP 602's five years).
pub(crate) const DEFAULT_TARGET: Target = Target::Abi3(Version::new(3, 11));

/// Answers built at the same time, for each processor; more wait. Some of them wait for the database, and each holds
/// what it is made of.
const AT_ONCE: usize = 8;

/// The answers of proposals that are made at the same time, for each processor: they keep it busy.
const QUESTIONS: usize = 1;

/// Whole answers, with every row, that are made at the same time: each takes tens of megabytes.
const WHOLE_ANSWERS: usize = 1;

/// Searches of sources at a time: each may keep every core busy. More wait, as long as any answer may take.
const SEARCHES: usize = 2;

/// For how long a data version is believed: a page is at most this stale, and a burst asks once.
const BELIEVED: Duration = Duration::from_secs(1);

/// For how long the status is believed: what it costs is paid once, however many look.
const STATUS_LASTS: Duration = Duration::from_secs(5);

/// For how long figures are believed that are counted over whole tables and move slowly.
const FIGURES_LAST: Duration = Duration::from_mins(10);

/// The state of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

struct Inner {
    survey: Arc<dyn Survey>,
    config: Config,
    askers: Askers,
    readers: Askers,
    permits: Semaphore,
    searches: Semaphore,
    questions: Semaphore,
    whole_answers: Semaphore,
    version: Mutex<Option<(Instant, i64)>>,
    overviews: ByVersion<Target, Overview>,
    structures: ByVersion<(), Vec<StructureRow>>,
    touched: ByVersion<&'static str, Touched>,
    unlocks: ByVersion<Target, Unlock>,
    status: Remembered<Arc<Status>>,
    wheels: Arc<Remembered<WheelCounts>>,
    misses: Arc<Remembered<Arc<PureMisses>>>,
    /// The report that was asked for last: whoever looks at one asks for several of its files.
    report: tokio::sync::Mutex<Option<(SnapshotName, Arc<Site>)>>,
}

impl App {
    pub(crate) fn new(survey: Arc<dyn Survey>, config: Config) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Inner {
            survey,
            config,
            askers: Askers::looking_up(),
            readers: Askers::reading(),
            permits: Semaphore::new(AT_ONCE * processors),
            searches: Semaphore::new(SEARCHES),
            questions: Semaphore::new(QUESTIONS * processors),
            whole_answers: Semaphore::new(WHOLE_ANSWERS),
            version: Mutex::new(None),
            overviews: ByVersion::new(),
            structures: ByVersion::new(),
            touched: ByVersion::new(),
            unlocks: ByVersion::new(),
            status: Remembered::for_the_next(STATUS_LASTS),
            wheels: Arc::new(Remembered::for_the_next(FIGURES_LAST)),
            misses: Arc::new(Remembered::for_the_next(FIGURES_LAST)),
            report: tokio::sync::Mutex::new(None),
        }))
    }

    pub(crate) fn survey(&self) -> &dyn Survey {
        self.0.survey.as_ref()
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn askers(&self) -> &Askers {
        &self.0.askers
    }

    pub(crate) fn readers(&self) -> &Askers {
        &self.0.readers
    }

    pub(crate) fn permits(&self) -> &Semaphore {
        &self.0.permits
    }

    pub(crate) fn searches(&self) -> &Semaphore {
        &self.0.searches
    }

    /// Held while an answer is made with every row.
    pub(crate) fn whole_answers(&self) -> &Semaphore {
        &self.0.whole_answers
    }

    /// Held while a proposal without patterns is answered.
    pub(crate) fn questions(&self) -> &Semaphore {
        &self.0.questions
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

    /// Has the data version asked for anew: this process knows that it has moved.
    pub(crate) fn forget_version(&self) {
        *self.0.version.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How everything stands, at most some seconds old.
    pub(crate) async fn status(&self) -> Result<Arc<Status>, Error> {
        self.0.status.get(async { Ok(Arc::new(self.survey().status().await?)) }).await
    }

    /// What wheels projects ship; `None`: it is being counted, or cannot be.
    pub(crate) async fn wheels(&self) -> Option<WheelCounts> {
        let app = self.clone();
        self.0.wheels.get_soon(async move { app.survey().wheel_counts().await }).await
    }

    /// What the prefilter missed in the sample; `None`: it is being counted, or cannot be.
    pub(crate) async fn misses(&self) -> Option<Arc<PureMisses>> {
        let app = self.clone();
        let count = async move { Ok(Arc::new(app.survey().pure_misses(app.config().sampled).await?)) };
        self.0.misses.get_soon(count).await
    }

    /// Reads and counts what the first pages would wait for. Returns whether all is there, or cannot be had.
    pub(crate) async fn warm_up(&self) -> Result<bool, Error> {
        self.survey().warm_up().await?;
        tokio::join!(self.wheels(), self.misses());
        Ok(self.0.wheels.is_tried() && self.0.misses.is_tried())
    }

    /// The overview: lists take their denominators from it.
    pub(crate) async fn overview(&self, target: Target, version: i64) -> Result<Arc<Overview>, Error> {
        self.0.overviews.get(target, version, self.survey().overview(target)).await
    }

    /// How many projects touch each structure.
    pub(crate) async fn structures(&self, version: i64) -> Result<Arc<Vec<StructureRow>>, Error> {
        self.0.structures.get((), version, self.survey().structures()).await
    }

    /// Who touches one of CPython's structures.
    pub(crate) async fn touched(&self, name: &'static str, version: i64) -> Result<Arc<Touched>, Error> {
        let make = async {
            let _turn = self.questions().acquire().await;
            pages::touched(self.survey(), name).await
        };
        self.0.touched.get(name, version, make).await
    }

    /// The report of a snapshot, which never changes.
    pub(crate) async fn report(&self, name: &SnapshotName) -> Result<Option<Arc<Site>>, WebError> {
        let mut kept = self.0.report.lock().await;
        if let Some((of, site)) = &*kept
            && of == name
        {
            return Ok(Some(Arc::clone(site)));
        }
        let heads = self.survey().snapshots().await?;
        let Some(head) = heads.iter().find(|head| head.name == name.as_str()) else { return Ok(None) };
        let Some(frozen) = self.survey().snapshot_figures(name).await? else { return Ok(None) };
        let site = Arc::new(crate::report::report(&frozen, Some(head))?);
        *kept = Some((name.clone(), Arc::clone(&site)));
        Ok(Some(site))
    }

    /// The unlock curves of a target.
    pub(crate) async fn unlock(&self, target: Target, version: i64) -> Result<Arc<Unlock>, Error> {
        let make = async { Ok(Unlock::of(&self.survey().blocked_projects(target).await?)) };
        self.0.unlocks.get(target, version, make).await
    }
}
