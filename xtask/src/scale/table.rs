//! The figures as text.

use std::fmt::Write as _;
use std::time::Duration;

use super::crawl::Figures;

/// What stands over the columns.
pub(super) fn head() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "a crawl of a generated index, no rate limit, {cores} cores; CPU in ms a project, memory in MB at its peak\n\
         {:>8} {:>8} {:>10} | {:>8} {:>8} {:>8} | {:>6} {:>12} {:>9} {:>7} | {:>11} {:>9}",
        "projects",
        "seconds",
        "projects/s",
        "abiscope",
        "Postgres",
        "CPU",
        "crawl",
        "a child (of)",
        "Postgres",
        "shared",
        "database MB",
        "a project"
    )
}

/// One crawl.
pub(super) fn row(of: &Figures) -> String {
    let each = |time: Duration| time.as_secs_f64() * 1e3 / f64::from(of.projects);
    let peaks = &of.peaks;
    format!(
        "{:>8} {:>8.1} {:>10.1} | {:>8.2} {:>8.2} {:>8.2} | {:>6.0} {:>8.0} ({}) {:>9.0} {:>7.0} | {:>11.1} {:>6.1} kB",
        of.projects,
        of.wall.as_secs_f64(),
        f64::from(of.projects) / of.wall.as_secs_f64(),
        each(of.own),
        each(of.postgres),
        each(of.own + of.postgres),
        megabytes(peaks.crawl),
        megabytes(peaks.child),
        peaks.children,
        megabytes(peaks.postgres),
        megabytes(peaks.postgres_shared),
        megabytes(of.database_bytes),
        megabytes(of.database_bytes) * 1e3 / f64::from(of.projects),
    )
}

/// The cost of a project beside that of the smallest index.
pub(super) fn ratios(crawls: &[Figures], goal: f64) -> String {
    let mut text = String::new();
    let Some((smallest, others)) = crawls.split_first() else { return text };
    for crawl in others {
        let beside = |cost: fn(&Figures) -> Duration| {
            let each = |of: &Figures| cost(of).as_secs_f64() / f64::from(of.projects);
            each(crawl) / each(smallest)
        };
        let cpu = beside(|of| of.own + of.postgres);
        let _ = writeln!(
            text,
            "a project of {} costs {cpu:.2} times the CPU of one of {} (abiscope {:.2}, Postgres {:.2}), {:.2} times the \
             seconds: {}",
            crawl.projects,
            smallest.projects,
            beside(|of| of.own),
            beside(|of| of.postgres),
            beside(|of| of.wall),
            if cpu <= goal { format!("flat, within {goal}") } else { format!("NOT flat: over {goal}") },
        );
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "a few digits are shown")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::memory::Peaks;

    fn figures(projects: u32, milliseconds: u64) -> Figures {
        let time = Duration::from_millis(milliseconds);
        let peaks = Peaks::default();
        Figures { projects, wall: time, own: time / 2, postgres: time / 2, peaks, database_bytes: 0, plans: Vec::new() }
    }

    #[test]
    fn a_cost_that_grows_faster_than_the_index_is_told() {
        let said = ratios(&[figures(100, 1000), figures(200, 2400), figures(400, 6000)], 1.3);
        let lines: Vec<&str> = said.lines().collect();
        assert!(lines[0].contains("costs 1.20 times") && lines[0].ends_with("flat, within 1.3"), "{said}");
        assert!(lines[1].contains("costs 1.50 times") && lines[1].ends_with("NOT flat: over 1.3"), "{said}");
        assert_eq!(ratios(&[figures(100, 1000)], 1.3), "");
    }
}
