//! The table at the end of a survey.

use std::io::{self, Write};

use analyzer::{Outcome, Verdict};
use anstyle::Style;
use capi::{Target, Version};
use store::{FileAnswer, ReleaseDetail, ReleaseState};

use super::one::{Answer, Surveyed};
use crate::output::{self, BOLD, DIM, outcome_style, outcome_words};

/// One cell: its text and how it is painted.
type Cell = (String, Style);

const HEAD: [&str; 7] = ["project", "version", "state", "floor", "abi3-3.15", "abi3t-3.15", "blockers"];

/// Prints the answers as a table on stdout and a closing line on stderr.
pub fn print(answers: &[Answer]) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    write(answers, &mut out)?;
    out.flush()?;
    drop(out);
    anstream::eprintln!("{DIM}{}{DIM:#}", closing_line(answers));
    Ok(())
}

fn write(answers: &[Answer], out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<Vec<Cell>> = answers.iter().map(row).collect();
    let widths: Vec<usize> = HEAD.iter().enumerate().map(|(column, head)| width(column, head, &rows)).collect();
    let head: Vec<Cell> = HEAD.iter().map(|&word| (word.to_owned(), BOLD)).collect();
    for row in std::iter::once(&head).chain(&rows) {
        write_row(row, &widths, out)?;
    }
    Ok(())
}

/// The widest cell of a column. A reason at the end of a row runs on to the end of the line and widens nothing.
fn width(column: usize, head: &str, rows: &[Vec<Cell>]) -> usize {
    let cells = rows.iter().filter(|row| row.len() == HEAD.len() || column + 1 < row.len());
    cells.filter_map(|row| row.get(column)).map(|cell| cell.0.chars().count()).max().unwrap_or(0).max(head.len())
}

fn write_row(row: &[Cell], widths: &[usize], out: &mut impl Write) -> io::Result<()> {
    for (i, ((text, style), width)) in row.iter().zip(widths).enumerate() {
        let pad = " ".repeat(width.saturating_sub(text.chars().count()));
        let gap = if i == 0 { "" } else { "  " };
        match i {
            _ if i + 1 == HEAD.len() && row.len() == HEAD.len() => write!(out, "{gap}{pad}{style}{text}{style:#}")?,
            _ if i + 1 == row.len() => write!(out, "{gap}{style}{text}{style:#}")?,
            _ => write!(out, "{gap}{style}{text}{style:#}{pad}")?,
        }
    }
    writeln!(out)
}

/// The cells of one answer; where there are no verdicts the fourth one says why, to the end of the line.
fn row(answer: &Answer) -> Vec<Cell> {
    let plain = |text: &str| (text.to_owned(), Style::new());
    let name = plain(answer.request.name.as_str());
    match &answer.outcome {
        Surveyed::Failed { state, reason } | Surveyed::NoRelease { state, reason } => {
            vec![name, plain("–"), plain(state), (reason.clone(), DIM)]
        }
        Surveyed::Release(release) => {
            let mut cells = vec![name, plain(&release.version)];
            match &release.file {
                Some(file) if !file.verdicts.is_empty() => {
                    cells.push(plain(file.state.as_str()));
                    cells.extend(verdict_cells(file));
                }
                file => cells.extend(reason_cells(release, file.as_ref())),
            }
            cells
        }
    }
}

fn verdict_cells(file: &FileAnswer) -> Vec<Cell> {
    let newest = [Target::Abi3(Version::NEWEST), Target::Abi3t(Version::NEWEST)];
    let found = |target| file.verdicts.iter().find(|verdict| verdict.target == target);
    let floor = file.floor.map_or_else(|| "none".to_owned(), |target| target.version().to_string());
    let is_pure = found(newest[0]).is_some_and(|verdict| verdict.verdict == Outcome::Pure);
    let mut cells = vec![(if is_pure { "–".to_owned() } else { floor }, Style::new())];
    for target in newest {
        cells.push(match found(target) {
            Some(verdict) => (outcome_words(verdict.verdict).to_owned(), outcome_style(verdict.verdict)),
            None => ("–".to_owned(), DIM),
        });
    }
    let blockers = found(newest[0]).map_or(0, blocker_count);
    cells.push((blockers.to_string(), if blockers == 0 { DIM } else { Style::new() }));
    cells
}

fn blocker_count(verdict: &Verdict) -> usize {
    verdict.blocking.len() + verdict.blocking_members.len() + verdict.blocking_types.len()
}

fn reason_cells(release: &ReleaseDetail, file: Option<&FileAnswer>) -> Vec<Cell> {
    let (state, reason) = match file {
        Some(file) => (file.state.as_str(), &file.reason),
        None => (release.state.as_str(), &release.reason),
    };
    let reason = reason.as_deref().unwrap_or_else(|| meaning(release.state));
    vec![(state.to_owned(), Style::new()), (reason.to_owned(), DIM)]
}

/// What a state means for whoever waits for a verdict.
fn meaning(state: ReleaseState) -> &'static str {
    match state {
        ReleaseState::PureByTags => "every wheel is pure Python: not fetched (--all does)",
        ReleaseState::NoSource => "wheels, but no sdist",
        ReleaseState::NoFiles => "no files",
        ReleaseState::NotSelected | ReleaseState::Selected => "",
    }
}

/// What was fetched, what was there already, and what could not be done.
fn closing_line(answers: &[Answer]) -> String {
    let fetched: Vec<u64> = answers.iter().flat_map(|answer| &answer.done.downloaded).copied().collect();
    let failed = answers.iter().filter(|answer| answer.is_failure()).count() as u64;
    let projects = output::counted(answers.len() as u64, "project");
    let kept = answers.iter().filter(|answer| answer.done.downloaded.is_empty() && answer.has_sdist()).count() as u64;
    let downloads = match (fetched.len() as u64, kept) {
        (0, 0) => "nothing was fetched".to_owned(),
        (0, kept) => format!("nothing was fetched again, {} were here already", output::counted(kept, "sdist")),
        (count, _) => format!("{} fetched ({})", output::counted(count, "sdist"), output::bytes(fetched.iter().sum())),
    };
    let failures = if failed == 0 { String::new() } else { format!("; {failed} not found or to be tried again later") };
    let older = match answers.iter().map(|answer| answer.done.older).sum() {
        0 => String::new(),
        older => format!(", and {}", output::counted(older, "older release")),
    };
    format!("{projects}{older}; {downloads}{failures}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::one::Done;
    use crate::survey::requests::Request;

    fn failed(name: &str, reason: &str) -> Answer {
        let request = Request { name: name.parse().expect("a name"), wanted: crawler::Wanted::Latest };
        let outcome = Surveyed::Failed { state: "not-found", reason: reason.to_owned() };
        Answer { request, outcome, done: Done::default() }
    }

    #[test]
    fn a_long_reason_does_not_widen_the_columns() {
        let mut out = Vec::new();
        write(&[failed("demo", &"why ".repeat(40))], &mut out).expect("in memory");
        let table = anstream::adapter::strip_str(std::str::from_utf8(&out).expect("UTF-8")).to_string();
        assert_eq!(table.lines().next(), Some("project  version  state      floor  abi3-3.15  abi3t-3.15  blockers"));
    }

    #[test]
    fn the_closing_line_says_that_nothing_was_fetched_and_what_failed() {
        let line = closing_line(&[failed("demo", "not found on the index")]);
        assert!(line.contains("nothing was fetched") && line.contains("1 not found"), "{line}");
    }
}
