use proptest::prelude::*;
use store::{FileKind, Sha256};

use super::*;
use crate::simple_page::SimpleFile;

const SELECTED: &str = "selected";

/// A file with a hash; `yanked!` before the name yanks it, `hashless!` takes the hash away.
pub(crate) fn file(text: &str) -> SimpleFile {
    let (mark, filename) = text.split_once('!').unwrap_or(("", text));
    SimpleFile {
        filename: filename.to_owned(),
        url: format!("https://files.example/{filename}"),
        sha256: (mark != "hashless").then(|| Sha256::of(filename.as_bytes())),
        size: Some(1),
        uploaded_at: None,
        requires_python: None,
        yanked: (mark == "yanked").then(|| "broken".to_owned()),
    }
}

pub(crate) fn page(name: &str, versions: &[&str], files: &[&str]) -> SimplePage {
    SimplePage {
        display_name: name.to_owned(),
        versions: versions.iter().map(ToString::to_string).collect(),
        files: files.iter().map(|text| file(text)).collect(),
        ..SimplePage::default()
    }
}

fn judged(name: &str, versions: &[&str], files: &[&str], wanted: &Wanted, policy: Policy) -> ProjectPage {
    judge(&name.parse().unwrap(), page(name, versions, files), wanted, policy, false).unwrap().page
}

fn latest_of(name: &str, versions: &[&str], files: &[&str]) -> ProjectPage {
    judged(name, versions, files, &Wanted::Latest, Policy::default())
}

fn wanted(version: &str) -> Wanted {
    Wanted::Version(ReleaseVersion::new(version))
}

/// `version state [selected file]`, of the release that stands for the project.
fn standing(page: &ProjectPage) -> String {
    let mut standing = page.releases.iter().filter(|release| release.latest);
    let release = standing.next().expect("one release stands for the project");
    assert!(standing.next().is_none(), "only one release stands for the project");
    line(release)
}

fn line(release: &ReleaseRecord) -> String {
    let selected = release.selected.map_or("-", |at| release.files[at].filename.as_str());
    format!("{} {} {selected}", release.version, release.state)
}

fn lines(page: &ProjectPage) -> Vec<String> {
    page.releases.iter().map(line).collect()
}

#[test]
fn of_numpys_zip_and_tar_gz_the_tar_gz_is_chosen_and_the_zip_kept() {
    let page = latest_of("numpy", &[], &["numpy-1.10.1.zip", "numpy-1.10.1.tar.gz"]);
    assert_eq!(standing(&page), "1.10.1 selected numpy-1.10.1.tar.gz");
    assert_eq!(page.releases[0].files.len(), 2);
    let only_zip = latest_of("numpy", &[], &["numpy-1.10.1.tar.bz2", "numpy-1.10.1.zip"]);
    assert_eq!(standing(&only_zip), "1.10.1 selected numpy-1.10.1.zip");
}

#[test]
fn an_sdist_without_a_hash_is_chosen_only_where_there_is_no_other() {
    let page = latest_of("demo", &[], &["hashless!demo-1.0.tar.gz", "demo-1.0.zip"]);
    assert_eq!(standing(&page), "1.0 selected demo-1.0.zip");
    let page = latest_of("demo", &[], &["hashless!demo-1.0.tar.gz"]);
    assert_eq!(standing(&page), "1.0 selected demo-1.0.tar.gz");
}

#[test]
fn wheels_of_the_same_release_decide_whether_its_sdist_is_worth_fetching() {
    for (what, files, state) in [
        ("an sdist alone", &["demo-1.0.tar.gz"][..], SELECTED),
        ("like six", &["six-1.0-py2.py3-none-any.whl", "six-1.0.tar.gz"], "pure-by-tags"),
        ("pure, no sdist", &["demo-1.0-py3-none-any.whl"], "pure-by-tags"),
        (
            "like coverage",
            &["demo-1.0-py3-none-any.whl", "demo-1.0-cp311-cp311-win_amd64.whl", "demo-1.0.tar.gz"],
            SELECTED,
        ),
        ("like tensorflow", &["demo-1.0-cp311-cp311-win_amd64.whl"], "no-source"),
        ("a bundled binary", &["demo-1.0-py3-none-win_amd64.whl", "demo-1.0.tar.gz"], SELECTED),
        ("a bundled binary alone", &["demo-1.0-py3-none-win_amd64.whl"], "no-source"),
        ("unknown tags", &["demo-1.0-cp399-future-moon.whl", "demo-1.0.tar.gz"], SELECTED),
        ("a malformed wheel", &["demo-1.0.whl", "demo-1.0.tar.gz"], SELECTED),
        ("an egg and an installer", &["demo-1.0-py2.7.egg", "demo-1.0.win32-py2.7.exe"], "no-source"),
    ] {
        let page = latest_of("demo", &["1.0"], files);
        let page = if what == "like six" { latest_of("six", &["1.0"], files) } else { page };
        let release = page.releases.iter().find(|release| release.latest).unwrap();
        assert_eq!(release.state.as_str(), state, "{what}");
        assert_eq!(release.selected.is_some(), state == SELECTED, "{what}");
    }
}

#[test]
fn the_wheels_of_another_release_say_nothing() {
    let page =
        latest_of("demo", &[], &["demo-1.0-cp311-cp311-win_amd64.whl", "demo-2.0-py3-none-any.whl", "demo-2.0.zip"]);
    assert_eq!(lines(&page), ["1.0 not-selected -", "2.0 pure-by-tags -"]);
}

#[test]
fn all_sources_may_be_asked_for_but_only_where_there_are_any() {
    let policy = Policy { pure_too: true, ..Policy::default() };
    let page = judged("six", &[], &["six-1.0-py3-none-any.whl", "six-1.0.tar.gz"], &Wanted::Latest, policy);
    assert_eq!(standing(&page), "1.0 selected six-1.0.tar.gz");
    assert!(page.releases[0].reason.as_deref().unwrap().contains("pure"));
    let page = judged("six", &[], &["six-1.0-py3-none-any.whl"], &Wanted::Latest, policy);
    assert_eq!(standing(&page), "1.0 pure-by-tags -");
}

#[test]
fn why_an_sdist_is_fetched_says_how_soon_and_whether_it_measures_the_prefilter() {
    use FetchReason::{AskedFor, MayBeNative, MayBundle, PureSample};
    let fetched = |files: &[&str], pure_too, sampled| {
        let page = page("demo", &[], files);
        judge(&"demo".parse().unwrap(), page, &Wanted::Latest, Policy { pure_too, ..Policy::default() }, sampled)
            .unwrap()
            .fetch
    };
    let (sdist, any) = ("demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl");
    let (bundled, native) = ("demo-1.0-py3-none-win_amd64.whl", "demo-1.0-cp311-abi3-win_amd64.whl");
    for (files, usual, in_sample) in [
        (&[sdist][..], Some(MayBeNative), Some(MayBeNative)),
        (&[sdist, native], Some(MayBeNative), Some(MayBeNative)),
        (&[sdist, any, native], Some(MayBeNative), Some(MayBeNative)),
        (&[sdist, bundled, native, any], Some(MayBeNative), Some(MayBeNative)),
        (&[sdist, bundled], Some(MayBundle), Some(MayBundle)),
        (&[sdist, bundled, any], Some(MayBundle), Some(MayBundle)),
        (&[any, bundled, sdist], Some(MayBundle), Some(MayBundle)),
        (&[sdist, any], None, Some(PureSample)),
        (&[any], None, None),
        (&[bundled], None, None),
    ] {
        assert_eq!(fetched(files, false, false), usual, "{files:?}");
        assert_eq!(fetched(files, false, true), in_sample, "{files:?}");
    }
    assert_eq!(fetched(&[sdist, any], true, true), Some(AskedFor));
    assert!(MayBundle.can_wait() && !MayBeNative.can_wait());
}

#[test]
fn every_wheel_of_every_release_is_kept_with_its_tags_as_written() {
    let tags = ["cp315-abi3.abi3t-manylinux_2_28_x86_64", "cp399-future-moon", "py3-none-any"];
    let files: Vec<String> =
        ["1.0", "2.0"].iter().flat_map(|version| tags.map(|tags| format!("demo-{version}-{tags}.whl"))).collect();
    let texts: Vec<&str> = files.iter().map(String::as_str).collect();
    let page = latest_of("demo", &[], &texts);
    for release in &page.releases {
        let kept: Vec<_> = release.files.iter().map(|file| file.kind.clone()).collect();
        assert_eq!(kept, tags.map(|tags| FileKind::Wheel(tags.to_owned())), "{}", release.version);
    }
}

#[test]
fn the_highest_final_release_stands_for_the_project() {
    for (what, files, standing_line) in [
        (
            "the order of the page means nothing (grpcio uploaded 1.81.2 after 1.85.1)",
            &["demo-1.9.tar.gz", "demo-1.85.1.tar.gz", "demo-1.81.2.tar.gz", "demo-1.10.tar.gz"][..],
            "1.85.1 selected demo-1.85.1.tar.gz",
        ),
        (
            "no pre-release",
            &["demo-1.0.tar.gz", "demo-2.0rc1.tar.gz", "demo-2.0.dev1.tar.gz"],
            "1.0 selected demo-1.0.tar.gz",
        ),
        ("no yanked one", &["demo-1.0.tar.gz", "yanked!demo-2.0.tar.gz"], "1.0 selected demo-1.0.tar.gz"),
        (
            "a release yanked in part is not yanked",
            &["demo-1.0.tar.gz", "yanked!demo-2.0.tar.gz", "demo-2.0.zip"],
            "2.0 selected demo-2.0.tar.gz",
        ),
        (
            "only pre-releases and yanked ones",
            &["demo-1.0a1.tar.gz", "demo-1.0b1.tar.gz", "yanked!demo-0.9.tar.gz", "yanked!demo-2.0.tar.gz"],
            "1.0b1 selected demo-1.0b1.tar.gz",
        ),
        ("only yanked ones", &["yanked!demo-1.0.tar.gz", "yanked!demo-1.1.tar.gz"], "1.1 selected demo-1.1.tar.gz"),
        ("older than PEP 440", &["demo-2004d.tar.gz", "demo-2004b.tar.gz"], "2004d selected demo-2004d.tar.gz"),
        ("legacy sorts first", &["demo-2004d.tar.gz", "demo-0.1.tar.gz"], "0.1 selected demo-0.1.tar.gz"),
    ] {
        assert_eq!(standing(&latest_of("demo", &[], files)), standing_line, "{what}");
    }
}

#[test]
fn a_version_without_files_stands_only_where_none_has_any() {
    let page = latest_of("demo", &["1.0", "2.0"], &["demo-1.0.tar.gz"]);
    assert_eq!(lines(&page), ["1.0 selected demo-1.0.tar.gz", "2.0 no-files -"]);
    assert_eq!(standing(&page), "1.0 selected demo-1.0.tar.gz");
    let page = latest_of("demo", &["1.0", "2.0"], &[]);
    assert_eq!(standing(&page), "2.0 no-files -");
    assert!(latest_of("demo", &[], &[]).releases.is_empty());
}

#[test]
fn a_pinned_version_is_found_in_any_spelling_and_the_latest_is_still_marked() {
    let files = ["demo-1.0.tar.gz", "demo-1.1.0.tar.gz", "yanked!demo-1.2.tar.gz"];
    for (pin, chosen) in [("1.0.0", "1.0"), ("v1.0", "1.0"), ("1.1", "1.1.0"), ("1.2", "1.2")] {
        let page = judged("demo", &[], &files, &wanted(pin), Policy::default());
        let selected: Vec<_> = page.releases.iter().filter(|one| one.state == ReleaseState::Selected).collect();
        assert_eq!(selected.len(), 1);
        assert_eq!(selected[0].version.as_str(), chosen);
        let latest = page.releases.iter().find(|one| one.latest).unwrap();
        assert_eq!(latest.version.as_str(), "1.1.0");
    }
}

#[test]
fn a_pinned_version_that_does_not_exist_is_told_with_the_latest() {
    let name = "demo".parse().unwrap();
    let refused = |page| judge(&name, page, &wanted("9.9"), Policy::default(), false).unwrap_err();
    let answer = refused(page("demo", &[], &["demo-1.0.tar.gz"]));
    assert_eq!(answer.latest, Some(ReleaseVersion::new("1.0")));
    assert_eq!(refused(page("demo", &[], &[])).latest, None);
    let failure = crate::ReadFailure::from(answer);
    assert_eq!(failure.to_string(), "no release 9.9; the latest is 1.0");
}

#[test]
fn a_quarantined_project_is_an_answer_whatever_was_wanted() {
    for asked in [Wanted::Latest, wanted("1.0")] {
        let mut quarantined = page("demo", &[], &[]);
        quarantined.status = Some("quarantined".to_owned());
        let judged = judge(&"demo".parse().unwrap(), quarantined, &asked, Policy::default(), false).unwrap().page;
        assert_eq!(judged.state, ProjectState::Quarantined);
    }
    let mut archived = page("demo", &[], &["demo-1.0.tar.gz"]);
    archived.status = Some("archived".to_owned());
    let judged = judge(&"demo".parse().unwrap(), archived, &Wanted::Latest, Policy::default(), false).unwrap().page;
    assert_eq!((judged.state, judged.status_text.as_deref()), (ProjectState::Listed, Some("archived")));
}

#[test]
fn spellings_of_one_version_are_one_release_named_as_the_index_lists_it() {
    let files = ["demo-1.0-1.tar.gz", "demo-1.0.post1-py3-none-any.whl", "demo-2.0.0.zip", "demo-2.0-py3-none-any.whl"];
    let page = latest_of("demo", &["1.0.post1"], &files);
    assert_eq!(lines(&page), ["1.0.post1 not-selected -", "2.0.0 pure-by-tags -"]);
    assert!(page.releases.iter().all(|release| release.files.len() == 2));
}

#[test]
fn files_of_other_types_lie_with_the_release_their_name_tells() {
    let files = [
        "demo-3.7.1.tar.gz",
        "demo-3.7.1-py2.7.egg",
        "demo-3.7.1.win32-py2.7.exe",
        "demo-3.7.1-1.noarch.rpm",
        "demo-3.6-py2.6.egg",
        "nonsense.jar",
    ];
    let page = latest_of("demo", &["3.7.1"], &files);
    let held: Vec<_> = page.releases.iter().map(|one| (one.version.as_str(), one.files.len())).collect();
    assert_eq!(held, [("unknown", 1), ("3.6", 1), ("3.7.1", 4)]);
    let egg = page.releases[2].files.iter().find(|file| file.filename == "demo-3.7.1-py2.7.egg").unwrap();
    assert_eq!(egg.kind, FileKind::Other("an egg".to_owned()));
    assert_eq!(standing(&page), "3.7.1 selected demo-3.7.1.tar.gz");
}

#[test]
fn what_is_known_of_a_release_is_taken_from_its_files() {
    let mut page = page("demo", &[], &["yanked!demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz"]);
    page.files[0].requires_python = Some(">=3.8".to_owned());
    page.files[0].uploaded_at = Some("2024-01-02T00:00:00Z".parse().unwrap());
    page.files[1].requires_python = Some(">=3.9".to_owned());
    page.files[1].uploaded_at = Some("2024-01-01T00:00:00Z".parse().unwrap());
    let policy = Policy { pure_too: true, ..Policy::default() };
    let page = judge(&"demo".parse().unwrap(), page, &Wanted::Latest, policy, false).unwrap().page;
    let release = &page.releases[0];
    assert_eq!(release.requires_python.as_deref(), Some(">=3.9"));
    assert_eq!(release.uploaded_at, Some("2024-01-01T00:00:00Z".parse().unwrap()));
    assert!(!release.yanked);
    assert_eq!(release.files[0].yanked.as_deref(), Some("broken"));
}

fn any_file() -> impl Strategy<Value = String> {
    let version = "(1\\.0|1\\.0\\.0|2\\.0rc1|2004d|3\\.0-1|)";
    let rest = "(\\.tar\\.gz|\\.zip|-py3-none-any\\.whl|-cp311-abi3-win_amd64\\.whl|-py2\\.7\\.egg|\\.win32\\.exe|)";
    (version, rest).prop_map(|(version, rest)| format!("demo-{version}{rest}"))
}

proptest! {
    #[test]
    fn no_file_is_lost_and_the_order_of_the_page_means_nothing(
        (files, shuffled) in proptest::collection::vec(any_file(), 0..12)
            .prop_flat_map(|files| (Just(files.clone()), Just(files).prop_shuffle())),
    ) {
        let texts: Vec<&str> = files.iter().map(String::as_str).collect();
        let versions = ["1.0", "2.0rc1", "2004d", "3.0.post1"];
        let page = latest_of("demo", &versions, &texts);
        let mut kept: Vec<_> = page.releases.iter().flat_map(|one| &one.files).map(|file| &file.filename).collect();
        let mut given: Vec<_> = files.iter().collect();
        kept.sort();
        given.sort();
        prop_assert_eq!(kept, given);
        prop_assert!(page.releases.windows(2).all(|pair| pair[0].version < pair[1].version));
        prop_assert_eq!(page.releases.iter().filter(|one| one.latest).count(), 1);
        for release in &page.releases {
            prop_assert_eq!(release.state == ReleaseState::Selected, release.selected.is_some());
        }
        let texts: Vec<&str> = shuffled.iter().map(String::as_str).collect();
        prop_assert_eq!(lines(&latest_of("demo", &versions, &texts)), lines(&page));
    }
}
