//! Processes of the composition, without containers.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::compose::root;

/// What takes longer has failed.
pub const LONGEST: Duration = Duration::from_secs(90);

/// A role at work. Killed when dropped.
pub struct Running {
    child: Child,
    /// The service.
    pub name: String,
    /// What it says on standard error.
    said: PathBuf,
    /// Where each port of its container is on this machine.
    pub ports: BTreeMap<u16, SocketAddr>,
}

impl Running {
    /// Starts a service's command in its environment and no other. `elsewhere`: what stands for the names of the
    /// network inside the composition.
    pub fn start(
        name: &str,
        command: &[String],
        environment: &BTreeMap<String, String>,
        elsewhere: &dyn Fn(&str) -> String,
        said: PathBuf,
    ) -> Self {
        let mut ports = BTreeMap::new();
        // A container listens for its network, a process of this machine for the loopback, on a port that is free.
        let mut local = |text: &str| match text.strip_prefix("0.0.0.0:") {
            Some(port) => ports.entry(port.parse().expect("a port")).or_insert_with(free).to_string(),
            None => elsewhere(text),
        };
        let mut program = Command::new(env!("CARGO_BIN_EXE_abiscope"));
        program.env_clear().envs(environment.iter().map(|(name, value)| (name, local(value))));
        program.args(command.iter().map(|word| local(word)));
        let log = File::create(&said).expect("a file");
        let child = program.stderr(log).spawn().expect("it starts");
        Self { child, name: name.to_owned(), said, ports }
    }

    /// Waits for its end.
    pub fn end(&mut self) -> ExitStatus {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(since.elapsed() < LONGEST, "{} does not end: {}", self.name, self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks it to stop, as an engine does.
    pub fn terminate(&self) {
        let pid = Pid::from_raw(self.child.id().try_into().expect("a pid"));
        kill(pid, Signal::SIGTERM).expect("it is there");
    }

    /// Waits until the composition's own check finds it well: `healthy PORT PATH`.
    pub fn well(&mut self, check: &[String]) {
        let [program, port, path] = check else { panic!("{check:?}") };
        let address = self.ports[&port.parse().expect("a port")];
        let since = Instant::now();
        loop {
            let asked =
                Command::new(root().join("deploy").join(program)).args([&address.port().to_string(), path]).output();
            if asked.expect("bash").status.success() {
                return;
            }
            assert_eq!(self.child.try_wait().expect("a child"), None, "{} ended: {}", self.name, self.said());
            assert!(since.elapsed() < LONGEST, "{} is not well: {}", self.name, self.said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The body of what it answers on a port of its container.
    pub fn get(&self, port: u16, path: &str) -> String {
        get(self.ports[&port], path)
    }

    /// What it has said.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.said).expect("a log")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.0 200 "), "{path}: {head}");
    body.to_owned()
}

/// Files below a folder.
pub fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}
