//! How the crawl of the world stands: every part of the status page has something to show.

use std::collections::BTreeMap;

use chrono::{Duration, Utc};
use store::{
    Alarm, BudgetState, CrawlStatus, Job, LastHour, LastListing, NameCounts, PageAges, ParkedJob, QueueDepth, Seen,
    Status,
};

use super::World;

const INDEX: &str = "https://index.example/simple/";

impl World {
    /// The part of the status that is not counted from projects.
    pub(crate) fn crawl(&self) -> Status {
        if self.projects.is_empty() {
            return Status::default();
        }
        let now = Utc::now();
        let ago = |minutes| now - Duration::minutes(minutes);
        Status {
            crawl: CrawlStatus {
                queue: queue(),
                next_due_seconds: Some(340),
                oldest_ready: Some(ago(9)),
                budgets: vec![BudgetState {
                    index: INDEX.to_owned(),
                    spacing_ms: 200,
                    ahead_ms: 1480,
                    quiet_seconds: 95,
                    requests: 184_203,
                    connections: 8,
                    connections_taken: 3,
                }],
                listings: vec![
                    listing(ago(31), Some("3,412 of 682,110 names vanished at once <b>")),
                    listing(ago(1471), None),
                ],
                names: NameCounts { listed: 682_110, unread: 13_204, gone: 5310 },
                last_hour: LastHour { read: 9120, fetched: 402, analysed: 398 },
                workers: self
                    .workers_silent
                    .into_iter()
                    .flat_map(|silent| [seen("work", silent), seen("serve", silent + 15)])
                    .collect(),
                alarms: 2,
            },
            pages: PageAges {
                read: 668_906,
                oldest: Some(ago(60 * 24 * 29)),
                median: Some(ago(60 * 24 * 4)),
                due: 14_022,
            },
            parked: vec![ParkedJob {
                job: Job::ReadProject { name: "hostile".parse().expect("a name") },
                tries: 12,
                last_error: "the index answered <script>alert('x')</script> instead of JSON".to_owned(),
                queued_at: ago(1600),
            }],
            alarms: vec![
                alarm("listing-refused", INDEX),
                alarm("file-content-changed", "hostile hostile-1.0<script>.tar.gz"),
            ],
            file_hosts: [(INDEX.to_owned(), vec!["files.example".to_owned()])].into(),
            ..Status::default()
        }
    }
}

fn queue() -> BTreeMap<String, QueueDepth> {
    let depth = |ready, delayed, failing, running, parked| QueueDepth { ready, delayed, failing, running, parked };
    [
        ("read-project", depth(13_980, 12, 9, 3, 1)),
        ("fetch", depth(204, 31, 31, 4, 0)),
        ("analyse", depth(2, 0, 0, 2, 0)),
    ]
    .map(|(kind, depth)| (kind.to_owned(), depth))
    .into()
}

fn listing(read_at: chrono::DateTime<Utc>, refused: Option<&str>) -> LastListing {
    LastListing {
        index: INDEX.to_owned(),
        read_at,
        last_serial: None,
        names: 682_110,
        appeared: 211,
        changed: 4820,
        gone: 37,
        refused: refused.map(str::to_owned),
    }
}

fn seen(role: &str, silent_seconds: i64) -> Seen {
    let now = Utc::now();
    Seen {
        role: role.to_owned(),
        host: "box-7, process 4711".to_owned(),
        version: format!("0.1.0 (analyzer {})", analyzer::ANALYZER_VERSION),
        started_at: now - Duration::hours(30),
        seen_at: now - Duration::seconds(silent_seconds),
        silent_seconds,
    }
}

fn alarm(kind: &str, subject: &str) -> Alarm {
    let now = Utc::now();
    Alarm {
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        detail: "what happened, in a sentence of <some> length that may well take more than one line of the table"
            .to_owned(),
        times: 2,
        first_at: now - Duration::days(3),
        last_at: now - Duration::minutes(31),
    }
}
