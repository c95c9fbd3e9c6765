//! The projects of the world.

use std::collections::BTreeMap;

use analyzer::{
    Kind, Outcome, Problem, SourceFile, SourceTree, StructureCounts, Tool, TreeFacts, TreeFlag, Undecided, Verdict,
};
use capi::{Target, Version};
use chrono::Duration;
use store::{FileAnswer, FileState, ProjectDetail, ProjectState, ReleaseDetail, ReleaseRow, ReleaseState, UseRow};

use super::table::{self, Package};
use super::{Known, day};

pub(crate) fn all() -> Vec<Known> {
    let mut projects: Vec<Known> = table::packages().iter().map(analysed).collect();
    for (name, version, uploaded, outcome, why) in [
        ("lxml", "6.1.3", "2026-09-02", Outcome::Undecided, "generated-at-build"),
        ("pyyaml", "6.0.3", "2025-09-25", Outcome::Undecided, "generated-at-build"),
        ("cryptography", "50.0.2", "2026-11-04", Outcome::NoBlocker, ""),
        ("bcrypt", "5.0.0", "2025-09-25", Outcome::NoBlocker, ""),
        ("pycurl", "7.49.0", "2026-10-20", Outcome::Blocked, ""),
        ("gevent", "26.9.0", "2026-09-08", Outcome::ToolBlocks, "cython 3.0.12"),
        ("contourpy", "1.4.0", "2026-08-12", Outcome::ToolBlocks, "pybind11 3.0.1"),
        ("frozenlist", "1.8.0", "2026-06-02", Outcome::Undecided, "generated-at-build"),
        ("uvloop", "0.23.0", "2026-10-30", Outcome::ToolBlocks, "cython 3.0.11"),
        ("pyodbc", "5.5.0", "2026-07-19", Outcome::Blocked, ""),
        ("pandas", "3.1.1", "2026-10-15", Outcome::Undecided, "generated-at-build"),
        ("six", "1.17.0", "2024-12-04", Outcome::Pure, ""),
        ("pybind11", "3.1.0", "2026-08-22", Outcome::Pure, ""),
    ] {
        projects.push(decided(name, version, uploaded, outcome, why));
    }
    projects.iter_mut().filter(|known| known.detail.name.as_str() == "bcrypt").for_each(declaring);
    projects.iter_mut().filter(|known| known.detail.name.as_str() == "cryptography").for_each(shipping);
    projects.push(without_file("tensorflow", "2.23.0", ReleaseState::NoSource, "7 wheels, no sdist"));
    projects.push(without_file("requests", "2.33.0", ReleaseState::PureByTags, "1 wheel, tagged py3-none-any"));
    projects.push(ended("blacksheep", "2.4.2", FileState::Unreadable, "gzip: the checksum is wrong after 35 entries"));
    projects.push(ended("grpcio", "1.81.2", FileState::Queued, ""));
    projects.push(ended(
        "zstandard",
        "0.25.0",
        FileState::Deferred,
        "503 Service Unavailable, six tries; due again 2026-11-23 09:00 UTC",
    ));
    projects.push(not_found("no-such-thing"));
    projects.push(hostile());
    projects.push(many_releases());
    projects.sort_by(|one, other| one.detail.name.cmp(&other.detail.name));
    projects
}

/// As if it had taken up wheels of the stable ABI, given them up and taken them up again.
fn shipping(known: &mut Known) {
    known.detail.releases.truncate(1);
    known.detail.releases[0].stable_wheels = 12;
    for (i, stable) in [0, 0, 9, 0, 9, 9].into_iter().enumerate() {
        let version = format!("{}.0.0", 40 + i);
        let row = ReleaseRow { stable_wheels: stable, ..row(&version, &format!("202{i}-03-01"), false) };
        known.detail.releases.insert(1, row);
    }
    let release = known.release.as_mut().expect("it has a release");
    release.wheel_tags = ["cp311-abi3", "cp38-abi3", "cp314-cp314t", "pp311-pypy311_pp73"]
        .iter()
        .flat_map(|abi| {
            ["manylinux_2_28_x86_64", "macosx_10_12_universal2"].map(|platform| format!("{abi}-{platform}"))
        })
        .collect();
}

/// As if its build files tagged wheels for abi3 and nothing compiled for it.
fn declaring(known: &mut Known) {
    let file = |path: &str, text: &str| SourceFile { path: path.into(), bytes: text.as_bytes().to_vec().into() };
    let text = "[tool.distutils.bdist_wheel]\npy-limited-api = \"cp39\"\n";
    let files = vec![file("a.c", "#include <Python.h>"), file("pyproject.toml", text)];
    let report = analyzer::analyze(&SourceTree { files, ..SourceTree::default() }, &analyzer::Options::default());
    let file = known.release.as_mut().and_then(|release| release.file.as_mut()).expect("it has a file");
    file.contradictions = report.contradictions(None);
    file.declarations = report.declarations;
}

fn detail(name: &str, state: ProjectState) -> ProjectDetail {
    ProjectDetail {
        name: name.parse().expect("a name"),
        display_name: name.to_owned(),
        state,
        reason: None,
        status_text: None,
        read_at: day("2026-11-22").expect("a day"),
        releases: Vec::new(),
    }
}

fn row(version: &str, uploaded: &str, latest: bool) -> ReleaseRow {
    ReleaseRow {
        version: version.to_owned(),
        latest,
        prerelease: version.contains("rc"),
        yanked: false,
        uploaded_at: day(uploaded),
        state: if latest { ReleaseState::Selected } else { ReleaseState::NotSelected },
        file_state: latest.then_some(FileState::Analysed),
        verdict: None,
        floor: None,
        wheels: 12,
        stable_wheels: 0,
    }
}

fn release(version: &str, uploaded: &str) -> ReleaseDetail {
    let wheel = |tag: &str| tag.to_owned();
    ReleaseDetail {
        version: version.to_owned(),
        state: ReleaseState::Selected,
        reason: None,
        prerelease: false,
        yanked: false,
        requires_python: Some(">=3.10".to_owned()),
        uploaded_at: day(uploaded),
        wheel_tags: ["cp310-cp310", "cp311-cp311", "cp312-cp312", "cp313-cp313", "cp313-cp313t", "cp314-cp314"]
            .iter()
            .flat_map(|abi| {
                ["manylinux_2_28_x86_64", "macosx_11_0_arm64", "win_amd64"]
                    .map(|platform| wheel(&format!("{abi}-{platform}")))
            })
            .collect(),
        source_hidden: None,
        file: None,
    }
}

fn answer(filename: &str, sha256: &str, size: i64) -> FileAnswer {
    FileAnswer {
        filename: filename.to_owned(),
        sha256: sha256.to_owned(),
        size: Some(size),
        state: FileState::Analysed,
        reason: None,
        analysed_at: day("2026-11-22"),
        analyzer_version: Some(analyzer::ANALYZER_VERSION.to_owned()),
        capi_version: Some(capi::DATA_VERSION.to_owned()),
        tree: Some(TreeFacts {
            entries: 120,
            decoded_bytes: 900_000,
            native_files: 3,
            native_bytes: 210_000,
            flags: Vec::new(),
        }),
        tools: Vec::new(),
        verdicts: Vec::new(),
        floor: None,
        structures: BTreeMap::new(),
        unresolved: BTreeMap::new(),
        uses: Vec::new(),
        declarations: Vec::new(),
        contradictions: Vec::new(),
        problems: Vec::new(),
    }
}

fn analysed(package: &Package) -> Known {
    let mut file = answer(package.filename, package.sha256, package.size);
    file.verdicts = table::verdicts(package);
    file.floor = table::floor(&file.verdicts);
    file.uses = package.lines.iter().map(|line| line.row.clone()).collect();
    if let Some(tree) = &mut file.tree {
        tree.native_files = package.native_files;
        tree.native_bytes = package.native_files * 41_000;
    }
    let mut first_sites: Vec<(UseRow, String)> =
        package.lines.iter().map(|line| (line.row.clone(), line.first_site.clone())).collect();
    first_sites.sort_by_key(|(row, _)| (row.kind, std::cmp::Reverse(row.sites)));
    file.uses = first_sites.iter().map(|(row, _)| row.clone()).collect();
    file.structures = structures(&file.uses);
    if package.name == "aiohttp" {
        file.tools.push(Tool {
            name: "cython".to_owned(),
            version: Some("3.2.4".to_owned()),
            path: "aiohttp/_http_parser.c".to_owned(),
            limited: None,
        });
    }
    if package.name == "numpy" {
        file.problems.push(Problem {
            path: Some("numpy/_core/src/multiarray/einsum.cpp".to_owned()),
            message: "12 accesses to `data` whose structure could not be told".to_owned(),
        });
    }
    known(
        package.name,
        package.version,
        package.uploaded,
        file,
        first_sites.into_iter().map(|(_, site)| site).collect(),
    )
}

/// How often structures are touched, in the newest Python.
fn structures(uses: &[UseRow]) -> BTreeMap<String, StructureCounts> {
    let mut counts: BTreeMap<String, StructureCounts> = BTreeMap::new();
    for row in uses.iter().filter(|row| row.origin != "test-or-doc") {
        let sites = u64::try_from(row.sites).expect("a count");
        if let (Kind::Member, Some((structure, _))) = (row.kind, row.item.split_once('.')) {
            counts.entry(structure.to_owned()).or_default().api_level += sites;
        }
        let reads = capi::abi_reads(&row.item).map_or(&[][..], |reads| reads.normal);
        for read in reads.iter().filter(|read| read.versions.iter().any(|range| range.contains(Version::NEWEST))) {
            counts.entry(read.structure.to_owned()).or_default().abi_level += sites;
        }
    }
    counts
}

/// A project with its report and two older releases that were not read.
fn known(name: &str, version: &str, uploaded: &str, file: FileAnswer, first_sites: Vec<String>) -> Known {
    let mut detail = detail(name, ProjectState::Listed);
    let mut latest = row(version, uploaded, true);
    latest.floor = file.floor;
    detail.releases = vec![latest, row("0.9.1", "2024-05-02", false), row("0.9.1rc1", "2024-04-20", false)];
    let mut release = release(version, uploaded);
    release.file = Some(file);
    Known { detail, release: Some(release), first_sites }
}

/// One verdict for every target.
fn decided(name: &str, version: &str, uploaded: &str, outcome: Outcome, why: &str) -> Known {
    let mut file = answer(&format!("{name}-{version}.tar.gz"), &"5d".repeat(32), 1_204_000);
    let undecided = |outcome| match outcome {
        Outcome::Undecided => vec![Undecided { reason: why.to_owned(), count: 4 }],
        _ => Vec::new(),
    };
    file.verdicts = Target::all()
        .map(|target| {
            let outcome = match outcome {
                Outcome::NoBlocker if target.is_free_threaded() || target.version().minor() < 8 => Outcome::Blocked,
                other => other,
            };
            let blocking = if outcome == Outcome::Blocked { vec!["PyUnicode_AsUTF8".to_owned()] } else { Vec::new() };
            Verdict {
                target,
                verdict: outcome,
                blocking,
                blocking_members: Vec::new(),
                blocking_types: Vec::new(),
                undecided: undecided(outcome),
            }
        })
        .collect();
    file.floor = table::floor(&file.verdicts);
    if outcome == Outcome::ToolBlocks {
        let (tool, version) = why.split_once(' ').expect("a tool and its version");
        file.tools.push(Tool {
            name: tool.to_owned(),
            version: Some(version.to_owned()),
            path: "pyproject.toml".to_owned(),
            limited: Some(false),
        });
    }
    if outcome == Outcome::Pure {
        file.tree = Some(TreeFacts { entries: 40, decoded_bytes: 210_000, ..TreeFacts::default() });
    }
    known(name, version, uploaded, file, Vec::new())
}

fn without_file(name: &str, version: &str, state: ReleaseState, reason: &str) -> Known {
    let mut known = known(name, version, "2026-10-01", answer("", "", 0), Vec::new());
    if let Some(release) = &mut known.release {
        release.state = state;
        release.reason = Some(reason.to_owned());
        release.file = None;
    }
    known.detail.releases.truncate(1);
    known.detail.releases[0].state = state;
    known.detail.releases[0].file_state = None;
    known
}

fn ended(name: &str, version: &str, state: FileState, reason: &str) -> Known {
    let mut file = answer(&format!("{name}-{version}.tar.gz"), &"a7".repeat(32), 98_000);
    file.state = state;
    file.reason = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
    file.tree = None;
    file.analysed_at = None;
    let mut known = known(name, version, "2026-10-01", file, Vec::new());
    known.detail.releases[0].file_state = Some(state);
    known
}

fn not_found(name: &str) -> Known {
    let mut detail = detail(name, ProjectState::NotFound);
    detail.reason = Some("404 from the index".to_owned());
    Known { detail, release: None, first_sites: Vec::new() }
}

/// Everything that an uploader controls, hostile.
fn hostile() -> Known {
    let script = "<script>alert('x')</script>";
    let mut file = answer(&format!("hostile-{script}.tar.gz"), &"66".repeat(32), 10);
    let rows: Vec<UseRow> = (0..400)
        .map(|i| UseRow {
            kind: analyzer::Kind::StaticType,
            item: format!("{script}\u{202e}{i}_{}", "x".repeat(300)),
            access: script.to_owned(),
            origin: "own".to_owned(),
            origin_by: Some(script.to_owned()),
            condition: format!("opaque({script})"),
            certainty: "certain".to_owned(),
            sites: 1,
        })
        .collect();
    let types: Vec<String> = rows.iter().map(|row| row.item.clone()).collect();
    file.verdicts = Target::all()
        .map(|target| Verdict {
            target,
            verdict: Outcome::Blocked,
            blocking: Vec::new(),
            blocking_members: Vec::new(),
            blocking_types: types.clone(),
            undecided: Vec::new(),
        })
        .collect();
    file.uses = rows;
    file.tools = vec![Tool { name: script.to_owned(), version: None, path: script.to_owned(), limited: None }];
    file.problems = vec![Problem { path: Some(format!("{script}.c")), message: format!("{script} \u{202e}\u{0}") }; 50];
    if let Some(tree) = &mut file.tree {
        tree.flags = vec![TreeFlag::OddNames, TreeFlag::Trailing];
    }
    let sites = vec![format!("{script}\u{1b}[31m.c:7"); 400];
    let mut known = known("hostile", &format!("1.0+{script}"), "2026-01-01", file, sites);
    known.detail.display_name = format!("hostile{script}");
    known.detail.status_text = Some(script.to_owned());
    if let Some(release) = &mut known.release {
        release.requires_python = Some(script.to_owned());
        release.wheel_tags = (0..300).map(|i| format!("{script}{i}-{script}-any")).collect();
    }
    known
}

/// More releases than fit on a page.
fn many_releases() -> Known {
    let mut known = decided("ruff-like", "0.200.0", "2026-11-20", Outcome::Undecided, "pyo3-without-abi3");
    let start = day("2026-11-19").expect("a day");
    known.detail.releases.truncate(1);
    known.detail.releases.extend((0..200).rev().map(|i| ReleaseRow {
        uploaded_at: Some(start - Duration::days(200 - i)),
        ..row(&format!("0.{i}.0"), "2026-01-01", false)
    }));
    known
}
