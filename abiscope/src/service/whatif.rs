//! `abiscope whatif`: what a change of CPython would break, among the projects of the survey.

mod saved;
mod text;

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use ::whatif::{Answer, Page, Proposal, ProposalError, formats};
use anyhow::Context;
use store::{Inquiry, Store};

use super::{Home, search};
use crate::cli::{WhatifArgs, WhatifFormat};
use crate::exit::{self, Exit};
use crate::output;

/// Reads the proposal, asks the survey and prints the answer; or shows what was saved.
pub async fn run(args: WhatifArgs) -> anyhow::Result<Exit> {
    if args.list || args.saved.is_some() {
        return saved::run(&args).await;
    }
    let proposal = match proposal(&args)? {
        Ok(proposal) => proposal,
        Err(ProposalError::Names(sentences)) => {
            for sentence in sentences {
                exit::complain(&sentence);
            }
            return Ok(Exit::Usage);
        }
        Err(error) => {
            exit::complain(&error.to_string());
            return Ok(Exit::Usage);
        }
    };
    let home = Home::open(&args.home).await?;
    let answer = if args.save {
        saved::save(&home.store, &proposal, args.timeout).await
    } else {
        ask(&home.store, &proposal, args.timeout).await
    };
    home.leave().await;
    let answer = answer?;
    print(&answer, args.format, &mut anstream::stdout().lock())?;
    if answer.cut_short {
        exit::complain("the search for a pattern was cut short: a longer --timeout lets it end");
        return Ok(Exit::InputFailed);
    }
    Ok(Exit::Done)
}

/// The answer of the survey as it stands.
async fn ask(store: &Store, proposal: &Proposal, time: Duration) -> anyhow::Result<Answer> {
    let inquiry = inquire(store, proposal, time).await?;
    let mut answer = inquiry.answer(Page::ALL);
    store.say_first_sites(&inquiry, &mut answer.rows).await?;
    Ok(answer)
}

/// Puts the question to the survey. For patterns, what is not indexed yet is indexed first.
async fn inquire(store: &Store, proposal: &Proposal, time: Duration) -> Result<Inquiry, store::Error> {
    if proposal.has_patterns() {
        search::indexed(store, false).await?;
    }
    store.inquire_within(proposal, time).await
}

/// The proposal of a file and of rules, which may be given together.
fn proposal(args: &WhatifArgs) -> anyhow::Result<Result<Proposal, ProposalError>> {
    let rules = args.rule.iter().map(|rule| (rule.field.as_str(), rule.names.as_str()));
    let Some(file) = &args.file else { return Ok(Proposal::from_fields(rules)) };
    let text = read(file)?;
    let file = match Proposal::from_toml(&text) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    if args.rule.is_empty() {
        return Ok(Ok(file));
    }
    let own = file.fields();
    let all = own.iter().map(|(name, value)| (*name, value.as_str())).chain([("title", file.title.as_str())]);
    Ok(Proposal::from_fields(all.chain(rules)))
}

/// `-` is standard input.
fn read(file: &Path) -> anyhow::Result<String> {
    if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("the proposal on standard input could not be read")?;
        return Ok(text);
    }
    std::fs::read_to_string(file).with_context(|| format!("the proposal {} could not be read", file.display()))
}

fn print(answer: &Answer, format: WhatifFormat, out: &mut impl Write) -> anyhow::Result<()> {
    match format {
        WhatifFormat::Text => text::write(answer, out)?,
        WhatifFormat::Rst => write!(out, "{}", formats::rst(answer))?,
        WhatifFormat::Markdown => write!(out, "{}", formats::markdown(answer))?,
        WhatifFormat::Csv => write!(out, "{}", formats::csv(answer))?,
        WhatifFormat::Json => writeln!(out, "{}", output::versioned(answer)?)?,
    }
    Ok(())
}
