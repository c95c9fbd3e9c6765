//! What a command does: join the running server, or have a supervisor start it.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, anyhow, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{ChildStdout, Command};

use super::account::Account;
use super::layout::Layout;
use super::locks::{self, PAUSE};
use super::report::{Kind, Order, Report};
use super::state::State;
use super::supervisor::{HIDDEN, SUPERVISE, own_program};
use crate::{Config, Error, Step};

/// The log starts anew when it has grown beyond this many bytes.
const LOG_LIMIT: u64 = 8 << 20;

/// A joined server: it stays up at least as long as this value lives.
#[derive(Debug)]
pub struct Server {
    state: State,
    layout: Layout,
    membership: File,
}

impl Server {
    /// The address to connect to, with user and password.
    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The directory of the server's programs: `pg_dump` of the same version is there if it is anywhere.
    pub fn binaries(&self) -> &Path {
        &self.state.binaries
    }

    /// Leaves, and waits for the server to stop if nobody else is joined. Dropping leaves as well, without the wait:
    /// the supervisor stops the server all the same, unless it is killed with everything around it first.
    pub async fn leave(self) {
        let Self { layout, membership, .. } = self;
        drop(membership);
        let supervised = || locks::is_held(&layout.supervisor_lock()).unwrap_or(false);
        let nobody_joined = || locks::try_exclusive(&layout.clients_lock()).is_ok_and(|lock| lock.is_some());
        while supervised() && nobody_joined() {
            tokio::time::sleep(PAUSE).await;
        }
        // Either others are joined, or the supervisor holds the clients' lock and is about to remove the state.
        tokio::time::sleep(PAUSE * 5).await;
        while supervised() && State::read(&layout).is_none() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Joins the server of `config.data_dir`, starting it if it does not run. `progress` hears what is being done.
pub async fn join(config: &Config, progress: &(dyn Fn(Step) + Sync)) -> Result<Server, Error> {
    join_as(Kind::Durable, config, progress).await
}

pub(crate) async fn join_as(kind: Kind, config: &Config, progress: &(dyn Fn(Step) + Sync)) -> Result<Server, Error> {
    let data_dir = std::path::absolute(&config.data_dir).context("the data directory has no name")?;
    let layout = Layout::of(data_dir);
    let account = Account::for_server_in(&layout.root())?;
    layout.make(account.as_ref())?;

    let _starting = locks::exclusive(&layout.start_lock()).await?;
    let membership = locks::shared(&layout.clients_lock()).await?;
    let state = if let Some(state) = supervised(&layout).await? {
        progress(Step::Joined);
        state
    } else {
        let order = Order {
            data_dir: layout.data_dir().to_owned(),
            releases_url: config.releases_url.clone(),
            ignore_installed: config.ignore_installed,
            kind,
        };
        start(&order, &layout, account.as_ref(), progress).await?;
        State::read(&layout).with_context(|| format!("{} is gone", layout.state().display()))?
    };
    Ok(Server { state, layout, membership })
}

/// The server that a supervisor looks after. One may still be starting it for a command that was killed meanwhile, be
/// restarting it after a crash, or be stopping it: then its state is missing, and it is waited for.
async fn supervised(layout: &Layout) -> anyhow::Result<Option<State>> {
    while locks::is_held(&layout.supervisor_lock())? {
        if let Some(state) = State::read(layout) {
            return Ok(Some(state));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(None)
}

/// Starts a supervisor and waits until its server takes connections.
async fn start(
    order: &Order,
    layout: &Layout,
    account: Option<&Account>,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<(), Error> {
    let mut reports = BufReader::new(spawn(order, layout, account)?).lines();
    while let Some(line) = reports.next_line().await.context("cannot listen to the supervisor of Postgres")? {
        let report = serde_json::from_str(&line).with_context(|| format!("the supervisor said {line:?}"))?;
        match report {
            Report::Step(step) => progress(step),
            Report::Ready => return Ok(()),
            Report::OtherMajor { found, installed } => {
                let data_dir = layout.data_dir().display().to_string();
                return Err(Error::OtherMajor { data_dir, found, installed });
            }
            Report::Failed(why) => return Err(anyhow!(why).into()),
        }
    }
    let log = layout.log();
    Err(anyhow!("the supervisor of Postgres ended without a word; {} may say why", log.display()).into())
}

/// In a process group of its own, so that Ctrl-C in a terminal reaches the command but not its database.
fn spawn(order: &Order, layout: &Layout, account: Option<&Account>) -> anyhow::Result<ChildStdout> {
    let log = OpenOptions::new().append(true).open(layout.log());
    let log = log.with_context(|| format!("cannot open {}", layout.log().display()))?;
    if log.metadata().is_ok_and(|metadata| metadata.len() > LOG_LIMIT) {
        log.set_len(0).with_context(|| format!("cannot empty {}", layout.log().display()))?;
    }
    let mut command = Command::new(own_program()?);
    command.args([HIDDEN, SUPERVISE]).arg(serde_json::to_string(order).context("the order cannot be written")?);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    command.current_dir(layout.root()).process_group(0);
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    match (command.spawn(), account) {
        (Ok(mut child), _) => child.stdout.take().context("the supervisor of Postgres has no output"),
        (Err(error), Some(account)) if error.kind() == std::io::ErrorKind::PermissionDenied => bail!(
            "Postgres does not run as root, so the user `{}` runs it, who cannot enter {}: choose another data directory with `--data-dir` or ABISCOPE_DATA_DIR",
            account.name,
            layout.root().display(),
        ),
        (Err(error), _) => Err(error).context("cannot start the supervisor of Postgres"),
    }
}
