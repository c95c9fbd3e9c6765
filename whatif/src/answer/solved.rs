//! Which version of a generator no longer makes such code, as far as the survey has seen.

use std::collections::{BTreeMap, BTreeSet};

use analyzer::OriginClass;
use packaging::ReleaseVersion;

use super::cases::Makers;
use crate::{Evidence, Hit};

/// For each generator the newest version seen with such code, and the oldest seen that is newer.
pub(super) struct Generators {
    solved: BTreeMap<String, (String, Option<String>)>,
}

impl Generators {
    pub(super) fn of(evidence: &Evidence, makers: &Makers) -> Self {
        let mut newest: BTreeMap<&str, (ReleaseVersion, &str)> = BTreeMap::new();
        for maker in makers.origins() {
            let by = evidence.origins.get(maker).and_then(|origin| origin.by.as_deref());
            let Some((name, text)) = by.and_then(|by| by.split_once(' ')) else { continue };
            let version = ReleaseVersion::new(text);
            let known = newest.entry(name).or_insert_with(|| (version.clone(), text));
            if version > known.0 {
                *known = (version, text);
            }
        }
        let solved = newest.into_iter().map(|(name, (version, text))| {
            let newer: BTreeSet<(ReleaseVersion, &str)> = evidence
                .generators
                .iter()
                .filter(|one| one.name == name)
                .map(|one| (ReleaseVersion::new(&one.version), one.version.as_str()))
                .filter(|(other, _): &(ReleaseVersion, &str)| *other > version)
                .collect();
            let next = newer.first().map(|(_, text)| (*text).to_owned());
            (name.to_owned(), (text.to_owned(), next))
        });
        Self { solved: solved.collect() }
    }

    /// `not seen from cython 3.1.0 on`; `made by cython 3.2.5 too, the newest seen`.
    pub(super) fn sentence(&self, evidence: &Evidence, hits: &[&Hit]) -> Option<String> {
        let makers: BTreeSet<&str> = hits
            .iter()
            .map(|hit| evidence.origin(hit))
            .filter(|origin| origin.class == OriginClass::Generated)
            .filter_map(|origin| origin.by.as_deref()?.split(' ').next())
            .collect();
        let words: Vec<String> = makers
            .into_iter()
            .filter_map(|name| {
                let (newest, next) = self.solved.get(name)?;
                Some(match next {
                    Some(next) => format!("not seen from {name} {next} on"),
                    None => format!("{name} {newest}, the newest seen, makes it too"),
                })
            })
            .collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}
