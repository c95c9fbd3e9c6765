//! The server.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::MutexGuard;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;

use crate::generated::{Case, Generated};
use crate::plan::Running;
use crate::world::{Shared, World};
use crate::{Fault, FaultPlan, ProjectHandle, answer};

/// A running index; stops when dropped.
///
/// It runs on a thread of its own, so that it answers async tests, blocking tests and programs started by tests alike.
#[derive(Debug)]
pub struct FakeIndex {
    address: SocketAddr,
    world: Shared,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeIndex {
    /// Starts an empty index on a free loopback port.
    #[expect(clippy::unused_async, reason = "async tests start everything with await")]
    pub async fn start() -> Self {
        Self::start_in_thread()
    }

    /// Starts an empty index on a free loopback port, for tests without a runtime.
    pub fn start_in_thread() -> Self {
        Self::start_at(0)
    }

    /// Starts an empty index on this loopback port.
    pub fn start_at(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("a free loopback port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let world = Shared::default();
        let (stop, stopped) = oneshot::channel();
        let served = world.clone();
        let thread = std::thread::spawn(move || serve(listener, &served, stopped));
        Self { address, world, stop: Some(stop), thread: Some(thread) }
    }

    /// The Simple API's address, what `--index-url` takes.
    pub fn url(&self) -> String {
        format!("http://{}/simple/", self.address)
    }

    /// The address of a file that was added.
    pub fn file_url(&self, project: &str, filename: &str) -> String {
        format!("http://{}/files/{project}/{filename}", self.address)
    }

    /// Makes a project without files, or finds it; its page carries the name as written here.
    pub fn add(&self, name: &str) -> ProjectHandle<'_> {
        ProjectHandle::new(self, name)
    }

    /// Deletes a project with its files.
    pub fn remove(&self, name: &str) {
        self.world().projects.remove(&crate::project::normalise(name));
    }

    /// Adds `projects` projects made from `seed`: every case of [`Case`], in the same order each time. They cost next
    /// to nothing until they are asked for, and their files share a few archives.
    pub fn generate(&self, seed: u64, projects: u32) {
        let root = format!("http://{}", self.address);
        self.world().generated = Some(Generated::new(&root, seed, projects));
    }

    /// Time passes in the generated projects: some have a new release, yank one, or are quarantined or deleted; of some
    /// only the serial moves. The same steps lead to the same world.
    pub fn evolve(&self) {
        if let Some(generated) = &mut self.world().generated {
            generated.evolve();
        }
    }

    /// So many more generated projects appear.
    pub fn grow(&self, projects: u32) {
        if let Some(generated) = &mut self.world().generated {
            generated.grow(projects);
        }
    }

    /// The generated projects by their normalised names, deleted ones included.
    pub fn generated(&self) -> Vec<(String, Case)> {
        self.world().generated.as_ref().map(Generated::all).unwrap_or_default()
    }

    /// Answers with `ETag` and `X-PyPI-Last-Serial`, and with 304 where it may. Until told it does neither, as mirrors
    /// do.
    pub fn send_validators(&self) {
        self.world().validators = true;
    }

    /// The listing of all projects says this instead of the truth.
    pub fn listing(&self, body: impl Into<Vec<u8>>) {
        self.world().listing = Some(body.into().into());
    }
    /// Serves any other content at `path`, which begins with a slash; gives its address.
    pub fn serve(&self, path: &str, content: impl Into<Vec<u8>>) -> String {
        self.world().extras.insert(path.to_owned(), content.into().into());
        format!("http://{}{path}", self.address)
    }
}

/// What goes wrong.
impl FakeIndex {
    /// Spoils the next `times` answers for `path` (`/simple/`, `/simple/demo/`, `/files/demo/demo-1.0.tar.gz`). Faults
    /// of one path happen one after the other.
    pub fn fault(&self, path: &str, fault: Fault, times: u32) {
        self.world().faults.entry(path.to_owned()).or_default().push_back((fault, times));
    }

    /// Ends every fault that [`FakeIndex::fault`] asked for.
    pub fn heal(&self) {
        self.world().faults.clear();
    }

    /// Begins a phase with this plan of faults, or with none. Faults asked for by [`FakeIndex::fault`] come first and
    /// outlast the phase.
    pub fn begin_phase(&self, plan: Option<FaultPlan>) {
        self.world().plan = plan.map(Running::new);
    }
}

/// What was asked.
impl FakeIndex {
    /// The requests so far, as `GET /simple/demo/`.
    pub fn requests(&self) -> Vec<String> {
        self.world().log.requests.iter().map(|request| request.line.clone()).collect()
    }

    /// When each request so far came, by the machine's clock.
    pub fn arrivals(&self) -> Vec<SystemTime> {
        self.world().log.requests.iter().map(|request| request.came_at).collect()
    }

    /// What each request so far had in `header` (lower case), empty where it had none.
    pub fn request_headers(&self, header: &str) -> Vec<String> {
        let world = self.world();
        let value_of = |headers: &[(String, String)]| {
            let found = headers.iter().find(|(name, _)| name == header);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        world.log.requests.iter().map(|request| value_of(&request.headers)).collect()
    }

    /// How many requests there were.
    pub fn total(&self) -> u64 {
        self.world().log.total
    }

    /// How often `path` was asked for.
    pub fn times(&self, path: &str) -> u64 {
        self.world().log.times(path)
    }

    /// The most requests that were answered at the same time.
    pub fn most_at_once(&self) -> usize {
        self.world().log.under_way.most()
    }

    /// The most requests that came within any span of this length.
    pub fn most_within(&self, span: Duration) -> usize {
        self.world().log.most_within(span)
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.world().log.clear();
    }

    /// Keeps only counts of requests from now on: for millions of them.
    pub fn keep_only_counts(&self) {
        self.world().log.only_counts = true;
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock()
    }
}

impl Drop for FakeIndex {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            _ = stop.send(()); // the thread may be gone already
        }
        if let Some(thread) = self.thread.take() {
            _ = thread.join(); // a panic there was printed there
        }
    }
}

/// Serves until told to stop; connections end with the runtime.
fn serve(listener: TcpListener, world: &Shared, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs no more than a thread");
    runtime.block_on(async {
        listener.set_nonblocking(true).expect("sockets can do that");
        let listener = tokio::net::TcpListener::from_std(listener).expect("inside a runtime");
        let server = axum::serve(listener, answer::router(world.clone()));
        tokio::select! {
            result = server.into_future() => result.expect("accepting does not fail for good"),
            _ = stopped => {}
        }
    });
}
