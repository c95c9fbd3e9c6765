//! A running `abiscope serve` for tests, on a data directory and a fake index.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fake_index::FakeIndex;

/// Reads from a fake index, on a private Postgres. Killed when dropped.
pub(crate) struct Dashboard {
    pub(crate) child: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl Dashboard {
    pub(crate) fn start(data_dir: &Path, index: &FakeIndex, arguments: &[&str]) -> Self {
        let mut command = abiscope(data_dir);
        command.args(["serve", "--listen", "127.0.0.1:0", "--index-url", &index.url()]).args(arguments);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it runs");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("http://")).expect("an address is printed");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
        let address = address.to_owned();
        std::thread::spawn(move || lines.for_each(|line| eprintln!("serve: {line}")));
        Self { child, address }
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program on a data directory with a private Postgres.
pub(crate) fn abiscope(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.env_remove("DATABASE_URL").env("NO_COLOR", "1").env("ABISCOPE_DATA_DIR", data_dir);
    command
}
