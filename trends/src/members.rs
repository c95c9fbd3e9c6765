//! Who is in a scope, and when: for what is counted where it is asked for.
//!
//! Items are many, so they are counted in advance over all projects only. In another scope a series of one is made from
//! the scope's members, and the reports that use it.

use std::collections::HashSet;

use crate::counts::{Entry, Row};
use crate::span::spans;
use crate::trends::is_in;
use crate::{Scope, Series, Step, Subject, Trends};

/// The projects of a scope with native source, with the report that says so, for months in a row.
#[derive(Debug)]
pub struct Members<'t> {
    trends: &'t Trends,
    scope: Scope,
    spans: Vec<(i32, Entry)>,
}

impl Trends {
    /// The members of a scope.
    pub fn members(&self, scope: Scope) -> Members<'_> {
        let spans = self.projects().flat_map(|project| {
            let spans = spans(project, self.months(), self.lists()).into_iter();
            let spans =
                spans.filter(move |span| span.state.reached == Step::Native && is_in(scope, project, &span.state));
            spans.filter_map(|span| {
                let told = project.releases.get(span.state.release)?.told.as_ref()?;
                Some((told.report, Entry::of(&span)))
            })
        });
        Members { trends: self, scope, spans: spans.collect() }
    }
}

impl Members<'_> {
    /// The reports by which they are members, each once.
    pub fn reports(&self) -> Vec<i32> {
        let reports: HashSet<i32> = self.spans.iter().map(|(report, _)| *report).collect();
        reports.into_iter().collect()
    }

    /// The series of what is true by these reports; of the subject only the name counts.
    pub fn series(&self, subject: &Subject, users: &HashSet<i32>) -> Series {
        let length = self.trends.months().len();
        let mut row = Row::default();
        for (_, entry) in self.spans.iter().filter(|(report, _)| users.contains(report)) {
            row.add(entry, length);
        }
        self.trends.points(subject, self.scope, row.sums(length))
    }
}
