//! Runs the program on a database and a folder of blobs.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use fake_index::{FakeIndex, SdistBuilder};
use sqlx::{ConnectOptions, PgPool};
use tempfile::TempDir;

/// A data directory, with a private database in it or beside one that is named.
pub(crate) struct Deployment {
    dir: TempDir,
    url: Option<String>,
}

impl Deployment {
    /// With a database of its own.
    pub(crate) fn private() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder"), url: None }
    }

    /// On a named database.
    pub(crate) fn on(pool: &PgPool) -> Self {
        Self { url: Some(url(pool)), ..Self::private() }
    }

    /// On another database of the same server.
    pub(crate) fn at(url: &str) -> Self {
        Self { url: Some(url.to_owned()), ..Self::private() }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.dir().join("blobs")
    }

    /// A command, yet to be run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
        command.env("ABISCOPE_DATA_DIR", self.dir()).env_remove("DATABASE_URL").env_remove("ABISCOPE_BLOBS");
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command.args(args);
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("it runs")
    }

    /// Runs what must succeed; what it printed.
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", complaint(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Runs what must fail; what it complained.
    pub(crate) fn refused(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", complaint(&output));
        complaint(&output)
    }

    /// Crawls an index once.
    pub(crate) fn crawl(&self, index: &FakeIndex, more: &[&str]) {
        self.done(&[&crawling(&index.url()), more].concat());
    }

    pub(crate) fn status(&self) -> serde_json::Value {
        serde_json::from_str(&self.done(&["status", "--format", "json"])).expect("JSON")
    }

    pub(crate) fn digest(&self) -> String {
        self.done(&["digest"])
    }
}

/// The arguments of one quick crawl by one worker.
pub(crate) fn crawling(index: &str) -> Vec<&str> {
    let mut args = vec!["crawl", "--once", "--jobs", "1", "--contact", "tests@example.org"];
    args.extend(["--requests-per-second", "0", "--index-url", index]);
    args
}

pub(crate) fn url(pool: &PgPool) -> String {
    pool.connect_options().to_url_lossy().to_string()
}

pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An index with a project of one sdist for each name.
pub(crate) fn index(names: &[&str]) -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    for name in names {
        index.add(name).sdist("1.0", &sdist(name));
    }
    index
}

pub(crate) fn sdist(name: &str) -> SdistBuilder {
    let source =
        format!("#include <Python.h>\nPyMODINIT_FUNC PyInit_{name}(void) {{ return PyTuple_GET_ITEM(0, 0); }}\n");
    SdistBuilder::new(&format!("{name}-1.0")).file(&format!("{name}.c"), &source)
}

/// Requests for archives.
pub(crate) fn fetched(index: &FakeIndex) -> usize {
    index.requests().iter().filter(|request| request.contains(".tar.gz") || request.contains(".zip")).count()
}

/// A process in the background, which is killed when it is dropped.
pub(crate) struct Background(Child);

impl Background {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs"))
    }

    /// One that says where it serves, as soon as it does.
    pub(crate) fn serving(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
        let lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let this = Self(child);
        lines.map_while(Result::ok).find(|line| line.contains("http://")).expect("an address is printed");
        this
    }

    /// Waits for its end.
    pub(crate) fn ends(&mut self) -> Option<i32> {
        self.0.wait().expect("it ends").code()
    }

    /// Asks it to stop, and waits for that.
    pub(crate) fn stops(&mut self) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.0.id()).expect("a pid"));
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("sent");
        self.ends();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is there.
pub(crate) async fn comes<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1200 {
        if let Some(found) = found().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what} did not come");
}

/// Copies a folder that others may be writing to.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            // A blob that is just being written is there under another name until it is whole.
            let _ = std::fs::copy(&from, &to);
        }
    }
}

/// Files below a folder, but for those of the index of sources: upkeep makes it when it has time.
pub(crate) fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_index = |path: &Path| std::fs::read(path).expect("a file").starts_with(b"abisidx1");
    paths.map(|path| if path.is_dir() { files(&path) } else { usize::from(!is_index(&path)) }).sum()
}
