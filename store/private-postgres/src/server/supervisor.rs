//! The supervisor: this same program, started again to look after the server for as long as a command is joined.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::process::Command;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::binaries::{self, Binaries, Choice};
use super::layout::Layout;
use super::postmaster::Postmaster;
use super::report::{Kind, Order, Report};
use super::state::State;
use super::{cluster, download, locks};
use crate::{Error, Step};

/// The first argument of a process that is not a command of the program, and the two that may follow.
pub(crate) const HIDDEN: &str = "__private-postgres";
pub(crate) const SUPERVISE: &str = "supervise";
const RUN: &str = "run";

/// How long the server is left alone after it crashed, so that one that always crashes keeps no processor busy.
const PAUSE_AFTER_CRASH: Duration = Duration::from_millis(500);

/// Must be called first in `main`: when this process was started as the supervisor it never returns.
pub fn run_supervisor_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != HIDDEN) {
        return;
    }
    let role = arguments.next().unwrap_or_default();
    let code = if role == SUPERVISE {
        supervise(arguments.next())
    } else if role == RUN {
        run_until_parent_dies(arguments)
    } else {
        eprintln!("{HIDDEN} is for this program's own use");
        ExitCode::from(2)
    };
    // `ExitCode::exit_process` is not stable; what stands between the two is a number.
    std::process::exit(i32::from(code != ExitCode::SUCCESS));
}

/// How this process is started again, also if its file was replaced or lies where another account cannot go.
pub(crate) fn own_program() -> anyhow::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        return Ok(PathBuf::from("/proc/self/exe"));
    }
    std::env::current_exe().context("cannot find this program's own file")
}

/// A command for `program` that is stopped when this process dies, even of SIGKILL; on Linux, elsewhere the next start
/// finds it ([`super::leftover`]). It goes through this program once more, because the wish must be made by the child.
pub(crate) fn dying_with_us(program: &Path) -> Command {
    let own = if cfg!(target_os = "linux") { own_program().ok() } else { None };
    match own {
        Some(own) => {
            let mut command = Command::new(own);
            command.args([HIDDEN, RUN, &std::process::id().to_string()]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

#[cfg(target_os = "linux")]
fn run_until_parent_dies(mut arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let parent = arguments.next().and_then(|pid| pid.to_str()?.parse::<i32>().ok());
    let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGINT);
    // It may have died before the wish was made.
    if parent != Some(nix::unistd::getppid().as_raw()) {
        return ExitCode::FAILURE;
    }
    let Some(program) = arguments.next() else {
        return ExitCode::FAILURE;
    };
    let error = std::process::Command::new(&program).args(arguments).exec();
    eprintln!("cannot run {}: {error}", program.display());
    ExitCode::FAILURE
}

#[cfg(not(target_os = "linux"))]
fn run_until_parent_dies(_arguments: impl Iterator<Item = OsString>) -> ExitCode {
    ExitCode::FAILURE
}

/// One thread, which lives as long as the process: Linux tells a child of its parent's death when the *thread* that
/// made it ends.
fn supervise(order: Option<OsString>) -> ExitCode {
    let run = || -> Result<(), Error> {
        let order = order.and_then(|order| order.into_string().ok()).context("no order was given")?;
        let order: Order = serde_json::from_str(&order).context("the order cannot be read")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.context("cannot start an event loop")?.block_on(look_after(&order))
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("abiscope: {error:#}");
            Report::from(&error).send();
            ExitCode::FAILURE
        }
    }
}

async fn look_after(order: &Order) -> Result<(), Error> {
    let mut end = EndSignals::new()?;
    let layout = Layout::of(order.data_dir.clone());
    let Some(_lock) = become_supervisor(&layout).await? else {
        Report::Ready.send();
        return Ok(());
    };
    // The port of a supervisor that was killed: commands that are still joined find the server again.
    let port = State::read(&layout).map(|state| state.port);
    State::remove(&layout)?;
    let binaries = ready_binaries(order, &layout).await?;
    cluster::ensure(&layout, &binaries, order.kind).await?;

    Report::Step(Step::Starting).send();
    let mut postmaster = Postmaster::start(&layout, &binaries, order.kind, port).await?;
    let password = cluster::password(&layout)?;
    record(&layout, &binaries, &postmaster, &password)?;
    Report::Ready.send();

    let mut alone = no_client_left(&layout);
    // Held to the end: whoever comes while the server stops waits, and starts it anew.
    let _nobody_joins = loop {
        let status = tokio::select! {
            lock = &mut alone => break lock.ok(),
            () = end.wait() => break None,
            status = postmaster.wait() => status.context("cannot wait for Postgres")?,
        };
        eprintln!("abiscope: Postgres ended ({status}) and is started again");
        State::remove(&layout)?;
        tokio::time::sleep(PAUSE_AFTER_CRASH).await;
        postmaster = Postmaster::start(&layout, &binaries, order.kind, Some(postmaster.port)).await?;
        record(&layout, &binaries, &postmaster, &password)?;
    };
    State::remove(&layout)?;
    postmaster.stop().await;
    if order.kind == Kind::Throwaway {
        // The folder itself may belong to another account, and goes with the command.
        let _ = std::fs::remove_dir_all(layout.root());
    }
    Ok(())
}

/// Takes the supervisor's lock; `None`: another supervisor has the server running. Two are started if a command is
/// killed just after it started one.
async fn become_supervisor(layout: &Layout) -> anyhow::Result<Option<File>> {
    loop {
        if let Some(lock) = locks::try_exclusive(&layout.supervisor_lock())? {
            return Ok(Some(lock));
        }
        if locks::is_held(&layout.supervisor_lock())? && State::read(layout).is_some() {
            return Ok(None);
        }
        tokio::time::sleep(locks::PAUSE).await;
    }
}

fn record(layout: &Layout, binaries: &Binaries, postmaster: &Postmaster, password: &str) -> anyhow::Result<()> {
    let (user, database, port) = (cluster::USER, cluster::DATABASE, postmaster.port);
    let url = format!("postgres://{user}:{password}@127.0.0.1:{port}/{database}?sslmode=disable");
    let (supervisor, postmaster) = (std::process::id(), postmaster.pid);
    State { url, port, binaries: binaries.dir.clone(), supervisor, postmaster }.write(layout)
}

/// Gives the clients' lock, held exclusively, when no command is joined any more.
fn no_client_left(layout: &Layout) -> tokio::sync::oneshot::Receiver<anyhow::Result<File>> {
    let (tell, alone) = tokio::sync::oneshot::channel();
    let path = layout.clients_lock();
    std::thread::spawn(move || tell.send(locks::block_until_exclusive(&path)));
    alone
}

async fn ready_binaries(order: &Order, layout: &Layout) -> Result<Binaries, Error> {
    let made_by = cluster::major(layout)?;
    let mut found = binaries::downloaded(&layout.binaries());
    if !order.ignore_installed {
        found.extend(binaries::installed());
    }
    match binaries::choose(made_by, &found) {
        Choice::Use(binaries) => Ok(binaries.clone()),
        Choice::Refuse { installed } => Err(Error::OtherMajor {
            data_dir: layout.data_dir().display().to_string(),
            found: made_by.unwrap_or_default().to_string(),
            installed: installed.to_string(),
        }),
        Choice::Download(major) => {
            let dir = download::postgres(order.releases_url.as_deref(), major, &layout.binaries()).await.context(
                "there is no Postgres on this machine, and it could not be downloaded; install it (on Debian: `apt-get install postgresql`) or set DATABASE_URL",
            )?;
            Binaries::at(&dir)
                .ok_or_else(|| anyhow!("the Postgres downloaded to {} does not run", dir.display()).into())
        }
    }
}

/// Signals that ask for the end. Ctrl-C in a terminal is not among them: the supervisor is in a group of its own.
struct EndSignals([Signal; 3]);

impl EndSignals {
    fn new() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self([listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?, listen(SignalKind::hangup())?]))
    }

    async fn wait(&mut self) {
        let [terminate, interrupt, hangup] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
