//! The thread that starts children.
//!
//! On Linux a child asks to die with its parent, and the system takes the thread that started it for the parent. The
//! threads of a runtime come and go; this one stays as long as the pool.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc;

use anyhow::Context;
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::{Config, SUBCOMMAND, faults};

type Born = oneshot::Sender<io::Result<Child>>;

/// Starts children; they die with it.
pub(super) struct Nursery {
    orders: mpsc::Sender<Born>,
}

impl Nursery {
    /// For children as `config` says. To be called inside a runtime.
    pub(super) fn open(config: Config) -> anyhow::Result<Self> {
        let (orders, asked) = mpsc::channel::<Born>();
        let runtime = Handle::current();
        let work = move || {
            let _inside = runtime.enter();
            while let Ok(born) = asked.recv() {
                let _ = born.send(command(&config).spawn());
            }
        };
        std::thread::Builder::new().name("nursery".to_owned()).spawn(work).context("starting a thread")?;
        Ok(Self { orders })
    }

    /// A new child, not heard of yet.
    pub(super) async fn child(&self) -> anyhow::Result<Child> {
        let (born, child) = oneshot::channel();
        self.orders.send(born).context("the thread that starts children is gone")?;
        child.await.context("the thread that starts children is gone")?.context("starting a child to analyse in")
    }
}

/// How this program is started again, also if its file was replaced meanwhile.
pub(super) fn own_program() -> anyhow::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        return Ok(PathBuf::from("/proc/self/exe"));
    }
    std::env::current_exe().context("finding this program's own file")
}

/// A child has no use for our environment, and no business with what is secret in it. It has a process group of its
/// own, so that Ctrl-C on a terminal stops us first.
fn command(config: &Config) -> Command {
    let mut command = Command::new(&config.program);
    command.args([SUBCOMMAND, "--memory"]).arg(config.memory.to_string()).env_clear();
    if config.faults {
        command.env(faults::VARIABLE, "");
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.process_group(0).kill_on_drop(true);
    command
}
