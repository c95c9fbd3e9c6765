//! Hostile archives on the real way: fetched, analysed in a child, recorded. Each ends in its state, with its flags.

use std::collections::BTreeMap;

use fake_index::{FakeIndex, HostileEnd, hostile_archives};

use crate::deployment::Deployment;
use crate::server::{self, Server};

/// Project, state, and the native files with the flags of its report, or why it has none.
const ENDS: &str = "SELECT concat_ws(E'\\t', p.name, f.state, coalesce(
        (SELECT concat_ws(' ', rep.native_files,
            (SELECT string_agg(flag, ',') FROM jsonb_array_elements_text(rep.tree -> 'flags') flag))
         FROM reports rep WHERE rep.file_id = f.id), f.reason))
    FROM files f JOIN releases r ON r.id = f.release_id JOIN projects p ON p.id = r.project_id WHERE f.selected";

#[test]
fn every_hostile_archive_ends_in_its_state_with_its_flags() {
    let (index, server) = (FakeIndex::start_in_thread(), Server::start());
    let archives = hostile_archives();
    for archive in &archives {
        let filename = format!("{}-1.0.{}", archive.what.replace('-', "_"), archive.ending);
        index.add(archive.what).file(&filename, &archive.bytes);
    }
    let deployment = Deployment::new(&server, "hostile", &index);
    deployment.crawl_to_the_end(&[]);
    let rows = server::column(&deployment.url, ENDS);
    let ends: BTreeMap<&str, (&str, &str)> = rows
        .iter()
        .map(|row| {
            let (project, end) = row.split_once('\t').expect("a state");
            (project, end.split_once('\t').unwrap_or((end, "")))
        })
        .collect();
    assert_eq!(ends.len(), archives.len());
    for archive in &archives {
        let (state, said) = ends[archive.what];
        match archive.end {
            HostileEnd::Analysed { native, flags } => {
                let expected = format!("{native} {}", flags.join(","));
                assert_eq!((state, said), ("analysed", expected.trim_end()), "{}", archive.what);
            }
            HostileEnd::Ended { state: expected, why } => {
                assert!(state == expected && said.contains(why), "{}: {state}, {said}", archive.what);
                assert!(said.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{}: {said:?}", archive.what);
            }
        }
    }
}
