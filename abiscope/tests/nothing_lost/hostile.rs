//! Hostile archives on the real way: fetched, analysed in a child, recorded. Each ends in its state, with its flags.

use fake_index::{FakeIndex, hostile_archives};

use crate::deployment::Deployment;
use crate::server::{self, Server};

/// The project of each sdist, its state, the flags of its report, and why it has none.
const ENDS: &str = "SELECT concat_ws(' ', p.name, f.state,
        (SELECT string_agg(flag, ',') FROM reports rep, jsonb_array_elements_text(rep.tree -> 'flags') flag
         WHERE rep.file_id = f.id))
    FROM files f JOIN releases r ON r.id = f.release_id JOIN projects p ON p.id = r.project_id
    WHERE f.selected ORDER BY p.name";

#[test]
fn every_hostile_archive_ends_in_its_state_with_its_flags() {
    let (index, server) = (FakeIndex::start_in_thread(), Server::start());
    let mut expected = Vec::new();
    for archive in hostile_archives() {
        let filename = format!("{}-1.0.{}", archive.what.replace('-', "_"), archive.ending);
        index.add(archive.what).file(&filename, &archive.bytes);
        let end = [archive.what, archive.state, &archive.flags.join(",")].join(" ");
        expected.push(end.trim_end().to_owned());
    }
    expected.sort();
    let deployment = Deployment::new(&server, "hostile", &index);
    deployment.crawl_to_the_end(&[]);
    assert_eq!(server::column(&deployment.url, ENDS), expected);

    let reasons = server::column(&deployment.url, "SELECT reason FROM files WHERE reason IS NOT NULL");
    assert!(reasons.len() > 5, "{reasons:?}");
    assert!(reasons.iter().all(|reason| reason.bytes().all(|byte| matches!(byte, b' '..=b'~'))), "{reasons:?}");
}
