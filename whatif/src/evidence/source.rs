//! Lines that patterns match, as evidence beside uses.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use analyzer::{Accesses, Origin};

use super::{Evidence, Hit, Item};
use crate::{Conditions, Rule, Sought, SourcePattern};

/// How a pattern was searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// What was searched for.
    pub pattern: SourcePattern,
    /// Projects whose sources were to be searched.
    pub projects: u64,
    /// Whether all of them were: otherwise the search ran into its bounds, and what it found is a part.
    pub complete: bool,
}

/// Lines of code of one release, of one author and under one condition, that a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// Whose, by its place in [`Evidence::projects`].
    pub project: u32,
    /// Who wrote them.
    pub origin: Origin,
    /// When the preprocessor keeps them, as far as the file alone tells.
    pub condition: String,
    /// How many.
    pub lines: u32,
}

impl Evidence {
    /// Adds what was found for a pattern; returns the hits that came of it, in their order.
    pub fn add_matches(&mut self, searched: Searched, matches: &[Matches]) -> Vec<Hit> {
        let item = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let name = Rule::Source(searched.pattern.clone()).canonical().into();
        self.items.push(Item { kind: Sought::Source, name });
        self.searched.push(searched);
        let origins = self.origins_with(matches);
        let conditions = self.conditions_with(matches);
        let known = |number: Option<&u32>| number.copied().unwrap_or(u32::MAX);
        let hits: Vec<Hit> = matches
            .iter()
            .map(|one| Hit {
                project: one.project,
                item,
                origin: known(origins.get(&one.origin)),
                condition: known(conditions.get(one.condition.as_str())),
                sites: one.lines,
                access: Accesses::default(),
                probable: false,
            })
            .collect();
        self.hits.hold(&hits);
        hits
    }

    /// The number of every origin, those of the matches included.
    fn origins_with(&mut self, matches: &[Matches]) -> HashMap<Origin, u32> {
        let known: BTreeSet<&Origin> = self.origins.iter().collect();
        let new: BTreeSet<&Origin> = matches.iter().map(|one| &one.origin).filter(|one| !known.contains(one)).collect();
        if !new.is_empty() {
            self.origins = self.origins.iter().chain(new).cloned().collect();
        }
        self.origins.iter().cloned().zip(0..).collect()
    }

    /// The number of every condition, those of the matches included.
    fn conditions_with(&mut self, matches: &[Matches]) -> HashMap<Arc<str>, u32> {
        let known: BTreeSet<&str> = self.conditions.texts().iter().map(|text| &**text).collect();
        let new = matches.iter().map(|one| one.condition.as_str()).filter(|one| !known.contains(one));
        let new: BTreeSet<&str> = new.collect();
        if !new.is_empty() {
            let all = self.conditions.texts().iter().cloned().chain(new.into_iter().map(Arc::from));
            self.conditions = Arc::new(Conditions::new(all.collect()));
        }
        self.conditions.texts().iter().cloned().zip(0..).collect()
    }
}

#[cfg(test)]
mod tests {
    use analyzer::OriginClass;

    use super::*;
    use crate::made::{self, Made, OLD};

    #[test]
    fn words_that_the_survey_has_not_are_added_and_numbers_stay() {
        let mut evidence = made::evidence(&["one", "two"], &[Made { project: 1, condition: OLD, ..Made::default() }]);
        let before = evidence.hits.of(1)[0];
        let own = Origin { class: OriginClass::Own, by: None };
        let copied = Origin { class: OriginClass::Vendored, by: Some("new".to_owned()) };
        let of = |origin: &Origin, condition: &str| Matches {
            project: 0,
            origin: origin.clone(),
            condition: condition.to_owned(),
            lines: 2,
        };
        let searched = Searched { pattern: "Py_TYPE".parse().unwrap(), projects: 2, complete: true };
        let hits = evidence.add_matches(searched, &[of(&own, OLD), of(&copied, "python < 3.5")]);
        let told = |hit: &Hit| {
            (evidence.origin(hit).clone(), evidence.conditions.text(hit.condition).to_owned(), evidence.name(hit))
        };
        assert_eq!(told(&hits[0]), (own.clone(), OLD.to_owned(), "source=Py_TYPE"));
        assert_eq!(told(&hits[1]), (copied, "python < 3.5".to_owned(), "source=Py_TYPE"));
        assert_eq!(told(&before), (own, OLD.to_owned(), "Py_TYPE"));
        assert_eq!((evidence.hits.of(0), evidence.hits.of(1)), (hits, vec![before]));
    }
}
