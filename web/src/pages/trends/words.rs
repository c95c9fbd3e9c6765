//! What stands around figures: the first sentences, what can be chosen, and since when.

use chrono::NaiveDate;
use store::TrendRange;
use trends::{Point, Scope};

use crate::figures::{Asked, Figured};
use crate::numbers::{Count, share};
use crate::pages::{Choice, target_choices};

/// What can be chosen.
pub(super) struct Form {
    pub(super) action: String,
    pub(super) targets: Vec<Choice>,
    pub(super) scopes: Vec<Choice>,
    /// What is kept of the address.
    pub(super) of: String,
}

/// Since when the survey looked.
pub(super) struct Range {
    pub(super) observed: Option<String>,
    /// What changed in how it is counted.
    pub(super) definitions: Vec<String>,
}

/// What the figures say, in two sentences.
pub(crate) fn sentences(made: &Figured, asked: Asked) -> Vec<String> {
    let Some((free, whole)) = made.lines.first().map(|(_, series)| series).zip(Some(&made.whole)) else {
        return Vec::new();
    };
    let told = |at: usize| {
        let (point, whole) = (free.points.get(at)?, whole.points.get(at)?);
        (whole.chain.with_native > 0).then(|| {
            let share = share(point.projects, whole.chain.with_native);
            format!("{} of {} ({share})", Count(point.projects), Count(whole.chain.with_native).of("project"))
        })
    };
    let Some(last) = whole.points.len().checked_sub(1) else { return Vec::new() };
    let of = if asked.scope == Scope::All { String::new() } else { format!(" ({})", asked.scope) };
    let now = told(last).map(|told| {
        format!("On {}, {told} with native source{of} have no blocker for {}.", whole.points[last].on, asked.target)
    });
    let before = last.checked_sub(12 * 3).or_else(|| whole.points.iter().position(|point| point.chain.with_native > 0));
    let before = before
        .filter(|at| at + 1 < last)
        .and_then(|at| Some(format!("On {} it was {}.", whole.points[at].on, told(at)?)));
    let unread = whole.points.last().map(|point: &Point| point.chain).filter(|chain| chain.with_files > chain.readable);
    let unread = unread.map(|chain| {
        format!(
            "Of {} with files, {} were read; the others have only pure wheels or no sdist, or were not read yet.",
            Count(chain.with_files).of("project"),
            Count(chain.readable)
        )
    });
    now.into_iter().chain(before).chain(unread).collect()
}

pub(super) fn form(action: &str, asked: Asked, range: &TrendRange, of: String) -> Form {
    let choice = |value: String, word: String, chosen: bool| Choice { value, word, chosen };
    let scopes = Scope::moving().chain(range.years.iter().rev().map(|year| Scope::Cohort(*year)));
    Form {
        action: action.to_owned(),
        targets: target_choices(asked.target),
        scopes: scopes
            .map(|scope| {
                let value = if scope == Scope::All { String::new() } else { scope.to_string() };
                choice(value, scope_words(scope), scope == asked.scope)
            })
            .collect(),
        of,
    }
}

fn scope_words(scope: Scope) -> String {
    match scope {
        Scope::All => "all projects".to_owned(),
        Scope::Cohort(year) => format!("those that were there when {year} began"),
        Scope::Toolchain(toolchain) => format!("made with {}", toolchain.name()),
        Scope::Band(band) => match band {
            trends::Band::Rest => "beyond rank 15,000 by downloads".to_owned(),
            _ => format!("ranks {} by downloads", band.as_str().replace('-', " to ")),
        },
        Scope::Age(age) => match age {
            trends::Age::Oldest => "first uploaded 10 years before or more".to_owned(),
            _ => format!("first uploaded {} years before", age.as_str().replace('-', " to ")),
        },
    }
}

impl Range {
    pub(super) fn of(range: &TrendRange, marks: &[(NaiveDate, String)]) -> Self {
        Self {
            observed: range.observed_from.map(|day| day.to_string()),
            definitions: marks.iter().map(|(day, word)| format!("{day}: {word}")).collect(),
        }
    }
}
