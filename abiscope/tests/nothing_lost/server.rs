//! A Postgres server that a test stops, kills and starts again, always at the same address.

use std::fs::{File, Permissions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Gid, Pid, Uid, User, geteuid};
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;

/// How long a start may take, recovery and the end of the old backends included.
const PATIENCE: Duration = Duration::from_mins(1);

/// Settings for tests. A commit is written before it is told, so that it outlives the server's death; it need not outlive
/// the machine's.
const SETTINGS: [&str; 5] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=off",
    "full_page_writes=off",
];

/// A server of the test's own. Stopped and removed when it is dropped.
pub struct Server {
    binaries: PathBuf,
    folder: TempDir,
    port: u16,
    postmaster: Option<Child>,
}

impl Server {
    /// Makes an empty server and starts it.
    pub fn start() -> Self {
        let binaries = private_postgres::installed_binaries().expect("Postgres is installed on this machine");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("ours");
        if let Some((uid, gid)) = account() {
            chown(folder.path(), Some(uid), Some(gid)).expect("as root");
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr()).expect("a port").port();
        let mut server = Self { binaries, folder, port, postmaster: None };
        let mut initdb = server.program("initdb");
        initdb.args(["--username=tests", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync", "--pgdata"]);
        let done = initdb.arg(server.cluster()).output().expect("initdb runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        server.start_again();
        server
    }

    /// The address of a database in it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://tests@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database.
    pub fn create(&self, database: &str) -> String {
        execute(&self.url("postgres"), &format!("CREATE DATABASE {database}"));
        self.url(database)
    }

    /// Ends every connection and stops cleanly.
    pub fn stop(&mut self) {
        self.end(Signal::SIGINT);
    }

    /// Kills the server as a machine does that runs out of memory: nothing is written any more.
    pub fn kill(&mut self) {
        self.end(Signal::SIGKILL);
    }

    /// Starts it on the same data at the same address, and waits until it takes connections.
    pub fn start_again(&mut self) {
        let give_up = Instant::now() + PATIENCE;
        while Instant::now() < give_up {
            let mut postmaster = self.spawn();
            while Instant::now() < give_up {
                // Backends of a killed server hold its memory for a moment: then it ends, and is started once more.
                if postmaster.try_wait().expect("a child of ours").is_some() {
                    break;
                }
                if self.is_ready(postmaster.id()) {
                    self.postmaster = Some(postmaster);
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = postmaster.kill();
            let _ = postmaster.wait();
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("Postgres did not start: {}", std::fs::read_to_string(self.log()).unwrap_or_default());
    }

    fn spawn(&self) -> Child {
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.cluster()).args(["-p", &self.port.to_string()]);
        postgres.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        let log = File::options().create(true).append(true).open(self.log()).expect("a file");
        postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("postgres runs")
    }

    /// Its pid file says so: the process in the first line, the state in the eighth.
    fn is_ready(&self, pid: u32) -> bool {
        let text = std::fs::read_to_string(self.cluster().join("postmaster.pid")).unwrap_or_default();
        let mut lines = text.lines();
        lines.next() == Some(&pid.to_string()) && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }

    fn end(&mut self, signal: Signal) {
        let Some(mut postmaster) = self.postmaster.take() else { return };
        kill(Pid::from_raw(i32::try_from(postmaster.id()).expect("a pid")), signal).expect("it runs");
        postmaster.wait().expect("a child of ours");
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        if let Some((uid, gid)) = account() {
            command.uid(uid).gid(gid);
        }
        command.current_dir(self.folder.path());
        command
    }

    fn cluster(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(Signal::SIGQUIT);
    }
}

/// Postgres does not run as root: the account to lend it then.
fn account() -> Option<(u32, u32)> {
    let root = geteuid() == Uid::from_raw(0);
    let user = || User::from_name("postgres").ok().flatten().or_else(|| User::from_name("nobody").ok().flatten());
    root.then(|| user().expect("a user that is not root")).map(|user| (user.uid.as_raw(), Gid::as_raw(user.gid)))
}

/// Executes SQL, several statements included.
pub fn execute(url: &str, sql: &str) {
    in_database(url, async |connection| connection.execute(sqlx::AssertSqlSafe(sql)).await.map(|_| ()));
}

/// The first column of every row, as text.
pub fn column(url: &str, sql: &str) -> Vec<String> {
    in_database(url, async |connection| sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await)
}

/// A single number.
pub fn number(url: &str, sql: &str) -> i64 {
    in_database(url, async |connection| sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(connection).await)
}

fn in_database<T>(url: &str, ask: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection = PgConnection::connect(url).await.expect("the server runs");
        let answer = ask(&mut connection).await.expect("sound SQL");
        connection.close().await.expect("closed");
        answer
    })
}
