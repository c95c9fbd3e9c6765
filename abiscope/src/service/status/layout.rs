//! Columns and ages.

use std::io::Write;

use anstyle::Style;

use crate::output::{BOLD, harmless};

/// Columns of what stands before a figure.
pub const LABEL: usize = 20;

/// A heading with what is said beside it, or without.
pub fn heading(out: &mut impl Write, label: &str, parts: &[String], style: Style, width: usize) -> std::io::Result<()> {
    write!(out, "\n{BOLD}{label}{BOLD:#}")?;
    beside(out, LABEL.saturating_sub(label.len()), parts, style, width)
}

/// A line below a heading.
pub fn line(out: &mut impl Write, label: &str, parts: &[String], style: Style, width: usize) -> std::io::Result<()> {
    write!(out, "  {label}")?;
    beside(out, LABEL.saturating_sub(2 + label.chars().count()), parts, style, width)
}

/// Parts with dots between, as many on a line as there is room for.
fn beside(out: &mut impl Write, gap: usize, parts: &[String], style: Style, width: usize) -> std::io::Result<()> {
    let room = width.saturating_sub(LABEL);
    let mut lines: Vec<String> = Vec::new();
    for part in parts.iter().map(|part| harmless(part)) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + part.chars().count() + 3 <= room => {
                last.push_str(" · ");
                last.push_str(&part);
            }
            _ => lines.push(part),
        }
    }
    for (n, text) in lines.iter().enumerate() {
        let before = if n == 0 { gap.max(1) } else { LABEL };
        writeln!(out, "{:before$}{style}{}{style:#}", "", cut(text, room))?;
    }
    if lines.is_empty() { writeln!(out) } else { Ok(()) }
}

/// At most so many characters.
pub fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// A length of time in its largest unit that tells enough.
pub fn time(seconds: i64) -> String {
    match seconds.max(0) {
        s @ ..120 => format!("{s} s"),
        s @ ..7_200 => format!("{} min", s / 60),
        s @ ..172_800 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_a_unit_that_fits() {
        let told = [-5, 0, 119, 120, 7_199, 7_200, 172_799, 172_800, 2_592_000].map(time);
        assert_eq!(told, ["0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 days", "30 days"]);
    }

    #[test]
    fn parts_go_on_the_next_line_where_there_is_no_room_and_never_beyond_the_width() {
        let mut out = Vec::new();
        let parts = ["one part".to_owned(), "another".to_owned(), "a third that is much too long".to_owned()];
        line(&mut out, "label", &parts, Style::new(), 40).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "  label             one part · another\n                    a third that is muc…\n");
    }
}
