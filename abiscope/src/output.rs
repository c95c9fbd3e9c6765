//! Styles and small helpers for what people read on a terminal.

use analyzer::Outcome;
use anstyle::{AnsiColor, Style};

/// Bold.
pub const BOLD: Style = Style::new().bold();
/// Secondary text.
pub const DIM: Style = Style::new().dimmed();

/// The colour of a verdict. Words and marks say the same, so nothing is lost without it.
pub fn outcome_style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::NoBlocker => AnsiColor::Green.on_default(),
        Outcome::Blocked => AnsiColor::Red.on_default(),
        Outcome::ToolBlocks => AnsiColor::Magenta.on_default(),
        Outcome::Undecided => AnsiColor::Yellow.on_default(),
        Outcome::Pure => DIM,
    }
}

/// A verdict in words for people.
pub fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NoBlocker => "● no blocker found",
        Outcome::Blocked => "▲ blocked",
        Outcome::ToolBlocks => "◆ tool blocks",
        Outcome::Undecided => "○ undecided",
        Outcome::Pure => "– pure",
    }
}

/// `1 file`, `3 files`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// A bar on a terminal's standard error, of how many of how many; `words` say of what.
#[cfg(feature = "service")]
pub fn bar(length: Option<u64>, words: &str) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::with_draw_target(length, indicatif::ProgressDrawTarget::stderr());
    if let Ok(style) = indicatif::ProgressStyle::with_template(&format!("{{bar:24.cyan}} {{pos}}/{{len}} {words}")) {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar
}

/// An answer as JSON, with the versions that made it.
#[cfg(feature = "service")]
pub fn versioned(answer: &impl serde::Serialize) -> serde_json::Result<String> {
    let mut value = serde_json::to_value(answer)?;
    value["schema_version"] = analyzer::SCHEMA_VERSION.into();
    value["analyzer_version"] = analyzer::ANALYZER_VERSION.into();
    value["capi_version"] = capi::DATA_VERSION.into();
    serde_json::to_string_pretty(&value)
}

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `153.8 kB`, `21.0 MB`.
#[cfg(any(feature = "service", test))]
pub fn bytes(count: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let count = count as f64;
    match count {
        c if c < 1e3 => format!("{c} B"),
        c if c < 1e6 => format!("{:.1} kB", c / 1e3),
        c if c < 1e9 => format!("{:.1} MB", c / 1e6),
        c => format!("{:.1} GB", c / 1e9),
    }
}

/// The text in lines of at most `width` characters, broken between words; a longer word stands alone.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line =
            lines.last_mut().filter(|line| line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width);
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Text from elsewhere on one line, with control characters spelled out.
#[cfg(feature = "service")]
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Columns of the terminal, or 100 where there is none.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).max(40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_nothing_is_lost() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensibilities are", 5), ["incomprehensibilities", "are"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn big_numbers_are_grouped_and_nouns_counted() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "site"), "1 site");
        assert_eq!(counted(2_000, "site"), "2,000 sites");
        assert_eq!(bytes(21_000_000), "21.0 MB");
    }
}
