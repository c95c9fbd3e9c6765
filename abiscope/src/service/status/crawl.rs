//! How the crawl stands: what waits, how the index may be asked, who is at work, what a person should look at.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use store::{BudgetState, CrawlStatus, LastListing, QueueDepth, Seen, Status};

use super::layout::{LABEL, cut, heading, line, time};
use crate::output::{BOLD, DIM, counted, grouped, harmless};

/// Workers that are listed.
const WORKERS: usize = 20;

/// Silence after which a worker may be gone: it says every half minute that it is there.
const SILENT: i64 = 60;

/// What wants an eye on it.
const NOTICE: Style = AnsiColor::Yellow.on_default();

/// Prints it; nothing, if there never was a crawl.
pub fn write(status: &Status, width: usize, out: &mut impl Write) -> std::io::Result<()> {
    let crawl = &status.crawl;
    if *crawl == CrawlStatus::default() {
        return Ok(());
    }
    queue(status, width, out)?;
    for listing in &crawl.listings {
        listed(status, listing, width, out)?;
    }
    for state in &crawl.budgets {
        budget(state, width, out)?;
    }
    let hour = crawl.last_hour;
    let parts = [
        counted(hour.read.unsigned_abs(), "page") + " read",
        counted(hour.fetched.unsigned_abs(), "sdist") + " fetched",
        counted(hour.analysed.unsigned_abs(), "report") + " written",
    ];
    heading(out, "last hour", &parts, Style::new(), width)?;
    at_work(&crawl.workers, width, out)?;
    if crawl.alarms > 0 {
        let parts = [grouped(crawl.alarms.unsigned_abs()), "`abiscope alarms` says what to look at".to_owned()];
        heading(out, "alarms", &parts, NOTICE, width)?;
    }
    Ok(())
}

fn queue(status: &Status, width: usize, out: &mut impl Write) -> std::io::Result<()> {
    let crawl = &status.crawl;
    let depths = || crawl.queue.iter().filter(|(_, depth)| **depth != QueueDepth::default());
    if depths().next().is_none() {
        return heading(out, "queue", &["nothing waits".to_owned()], Style::new(), width);
    }
    writeln!(out, "\n{BOLD}{:<LABEL$}{:>9}{:>9}{:>9}{:>9}{BOLD:#}", "queue", "ready", "delayed", "running", "parked")?;
    for (kind, QueueDepth { ready, delayed, running, parked, .. }) in depths() {
        let number = |n: &i64| grouped(n.unsigned_abs());
        let style = if *parked > 0 { NOTICE } else { Style::new() };
        write!(out, "  {:<1$}{2:>9}{3:>9}", harmless(kind), LABEL - 2, number(ready), number(delayed))?;
        writeln!(out, "{:>9}{style}{:>9}{style:#}", number(running), number(parked))?;
    }
    let mut parts = Vec::new();
    if let Some(oldest) = crawl.oldest_ready {
        parts.push(format!("the oldest has waited for {}", time((status.at - oldest).num_seconds())));
    }
    if let Some(next) = crawl.next_due_seconds {
        parts.push(format!("the next delayed one is due in {}", time(next)));
    }
    let failing: i64 = crawl.queue.values().map(|depth| depth.failing).sum();
    if failing > 0 {
        parts.push(format!("{} failed before and will be tried again", grouped(failing.unsigned_abs())));
    }
    if !parts.is_empty() {
        line(out, "", &parts, DIM, width)?;
    }
    let parked: i64 = crawl.queue.values().map(|depth| depth.parked).sum();
    if parked > 0 {
        let parts = ["parked: out of tries".to_owned(), "`abiscope requeue --list` says why".to_owned()];
        line(out, "", &parts, NOTICE, width)?;
    }
    Ok(())
}

fn listed(status: &Status, listing: &LastListing, width: usize, out: &mut impl Write) -> std::io::Result<()> {
    let (what, style) = if listing.refused.is_some() { ("refused listing", NOTICE) } else { ("listing", Style::new()) };
    heading(out, what, std::slice::from_ref(&listing.index), Style::new(), width)?;
    let mut when = vec![
        listing.read_at.format("%F %R UTC").to_string(),
        format!("{} ago", time((status.at - listing.read_at).num_seconds())),
    ];
    when.extend(listing.last_serial.map(|serial| format!("serial {serial}")));
    line(out, "read", &when, Style::new(), width)?;
    let number = |n: i64| grouped(n.unsigned_abs());
    if let Some(why) = &listing.refused {
        return line(out, "why", std::slice::from_ref(why), style, width);
    }
    let LastListing { names, appeared, changed, gone, .. } = *listing;
    let parts = [
        format!("{} listed", number(names)),
        format!("{} new", number(appeared)),
        format!("{} changed", number(changed)),
        format!("{} gone", number(gone)),
        format!("{} never read", number(status.crawl.names.unread)),
    ];
    line(out, "names", &parts, style, width)
}

fn budget(budget: &BudgetState, width: usize, out: &mut impl Write) -> std::io::Result<()> {
    heading(out, "budget", std::slice::from_ref(&budget.index), Style::new(), width)?;
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    let rate = match budget.spacing_ms {
        0 => "no limit".to_owned(),
        ms => format!("{} requests/s", (100_000.0 / ms as f64).round() / 100.0),
    };
    let number = |n: i64| grouped(n.unsigned_abs());
    let parts = [
        rate,
        format!("{} of {} connections taken", number(budget.connections_taken), number(budget.connections)),
        format!("{} requests so far", number(budget.requests)),
    ];
    line(out, "rate", &parts, Style::new(), width)?;
    if budget.quiet_seconds > 0 {
        let parts = ["the index asked for it".to_owned(), format!("{} left", time(budget.quiet_seconds))];
        line(out, "quiet", &parts, NOTICE, width)?;
    }
    Ok(())
}

fn at_work(seen: &[Seen], width: usize, out: &mut impl Write) -> std::io::Result<()> {
    let working = seen.iter().filter(|seen| seen.role != "serve" && seen.silent_seconds <= SILENT).count();
    heading(out, "at work", &[counted(working as u64, "worker")], Style::new(), width)?;
    let room =
        seen.iter().map(|seen| seen.host.chars().count()).max().unwrap_or(0).min(width.saturating_sub(40)).max(8);
    for seen in seen.iter().take(WORKERS) {
        let Seen { role, host, version, silent_seconds, .. } = seen;
        let (style, when) = match time(*silent_seconds) {
            ago if *silent_seconds <= SILENT => (Style::new(), format!("seen {ago} ago")),
            silent => (DIM, format!("silent for {silent}")),
        };
        let text = format!(
            "{:<8}{:<room$}  {:<18}{}",
            cut(&harmless(role), 7),
            cut(&harmless(host), room),
            when,
            harmless(version)
        );
        writeln!(out, "  {style}{}{style:#}", cut(text.trim_end(), width.saturating_sub(2)))?;
    }
    if seen.len() > WORKERS {
        writeln!(out, "  {DIM}and {} more{DIM:#}", seen.len() - WORKERS)?;
    }
    if working == 0 {
        let words = "no worker seen for a minute: what waits stays until `abiscope work` or `abiscope crawl` runs";
        for text in wrapped(words, width.saturating_sub(2)) {
            writeln!(out, "  {NOTICE}{text}{NOTICE:#}")?;
        }
    }
    Ok(())
}

/// The words on lines of at most so many characters.
fn wrapped(words: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests;
