//! What came of a file that was given to a child.

use std::process::ExitStatus;

use analyzer::{Fingerprint, Report};
use anyhow::Context;
use bytes::Bytes;
use store::{FileState, Packed, Unchanged};

use super::wire::{Message, Reply, Request};

/// Characters of a reason that come from a child's own words.
const WORDS: usize = 300;

/// What came of a file.
#[derive(Debug)]
pub enum Outcome {
    /// It has a report.
    Analysed(Box<Analysed>),
    /// Its report is that of another release with the same sources.
    Unchanged(Box<Unchanged>),
    /// It ends otherwise: `unreadable`, `too-large`, or `analyzer-failed`; and why.
    Ended(FileState, String),
}

/// A report, with what is stored beside it.
#[derive(Debug)]
pub struct Analysed {
    /// The report.
    pub report: Report,
    /// Its blobs.
    pub packed: Packed,
}

impl Outcome {
    /// The analyzer did not come to an end with it.
    pub(super) fn failed(reason: String) -> Self {
        Self::Ended(FileState::AnalyzerFailed, reason)
    }

    /// From a child's reply to a request; an error if it is none.
    pub(super) fn of(reply: Message<Reply>, request: &Request) -> anyhow::Result<Self> {
        let (answered, outcome) = match reply.head {
            Reply::Ready => anyhow::bail!("it said twice that it is ready"),
            Reply::Analysed { number, fingerprint } => {
                (number, Self::Analysed(Box::new(analysed(fingerprint, reply.parts)?)))
            }
            Reply::Unchanged { number, fingerprint, tree } => {
                anyhow::ensure!(request.known.contains(&fingerprint), "it knew what it was not told");
                let sources = reply.parts.into_iter().next();
                (number, Self::Unchanged(Box::new(Unchanged::from_parts(fingerprint, tree, sources)?)))
            }
            Reply::Ended { number, state, reason } => {
                let state = FileState::from_word(&state)
                    .filter(|state| matches!(state, FileState::Unreadable | FileState::TooLarge))
                    .context("it named a state that no archive ends in")?;
                (number, Self::Ended(state, reason))
            }
            Reply::Failed { number, reason } => (number, Self::failed(reason)),
        };
        anyhow::ensure!(answered == request.number, "it answered another question");
        Ok(outcome)
    }
}

fn analysed(fingerprint: Fingerprint, parts: Vec<Bytes>) -> anyhow::Result<Analysed> {
    let mut parts = parts.into_iter();
    let (report, sites) = parts.next().zip(parts.next()).context("its report has parts missing")?;
    let report = serde_json::from_slice(&report).context("its report cannot be read")?;
    Ok(Analysed { report, packed: Packed::from_parts(fingerprint, parts.next(), sites)? })
}

/// How a child ended, in words, with the last it said of it.
pub(super) fn death(status: Option<ExitStatus>, said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    // What the allocator says when it gets no more.
    if let Some(line) = said.lines().find(|line| line.starts_with("memory allocation of ")) {
        return format!("the analyzer ran out of the memory it is allowed: {}", shown(line));
    }
    let how = match status {
        Some(status) if status.success() => "the analyzer ended without an answer".to_owned(),
        Some(status) => format!("the analyzer crashed ({status})"),
        None => "the analyzer's process was lost".to_owned(),
    };
    let words: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("note:")).collect();
    if words.is_empty() { how } else { format!("{how}: {}", shown(&words.join(" "))) }
}

/// Printable, and no more than a few lines.
pub(super) fn shown(text: &str) -> String {
    let visible = text.trim().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut shown: String = visible.take(WORDS + 1).collect();
    if let Some((cut, _)) = shown.char_indices().nth(WORDS) {
        shown.truncate(cut);
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_of_a_child_are_printable_and_short() {
        let said = format!("thread 'main' panicked:\n{}\u{1b}[31m", "x".repeat(900));
        let reason = death(None, said.as_bytes());
        assert!(reason.starts_with("the analyzer's process was lost: thread 'main' panicked: xxx"), "{reason}");
        assert!(reason.chars().count() < 400 && !reason.chars().any(char::is_control));
        let reason = death(None, b"memory allocation of 16 bytes failed\n");
        assert_eq!(reason, "the analyzer ran out of the memory it is allowed: memory allocation of 16 bytes failed");
    }
}
