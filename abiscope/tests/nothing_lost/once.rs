//! Without kills nothing is done twice, however many work.

use std::collections::BTreeMap;

use fake_index::{Case, FakeIndex};

use crate::deployment::{Deployment, Running, wait_until_idle};
use crate::server::{self, Server};

/// Writes down every page that is taken from the queue to be read.
const WATCH: &str = "
    CREATE TABLE taken (key text NOT NULL);
    CREATE FUNCTION note_taking() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO taken VALUES (NEW.key); RETURN NULL; END $$;
    CREATE TRIGGER takings AFTER UPDATE ON graphile_worker._private_jobs FOR EACH ROW
        WHEN (OLD.locked_at IS NULL AND NEW.locked_at IS NOT NULL AND NEW.key LIKE 'read-project:%')
        EXECUTE FUNCTION note_taking();";

#[test]
fn without_kills_every_page_and_sdist_is_asked_for_once_and_analysed_once() {
    let index = FakeIndex::start_in_thread();
    index.generate(9, 80);
    let server = Server::start();
    let deployment = Deployment::new(&server, "once", &index);
    server::execute(&deployment.url, WATCH);
    let crawl = ["crawl", "--jobs", "1", "--requests-per-second", "0"];
    let work = ["work", "--jobs", "1"];
    let crew: Vec<_> = [&crawl[..], &work, &work].iter().map(|args| deployment.start(args)).collect();
    wait_until_idle(&deployment, &crew, || index.total() > 80);

    let mut asked = BTreeMap::<String, u64>::new();
    for request in index.requests() {
        *asked.entry(request.replacen("GET ", "", 1)).or_default() += 1;
    }
    assert_eq!(asked.remove("/simple/"), Some(1), "the listing");
    for (name, case) in index.generated() {
        let pages = asked.remove(&format!("/simple/{name}/")).unwrap_or(0);
        let files =
            asked.extract_if(format!("/files/{name}/").., |path, _| path.starts_with(&format!("/files/{name}/")));
        let files: Vec<u64> = files.map(|(_, times)| times).collect();
        let (pages_wanted, files_wanted) = wanted(case);
        assert_eq!((pages, &files[..]), (pages_wanted, files_wanted), "{name}, {case:?}");
    }
    assert_eq!(asked, BTreeMap::new(), "nothing else is asked for");

    let twice = "SELECT key FROM taken GROUP BY key HAVING count(*) > 1";
    assert_eq!(server::column(&deployment.url, twice), Vec::<String>::new());

    // Whoever gives a file to a child says so.
    let said: String = crew.iter().map(Running::said).collect();
    let mut analysed: Vec<_> = said.lines().filter_map(|line| line.split_once("a child analyses it file=")).collect();
    analysed.sort_unstable_by_key(|(_, file)| *file);
    assert!(analysed.windows(2).all(|pair| pair[0].1 != pair[1].1), "{analysed:?}");
    let files = &deployment.found().states["files"];
    assert_eq!(analysed.len(), usize::try_from(files["analysed"] + files["unreadable"]).expect("a count"), "{said}");
}

/// How often the page of such a project is asked for, and its files.
const fn wanted(case: Case) -> (u64, &'static [u64]) {
    match case {
        // Not listed.
        Case::Quarantined | Case::Moved => (0, &[]),
        // Once more, whether the index still lists what the files host does not have.
        Case::MissingFile => (2, &[1]),
        // Three times, whether it was the network.
        Case::WrongHash => (1, &[3]),
        Case::Pure
        | Case::PureWithHiddenC
        | Case::PureWithoutSdist
        | Case::NoSource
        | Case::NoFiles
        | Case::NoVersions
        | Case::OtherTypes
        | Case::Gone
        | Case::NoHash
        | Case::BlockedUrl => (1, &[]),
        _ => (1, &[1]),
    }
}
