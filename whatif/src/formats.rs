//! Answers as text to paste: reStructuredText as PEPs have it, Markdown, CSV.

mod csv_rows;
mod prose;

use crate::{Answer, Row, Status};

pub use csv_rows::csv;
pub use prose::sentences;

/// reStructuredText: the sums, then a bullet list `name (version): status` as in PEPs.
pub fn rst(answer: &Answer) -> String {
    list(answer, |text| format!("``{text}``"), '=')
}

/// The same as Markdown.
pub fn markdown(answer: &Answer) -> String {
    list(answer, |text| format!("`{text}`"), '#')
}

fn list(answer: &Answer, code: impl Fn(&str) -> String, mark: char) -> String {
    let title = plain(if answer.title.is_empty() { "What would be affected" } else { &answer.title });
    let mut parts = vec![match mark {
        '#' => format!("## {title}\n"),
        mark => format!("{title}\n{}\n", mark.to_string().repeat(title.chars().count())),
    }];
    parts.extend(sentences(answer).iter().map(|sentence| format!("\n{}\n", plain(sentence))));
    for status in Status::ALL {
        let rows: Vec<&Row> = answer.rows.iter().filter(|row| row.status == status).collect();
        if !rows.is_empty() {
            parts.push(format!("\n{} ({}), {}:\n\n", capitalised(status.as_str()), rows.len(), status.meaning()));
            parts.extend(rows.into_iter().map(|row| line(row, &code)));
        }
    }
    parts.concat()
}

fn line(row: &Row, code: &impl Fn(&str) -> String) -> String {
    let mut details = Vec::new();
    if row.own_sites() > 0 {
        details.push(sites(row.own_sites()));
    }
    if !row.first_site.is_empty() {
        details.push(format!("first in {}", code(&safe(&row.first_site))));
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
