//! The text over a made-up status.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use store::{LastHour, NameCounts};

use super::*;

const INDEX: &str = "https://index.example";

fn at() -> DateTime<Utc> {
    "2026-11-26T12:00:00Z".parse().expect("a time")
}

fn seen(role: &str, silent_seconds: i64) -> Seen {
    Seen {
        role: role.to_owned(),
        host: "box, process 12".to_owned(),
        version: "0.1.0 (analyzer 25)".to_owned(),
        started_at: at(),
        seen_at: at(),
        silent_seconds,
    }
}

fn status() -> Status {
    let listing = LastListing {
        index: INDEX.to_owned(),
        read_at: at() - TimeDelta::hours(3),
        last_serial: Some(31_000_017),
        names: 600_123,
        appeared: 12,
        changed: 345,
        gone: 1,
        refused: None,
    };
    let budget = BudgetState {
        index: INDEX.to_owned(),
        spacing_ms: 200,
        ahead_ms: 0,
        quiet_seconds: 0,
        requests: 12_345,
        connections: 8,
        connections_taken: 3,
    };
    let crawl = CrawlStatus {
        queue: BTreeMap::from([
            ("analyse".to_owned(), QueueDepth { running: 2, ..QueueDepth::default() }),
            (
                "read-project".to_owned(),
                QueueDepth { ready: 1_203, delayed: 12, failing: 3, running: 8, ..QueueDepth::default() },
            ),
        ]),
        next_due_seconds: Some(12),
        oldest_ready: Some(at() - TimeDelta::seconds(190)),
        budgets: vec![budget],
        listings: vec![listing],
        names: NameCounts { listed: 600_123, unread: 1_203, gone: 40 },
        last_hour: LastHour { read: 12_001, fetched: 1, analysed: 340 },
        workers: vec![seen("work", 4), seen("crawl", 500)],
        alarms: 0,
    };
    Status { at: at(), crawl, ..Status::default() }
}

fn text(status: &Status, width: usize) -> String {
    let mut out = Vec::new();
    write(status, width, &mut anstream::StripStream::new(&mut out)).expect("written");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn a_crawl_under_way_is_told_in_columns() {
    let expected = "
queue                   ready  delayed  running   parked
  analyse                   0        0        2        0
  read-project          1,203       12        8        0
                    the oldest has waited for 3 min · the next delayed one is due in 12 s
                    3 failed before and will be tried again

listing             https://index.example
  read              2026-11-26 09:00 UTC · 3 h ago · serial 31000017
  names             600,123 listed · 12 new · 345 changed · 1 gone · 1,203 never read

budget              https://index.example
  rate              5 requests/s · 3 of 8 connections taken · 12,345 requests so far

last hour           12,001 pages read · 1 sdist fetched · 340 reports written

at work             1 worker
  work    box, process 12  seen 4 s ago      0.1.0 (analyzer 25)
  crawl   box, process 12  silent for 8 min  0.1.0 (analyzer 25)
";
    assert_eq!(text(&status(), 100), expected);
}

#[test]
fn what_wants_an_eye_on_it_is_said_in_plain_words() {
    let mut status = status();
    let crawl = &mut status.crawl;
    crawl.queue.insert("fetch".to_owned(), QueueDepth { parked: 7, ..QueueDepth::default() });
    crawl.budgets[0].quiet_seconds = 89;
    let refused = "3001 of 600000 names vanished at once";
    crawl.listings.insert(0, LastListing { refused: Some(refused.to_owned()), ..crawl.listings[0].clone() });
    crawl.workers = vec![seen("work", 61), seen("serve", 1)];
    crawl.alarms = 2;
    let text = text(&status, 100);
    for words in [
        "  fetch                     0        0        0        7\n",
        "parked: out of tries · `abiscope requeue --list` says why",
        "  quiet             the index asked for it · 89 s left\n",
        "refused listing     https://index.example\n",
        "  why               3001 of 600000 names vanished at once\n",
        "at work             0 workers\n",
        "no worker seen for a minute: what waits stays until `abiscope work` or `abiscope crawl` runs",
        "alarms              2 · `abiscope alarms` says what to look at\n",
    ] {
        assert!(text.contains(words), "{words:?} is not in\n{text}");
    }
    assert!(!self::text(&self::status(), 100).contains("no worker"));
}

#[test]
fn a_narrow_terminal_is_kept_to_and_nothing_plays_with_it() {
    let mut status = status();
    status.crawl.listings[0].index = format!("https://{}.example/\u{1b}[2J", "x".repeat(99));
    status.crawl.workers[0].host = "y".repeat(99);
    status.crawl.workers.clear();
    status.crawl.workers.push(Seen { host: "y\u{1b}[2J".repeat(20), ..seen("work", 4) });
    status.crawl.workers.push(seen("work", 400));
    for width in [60, 72, 100] {
        let text = text(&status, width);
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(width), "{longest:?} of {width} columns:\n{text}");
        assert!(!text.contains('\u{1b}'));
    }
}

#[test]
fn there_is_colour_to_be_stripped_and_without_it_the_words_say_the_same() {
    let mut status = status();
    status.crawl.alarms = 1;
    let mut out = Vec::new();
    write(&status, 100, &mut out).expect("written");
    let coloured = String::from_utf8(out).expect("UTF-8");
    assert!(coloured.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), text(&status, 100));
}

#[test]
fn many_workers_are_cut_short() {
    let mut status = status();
    status.crawl.workers = (0..30).map(|_| seen("work", 1)).collect();
    let text = text(&status, 100);
    assert!(text.contains("at work             30 workers") && text.contains("  and 10 more\n"), "{text}");
    assert_eq!(text.matches("seen 1 s ago").count(), WORKERS);
}
