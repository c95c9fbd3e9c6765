//! Progress: one bar on a terminal, a plain line a project elsewhere. Both on stderr.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::ProgressBar;

use super::one::{Answer, Surveyed};
use crate::output;

/// The progress of one survey.
pub struct Progress {
    bar: ProgressBar,
    total: usize,
    done: AtomicUsize,
}

impl Progress {
    /// Starts at none of `total` projects.
    pub fn start(total: usize) -> Self {
        let bar = output::bar(Some(total as u64), "projects, {eta} left  {wide_msg:.dim}");
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, total, done: AtomicUsize::new(0) }
    }

    /// Says what is being done.
    pub fn doing(&self, what: String) {
        self.bar.set_message(what);
    }

    /// Says how much of a file has come.
    pub fn downloading(&self, filename: &str, received: u64, size: Option<i64>) {
        if self.bar.is_hidden() {
            return;
        }
        let of = size
            .and_then(|size| u64::try_from(size).ok())
            .map_or_else(String::new, |size| format!(" of {}", output::bytes(size)));
        self.bar.set_message(format!("fetching {filename}, {}{of}", output::bytes(received)));
    }

    /// Counts one project.
    pub fn finished(&self, answer: &Answer) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.inc(1);
        if self.bar.is_hidden() {
            eprintln!("[{done}/{}] {}", self.total, line(answer));
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

fn line(answer: &Answer) -> String {
    let request = &answer.request;
    match &answer.outcome {
        Surveyed::Failed { state, reason } | Surveyed::NoRelease { state, reason } => {
            format!("{request}: {state}: {reason}")
        }
        Surveyed::Release(release) => {
            let state = release.file.as_ref().map_or(release.state.as_str(), |file| file.state.as_str());
            let how = match answer.done.downloaded.as_slice() {
                [] => "nothing to fetch".to_owned(),
                sizes => format!("fetched {}", output::bytes(sizes.iter().sum())),
            };
            let older = match answer.done.older {
                0 => String::new(),
                older => format!(", with {}", output::counted(older, "older release")),
            };
            format!("{} {}: {state}, {how}{older}", request.name, release.version)
        }
    }
}
