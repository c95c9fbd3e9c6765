//! A whole generated world, with faults and without: every project ends where its case says.

use std::collections::BTreeMap;

use crate::common::client;
use crawler::{IndexClient, Known, PureSample, Question, Refreshed};
use fake_index::{Case, FakeIndex, FaultPlan};
use packaging::ProjectName;
use store::ReleaseState;

/// How a project ends as far as the crawler decides it: the states of project, release and file.
async fn end_of(client: &IndexClient, name: &ProjectName, serial: Option<i64>) -> String {
    let question = Question::of_the_crawl(PureSample::Nobody, None);
    let known = Known { serial_expected: serial, ..Known::default() };
    let read = match client.refresh_project(name, &question, &known).await {
        Ok(Refreshed::Page(read)) => read,
        Ok(other) => panic!("{name}: {other:?}"),
        Err(failure) => return failure.state().to_string(),
    };
    let project = read.page.state;
    let Some(release) = read.page.releases.iter().find(|release| release.latest) else { return project.to_string() };
    if project == store::ProjectState::Quarantined {
        return project.to_string();
    }
    if release.state != ReleaseState::Selected {
        return format!("{project} {}", release.state);
    }
    assert!(read.fetch.is_some() && !read.stale, "{name}");
    let file = &release.files[release.selected.expect("a selected file")];
    let file_state = match client.fetch(file, &|_| ()).await {
        Ok(_) => "fetched".to_owned(),
        Err(failure) => failure.state().to_string(),
    };
    format!("{project} {} {file_state}", release.state)
}

fn expected(case: Case) -> String {
    let expected = case.expected();
    // The analyzer has the last word; here it ends before.
    let file = expected.file.map(|state| if matches!(state, "analysed" | "unreadable") { "fetched" } else { state });
    [Some(expected.project), expected.release, file].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The serials of the listing, which is read again when it breaks off.
async fn serials(client: &IndexClient) -> BTreeMap<ProjectName, Option<i64>> {
    for _ in 0..3 {
        let (out, mut projects) = tokio::sync::mpsc::channel::<crawler::ListedProject>(1000);
        let listed = async {
            let mut serials = BTreeMap::new();
            while let Some(project) = projects.recv().await {
                serials.insert(project.name, project.serial);
            }
            serials
        };
        let (serials, listing) = tokio::join!(listed, client.read_listing(None, out));
        if listing.is_ok() {
            return serials;
        }
    }
    panic!("the listing breaks off three times");
}

async fn ends(index: &FakeIndex) -> BTreeMap<String, String> {
    let client = client(index);
    let serials = serials(&client).await;
    let mut ends = BTreeMap::new();
    for (name, _) in index.generated() {
        let project: ProjectName = name.parse().expect("a name");
        let serial = serials.get(&project).copied().flatten();
        ends.insert(name, end_of(&client, &project, serial).await);
    }
    ends
}

#[tokio::test]
async fn every_case_ends_as_it_should() {
    let index = FakeIndex::start().await;
    index.generate(1, 120);
    let ends = ends(&index).await;
    for (name, case) in index.generated() {
        assert_eq!(ends[&name], expected(case), "{name}: {case:?}");
    }
}

#[tokio::test]
async fn faults_that_pass_change_nothing_about_how_projects_end() {
    let quiet = FakeIndex::start().await;
    quiet.generate(1, 120);
    let faulty = FakeIndex::start().await;
    faulty.generate(1, 120);
    let plan = FaultPlan { per_mille: 700, ..FaultPlan::transient(3) };
    faulty.begin_phase(Some(plan));
    let (calm, stormy) = (ends(&quiet).await, ends(&faulty).await);
    assert_eq!(calm, stormy);
    assert!(faulty.total() > quiet.total() + 50, "{} and {}", faulty.total(), quiet.total());
}
