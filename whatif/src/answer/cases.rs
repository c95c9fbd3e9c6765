//! What each project comes to, before it is told in words: a page shows a hundred of twenty thousand.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use super::counted::Counted;
use crate::conditions::Live;
use crate::{Evidence, Hit, Status, status};
use analyzer::{Access, OriginClass};

/// What a proposal means for one project.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) status: Status,
    /// Sites that count in code of its own.
    pub(super) own_sites: i64,
    /// Of them, those for whose item there is something to write instead.
    pub(super) replaceable: i64,
    /// What solves it or solved it, where the hits do not say.
    pub(super) solved: Option<String>,
}

impl Case {
    /// Of a project without hits.
    pub(super) fn bare(status: Status) -> Self {
        Self { status, own_sites: 0, replaceable: 0, solved: None }
    }
}

/// Projects, by their places, with what the proposal means for them.
pub(super) type Cases = BTreeMap<u32, Case>;

/// The cases of projects with hits, and whose generators made live ones.
pub(super) fn of_hits(counted: Counted<'_>, live: &Live) -> (Cases, Makers) {
    let evidence = counted.evidence;
    let (instead, makers) = (Instead::of(evidence), Makers::none(evidence));
    let cases = counted.each(|project, hits| {
        let status = status::of_hits(evidence, hits.iter(), live)?;
        let mut case = Case::bare(status);
        for hit in hits {
            let class = evidence.origin(hit).class;
            if class == OriginClass::Own && counts(evidence, live, status, hit) {
                case.own_sites += i64::from(hit.sites);
                case.replaceable += if instead.has(evidence, hit) { i64::from(hit.sites) } else { 0 };
            }
            if class == OriginClass::Generated && live.is_live(hit.condition) {
                makers.note(hit.origin);
            }
        }
        Some((project, case))
    });
    (cases.into_iter().collect(), makers)
}

/// Which origins wrote live code that is asked for, of generated code.
pub(super) struct Makers(Vec<AtomicBool>);

impl Makers {
    fn none(evidence: &Evidence) -> Self {
        Self(evidence.origins.iter().map(|_| AtomicBool::new(false)).collect())
    }

    fn note(&self, origin: u32) {
        if let Some(made) = self.0.get(origin as usize) {
            made.store(true, Ordering::Relaxed);
        }
    }

    /// Their numbers.
    pub(super) fn origins(&self) -> impl Iterator<Item = usize> + '_ {
        let made = |(number, made): (usize, &AtomicBool)| made.load(Ordering::Relaxed).then_some(number);
        self.0.iter().enumerate().filter_map(made)
    }
}

/// Whether a hit counts for a project of this status. Of a guarded project those in dead branches do.
pub(super) fn counts(evidence: &Evidence, live: &Live, status: Status, hit: &Hit) -> bool {
    let wants_live = status != Status::Guarded;
    evidence.origin(hit).class != OriginClass::TestOrDoc && live.is_live(hit.condition) == wants_live
}

/// Projects in the order in which they are told: by status, then rank, then name.
pub(super) fn in_order(evidence: &Evidence, cases: &Cases, status: Option<Status>) -> Vec<u32> {
    let is_asked = |case: &&Case| status.is_none_or(|status| case.status == status);
    let mut order: Vec<(Status, i64, u32)> = cases
        .iter()
        .filter(|(_, case)| is_asked(case))
        .map(|(place, case)| {
            let rank = evidence.project(*place).and_then(|project| project.rank);
            (case.status, rank.unwrap_or(i64::MAX), *place)
        })
        .collect();
    let name = |place: u32| evidence.project(place).map(|project| &project.name);
    order.sort_unstable_by(|one, other| {
        (one.0, one.1).cmp(&(other.0, other.1)).then_with(|| name(one.2).cmp(&name(other.2)))
    });
    order.into_iter().map(|(.., place)| place).collect()
}

/// For which items there is something to write instead, read and written; each is looked up once.
struct Instead(Vec<[AtomicU8; 2]>);

/// What is known of an item.
const HAS: u8 = 1;
const HAS_NOT: u8 = 2;

impl Instead {
    fn of(evidence: &Evidence) -> Self {
        Self(evidence.items.iter().map(|_| [AtomicU8::new(0), AtomicU8::new(0)]).collect())
    }

    fn has(&self, evidence: &Evidence, hit: &Hit) -> bool {
        let writes = hit.access.iter().any(|access| access == Access::Write);
        let (Some(item), Some(known)) = (evidence.item(hit), self.0.get(hit.item as usize)) else { return false };
        let known = &known[usize::from(writes)];
        match known.load(Ordering::Relaxed) {
            HAS => true,
            HAS_NOT => false,
            _ => {
                let has = item.kind.kind().is_some_and(|kind| !analyzer::instead(kind, &item.name, writes).is_empty());
                known.store(if has { HAS } else { HAS_NOT }, Ordering::Relaxed);
                has
            }
        }
    }
}

/// The project's own code first: its first site is the one to look at. The rest is to have one order.
pub(super) fn first_of<'h>(evidence: &Evidence, hits: &[&'h Hit]) -> Option<&'h Hit> {
    let order = |hit: &'h Hit| {
        let origin = evidence.origin(hit);
        (
            (origin.class != OriginClass::Own, Reverse(hit.sites)),
            evidence.item(hit).map(|item| (item.kind.as_str(), &item.name)),
            (hit.access, origin.class, &origin.by),
            (evidence.conditions.text(hit.condition), hit.probable),
        )
    };
    hits.iter().copied().min_by(|one, other| order(one).cmp(&order(other)))
}
