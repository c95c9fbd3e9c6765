//! One line a project.

use analyzer::OriginClass;

use crate::{Answer, Reviewed};

/// The columns.
const HEAD: [&str; 13] = [
    "project",
    "version",
    "status",
    "solved",
    "own_sites",
    "generated_sites",
    "vendored_sites",
    "replaceable_sites",
    "items",
    "first_site",
    "rank",
    "downloads",
    "cut_short",
];

/// The projects of an answer as CSV, with a head; `cut_short` says that there may be more. After them the sites that people judged.
pub fn csv(answer: &Answer) -> String {
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = out.write_record(HEAD);
    let cut_short = if answer.cut_short { "true" } else { "" }.to_owned();
    for row in &answer.rows {
        let sites = |origin: OriginClass| row.sites.get(origin.as_str()).copied().unwrap_or(0).to_string();
        let items: Vec<&str> = row.items.iter().map(|(item, _)| &**item).collect();
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let _ = out.write_record([
            &row.name,
            &guarded(&row.version),
            row.status.as_str(),
            row.solved.as_deref().unwrap_or(""),
            &sites(OriginClass::Own),
            &sites(OriginClass::Generated),
            &sites(OriginClass::Vendored),
            &row.replaceable.to_string(),
            &items.join(" "),
            &guarded(&row.first_site),
            &number(row.rank),
            &number(row.downloads),
            &cut_short,
        ]);
    }
    for one in &answer.reviewed {
        let _ = out.write_record(of_review(one));
    }
    String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// What a person said about a site, in the same columns: the verdict as its status, the reason as what solves it.
fn of_review(one: &Reviewed) -> [String; HEAD.len()] {
    let mut cells: [String; HEAD.len()] = Default::default();
    cells[0].clone_from(&one.name);
    cells[1] = guarded(&one.version);
    one.verdict.as_str().clone_into(&mut cells[2]);
    cells[3] = guarded(&one.reason);
    cells[8].clone_from(&one.item);
    cells[9] = guarded(&one.place);
    cells
}

/// Spreadsheets take what begins with one of these for a formula.
pub(super) fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
