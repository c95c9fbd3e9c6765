//! What this world knows about a proposal.

use whatif::{Evidence, Generator, Hit, Project, Proposal};

use super::World;

/// Uses of every project's release; ranks by the order of names.
pub(crate) fn of(world: &World, proposal: &Proposal) -> Evidence {
    let selectors = whatif::selectors(proposal);
    let mut evidence = Evidence { downloads_of: Some("2026-10".to_owned()), ..Evidence::default() };
    for (place, (known, rank)) in world.projects.iter().zip(1..).enumerate() {
        let release = known.release.as_ref();
        let file = release.and_then(|release| release.file.as_ref());
        evidence.projects.push(Project {
            name: known.detail.name.clone(),
            version: release.map(|release| release.version.clone()),
            scanned: file.is_some_and(|file| !file.verdicts.is_empty()),
            rank: Some(rank * 100),
            downloads: Some(1_000_000 / rank),
        });
        let uses = file.map_or(&[][..], |file| &file.uses).iter().zip(&known.first_sites);
        evidence.hits.extend(
            uses.filter(|(row, _)| {
                selectors
                    .iter()
                    .any(|asked| asked.kind == row.kind && asked.item.as_ref().is_none_or(|item| *item == row.item))
            })
            .map(|(row, first)| Hit {
                project: place,
                kind: row.kind,
                item: row.item.clone(),
                access: row.access.clone(),
                origin: row.origin.clone(),
                by: row.origin_by.clone(),
                condition: row.condition.clone(),
                probable: row.certainty == "probable",
                sites: row.sites,
                first_site: first.clone(),
            }),
        );
    }
    evidence.chain = vec![("in all".to_owned(), i64::try_from(world.projects.len()).expect("few"))];
    evidence.generators = vec![Generator { name: "cython".to_owned(), version: "9.9".to_owned() }];
    evidence
}
