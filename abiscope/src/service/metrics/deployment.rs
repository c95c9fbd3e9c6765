//! The deployment's metrics: what the database says of all processes together.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use metrics::{counter, gauge};
use metrics_exporter_prometheus::PrometheusBuilder;
use store::{
    BudgetState, CrawlStatus, FileState, JobKind, LastListing, ProjectState, QueueDepth, ReleaseState, Status,
};

use super::names;

/// A process that was silent for longer is not counted as being at work. (They speak every 30 seconds.)
const SEEN: i64 = 90;

/// The text of one scrape. Made anew each time, so that what is gone from the database is gone here, too.
pub fn text(status: Option<&Status>) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        names::describe_deployment();
        gauge!(names::DATABASE_UP).set(f64::from(u8::from(status.is_some())));
        if let Some(status) = status {
            counts(status);
            queue(&status.crawl);
            status.crawl.budgets.iter().for_each(budget);
            listings(&status.crawl.listings);
            workers(&status.crawl);
        }
    });
    recorder.handle().render()
}

fn counts(status: &Status) {
    states(names::PROJECTS, ProjectState::ALL.iter().map(|state| state.as_str()), &status.projects);
    states(names::RELEASES, ReleaseState::ALL.iter().map(|state| state.as_str()), &status.releases);
    states(names::FILES, FileState::ALL.iter().map(|state| state.as_str()), &status.files);
    gauge!(names::DATABASE_BYTES).set(number(status.database_bytes));
    if let Some(at) = status.updated_at {
        gauge!(names::CHANGED).set(number(at.timestamp()));
    }
}

/// Each state, also those in which nothing is.
fn states(name: &'static str, all: impl Iterator<Item = &'static str>, counts: &BTreeMap<String, i64>) {
    for state in all {
        gauge!(name, "state" => state).set(number(counts.get(state).copied().unwrap_or(0)));
    }
}

fn queue(crawl: &CrawlStatus) {
    for kind in JobKind::ALL.iter().map(|kind| kind.as_str()) {
        let depth = crawl.queue.get(kind).copied().unwrap_or_default();
        let QueueDepth { ready, delayed, failing, running, parked } = depth;
        for (status, jobs) in [("ready", ready), ("delayed", delayed), ("running", running), ("parked", parked)] {
            gauge!(names::QUEUE, "kind" => kind, "status" => status).set(number(jobs));
        }
        gauge!(names::QUEUE_FAILING, "kind" => kind).set(number(failing));
    }
    gauge!(names::QUEUE_OLDEST).set(crawl.oldest_ready.map_or(0.0, age));
}

fn budget(budget: &BudgetState) {
    let index = || budget.index.clone();
    gauge!(names::SPACING, "index" => index()).set(number(budget.spacing_ms) / 1000.0);
    gauge!(names::AHEAD, "index" => index()).set(number(budget.ahead_ms) / 1000.0);
    gauge!(names::QUIET, "index" => index()).set(number(budget.quiet_seconds));
    counter!(names::BUDGET_REQUESTS, "index" => index()).absolute(budget.requests.unsigned_abs());
    gauge!(names::CONNECTIONS, "index" => index()).set(number(budget.connections));
    gauge!(names::CONNECTIONS_TAKEN, "index" => index()).set(number(budget.connections_taken));
}

/// The last listing of each index, and the last one that was accepted.
fn listings(listings: &[LastListing]) {
    let mut last: BTreeMap<&str, &LastListing> = BTreeMap::new();
    let mut accepted: BTreeMap<&str, &LastListing> = BTreeMap::new();
    for listing in listings {
        let later = |known: &mut BTreeMap<&str, &LastListing>| match known.get(listing.index.as_str()) {
            Some(other) => other.read_at < listing.read_at,
            None => true,
        };
        if later(&mut last) {
            last.insert(&listing.index, listing);
        }
        if listing.refused.is_none() && later(&mut accepted) {
            accepted.insert(&listing.index, listing);
        }
    }
    for (index, listing) in last {
        let refused = f64::from(u8::from(listing.refused.is_some()));
        gauge!(names::LISTING_REFUSED, "index" => index.to_owned()).set(refused);
    }
    for (index, listing) in accepted {
        gauge!(names::LISTING_AGE, "index" => index.to_owned()).set(age(listing.read_at));
    }
}

fn workers(crawl: &CrawlStatus) {
    for role in ["crawl", "work"] {
        let seen = crawl.workers.iter().filter(|seen| seen.role == role && seen.silent_seconds <= SEEN).count();
        gauge!(names::WORKERS, "role" => role).set(number(seen.try_into().unwrap_or(i64::MAX)));
    }
    gauge!(names::NAMES, "status" => "listed").set(number(crawl.names.listed));
    gauge!(names::NAMES, "status" => "gone").set(number(crawl.names.gone));
    gauge!(names::NAMES_UNREAD).set(number(crawl.names.unread));
    gauge!(names::ALARMS).set(number(crawl.alarms));
}

fn age(since: DateTime<Utc>) -> f64 {
    number((Utc::now() - since).num_milliseconds().max(0)) / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of 2^53 are far")]
fn number(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, line: &str) -> bool {
        text.lines().any(|told| told == line)
    }

    fn listing(hours: i64, refused: Option<&str>) -> LastListing {
        let (index, read_at) = ("https://index.example/".to_owned(), Utc::now() - chrono::TimeDelta::hours(hours));
        LastListing {
            index,
            read_at,
            last_serial: None,
            names: 7,
            appeared: 0,
            changed: 0,
            gone: 0,
            refused: refused.map(str::to_owned),
        }
    }

    #[test]
    fn a_database_that_is_away_is_told_and_nothing_else() {
        let told = text(None);
        assert!(has(&told, "abiscope_database_up 0"), "{told}");
        assert!(!told.contains("abiscope_queue_jobs"), "{told}");
    }

    #[test]
    fn what_is_not_there_is_zero_not_missing() {
        let told = text(Some(&Status::default()));
        assert!(has(&told, "abiscope_database_up 1"), "{told}");
        assert!(has(&told, "abiscope_queue_jobs{kind=\"fetch\",status=\"parked\"} 0"), "{told}");
        assert!(has(&told, "abiscope_files{state=\"analyzer-failed\"} 0"), "{told}");
    }

    #[test]
    fn a_listing_that_is_not_believed_leaves_the_age_of_the_one_before() {
        let listings = vec![listing(1, Some("it lost half of its names")), listing(30, None)];
        let told =
            text(Some(&Status { crawl: CrawlStatus { listings, ..CrawlStatus::default() }, ..Status::default() }));
        assert!(has(&told, "abiscope_listing_refused{index=\"https://index.example/\"} 1"), "{told}");
        let age = told.lines().find_map(|line| line.strip_prefix("abiscope_listing_age_seconds{")).expect("an age");
        let age: f64 = age.rsplit(' ').next().expect("a value").parse().expect("a number");
        assert!((108_000.0..108_100.0).contains(&age), "{age}");
    }
}
