//! What this world knows about a proposal, and the answers that it has saved.

use std::sync::Arc;

use analyzer::{Access, Accesses, Origin, OriginClass};
use store::{Inquiry, ProposalId, SavedHead, SavedProposal, Sha256, UseRow};
use whatif::{
    Conditions, Evidence, Generator, Hit, Item, Matches, Project, Proposal, Rule, Searched, Sought, SourcePattern,
};

use super::{World, day};

/// The words of the evidence as they are met.
#[derive(Default)]
struct Words {
    items: Vec<Item>,
    origins: Vec<Origin>,
    conditions: Vec<Arc<str>>,
}

/// Uses of every project's release; ranks by the order of names.
pub(crate) fn of(world: &World, proposal: &Proposal) -> Evidence {
    let selectors = whatif::selectors(proposal);
    let (mut projects, mut words, mut hits) = (Vec::new(), Words::default(), Vec::new());
    for (place, (known, rank)) in (0..).zip(world.projects.iter().zip(1..)) {
        let release = known.release.as_ref();
        let file = release.and_then(|release| release.file.as_ref());
        projects.push(Project {
            name: known.detail.name.clone(),
            version: release.map(|release| release.version.clone()),
            scanned: file.is_some_and(|file| !file.verdicts.is_empty()),
            rank: Some(rank * 100),
            downloads: Some(1_000_000 / rank),
            releases: Arc::default(),
        });
        let is_asked = |row: &&UseRow| {
            let mut asked = selectors.iter().filter(|asked| asked.kind == Sought::Use(row.kind));
            asked.any(|asked| asked.item.as_ref().is_none_or(|item| *item == row.item))
        };
        let uses = file.map_or(&[][..], |file| &file.uses);
        hits.extend(uses.iter().filter(is_asked).map(|row| hit(place, row, &mut words)));
    }
    let mut evidence = Evidence {
        chain: vec![("in all".to_owned(), i64::try_from(world.projects.len()).expect("few"))],
        projects: projects.into(),
        items: words.items,
        origins: words.origins.into(),
        conditions: Arc::new(Conditions::new(words.conditions)),
        hits: hits.into(),
        generators: [Generator { name: "cython".to_owned(), version: "9.9".to_owned() }].into(),
        downloads_of: Some("2026-10".to_owned()),
        ..Evidence::default()
    };
    for rule in &proposal.rules {
        if let Rule::Source(pattern) = rule {
            add_matches(&mut evidence, pattern);
        }
    }
    evidence
}

/// Three lines of one project, of whatever pattern finds something in them. A pattern with `slow` in it is cut short.
fn add_matches(evidence: &mut Evidence, pattern: &SourcePattern) {
    let line = b"Py_TYPE(self)->ob_type = x;";
    let own = Origin { class: OriginClass::Own, by: None };
    let place = evidence.place(&"simplejson".parse().expect("a name"));
    let place = place.filter(|_| pattern.pattern().lines(line).next().is_some());
    let of = |project| Matches { project, origin: own.clone(), condition: "always".to_owned(), lines: 3 };
    let complete = !pattern.as_str().contains("slow");
    let searched = Searched { pattern: pattern.clone(), projects: 32, complete };
    evidence.add_matches(searched, &place.map(of).into_iter().collect::<Vec<_>>());
}

fn hit(project: u32, row: &UseRow, words: &mut Words) -> Hit {
    let class = OriginClass::ALL.into_iter().find(|class| class.as_str() == row.origin).expect("a class");
    let accesses = Access::ALL.into_iter().filter(|access| row.access.split('+').any(|word| word == access.as_str()));
    Hit {
        project,
        item: number(&mut words.items, Item { kind: Sought::Use(row.kind), name: row.item.as_str().into() }),
        origin: number(&mut words.origins, Origin { class, by: row.origin_by.clone() }),
        condition: number(&mut words.conditions, row.condition.as_str().into()),
        sites: u32::try_from(row.sites).expect("few sites"),
        access: accesses.fold(Accesses::default(), Accesses::with),
        probable: row.certainty == "probable",
    }
}

fn number<T: PartialEq>(known: &mut Vec<T>, one: T) -> u32 {
    let place = known.iter().position(|other| *other == one).unwrap_or_else(|| {
        known.push(one);
        known.len() - 1
    });
    u32::try_from(place).expect("few words")
}

/// Where the first site of a hit is.
pub(crate) fn first_site(world: &World, evidence: &Evidence, hit: &Hit) -> Option<String> {
    let known = world.projects.get(hit.project as usize)?;
    let uses = &known.release.as_ref()?.file.as_ref()?.uses;
    let item = evidence.item(hit)?;
    let of_hit = |row: &UseRow| {
        Sought::Use(row.kind) == item.kind && *row.item == *item.name && i64::from(hit.sites) == row.sites
    };
    let mut sites = uses.iter().zip(&known.first_sites).filter(|(row, _)| of_hit(row));
    sites.next().map(|(_, site)| site.clone())
}

/// The answer that was saved first, of a question and a data version.
pub(crate) fn saved(world: &World, inquiry: &Inquiry) -> SavedProposal {
    // Each data version is a snapshot.
    let snapshot = Sha256::of(&world.version.lock().expect("nobody panicked").to_le_bytes());
    let id = ProposalId::of(&inquiry.proposal, snapshot);
    let head = SavedHead {
        id: id.clone(),
        title: inquiry.proposal.title.clone(),
        canonical: inquiry.proposal.canonical(),
        snapshot,
        analyzer_version: "4".to_owned(),
        capi_version: "3.15.0".to_owned(),
        saved_at: day("2026-11-23").expect("a day"),
    };
    let saved = || SavedProposal { head, answer: inquiry.answer(whatif::Page::ALL) };
    world.saved.lock().expect("nobody panicked").entry(id).or_insert_with(saved).clone()
}
