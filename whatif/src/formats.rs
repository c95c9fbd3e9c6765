//! Answers as text to paste: reStructuredText as PEPs have it, Markdown, CSV.

mod csv_rows;
pub mod difference;
mod prose;

use crate::{Answer, Judgement, Reviewed, Row, Status};

pub use csv_rows::csv;
pub use prose::sentences;

/// reStructuredText: the sums, then a bullet list `name (version): status` as in PEPs.
pub fn rst(answer: &Answer) -> String {
    list(answer, Mark::Rst)
}

/// The same as Markdown.
pub fn markdown(answer: &Answer) -> String {
    list(answer, Mark::Markdown)
}

/// Which markup.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Rst,
    Markdown,
}

impl Mark {
    fn code(self, text: &str) -> String {
        match self {
            Self::Rst => format!("``{}``", safe(text)),
            Self::Markdown => format!("`{}`", safe(text)),
        }
    }
}

/// The heading, with other words where there is no title.
fn title(title: &str, otherwise: &str, mark: Mark) -> String {
    let title = plain(if title.is_empty() { otherwise } else { title });
    match mark {
        Mark::Markdown => format!("## {title}\n"),
        Mark::Rst => format!("{title}\n{}\n", "=".repeat(title.chars().count())),
    }
}

fn list(answer: &Answer, mark: Mark) -> String {
    let mut parts = vec![title(&answer.title, "What would be affected", mark)];
    parts.extend(sentences(answer).iter().map(|sentence| format!("\n{}\n", plain(sentence))));
    for status in Status::ALL {
        let rows: Vec<&Row> = answer.rows.iter().filter(|row| row.status == status).collect();
        if !rows.is_empty() {
            parts.push(format!("\n{} ({}), {}:\n\n", capitalised(status.as_str()), rows.len(), status.meaning()));
            parts.extend(rows.into_iter().map(|row| line(row, mark)));
        }
    }
    if !answer.reviewed.is_empty() {
        parts.push(format!("\nJudged by people ({}):\n\n", answer.reviewed.len()));
        parts.extend(answer.reviewed.iter().map(|one| judged(one, mark)));
    }
    parts.concat()
}

/// `* name (1.0): false positive, not counted; PyA in a.c:7; by N. N. on 2026-11-26: a comment`.
fn judged(one: &Reviewed, mark: Mark) -> String {
    let verdict = match (one.verdict, one.taken_out) {
        (Judgement::Confirmed, _) => "confirmed",
        (Judgement::FalsePositive, true) => "false positive, not counted",
        (Judgement::FalsePositive, false) => "false positive of one rule, counted for another",
    };
    let (item, place) = (mark.code(&one.item), mark.code(&one.place));
    let (name, version, by, reason) = (plain(&one.name), plain(&one.version), plain(&one.by), plain(&one.reason));
    format!("* {name} ({version}): {verdict}; {item} in {place}; by {by} on {}: {reason}\n", one.on)
}

fn line(row: &Row, mark: Mark) -> String {
    let mut details = Vec::new();
    if row.own_sites() > 0 {
        details.push(sites(row.own_sites()));
    }
    if !row.first_site.is_empty() {
        details.push(format!("first in {}", mark.code(&row.first_site)));
    }
    details.extend(row.solved.as_deref().map(plain));
    let details = if details.is_empty() { String::new() } else { format!("; {}", details.join("; ")) };
    format!("* {} ({}): {}{details}\n", plain(&row.name), plain(&row.version), row.status.as_str())
}

fn sites(n: i64) -> String {
    format!("{n} site{}", if n == 1 { "" } else { "s" })
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Text of uploaders inside prose: one line, no markup of either format.
fn plain(text: &str) -> String {
    let is_markup = |c: char| matches!(c, '*' | '`' | '|' | '<' | '>' | '[' | ']' | '\\');
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        if is_markup(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text of uploaders inside code marks.
fn safe(text: &str) -> String {
    text.chars().map(|c| if c == '`' || c.is_control() { '\u{fffd}' } else { c }).collect()
}
