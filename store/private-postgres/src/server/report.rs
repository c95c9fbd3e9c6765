//! What the supervisor is asked, and what it answers: one JSON line each, down its arguments and up its stdout.

use std::io::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Error, Step};

/// What the supervisor is to look after.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Absolute.
    pub(crate) data_dir: PathBuf,
    pub(crate) releases_url: Option<String>,
    pub(crate) ignore_installed: bool,
    pub(crate) kind: Kind,
}

/// How dear the data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// Kept, and safe against a power cut.
    Durable,
    /// For tests: quick, never synced, removed with the server.
    Throwaway,
}

/// A line of the supervisor to the command that started it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Report {
    Step(Step),
    /// The server takes connections; where is in the state file.
    Ready,
    OtherMajor {
        found: String,
        installed: String,
    },
    Failed(String),
}

impl Report {
    /// Sends the line. The command may be gone by now: the supervisor goes on all the same.
    pub(crate) fn send(&self) {
        let Ok(line) = serde_json::to_string(self) else { return };
        let mut stdout = std::io::stdout().lock();
        let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    }
}

impl From<&Error> for Report {
    fn from(error: &Error) -> Self {
        match error {
            Error::OtherMajor { found, installed, .. } => {
                Self::OtherMajor { found: found.clone(), installed: installed.clone() }
            }
            Error::Other(error) => Self::Failed(format!("{error:#}")),
        }
    }
}
