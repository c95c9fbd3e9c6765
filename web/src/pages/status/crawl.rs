//! The crawl's part of the status page.

use chrono::{DateTime, Utc};
use store::{
    Alarm, BudgetState, CrawlStatus, JobKind, LastHour, LastListing, PageAges, ParkedJob, QueueDepth, Seen, Status,
};

use crate::numbers::{Count, minute, span};
use crate::pages::reading;
use crate::visible::cut;

/// Characters of an error that are shown.
const ERROR: usize = 300;

/// Everything that moves.
pub(super) struct Crawl {
    /// That nobody is at work, if so.
    pub(super) nobody: Option<String>,
    pub(super) freshness: Freshness,
    pub(super) listings: Vec<Listing>,
    pub(super) queue: Vec<Depth>,
    /// Since when the oldest waits, and when the next one is due.
    pub(super) waiting: String,
    pub(super) hour: Hour,
    pub(super) budgets: Vec<Budget>,
    pub(super) workers: Vec<Worker>,
    pub(super) parked: Vec<Parked>,
    /// Parked jobs in all.
    pub(super) parked_in_all: Count,
    pub(super) alarms: Vec<Raised>,
    /// Alarms in all.
    pub(super) alarms_in_all: Count,
}

pub(super) struct Freshness {
    pub(super) read: Count,
    pub(super) due: Count,
    pub(super) listed: Count,
    pub(super) unread: Count,
    pub(super) gone: Count,
    /// How long ago half of the pages were read, and the oldest one.
    pub(super) ages: Option<(String, String)>,
}

pub(super) struct Listing {
    pub(super) read_at: String,
    pub(super) index: String,
    pub(super) names: Count,
    pub(super) appeared: Count,
    pub(super) changed: Count,
    pub(super) gone: Count,
    pub(super) refused: Option<String>,
}

pub(super) struct Depth {
    pub(super) word: &'static str,
    pub(super) ready: Count,
    pub(super) delayed: Count,
    pub(super) failing: Count,
    pub(super) running: Count,
    pub(super) parked: Count,
}

pub(super) struct Hour {
    pub(super) read: String,
    pub(super) fetched: String,
    pub(super) analysed: String,
}

pub(super) struct Budget {
    pub(super) index: String,
    pub(super) rate: String,
    pub(super) ahead: String,
    pub(super) quiet: String,
    pub(super) connections: String,
    pub(super) requests: Count,
    pub(super) hosts: Vec<String>,
}

pub(super) struct Worker {
    pub(super) role: String,
    pub(super) version: String,
    pub(super) started: String,
    pub(super) seen: String,
}

pub(super) struct Parked {
    pub(super) job: String,
    pub(super) tries: i16,
    pub(super) queued: String,
    pub(super) error: String,
}

pub(super) struct Raised {
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) detail: String,
    pub(super) times: Count,
    pub(super) last: String,
}

impl Crawl {
    pub(super) fn new(status: &Status, now: DateTime<Utc>) -> Self {
        let crawl = &status.crawl;
        let silent = crawl.workers.iter().map(|worker| worker.silent_seconds).min();
        let parked = crawl.queue.values().map(|depth| depth.parked).sum();
        Self {
            nobody: (!reading::is_at_work(silent)).then(|| reading::nobody(silent)),
            freshness: freshness(crawl, &status.pages, now),
            listings: crawl.listings.iter().map(listing).collect(),
            queue: JobKind::ALL.iter().map(|kind| depth(*kind, crawl)).collect(),
            waiting: waiting(crawl, now),
            hour: hour(crawl.last_hour),
            budgets: crawl.budgets.iter().map(|budget| self::budget(budget, status)).collect(),
            workers: crawl.workers.iter().map(worker).collect(),
            parked: status.parked.iter().map(self::parked).collect(),
            parked_in_all: Count(parked),
            alarms: status.alarms.iter().map(alarm).collect(),
            alarms_in_all: Count(crawl.alarms),
        }
    }

    /// Whether anything moves, so that looking again is worth it.
    pub(super) fn is_busy(&self) -> bool {
        self.nobody.is_none() && self.queue.iter().any(|depth| depth.running.0 > 0 || depth.ready.0 > 0)
    }
}

fn ago(when: DateTime<Utc>, now: DateTime<Utc>) -> String {
    span((now - when).num_seconds())
}

fn freshness(crawl: &CrawlStatus, pages: &PageAges, now: DateTime<Utc>) -> Freshness {
    Freshness {
        read: Count(pages.read),
        due: Count(pages.due),
        listed: Count(crawl.names.listed),
        unread: Count(crawl.names.unread),
        gone: Count(crawl.names.gone),
        ages: pages.median.zip(pages.oldest).map(|(median, oldest)| (ago(median, now), ago(oldest, now))),
    }
}

fn listing(listing: &LastListing) -> Listing {
    Listing {
        read_at: minute(listing.read_at),
        index: cut(&listing.index, 100).into_owned(),
        names: Count(listing.names),
        appeared: Count(listing.appeared),
        changed: Count(listing.changed),
        gone: Count(listing.gone),
        refused: listing.refused.as_deref().map(|why| cut(why, ERROR).into_owned()),
    }
}

fn depth(kind: JobKind, crawl: &CrawlStatus) -> Depth {
    let QueueDepth { ready, delayed, failing, running, parked } =
        crawl.queue.get(kind.as_str()).copied().unwrap_or_default();
    Depth {
        word: match kind {
            JobKind::ReadProject => "read a project's page",
            JobKind::Fetch => "fetch an sdist",
            JobKind::Analyse => "analyse an sdist",
            JobKind::Refresh => "upkeep",
        },
        ready: Count(ready),
        delayed: Count(delayed),
        failing: Count(failing),
        running: Count(running),
        parked: Count(parked),
    }
}

fn waiting(crawl: &CrawlStatus, now: DateTime<Utc>) -> String {
    let oldest = match crawl.oldest_ready {
        Some(since) => format!("The oldest that is ready has waited for {}", ago(since, now)),
        None => "Nothing is ready".to_owned(),
    };
    match crawl.next_due_seconds {
        Some(seconds) => format!("{oldest}; of those put off the next one is due in {}.", span(seconds)),
        None => format!("{oldest}; nothing is put off."),
    }
}

fn hour(hour: LastHour) -> Hour {
    Hour {
        read: Count(hour.read).of("page"),
        fetched: Count(hour.fetched).of("sdist"),
        analysed: Count(hour.analysed).to_string(),
    }
}

fn budget(budget: &BudgetState, status: &Status) -> Budget {
    Budget {
        index: cut(&budget.index, 100).into_owned(),
        rate: rate(budget.spacing_ms),
        ahead: if budget.ahead_ms == 0 { "free now".to_owned() } else { seconds(budget.ahead_ms) },
        quiet: if budget.quiet_seconds == 0 {
            "no".to_owned()
        } else {
            format!("for {} more", span(budget.quiet_seconds))
        },
        connections: format!("{} of {}", budget.connections_taken, budget.connections),
        requests: Count(budget.requests),
        hosts: status.file_hosts.get(&budget.index).cloned().unwrap_or_default(),
    }
}

/// `5 a second`, from the milliseconds between two.
fn rate(spacing_ms: i64) -> String {
    match spacing_ms {
        ..=0 => "no limit".to_owned(),
        ms if 1000 % ms == 0 => format!("{} a second", 1000 / ms),
        ms => format!("one in {}", seconds(ms)),
    }
}

/// `0.4 s`.
fn seconds(ms: i64) -> String {
    format!("{}.{} s", Count(ms / 1000), ms % 1000 / 100)
}

fn worker(seen: &Seen) -> Worker {
    Worker {
        role: cut(&seen.role, 40).into_owned(),
        version: cut(&seen.version, 80).into_owned(),
        started: minute(seen.started_at),
        seen: format!("{} ago", span(seen.silent_seconds)),
    }
}

fn parked(job: &ParkedJob) -> Parked {
    Parked {
        job: cut(&job.job.to_string(), 120).into_owned(),
        tries: job.tries,
        queued: minute(job.queued_at),
        error: cut(&job.last_error, ERROR).into_owned(),
    }
}

fn alarm(alarm: &Alarm) -> Raised {
    Raised {
        kind: cut(&alarm.kind, 40).into_owned(),
        subject: cut(&alarm.subject, 160).into_owned(),
        detail: cut(&alarm.detail, ERROR).into_owned(),
        times: Count(alarm.times),
        last: minute(alarm.last_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_reads_like_a_sentence() {
        let rates: Vec<String> = [0, 200, 1000, 300, 2500].into_iter().map(rate).collect();
        assert_eq!(rates, ["no limit", "5 a second", "1 a second", "one in 0.3 s", "one in 2.5 s"]);
    }
}
