//! The part of a project's page that needs a report: answers, targets, blockers, tools, uses.

use std::collections::HashMap;

use analyzer::{Kind, Outcome, Verdict};
use capi::{Target, Version};
use packaging::ProjectName;
use store::{FileAnswer, ReleaseDetail, SiteLine};

use super::declared::Declared;
use super::port::{self, Step};
use super::structures::{self, Structures};
use super::sure::sure;
use super::wheels::Switching;
use crate::address;
use crate::blockers::{self, Blocker};
use crate::numbers::{Count, minute, size};
use crate::pages::uses::{self, UseLine};
use crate::visible::cut;
use crate::words::{self, Mark};

/// Blockers in the table; the list of uses has all.
const BLOCKERS: usize = 80;

/// Blockers whose line is shown; the others lead to theirs.
const SNIPPETS: usize = 12;

/// Uses of one kind on the page itself.
const USES: usize = 25;

/// Problems shown.
const PROBLEMS: usize = 20;

/// What a report says.
pub(super) struct Judged {
    pub(super) answers: Vec<Answer>,
    pub(super) floor: String,
    pub(super) strip: Vec<Cell>,
    pub(super) mark: Mark,
    pub(super) outcome: Outcome,
    pub(super) blocked_by: String,
    pub(super) blockers: Vec<BlockerLine>,
    pub(super) more_blockers: usize,
    pub(super) undecided: Vec<(String, Count)>,
    pub(super) tools: Vec<ToolLine>,
    pub(super) declared: Declared,
    pub(super) switching: Option<Switching>,
    pub(super) steps: Vec<Step>,
    pub(super) structures: Option<Structures>,
    pub(super) groups: Vec<Group>,
    pub(super) uses_address: String,
    pub(super) file: FileFacts,
    pub(super) problems: Vec<ProblemLine>,
    pub(super) more_problems: usize,
}

/// One line of the answer.
pub(super) struct Answer {
    pub(super) of: &'static str,
    pub(super) mark: Mark,
    pub(super) text: String,
    /// How sure it is; may be empty.
    pub(super) sure: String,
}

/// One target of the strip.
pub(super) struct Cell {
    pub(super) label: String,
    pub(super) mark: Mark,
    pub(super) address: String,
    pub(super) chosen: bool,
    pub(super) apart: bool,
}

pub(super) struct BlockerLine {
    pub(super) blocker: Blocker,
    pub(super) item_address: String,
    pub(super) sites_address: String,
    pub(super) count: Count,
    pub(super) snippet: Option<Snippet>,
}

/// The line of one site.
pub(super) struct Snippet {
    pub(super) place: String,
    pub(super) address: String,
    /// Empty where the source is not shown.
    pub(super) text: String,
}

/// A tool and what to do about it.
pub(super) struct ToolLine {
    /// `cython 3.0.12`.
    pub(super) name: String,
    pub(super) blocks: bool,
    pub(super) advice: &'static str,
}

/// Uses of one kind.
pub(super) struct Group {
    pub(super) heading: &'static str,
    pub(super) meaning: &'static str,
    pub(super) sentence: String,
    pub(super) rows: Vec<UseLine>,
    pub(super) more: usize,
    pub(super) address: String,
}

pub(super) struct FileFacts {
    pub(super) filename: String,
    pub(super) sha256: String,
    pub(super) size: String,
    pub(super) read: String,
    pub(super) analysed: String,
    pub(super) versions: String,
    pub(super) flags: Vec<String>,
}

pub(super) struct ProblemLine {
    pub(super) path: String,
    pub(super) message: String,
}

/// The model; `None` if the release has no report.
pub(super) fn judged(name: &ProjectName, release: &ReleaseDetail, target: Target, pinned: bool) -> Option<Judged> {
    let file = release.file.as_ref().filter(|file| !file.verdicts.is_empty())?;
    let verdict = file.verdicts.iter().find(|verdict| verdict.target == target)?;
    let page = if pinned { address::release(name, &release.version) } else { address::project(name) };
    let of_release = address::release(name, &release.version);
    let mut blockers = blockers::of(verdict, &file.uses);
    let more_blockers = blockers.len().saturating_sub(BLOCKERS);
    let blocked_by = numbers_of(verdict);
    blockers.truncate(BLOCKERS);
    Some(Judged {
        answers: answers(file),
        floor: file.floor.map(|floor| floor.to_string()).unwrap_or_default(),
        strip: file.verdicts.iter().map(|each| cell(each, target, &page)).collect(),
        mark: Mark::from(verdict.verdict),
        outcome: verdict.verdict,
        blocked_by,
        blockers: blockers.into_iter().map(|blocker| blocker_line(name, &release.version, blocker)).collect(),
        more_blockers,
        undecided: verdict
            .undecided
            .iter()
            .map(|open| {
                (words::undecided(&open.reason).to_owned(), Count(i64::try_from(open.count).unwrap_or(i64::MAX)))
            })
            .collect(),
        tools: tools(file, target),
        switching: Switching::of(&release.wheel_tags, file, target),
        steps: port::steps(name, &release.version, file),
        structures: structures::structures(name, &release.version, file),
        groups: Kind::ALL
            .into_iter()
            .filter_map(|kind| group(name, &release.version, &of_release, file, kind))
            .collect(),
        declared: Declared::of(name, &release.version, file),
        uses_address: format!("{of_release}/uses"),
        file: file_facts(file),
        problems: file.problems.iter().take(PROBLEMS).map(problem).collect(),
        more_problems: file.problems.len().saturating_sub(PROBLEMS),
    })
}

/// "21 names, 4 members and 2 static types".
fn numbers_of(verdict: &Verdict) -> String {
    let count = |items: &[String], one: &str| {
        let n = i64::try_from(items.len()).unwrap_or(i64::MAX);
        (n > 0).then(|| Count(n).of(one))
    };
    let parts: Vec<String> = [
        count(&verdict.blocking, "name"),
        count(&verdict.blocking_members, "member"),
        count(&verdict.blocking_types, "static type"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.as_slice() {
        [] => "nothing by name".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// The two questions a maintainer has.
fn answers(file: &FileAnswer) -> Vec<Answer> {
    let newest = |target: Target| file.verdicts.iter().find(|verdict| verdict.target == target);
    let mut answers = Vec::new();
    if let Some(verdict) = newest(Target::Abi3(Version::NEWEST)) {
        let (mark, text) = match file.floor {
            Some(floor) => (Mark::from(Outcome::NoBlocker), format!("found from {floor} on, in every later target")),
            None => (Mark::from(verdict.verdict), sentence(verdict, reach(file, verdict.verdict))),
        };
        // The lowest level that is free of blockers is the one that the answer is about.
        let about = file.floor.and_then(newest).unwrap_or(verdict);
        answers.push(Answer { of: "abi3", mark, text, sure: how_sure(about, file) });
    }
    if let Some(verdict) = newest(Target::Abi3t(Version::NEWEST)) {
        answers.push(Answer {
            of: "abi3t",
            mark: Mark::from(verdict.verdict),
            text: sentence(verdict, "for "),
            sure: how_sure(verdict, file),
        });
    }
    answers
}

fn how_sure(verdict: &Verdict, file: &FileAnswer) -> String {
    sure(verdict, &blockers::of(verdict, &file.uses), file)
}

/// Whether the newest target's verdict is that of every abi3 target.
fn reach(file: &FileAnswer, outcome: Outcome) -> &'static str {
    let mut abi3 = file.verdicts.iter().filter(|verdict| !verdict.target.is_free_threaded());
    if abi3.all(|verdict| verdict.verdict == outcome) { "in every target up to " } else { "for " }
}

fn sentence(verdict: &Verdict, reach: &str) -> String {
    let target = verdict.target;
    match verdict.verdict {
        Outcome::NoBlocker => format!("found for {target}"),
        Outcome::Blocked => format!("{reach}{target}; there by {}", numbers_of(verdict)),
        Outcome::ToolBlocks => format!("{reach}{target}: a tool it is built with cannot make such a wheel"),
        Outcome::Undecided => {
            let why: Vec<&str> = verdict.undecided.iter().map(|open| words::undecided(&open.reason)).collect();
            format!(
                "for {target}: {}",
                if why.is_empty() { "an open question could block".to_owned() } else { why.join("; ") }
            )
        }
        Outcome::Pure => "no native source in the sdist, so no ABI is asked of anything".to_owned(),
    }
}

fn cell(verdict: &Verdict, chosen: Target, page: &str) -> Cell {
    let free_threaded = verdict.target.is_free_threaded();
    let value = address::target_value(verdict.target);
    Cell {
        label: if free_threaded { verdict.target.to_string() } else { verdict.target.version().to_string() },
        mark: Mark::from(verdict.verdict),
        address: format!("{}#blockers", address::with_query(page, &[("target", &value)])),
        chosen: verdict.target == chosen,
        apart: free_threaded,
    }
}

fn blocker_line(name: &ProjectName, version: &str, blocker: Blocker) -> BlockerLine {
    let kind = match blocker.what {
        "member" => Some(Kind::Member.as_str()),
        "static type" => Some(Kind::StaticType.as_str()),
        _ => None,
    };
    BlockerLine {
        item_address: address::item(&blocker.item, kind),
        sites_address: address::sites(name, version, &blocker.item),
        count: Count(blocker.sites),
        blocker,
        snippet: None,
    }
}

impl Judged {
    /// The blockers whose lines are shown.
    pub(super) fn shown_items(&self) -> Vec<&str> {
        self.blockers.iter().take(SNIPPETS).map(|line| line.blocker.item.as_str()).collect()
    }

    /// Puts a line beside each blocker that has one.
    pub(super) fn show(&mut self, name: &ProjectName, version: &str, sites: &HashMap<String, SiteLine>) {
        for line in &mut self.blockers {
            line.snippet = sites.get(&line.blocker.item).map(|site| Snippet {
                place: format!("{}:{}", cut(&site.path, 120), site.line),
                address: address::site(name, version, &line.blocker.item, &site.path, site.line),
                text: cut(site.text.trim(), 160).into_owned(),
            });
        }
    }
}

/// The tools that have to do with the stable ABI, those that block first; then the other tools seen.
fn tools(file: &FileAnswer, target: Target) -> Vec<ToolLine> {
    let line = |remedy: analyzer::Remedy| ToolLine {
        name: cut(&format!("{} {}", remedy.tool, remedy.seen.join(", ")), 60).trim().to_owned(),
        blocks: remedy.blocks,
        advice: remedy.advice,
    };
    analyzer::remedies(&file.tools, target).into_iter().map(line).collect()
}

fn group(name: &ProjectName, version: &str, of_release: &str, file: &FileAnswer, kind: Kind) -> Option<Group> {
    let rows: Vec<_> = file.uses.iter().filter(|row| row.kind == kind).collect();
    if rows.is_empty() {
        return None;
    }
    Some(Group {
        heading: words::kind_heading(kind),
        meaning: words::kind_meaning(kind),
        sentence: uses::sentence(&rows),
        more: rows.len().saturating_sub(USES),
        address: address::with_query(&format!("{of_release}/uses"), &[("kind", kind.as_str())]),
        rows: rows.into_iter().take(USES).map(|row| uses::line(name, version, row)).collect(),
    })
}

fn file_facts(file: &FileAnswer) -> FileFacts {
    let tree = file.tree.clone().unwrap_or_default();
    let native = Count(i64::try_from(tree.native_files).unwrap_or(i64::MAX));
    let bytes = i64::try_from(tree.native_bytes).unwrap_or(i64::MAX);
    FileFacts {
        filename: cut(&file.filename, 200).into_owned(),
        sha256: file.sha256.clone(),
        size: file.size.map(size).unwrap_or_default(),
        read: format!("{} ({})", native.of("native source file"), size(bytes)),
        analysed: file.analysed_at.map(minute).unwrap_or_default(),
        versions: format!(
            "analyzer {}, C-API data {}",
            file.analyzer_version.as_deref().unwrap_or("unknown"),
            file.capi_version.as_deref().unwrap_or("unknown")
        ),
        flags: tree.flags.iter().map(|flag| flag_words(*flag).to_owned()).collect(),
    }
}

const fn flag_words(flag: analyzer::TreeFlag) -> &'static str {
    use analyzer::TreeFlag;
    match flag {
        TreeFlag::Trailing => "bytes after the compressed stream",
        TreeFlag::DataAfterEnd => "data after the end-of-archive mark",
        TreeFlag::MissingEnd => "no end-of-archive mark",
        TreeFlag::GlobalPax => "a global PAX header, which readers disagree about",
        TreeFlag::Sparse => "a sparse entry, not analysed",
        TreeFlag::DuplicateNames => "two entries of one name; the last one counts",
        TreeFlag::OddNames => "names that leave the folder or that no file system takes",
        TreeFlag::SpecialEntries => "links, devices or pipes, never followed",
        TreeFlag::ZipMismatch => "a zip whose headers disagree with its directory",
    }
}

fn problem(problem: &analyzer::Problem) -> ProblemLine {
    ProblemLine {
        path: cut(problem.path.as_deref().unwrap_or(""), 200).into_owned(),
        message: cut(&problem.message, 400).into_owned(),
    }
}
