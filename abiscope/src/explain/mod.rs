//! `abiscope explain`: what an item is, why it matters, what to write instead; and the words of abiscope.

mod text;
mod topics;

use std::io::Write;

use crate::cli::{ExplainArgs, ExplainFormat};
use crate::exit::{self, Exit};

/// Suggestions for a name that is not known.
const SUGGESTED: usize = 4;

/// Explains each ITEM in turn; a name that nobody knows is wrong usage and gets suggestions.
pub fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let mut out = anstream::stdout().lock();
    let mut exit = Exit::Done;
    for (i, name) in args.items.iter().enumerate() {
        if i > 0 && args.format == ExplainFormat::Text {
            writeln!(out)?;
        }
        if let Some(explained) = capi::explain(name) {
            match args.format {
                ExplainFormat::Text => text::item(&explained, &mut out)?,
                ExplainFormat::Json => text::json(&explained, &mut out)?,
            }
        } else if let Some(topic) = topics::find(name) {
            match args.format {
                ExplainFormat::Text => text::topic(topic, &mut out)?,
                ExplainFormat::Json => writeln!(out, "{}", serde_json::json!({"name": topic.name, "why": topic.text}))?,
            }
        } else {
            exit::complain(&unknown(name));
            exit = Exit::Usage;
        }
    }
    Ok(exit)
}

/// What a word of reports means, in one paragraph; empty for a word that is none.
pub fn meaning(word: &str) -> String {
    topics::find(word).map(|topic| topic.text.join(" ")).unwrap_or_default()
}

fn unknown(name: &str) -> String {
    let close = capi::similar(name, SUGGESTED);
    if close.is_empty() {
        let topics = topics::ALL.iter().map(|topic| topic.name).collect::<Vec<_>>().join(", ");
        return format!(
            "{name}: CPython has no such name. Items are written as Py_SIZE, members as PyTypeObject.tp_name; topics are {topics}"
        );
    }
    format!("{name}: CPython has no such name. Did you mean {}?", close.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_and_no_item_hides_one() {
        for topic in topics::ALL {
            assert_eq!(topics::find(topic.name).map(|found| found.name), Some(topic.name));
            assert!(capi::explain(topic.name).is_none(), "{}", topic.name);
            assert!(topic.text.iter().all(|line| line.ends_with('.') || line.ends_with(':')), "{}", topic.name);
        }
    }

    #[test]
    fn every_word_of_a_report_is_a_topic() {
        let kinds = analyzer::Kind::ALL.map(analyzer::Kind::as_str);
        let outcomes = analyzer::Outcome::ALL.map(analyzer::Outcome::as_str);
        for word in kinds.into_iter().chain(outcomes) {
            assert!(topics::find(word).is_some(), "{word}");
        }
    }

    #[test]
    fn a_name_that_is_close_to_one_gets_it_suggested() {
        assert!(unknown("PyTuple_GetItm").contains("PyTuple_GetItem"));
        assert!(unknown("gibberish").contains("abi3t"));
    }
}
