//! Saved answers: saving, showing, comparing.

use std::io::Write;
use std::time::Duration;

use ::whatif::{Answer, Asked, Difference, Page, Proposal, difference, formats};
use anyhow::{Context, bail};
use store::{ProposalId, SavedHead, SavedProposal, Store};

use super::{inquire, print};
use crate::cli::{Against, WhatifArgs, WhatifFormat};
use crate::exit::Exit;
use crate::output;
use crate::service::Home;

/// Saved answers in a list.
const LISTED: u32 = 1000;

/// Lists, shows or compares.
pub(super) async fn run(args: &WhatifArgs) -> anyhow::Result<Exit> {
    let home = Home::open(&args.home).await?;
    let done = shown(&home.store, args).await;
    home.leave().await;
    done.map(|()| Exit::Done)
}

async fn shown(store: &Store, args: &WhatifArgs) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    let Some(id) = &args.saved else { return list(&store.saved_proposals(LISTED).await?, args.format, &mut out) };
    let saved = found(store, id).await?;
    match &args.against {
        None => print(&saved.answer, args.format, &mut out),
        Some(against) => {
            let (when, answer) = match against {
                Against::Now => {
                    let inquiry = inquire(store, &saved.head.proposal()?, args.timeout).await?;
                    ("now".to_owned(), inquiry.answer(Page::ALL))
                }
                Against::Saved(id) => {
                    let other = found(store, id).await?;
                    (other.head.when(), other.answer)
                }
            };
            let before = Asked { when: &saved.head.when(), answer: &saved.answer };
            compare(&difference(before, Asked { when: &when, answer: &answer })?, args.format, &mut out)
        }
    }
}

/// Saves the answer, or finds it saved, and says under which ID.
pub(super) async fn save(store: &Store, proposal: &Proposal, time: Duration) -> anyhow::Result<Answer> {
    let inquiry = inquire(store, proposal, time).await?;
    if !inquiry.is_complete() {
        bail!("the search for a pattern was cut short, and half an answer is not saved: give a longer --timeout");
    }
    let saved = store.proposal_saved(&inquiry).await?;
    eprintln!(
        "Saved as {} on {}: /whatif/{} on the dashboard, `abiscope whatif --saved {}` here.",
        saved.head.id,
        saved.head.saved_at.format("%F"),
        saved.head.id,
        saved.head.id
    );
    Ok(saved.answer)
}

async fn found(store: &Store, id: &ProposalId) -> anyhow::Result<SavedProposal> {
    let saved = store.saved_proposal(id).await?;
    saved.with_context(|| format!("no answer is saved as {id}: abiscope whatif --list says which are"))
}

fn list(heads: &[SavedHead], format: WhatifFormat, out: &mut impl Write) -> anyhow::Result<()> {
    match format {
        WhatifFormat::Text => {
            for head in heads {
                let words = if head.title.is_empty() { head.canonical.replace('\n', " ") } else { head.title.clone() };
                writeln!(out, "{}  {}  {}", head.id, head.saved_at.format("%F"), output::harmless(&words))?;
            }
            eprintln!("{}.", output::counted(heads.len() as u64, "saved answer"));
        }
        WhatifFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(heads)?)?,
        _ => bail!("the list of saved answers is printed as text or JSON"),
    }
    Ok(())
}

fn compare(difference: &Difference, format: WhatifFormat, out: &mut impl Write) -> anyhow::Result<()> {
    match format {
        WhatifFormat::Text | WhatifFormat::Markdown => write!(out, "{}", formats::difference::markdown(difference))?,
        WhatifFormat::Rst => write!(out, "{}", formats::difference::rst(difference))?,
        WhatifFormat::Csv => write!(out, "{}", formats::difference::csv(difference))?,
        WhatifFormat::Json => writeln!(out, "{}", output::versioned(difference)?)?,
    }
    Ok(())
}
