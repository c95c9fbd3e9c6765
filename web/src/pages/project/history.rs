//! The releases of a project in a row: when it took up abi3 wheels, and when its verdict changed.

use analyzer::Outcome;
use capi::Target;
use store::{ProjectDetail, ReleaseRow};

use crate::numbers::{Count, day};
use crate::visible::cut;
use crate::words::Mark;
use crate::{address, states};

/// Releases in the strip: the newest.
const CELLS: usize = 60;

/// The strip and what it says.
#[derive(Default)]
pub(super) struct History {
    pub(super) sentences: Vec<String>,
    /// Oldest first.
    pub(super) cells: Vec<Cell>,
    /// Older releases that are not in the strip.
    pub(super) older: usize,
}

/// One release of the strip.
pub(super) struct Cell {
    pub(super) mark: Mark,
    /// It has a wheel of the stable ABI.
    pub(super) stable: bool,
    pub(super) shown: bool,
    pub(super) address: String,
    /// `4.2.0, 2024-03-02: blocked; 12 wheels, 3 of the stable ABI`.
    pub(super) says: String,
}

impl History {
    /// Final releases that are not yanked, with wheels or a verdict. Needs two of them to say anything.
    pub(super) fn of(project: &ProjectDetail, target: Target, shown: &str) -> Self {
        let tells = |row: &&ReleaseRow| {
            !row.prerelease && !row.yanked && (row.wheels > 0 || row.verdict.is_some() || row.version == shown)
        };
        let rows: Vec<&ReleaseRow> = project.releases.iter().rev().filter(tells).collect();
        if rows.len() < 2 {
            return Self::default();
        }
        let older = rows.len().saturating_sub(CELLS);
        Self {
            sentences: vec![wheels(&rows), verdicts(&rows, target)].into_iter().flatten().collect(),
            cells: rows[older..].iter().map(|row| cell(project, row, shown)).collect(),
            older,
        }
    }
}

fn cell(project: &ProjectDetail, row: &ReleaseRow, shown: &str) -> Cell {
    let state = states::instead_of_verdict(project.state, Some(row.state), row.file_state);
    let mark = row.verdict.map_or(state.mark, Mark::from);
    let wheels = match (row.wheels, row.stable_wheels) {
        (0, _) => "no wheels".to_owned(),
        (all, 0) => Count(all).of("wheel"),
        (all, stable) => format!("{}, {} of the stable ABI", Count(all).of("wheel"), Count(stable)),
    };
    Cell {
        mark,
        stable: row.stable_wheels > 0,
        shown: row.version == shown,
        address: address::release(&project.name, &row.version),
        says: format!("{}: {}; {wheels}", named(row), mark.word()),
    }
}

/// `4.2.0 (2024-03-02)`.
fn named(row: &ReleaseRow) -> String {
    let version = cut(&row.version, 40);
    match row.uploaded_at {
        Some(when) => format!("{version} ({})", day(Some(when))),
        None => version.into_owned(),
    }
}

/// When wheels of the stable ABI came and went.
fn wheels(rows: &[&ReleaseRow]) -> Option<String> {
    let with_wheels: Vec<&ReleaseRow> = rows.iter().copied().filter(|row| row.wheels > 0).collect();
    let changes = changes(&with_wheels, |row| row.stable_wheels > 0);
    let releases = Count::from(with_wheels.len()).of("release");
    let (first, last) = (changes.first()?, changes.last()?);
    Some(match (changes.len(), first.value, last.value) {
        (1, false, _) => format!("None of its {releases} with wheels has one of the stable ABI."),
        (1, true, _) => format!("All of its {releases} with wheels have one of the stable ABI."),
        (2, _, true) => format!(
            "Wheels of the stable ABI since {}, in {} of {releases} with wheels.",
            last.named,
            Count::from(last.length)
        ),
        (2, _, false) => {
            format!("Wheels of the stable ABI up to {}, none since {}: a reversal.", first.last_named, last.named)
        }
        _ => format!("Wheels of the stable ABI came and went: {}.", comings(&changes)),
    })
}

/// `taken up in 2.0, given up in 3.0, taken up again in 3.2`.
fn comings(changes: &[Change]) -> String {
    let mut before = false;
    let mut words = Vec::new();
    for change in changes.iter().skip(usize::from(!changes.first().is_some_and(|change| change.value))) {
        let word = match (change.value, before) {
            (true, false) => "taken up in",
            (true, true) => "taken up again in",
            (false, _) => "given up in",
        };
        before |= change.value;
        words.push(format!("{word} {}", change.named));
    }
    words.join(", ")
}

/// How the verdict changed among the releases that were read.
fn verdicts(rows: &[&ReleaseRow], target: Target) -> Option<String> {
    let read: Vec<&ReleaseRow> = rows.iter().copied().filter(|row| row.verdict.is_some()).collect();
    let changes = changes(&read, |row| row.verdict);
    let of = format!("{} of {} here", Count::from(read.len()), Count::from(rows.len()).of("release"));
    let word = |verdict: Option<Outcome>| verdict.map_or("not read", |verdict| Mark::from(verdict).word());
    match changes.as_slice() {
        [] => None,
        [_] if read.len() == 1 => Some(format!("{of} was read by the survey.")),
        [one] => Some(format!("{of} were read, each {} for {target}.", word(one.value))),
        many => {
            let told: Vec<String> =
                many.iter().skip(1).map(|change| format!("{} since {}", word(change.value), change.named)).collect();
            Some(format!("{of} were read; for {target} {} at first, {}.", word(many[0].value), told.join(", ")))
        }
    }
}

/// Releases in a row of which the same is true.
struct Change<T = bool> {
    value: T,
    /// The first of them.
    named: String,
    /// The last of them.
    last_named: String,
    length: usize,
}

fn changes<T: PartialEq>(rows: &[&ReleaseRow], value: impl Fn(&ReleaseRow) -> T) -> Vec<Change<T>> {
    rows.chunk_by(|one, other| value(one) == value(other))
        .filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            Some(Change { value: value(first), named: named(first), last_named: named(last), length: run.len() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use store::ReleaseState;

    use super::*;

    fn row(version: &str, stable: i64, verdict: Option<Outcome>) -> ReleaseRow {
        ReleaseRow {
            version: version.to_owned(),
            latest: false,
            prerelease: false,
            yanked: false,
            uploaded_at: None,
            state: ReleaseState::Selected,
            file_state: None,
            verdict,
            floor: None,
            wheels: 4,
            stable_wheels: stable,
        }
    }

    fn told(stable: &[i64]) -> String {
        let rows: Vec<ReleaseRow> =
            stable.iter().enumerate().map(|(i, stable)| row(&format!("{i}.0"), *stable, None)).collect();
        wheels(&rows.iter().collect::<Vec<_>>()).expect("it says something")
    }

    #[test]
    fn taking_up_giving_up_and_taking_up_again_are_told_apart() {
        assert_eq!(told(&[0, 0]), "None of its 2 releases with wheels has one of the stable ABI.");
        assert_eq!(told(&[1, 1]), "All of its 2 releases with wheels have one of the stable ABI.");
        assert_eq!(told(&[0, 1, 1]), "Wheels of the stable ABI since 1.0, in 2 of 3 releases with wheels.");
        assert_eq!(told(&[1, 1, 0]), "Wheels of the stable ABI up to 1.0, none since 2.0: a reversal.");
        assert_eq!(
            told(&[0, 1, 0, 0, 1]),
            "Wheels of the stable ABI came and went: taken up in 1.0, given up in 2.0, taken up again in 4.0."
        );
        assert_eq!(
            told(&[1, 0, 1]),
            "Wheels of the stable ABI came and went: taken up in 0.0, given up in 1.0, taken up again in 2.0."
        );
    }

    #[test]
    fn verdicts_are_told_with_the_releases_that_were_read() {
        let target = "abi3-3.11".parse().expect("a target");
        let (bad, good) = (Some(Outcome::Blocked), Some(Outcome::NoBlocker));
        let told = |verdicts: &[Option<Outcome>]| {
            let rows: Vec<ReleaseRow> =
                verdicts.iter().enumerate().map(|(i, verdict)| row(&format!("{i}.0"), 0, *verdict)).collect();
            super::verdicts(&rows.iter().collect::<Vec<_>>(), target)
        };
        assert_eq!(told(&[None, None]), None);
        assert_eq!(told(&[None, bad]).as_deref(), Some("1 of 2 releases here was read by the survey."));
        assert_eq!(told(&[bad, bad]).as_deref(), Some("2 of 2 releases here were read, each blocked for abi3-3.11."));
        assert_eq!(
            told(&[bad, None, good, bad]).as_deref(),
            Some(
                "3 of 4 releases here were read; for abi3-3.11 blocked at first, no blocker since 2.0, blocked since 3.0."
            )
        );
    }
}
