//! The golden journey of trends: a scripted history of a whole index, crawled twice, gives exactly the series that were
//! worked out by hand, through the whole program to a published report.
#![cfg(feature = "service")]

mod program;

use std::collections::BTreeMap;
use std::path::Path;

use fake_index::{FakeIndex, SdistBuilder};
use program::{abiscope, stdout};

/// What no limited API has.
const BLOCKED: &str = "#include <Python.h>\nPyMODINIT_FUNC PyInit_a(void) { return PyTuple_GET_ITEM(NULL, 0); }\n";
/// What every limited API has.
const CLEAN: &str = "#include <Python.h>\nPyMODINIT_FUNC PyInit_a(void) { return PyTuple_GetItem(NULL, 0); }\n";
/// A build for abi3.
const LIMITED: &str = "\
from setuptools import Extension, setup
setup(ext_modules=[Extension('a', ['a.c'], define_macros=[('Py_LIMITED_API', '0x030b0000')], py_limited_api=True)])
";

struct Script(FakeIndex);

impl Script {
    fn release(&self, project: &str, version: &str, source: &str, day: &str) {
        self.built(project, version, &[("a.c", source)], day);
    }

    fn built(&self, project: &str, version: &str, files: &[(&str, &str)], day: &str) {
        let sdist = SdistBuilder::new(&format!("{project}-{version}"));
        let sdist = files.iter().fold(sdist, |sdist, (path, text)| sdist.file(path, text));
        self.0.add(project).sdist(version, &sdist).uploaded(&format!("{day}T12:00:00.000000Z"));
    }

    fn wheel(&self, project: &str, version: &str, tags: &str, day: &str) {
        let name = format!("{project}-{version}-{tags}.whl");
        self.0.add(project).file(&name, name.as_bytes()).uploaded(&format!("{day}T12:00:00.000000Z"));
    }

    /// What the index has to begin with.
    fn past() -> Self {
        let script = Self(FakeIndex::start_in_thread());
        // Adopts abi3 in April, and turns back in September.
        script.release("adopts", "1.0", BLOCKED, "2023-01-10");
        script.built("adopts", "2.0", &[("a.c", CLEAN), ("setup.py", LIMITED)], "2023-04-05");
        script.wheel("adopts", "2.0", "cp311-abi3-win_amd64", "2023-04-05");
        script.release("adopts", "3.0", BLOCKED, "2023-09-12");
        // Is fixed on the last day of June; a release of the old branch comes late and never stands.
        script.release("fixes", "1.0", BLOCKED, "2023-02-01");
        script.release("fixes", "1.1", CLEAN, "2023-06-30");
        script.release("fixes", "1.0.1", BLOCKED, "2023-08-01");
        script.release("yanks", "1.0", CLEAN, "2023-03-03");
        script.release("yanks", "2.0", BLOCKED, "2023-05-05");
        script.release("deletes", "1.0", BLOCKED, "2023-01-20");
        script.release("deletes", "1.1", CLEAN, "2023-07-01");
        // Its wheel comes ten months after its sdist.
        script.release("waits", "1.0", CLEAN, "2023-01-31");
        script.wheel("waits", "1.0", "cp39-abi3-win_amd64", "2023-11-11");
        script.release("leaves", "1.0", BLOCKED, "2023-10-10");
        script.wheel("pure", "1.0", "py3-none-any", "2023-01-05");
        script
    }

    /// What happens between the crawls: nobody tells when.
    fn goes_on(&self) {
        for project in ["yanks", "deletes"] {
            self.0.remove(project);
        }
        self.0.remove("leaves");
        self.release("yanks", "1.0", CLEAN, "2023-03-03");
        self.release("yanks", "2.0", BLOCKED, "2023-05-05");
        self.0.add("yanks").serial(18).yanked("broken");
        self.release("deletes", "1.0", BLOCKED, "2023-01-20");
        self.0.add("deletes").serial(18);
    }

    fn crawl(&self, data_dir: &Path) {
        let url = self.0.url();
        let usual = ["crawl", "--once", "--contact", "tests@example.org", "--requests-per-second", "0", "--no-waits"];
        let done = abiscope(data_dir, &[&usual[..], &["--history=every", "--index-url", &url]].concat());
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Figures of one column of a report's series, by month.
struct Series(BTreeMap<String, Vec<(String, i64)>>);

impl Series {
    fn of(report: &Path, column: &str) -> Self {
        let csv = std::fs::read_to_string(report.join("data/series.csv")).expect("series");
        let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let head = lines.next().expect("a head");
        let place = |name: &str| head.iter().position(|one| *one == name).expect("a column");
        let (date, series, scope, value) = (place("date"), place("series"), place("scope"), place(column));
        let mut found: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
        for line in lines.filter(|line| line[scope] == "all") {
            let figure = (line[date][..7].to_owned(), line[value].parse().expect("a number"));
            found.entry(line[series].to_owned()).or_default().push(figure);
        }
        Self(found)
    }

    /// The twelve months of 2023.
    fn year(&self, series: &str) -> Vec<i64> {
        let of = self.0[series].iter().filter(|(month, _)| month.starts_with("2023"));
        of.map(|(_, value)| *value).collect()
    }

    fn on(&self, series: &str, month: &str) -> i64 {
        self.0[series].iter().find(|(one, _)| one == month).expect("a month").1
    }

    fn last(&self, series: &str) -> i64 {
        self.0[series].last().expect("a month").1
    }
}

fn report(data_dir: &Path, name: &str) -> std::path::PathBuf {
    let out = data_dir.join(name);
    let made = abiscope(data_dir, &["report", "--out", out.to_str().expect("text")]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    out
}

const VERDICT: [&str; 2] = ["verdict:abi3-3.11:blocked", "verdict:abi3-3.11:no-blocker"];

/// 2023 month by month, as it is told after either crawl: nothing that was seen later reaches back.
fn check_2023(report: &Path) {
    let series = Series::of(report, "projects");
    assert_eq!(series.year(VERDICT[0]), [2, 3, 3, 2, 3, 2, 1, 1, 2, 3, 3, 3]);
    assert_eq!(series.year(VERDICT[1]), [1, 1, 2, 3, 2, 3, 4, 4, 3, 3, 3, 3]);
    assert_eq!(series.year("declared:abi3"), [0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(series.year("ships:abi3"), [0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1]);
    assert_eq!(series.year("could-be:abi3-3.11"), [1, 1, 2, 2, 1, 2, 3, 3, 3, 3, 2, 2]);
    let files = Series::of(report, "with_files");
    assert_eq!(files.year(VERDICT[0]), [4, 5, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7]);
    let native = Series::of(report, "with_native_source");
    assert_eq!(native.year(VERDICT[0]), [3, 4, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6]);
    let observed = Series::of(report, "observed");
    assert_eq!(observed.year(VERDICT[0]), [0; 12], "nobody looked");
}

#[test]
fn a_scripted_history_gives_the_series_that_were_worked_out_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path();
    let script = Script::past();
    script.crawl(data_dir);
    let first = report(data_dir, "first");
    check_2023(&first);
    let series = Series::of(&first, "projects");
    assert_eq!(VERDICT.map(|one| series.last(one)), [3, 3]);
    assert_eq!(Series::of(&first, "observed").last(VERDICT[0]), 7, "the crawl was today");

    let frozen = abiscope(data_dir, &["snapshot", "create", "first"]);
    assert_eq!(frozen.status.code(), Some(0), "{}", String::from_utf8_lossy(&frozen.stderr));

    script.goes_on();
    script.crawl(data_dir);
    let second = report(data_dir, "second");
    check_2023(&second);
    let series = Series::of(&second, "projects");
    // 2.0 of `yanks` is yanked and 1.1 of `deletes` gone: what stood before stands again. `leaves` has left.
    assert_eq!(VERDICT.map(|one| series.last(one)), [2, 3]);
    assert_eq!(VERDICT.map(|one| series.on(one, "2024-06")), [3, 3]);
    let files = Series::of(&second, "with_files");
    assert_eq!((files.on(VERDICT[0], "2024-06"), files.last(VERDICT[0])), (7, 6));

    // What was frozen before says what it said, and is whole.
    let out = data_dir.join("frozen");
    let made = abiscope(data_dir, &["report", "--snapshot", "first", "--out", out.to_str().expect("text")]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    let read = |folder: &Path| std::fs::read_to_string(folder.join("data/series.csv")).expect("series");
    assert_eq!(read(&out), read(&first));
    let verified = abiscope(data_dir, &["snapshot", "verify", "first"]);
    assert_eq!(verified.status.code(), Some(0));
    assert!(stdout(&verified).starts_with("first: 7 projects, 6 reports as they were"), "{}", stdout(&verified));
}
