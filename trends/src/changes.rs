//! Who made a series move.

use std::collections::HashSet;

use crate::counts::{Place, number::is_about_code, truths};
use crate::span::{State, state};
use crate::trends::is_in;
use crate::{Month, Project, Scope, Step, Subject, Trends};

/// What changed between the ends of two months.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Projects that count and did not before, by name.
    pub entered: Vec<Change>,
    /// Projects that counted before and do not now, by name.
    pub left: Vec<Change>,
    /// Projects that count at one end, and at the other stood by a release that was not read: what they did is not known.
    pub unread: Vec<Change>,
}

/// A project that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub project: Box<str>,
    /// The release that stood at the end of the first month, if any did: [`crate::Release::id`].
    pub before: Option<i64>,
    /// The release that stands at the end of the last month.
    pub now: Option<i64>,
}

impl Trends {
    /// Who made the series of `subject` in `scope` move from the end of the month `after` to that of `until`. Before the
    /// first month that is counted nobody counts. `users` are, of [`Trends::reports_that_moved`], those that use
    /// the item where the subject is one ([`Subject::Item`]).
    pub fn changes(
        &self,
        subject: &Subject,
        scope: Scope,
        (after, until): (Month, Month),
        users: &HashSet<i32>,
    ) -> Option<Changes> {
        let at = self.months().place(until)?;
        let wanted = match self.place(subject)? {
            Place::Scoped(number) => Wanted::Number(number),
            Place::Item(_) => Wanted::Item(users),
        };
        let mut changes = Changes::default();
        for (project, then, now) in self.moved(self.months().place(after), at) {
            let counts = |state: Option<State>| {
                state.is_some_and(|state| is_in(scope, project, &state) && wanted.is_true(project, &state))
            };
            let release = |state: Option<State>| Some(project.releases.get(state?.release)?.id);
            let change = || Change { project: project.name.clone(), before: release(then), now: release(now) };
            let is_unread = |state: Option<State>| state.is_some_and(|state| wanted.is_untold(&state));
            match (counts(then), counts(now)) {
                (false, true) if is_unread(then) => changes.unread.push(change()),
                (true, false) if is_unread(now) => changes.unread.push(change()),
                (false, true) => changes.entered.push(change()),
                (true, false) => changes.left.push(change()),
                _ => {}
            }
        }
        for list in [&mut changes.entered, &mut changes.left, &mut changes.unread] {
            list.sort_by(|one, other| one.project.cmp(&other.project));
        }
        Some(changes)
    }

    /// The reports that have to be asked about an item before [`Trends::changes`]: those of projects that moved at all.
    pub fn reports_that_moved(&self, (after, until): (Month, Month)) -> Vec<i32> {
        let Some(at) = self.months().place(until) else { return Vec::new() };
        let report = |project: &Project, state: Option<State>| {
            project.releases.get(state?.release)?.told.as_ref().map(|told| told.report)
        };
        let moved = self.moved(self.months().place(after), at);
        moved.flat_map(|(project, then, now)| [report(project, then), report(project, now)]).flatten().collect()
    }

    /// The projects that are not in one state at the ends of two months, with both.
    fn moved(
        &self,
        after: Option<usize>,
        until: usize,
    ) -> impl Iterator<Item = (&Project, Option<State>, Option<State>)> {
        self.projects().filter_map(move |project| {
            let then = after.and_then(|after| self.state_of(project, after));
            let now = self.state_of(project, until);
            let is_same =
                then.zip(now).is_some_and(|(then, now)| then.counts_as(&now)) || then.is_none() && now.is_none();
            (!is_same).then_some((project, then, now))
        })
    }

    fn state_of(&self, project: &Project, at: usize) -> Option<State> {
        state(project, self.months(), self.lists(), at)
    }
}

/// What is asked of a project.
enum Wanted<'a> {
    Number(usize),
    Item(&'a HashSet<i32>),
}

impl Wanted<'_> {
    /// Whether only reading the release would have told. A wheel's tag tells itself.
    fn is_untold(&self, state: &State) -> bool {
        let is_about_code = match self {
            Self::Number(number) => is_about_code(*number),
            Self::Item(_) => true,
        };
        is_about_code && (Step::Sdist..Step::Readable).contains(&state.reached)
    }

    fn is_true(&self, project: &Project, state: &State) -> bool {
        let told = project.releases.get(state.release).and_then(|release| release.told.as_ref());
        match self {
            Self::Number(number) => truths(state, told.map(|told| &*told.facts)).contains(number),
            Self::Item(users) => state.reached == Step::Native && told.is_some_and(|told| users.contains(&told.report)),
        }
    }
}
