//! Progress of a crawl: a line that is rewritten on a terminal, and one at the end elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use store::{CrawlStatus, QueueDepth, Status};

use crate::logs::{self, say};

/// The line.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Shows nothing yet.
    pub fn start() -> Self {
        let target = if logs::is_structured() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// Whether anybody sees it: there is a terminal.
    pub fn is_seen(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Shows what is still to be done.
    pub fn show(&self, crawl: &CrawlStatus) {
        let waiting = |kind: &str| {
            let QueueDepth { ready, delayed, running, .. } = crawl.queue.get(kind).copied().unwrap_or_default();
            ready + delayed + running
        };
        let parked: i64 = crawl.queue.values().map(|depth| depth.parked).sum();
        let mut parts = vec![format!(
            "{} pages to read, {} sdists to fetch, {} to analyse",
            waiting("read-project"),
            waiting("fetch"),
            waiting("analyse"),
        )];
        if parked > 0 {
            parts.push(format!("{parked} parked"));
        }
        if let Some(budget) = crawl.budgets.iter().find(|budget| budget.quiet_seconds > 0) {
            parts.push(format!("the index asks for quiet, {} s left", budget.quiet_seconds));
        }
        self.bar.set_message(parts.join(" · "));
    }

    /// Takes the line away and says what there is now.
    pub fn finish(&self, status: &Status) {
        self.bar.finish_and_clear();
        let list = |counts: &std::collections::BTreeMap<String, i64>| {
            let parts = counts.iter().filter(|(_, count)| **count > 0).map(|(state, count)| format!("{count} {state}"));
            parts.collect::<Vec<_>>().join(", ")
        };
        say!("Done. Projects: {}. Sdists: {}.", list(&status.projects), list(&status.files));
    }
}
