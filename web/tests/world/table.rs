//! Reads `uses.tsv`: a line `=` starts a package (name, version, uploaded, file, sha256, size, native files), each
//! other line is a use (kind, item, access, origin, by, lowest abi3 level that has it, sites, first site). Made from what
//! a compiler saw in these packages; blocking items and a few frequent ones of each are kept.

use analyzer::{Kind, Outcome, Verdict};
use capi::{Target, Version};
use store::UseRow;

/// One package of the table.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) uploaded: &'static str,
    pub(crate) filename: &'static str,
    pub sha256: &'static str,
    pub(crate) size: i64,
    pub(crate) native_files: u64,
    pub(crate) lines: Vec<Line>,
}

/// One use.
pub(crate) struct Line {
    pub(crate) row: UseRow,
    pub(crate) first_site: String,
    /// The lowest level that has the item; `None`: no level has.
    pub(crate) limited: Option<Version>,
}

pub(crate) fn packages() -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    for line in include_str!("uses.tsv").lines() {
        let cells: Vec<&'static str> = line.split('\t').collect();
        if cells[0] == "=" {
            packages.push(Package {
                name: cells[1],
                version: cells[2],
                uploaded: cells[3],
                filename: cells[4],
                sha256: cells[5],
                size: cells[6].parse().expect("a size"),
                native_files: cells[7].parse().expect("a count"),
                lines: Vec::new(),
            });
        } else if let Some(package) = packages.last_mut() {
            package.lines.push(use_line(&cells));
        }
    }
    packages
}

fn use_line(cells: &[&str]) -> Line {
    let text = |i: usize| if cells[i] == "-" { "" } else { cells[i] };
    let kind = serde_json::from_value(cells[0].into()).expect("a kind");
    Line {
        row: UseRow {
            kind,
            item: cells[1].to_owned(),
            access: text(2).to_owned(),
            origin: cells[3].to_owned(),
            origin_by: Some(text(4).to_owned()).filter(|by| !by.is_empty()),
            condition: condition(kind, cells[1]).to_owned(),
            certainty: "certain".to_owned(),
            sites: cells[6].parse().expect("a count"),
        },
        first_site: cells[7].to_owned(),
        limited: match cells[5] {
            "never" => None,
            "any" => Some(Version::OLDEST_LIMITED),
            level => Some(level.parse().expect("a version")),
        },
    }
}

/// Some variety; the table has no conditions.
fn condition(kind: Kind, item: &str) -> &'static str {
    match (kind, item) {
        (Kind::Api, "PyUnicode_READY") => "python < 3.12",
        (Kind::Member, item) if item.starts_with("PyFrameObject") => "python < 3.11 and implementation == cpython",
        (Kind::Member, item) if item.starts_with("PyThreadState") => "python < 3.13 or opaque(HAVE_GREENLET)",
        (_, item) if item.starts_with("_Py") => "implementation == cpython and not limited",
        _ => "always",
    }
}

/// The verdicts that follow from the table.
pub(crate) fn verdicts(package: &Package) -> Vec<Verdict> {
    Target::all().map(|target| verdict(package, target)).collect()
}

fn verdict(package: &Package, target: Target) -> Verdict {
    let blocks = |line: &&Line| {
        let missing = line.limited.is_none_or(|since| since > target.version());
        let heads = target.is_free_threaded() && matches!(line.row.kind, Kind::ModuleDef | Kind::Layout);
        line.row.origin != "test-or-doc" && (missing || heads)
    };
    let of = |wanted: fn(Kind) -> bool| {
        let mut items: Vec<String> = package
            .lines
            .iter()
            .filter(blocks)
            .filter(|line| wanted(line.row.kind))
            .map(|line| line.row.item.clone())
            .collect();
        items.sort();
        items.dedup();
        items
    };
    let blocking = of(|kind| !matches!(kind, Kind::Member | Kind::StaticType));
    let blocking_members = of(|kind| kind == Kind::Member);
    let blocking_types = of(|kind| kind == Kind::StaticType);
    let blocked = !(blocking.is_empty() && blocking_members.is_empty() && blocking_types.is_empty());
    Verdict {
        target,
        verdict: if blocked { Outcome::Blocked } else { Outcome::NoBlocker },
        blocking,
        blocking_members,
        blocking_types,
        undecided: Vec::new(),
    }
}

/// The floor of these verdicts.
pub(crate) fn floor(verdicts: &[Verdict]) -> Option<Target> {
    let abi3 = verdicts.iter().filter(|verdict| !verdict.target.is_free_threaded());
    abi3.rev().take_while(|verdict| verdict.verdict == Outcome::NoBlocker).last().map(|verdict| verdict.target)
}
