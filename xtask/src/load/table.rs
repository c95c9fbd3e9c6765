//! The figures as text.

use std::fmt::Write as _;

use super::client::{Found, KindFound};
use super::server::Used;

/// One run of the load, by what was asked, then as a whole.
pub(super) fn table(title: &str, found: &mut Found, before: Used, after: Used) -> String {
    let mut text = format!(
        "{title}\n{:<10} {:>7} {:>8} {:>8} {:>8} {:>8} {:>7} {:>9}  slowest\n",
        "asked", "answers", "p50 ms", "p90 ms", "p99 ms", "max ms", "errors", "largest"
    );
    let mut all = KindFound::default();
    for (kind, of) in &mut found.kinds {
        text += &row(kind, of);
        all.latencies.extend(&of.latencies);
        all.errors += of.errors;
        if of.errors > 0 {
            all.failed.clone_from(&of.failed);
        }
        if of.largest.0 > all.largest.0 {
            all.largest.clone_from(&of.largest);
        }
    }
    text += &row("all", &mut all);
    let _ = writeln!(text, "largest: {} bytes, {}", all.largest.0, all.largest.1);
    if all.errors > 0 {
        let _ = writeln!(text, "one that failed: {}", all.failed);
    }
    let cores = |seconds: f64| seconds / found.wall_seconds;
    let _ = writeln!(
        text,
        "CPU, in cores: server {:.2}, Postgres {:.2}, load generator {:.2}; the generator began a request at most {:.1} ms late",
        cores(after.server.saturating_sub(before.server).as_secs_f64()),
        cores((after.postgres.saturating_sub(before.postgres)).as_secs_f64()),
        cores(found.cpu_seconds),
        milliseconds(found.latest_start),
    );
    let _ = writeln!(
        text,
        "memory, before and after: server {:.0} and {:.0} MB, Postgres' own {:.0} and {:.0} MB",
        megabytes(before.server_memory),
        megabytes(after.server_memory),
        megabytes(before.postgres_memory),
        megabytes(after.postgres_memory),
    );
    text
}

fn row(kind: &str, of: &mut KindFound) -> String {
    of.latencies.sort_unstable();
    let at = |share: f64| milliseconds(quantile(&of.latencies, share));
    format!(
        "{kind:<10} {:>7} {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>7} {:>9}  {}\n",
        of.latencies.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
        of.errors,
        of.largest.0,
        of.slowest.1
    )
}

/// The least value that so large a share of the sorted values does not exceed.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a rank")]
fn quantile(sorted: &[u64], share: f64) -> u64 {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn milliseconds(micros: u64) -> f64 {
    micros as f64 / 1e3
}

#[expect(clippy::cast_precision_loss, reason = "no digit after the point is shown")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_value_that_was_seen() {
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!([0.5, 0.99, 1.0].map(|share| quantile(&hundred, share)), [50, 99, 100]);
        assert_eq!(quantile(&[7], 0.01), 7);
        assert_eq!(quantile(&[], 0.5), 0);
    }
}
