//! Months in a row in which the same is true of a project.

use std::ops::Range;

use crate::{Age, Band, Lists, Months, Project, Release, Step};

/// Months in a row with one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// Their places.
    pub(crate) months: Range<usize>,
    pub(crate) state: State,
}

/// What is true of a project at the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// The place of the release that stands.
    pub(crate) release: usize,
    pub(crate) reached: Step,
    /// The tags of its wheels, as bits.
    pub(crate) tags: u8,
    pub(crate) age: Age,
    /// `None`: no list of downloads is held.
    pub(crate) band: Option<Band>,
    /// In the month's list.
    pub(crate) downloads: u64,
}

impl State {
    /// Whether all is as in another state that a project counts for; how often it is downloaded is no part of that.
    pub(crate) fn counts_as(&self, other: &Self) -> bool {
        Self { downloads: other.downloads, ..*self } == *other
    }
}

/// The state of a project at the end of the month at a place.
pub(crate) fn state(project: &Project, months: Months, lists: &Lists, place: usize) -> Option<State> {
    let day = months.end(place);
    let at = project.stood(day)?;
    let release = project.releases.get(at)?;
    let list = lists.of(months.month(place));
    let downloads = list.and_then(|list| project.downloads_in(list));
    Some(State {
        release: at,
        reached: reached(release, day),
        tags: release.tags.on(day),
        age: Age::on(day, project.first_upload()?),
        band: list.map(|_| Band::of(downloads.map(|downloads| downloads.rank))),
        downloads: downloads.map_or(0, |downloads| downloads.downloads),
    })
}

/// Only a report of the current analyzer makes a release read.
fn reached(release: &Release, day: chrono::NaiveDate) -> Step {
    let most = match release.facts() {
        Some(facts) if facts.is_native => Step::Native,
        Some(_) => Step::Readable,
        None => Step::Fetched,
    };
    release.reached(day).min(most)
}

/// The spans of a project, in the order of time; between them it was not there.
pub(crate) fn spans(project: &Project, months: Months, lists: &Lists) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let first = project.first_upload().map_or(months.len(), |first| months.reached(first));
    for place in first..months.len() {
        let Some(state) = state(project, months, lists, place) else { continue };
        match spans.last_mut() {
            Some(last) if last.months.end == place && last.state == state => last.months.end += 1,
            _ => spans.push(Span { months: place..place + 1, state }),
        }
    }
    spans
}
