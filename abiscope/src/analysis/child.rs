//! Inside a child: read a file, analyse it, answer; until the input ends.

use std::io::{self, BufWriter, Write};

use analyzer::{ArchiveError, Fingerprint, Limits, Options, Report, SourceTree, TreeFacts};
use store::{FileState, Packed};

use super::wire::{Input, Message, Reply, Request};
use super::{faults, limits};

/// Answers requests on standard input with replies on standard output, with at most `memory` bytes.
pub fn run(memory: u64) -> anyhow::Result<()> {
    limits::set(memory)?;
    let (mut input, mut output) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    Message { head: Reply::Ready, parts: Vec::new() }.write(&mut output)?;
    while let Some(request) = Message::<Request>::read(&mut input)? {
        drop(output);
        faults::strike(&request.head.filename);
        output = BufWriter::new(io::stdout().lock());
        answer(request).write(&mut output)?;
    }
    output.flush()?;
    Ok(())
}

fn answer(request: Message<Request>) -> Message<Reply> {
    let Message { head: Request { number, filename, input, known }, parts } = request;
    let bytes = parts.into_iter().next().unwrap_or_default();
    let tree = match input {
        Input::Archive => analyzer::read_sdist(&filename, &bytes, &Limits::default()),
        Input::Pack => match store::unpacked(&filename, &bytes) {
            Ok(Some(tree)) => Ok(tree),
            Ok(None) => return failed(number, "the pack holds files alone: analyse the archive".to_owned()),
            Err(error) => return failed(number, error.to_string()),
        },
    };
    // The archive is not needed any more, and what comes next is the largest.
    drop(bytes);
    match tree {
        Ok(tree) => {
            let reply = match unchanged(number, input, &tree, &known) {
                Some(reply) => reply,
                None => analysed(number, input, &tree),
            };
            reply.unwrap_or_else(|error| failed(number, error.to_string()))
        }
        Err(error) => {
            let state = state(&error).as_str().to_owned();
            let head = Reply::Ended { number, state, reason: error.to_string() };
            Message { head, parts: Vec::new() }
        }
    }
}

/// The answer for a tree of which it is known what the report would say.
fn unchanged(
    number: u64,
    input: Input,
    tree: &SourceTree,
    known: &[Fingerprint],
) -> Option<anyhow::Result<Message<Reply>>> {
    if known.is_empty() {
        return None;
    }
    let fingerprint = Some(Fingerprint::of(tree)).filter(|fingerprint| known.contains(fingerprint))?;
    let head = Reply::Unchanged { number, fingerprint, tree: TreeFacts::of(tree) };
    Some(match input {
        Input::Archive => store::sources_packed(tree)
            .map(|sources| Message { head, parts: vec![sources] })
            .map_err(anyhow::Error::from),
        Input::Pack => Ok(Message { head, parts: Vec::new() }),
    })
}

fn analysed(number: u64, input: Input, tree: &SourceTree) -> anyhow::Result<Message<Reply>> {
    let report: Report = analyzer::analyze(tree, &Options::default());
    let packed = match input {
        Input::Archive => Packed::of(tree, &report)?,
        Input::Pack => Packed::again(tree, &report)?,
    };
    let mut parts = vec![serde_json::to_vec(&report)?.into(), packed.sites().clone()];
    parts.extend(packed.sources().cloned());
    Ok(Message { head: Reply::Analysed { number, fingerprint: packed.fingerprint() }, parts })
}

fn failed(number: u64, reason: String) -> Message<Reply> {
    Message { head: Reply::Failed { number, reason }, parts: Vec::new() }
}

/// The state in which a file ends whose archive cannot be read.
fn state(error: &ArchiveError) -> FileState {
    match error {
        ArchiveError::TooLarge { .. } => FileState::TooLarge,
        ArchiveError::NotAnSdist(_)
        | ArchiveError::Unsupported { .. }
        | ArchiveError::Damaged(_)
        | ArchiveError::Encrypted => FileState::Unreadable,
    }
}
