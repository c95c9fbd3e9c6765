//! The figures as a page: printed to the terminal, and kept as `analyzer/SCORE.md`.

use std::fmt::Write as _;

use super::goals::goals;
use super::judge::{Judged, word};
use super::misses::Group;
use super::run::Run;
use super::sheet::Score;
use super::table::{NOTHING, Table, figure};
use super::tally::Tally;

/// The whole page.
pub(super) fn page(run: &Run, groups: &[Group<'_>]) -> String {
    format!("{}\n{}\n{}", head(run), figures(run), misses(groups))
}

fn head(run: &Run) -> String {
    let (version, data, packages) = (analyzer::ANALYZER_VERSION, capi::DATA_VERSION, run.packages.len());
    format!(
        "# How right: the analyzer beside a compiler\n\n\
         Made by `cargo run --release -p xtask -- score SDISTS_DIR`; not edited by hand. What counts, and how the \
         truth was made: [truth/README.md](truth/README.md).\n\n\
         Analyzer {version}, C-API data {data}, asked about `platform=linux`; {packages} packages.\n"
    )
}

/// The tables.
pub(super) fn figures(run: &Run) -> String {
    let mut page = String::new();
    let total = &run.total;
    let sections = [
        ("Goals", goal_table(run)),
        ("All files", counts(total)),
        ("Hand-written files", counts(&run.hand_written)),
        ("Verdicts", verdicts(run)),
        ("Packages", packages(&run.packages)),
        ("API names by sort", tallies(&total.api_by_sort)),
        ("Members by access", tallies(&total.members_by_access)),
        ("API findings neither right nor wrong", neutral(run)),
    ];
    for (title, table) in sections.into_iter().filter(|(_, table)| !table.is_empty()) {
        let _ = writeln!(page, "## {title}\n\n{table}");
    }
    let _ = writeln!(
        page,
        "Not judged: {} findings outside the lines that the compiler saw, {} neutral ones of any kind.",
        total.outside, total.neutral
    );
    page
}

fn goal_table(run: &Run) -> Table {
    let mut table = Table::new(&["figure", "value", "goal", "met"]);
    for goal in goals(run) {
        let met = goal.is_met().map_or(NOTHING, |is_met| word(Some(is_met)));
        table.row([goal.what.clone(), figure(goal.value), format!("{:.3}", goal.least), met.to_owned()]);
    }
    table
}

fn counts(score: &Score) -> Table {
    let mut table = Table::new(&["what", "true", "found", "missed", "wrong", "recall", "precision"]);
    let mut row = |what: &str, tally: Tally| table.row(full(what, tally));
    row("API names (name, file, line)", score.api);
    row("distinct API names per package", score.names);
    row("members", score.members);
    row("l-values", score.lvalues);
    row("static types", score.static_types);
    let mut row = |what: &str, tally: Tally| table.row(recall_only(what, tally));
    row("members of non-public structures", score.hidden_members);
    row("static types made by macros", score.macro_types);
    let mut row = |what: &str, wrong: u32, precision: Option<f64>| {
        let none = || NOTHING.to_owned();
        table.row([what.to_owned(), none(), none(), none(), wrong.to_string(), none(), figure(precision)]);
    };
    let structures = score.structures;
    row("structure named, of members found", structures.wrong, structures.precision());
    let (api, shims, neutral) = (score.api, score.shims(), score.all_neutral_api());
    row("API names, shims wrong", api.wrong + shims, api.strict_precision(shims));
    row("API names, every neutral one wrong", api.wrong + neutral, api.strict_precision(neutral));
    table
}

fn full(what: &str, tally: Tally) -> Vec<String> {
    let Tally { hit, missed, wrong } = tally;
    let counts = [tally.truth(), hit, missed, wrong].map(|count| count.to_string());
    let shares = [tally.recall(), tally.precision()].map(figure);
    [what.to_owned()].into_iter().chain(counts).chain(shares).collect()
}

/// For what is not counted when it is wrong.
fn recall_only(what: &str, tally: Tally) -> Vec<String> {
    let mut row = full(what, tally);
    for absent in [4, 6] {
        NOTHING.clone_into(&mut row[absent]);
    }
    row
}

fn verdicts(run: &Run) -> Table {
    let mut table = Table::new(&[
        "target",
        "packages",
        "compile",
        "agree",
        "said yes, is no",
        "said no, is yes",
        "said neither",
        "blocking",
        "missed",
        "wrong",
        "recall",
        "precision",
    ]);
    for (target, agreement) in &run.agreements {
        let blocking = agreement.blocking;
        let counts = [
            agreement.packages,
            agreement.buildable,
            agreement.agree,
            agreement.yes_is_no,
            agreement.no_is_yes,
            agreement.unsaid,
            blocking.truth(),
            blocking.missed,
            blocking.wrong,
        ];
        let counts = counts.map(|count| count.to_string());
        let shares = [blocking.recall(), blocking.precision()].map(figure);
        table.row([format!("abi3-{target}")].into_iter().chain(counts).chain(shares));
    }
    table
}

fn packages(packages: &[Judged]) -> Table {
    let mut table = Table::new(&[
        "package",
        "API names",
        "recall",
        "precision",
        "members",
        "recall",
        "precision",
        "l-values",
        "recall",
        "types",
        "recall",
        "verdicts: true/said",
    ]);
    for package in packages {
        let Score { api, members, lvalues, static_types, .. } = &package.score;
        let verdicts = package
            .verdicts
            .iter()
            .map(|verdict| format!("{}: {}/{}", verdict.target, word(Some(verdict.truth)), word(verdict.said)));
        table.row([
            package.package.clone(),
            api.truth().to_string(),
            figure(api.recall()),
            figure(api.precision()),
            members.truth().to_string(),
            figure(members.recall()),
            figure(members.precision()),
            lvalues.truth().to_string(),
            figure(lvalues.recall()),
            static_types.truth().to_string(),
            figure(static_types.recall()),
            verdicts.collect::<Vec<_>>().join(", "),
        ]);
    }
    table
}

fn tallies(tallies: &std::collections::BTreeMap<String, Tally>) -> Table {
    let mut table = Table::new(&["which", "true", "found", "missed", "recall"]);
    for (which, tally) in tallies {
        let counts = [tally.truth(), tally.hit, tally.missed].map(|count| count.to_string());
        table.row([which.clone()].into_iter().chain(counts).chain([figure(tally.recall())]));
    }
    table
}

fn neutral(run: &Run) -> Table {
    let mut table = Table::new(&["why", "all files", "hand-written files"]);
    for (why, count) in &run.total.neutral_api {
        let hand_written = run.hand_written.neutral_api.get(why).copied().unwrap_or_default();
        table.row([why.as_str().to_owned(), count.to_string(), hand_written.to_string()]);
    }
    table
}

/// The misses that are left.
fn misses(groups: &[Group<'_>]) -> String {
    let unexplained = groups.iter().filter(|group| group.why.is_none()).count();
    let mut table = Table::compact(&["package", "kind", "name", "what", "file", "lines", "truth", "why"]);
    for group in groups {
        let words = [group.package, group.kind, group.name, group.fault.as_str(), group.file].map(str::to_owned);
        let rest = [lines(&group.lines), group.detail.to_owned(), group.why.unwrap_or_default().to_owned()];
        table.row(words.into_iter().chain(rest));
    }
    let intro = format!(
        "## What is left\n\nOne row for each name in a file, with its first lines. Rows: {}, without an explanation: \
         {unexplained}. The explanations come from [score-misses.toml](score-misses.toml).\n",
        groups.len()
    );
    if table.is_empty() { intro } else { format!("{intro}\n{table}") }
}

/// The first lines, and how many more there are.
fn lines(lines: &[u32]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = lines.iter().take(SHOWN).map(u32::to_string).collect();
    match lines.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{}, {more} more", shown.join(", ")),
    }
}
