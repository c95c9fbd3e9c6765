//! A difference as text to paste and as CSV.

use super::{Mark, capitalised, csv_rows::guarded, plain, sites, title};
use crate::{Change, Changed, Difference, Side};

/// reStructuredText: how many of each change, then a bullet list for each.
pub fn rst(difference: &Difference) -> String {
    list(difference, Mark::Rst)
}

/// The same as Markdown.
pub fn markdown(difference: &Difference) -> String {
    list(difference, Mark::Markdown)
}

fn list(difference: &Difference, mark: Mark) -> String {
    let mut parts = vec![title(&difference.title, "What became of it", mark)];
    parts.push(format!("\n{}\n", plain(&sentence(difference))));
    for change in Change::ALL {
        let projects: Vec<&Changed> = difference.with(change).collect();
        if !projects.is_empty() {
            parts.push(format!("\n{} ({}):\n\n", capitalised(change.meaning()), projects.len()));
            parts.extend(projects.into_iter().map(|one| format!("* {}: {}\n", plain(&one.name), plain(&turn(one)))));
        }
    }
    parts.concat()
}

/// `From 2026-11-01 to now: 1 newly affected, 3 no longer affected.`
pub fn sentence(difference: &Difference) -> String {
    let counts = Change::ALL.map(|change| (difference.with(change).count(), change.meaning()));
    let told: Vec<String> =
        counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, meaning)| format!("{n} {meaning}")).collect();
    let told = if told.is_empty() { "nothing changed".to_owned() } else { told.join(", ") };
    let cut_short = if difference.cut_short {
        " A search for a pattern was cut short by its bounds: what seems to have changed may not have."
    } else {
        ""
    };
    format!("From {} to {}: {told}.{cut_short}", difference.before, difference.after)
}

/// `affected (1.0), 2 sites → fixed (1.1)`.
pub fn turn(changed: &Changed) -> String {
    format!("{} → {}", part(changed.before.as_ref()), part(changed.after.as_ref()))
}

fn part(side: Option<&Side>) -> String {
    let Some(side) = side else { return "no part in it".to_owned() };
    let sites = if side.sites == 0 { String::new() } else { format!(", {}", sites(side.sites)) };
    format!("{} ({}){sites}", side.status.as_str(), side.version)
}

/// One line a project, with a head.
pub fn csv(difference: &Difference) -> String {
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = out.write_record([
        "project",
        "change",
        "version_before",
        "status_before",
        "sites_before",
        "version_after",
        "status_after",
        "sites_after",
    ]);
    for one in &difference.projects {
        let cells = |side: Option<&Side>| match side {
            Some(side) => [guarded(&side.version), side.status.as_str().to_owned(), side.sites.to_string()],
            None => Default::default(),
        };
        let head = [one.name.clone(), one.change.as_str().to_owned()];
        let record = head.into_iter().chain(cells(one.before.as_ref())).chain(cells(one.after.as_ref()));
        let _ = out.write_record(record.collect::<Vec<String>>());
    }
    String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
}
