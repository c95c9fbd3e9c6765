//! `abiscope review`: what people say about sites of answers.

use std::io::Write;

use store::{Said, Store};

use super::Home;
use crate::cli::{AddArgs, ReviewArgs, ReviewCommand, SiteArgs};
use crate::exit::{self, Exit};
use crate::output;

/// Characters of a reason.
const LONGEST_REASON: usize = 500;

/// Adds, lists, or takes back.
pub async fn run(args: ReviewArgs) -> anyhow::Result<Exit> {
    let home = match &args.command {
        ReviewCommand::Add(args) => &args.home,
        ReviewCommand::List(args) => &args.home,
        ReviewCommand::Withdraw(args) => &args.home,
    };
    let home = Home::open(home).await?;
    let done = match &args.command {
        ReviewCommand::Add(args) => add(&home.store, args).await,
        ReviewCommand::List(args) => list(&home.store, args.json).await,
        ReviewCommand::Withdraw(args) => withdraw(&home.store, &args.site).await,
    };
    home.leave().await;
    done
}

async fn add(store: &Store, args: &AddArgs) -> anyhow::Result<Exit> {
    let reason = args.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        exit::complain(&format!("--reason: say why, in {LONGEST_REASON} characters at most; everybody can read it"));
        return Ok(Exit::Usage);
    }
    let SiteArgs { rule, project, site } = &args.site;
    let (path, line) = (site.path.as_str(), site.line);
    let said = Said { rule: &rule.0, project, path, line, verdict: args.verdict.into(), reason, by: &args.by };
    if let Err(none) = store.reviewed(&said).await? {
        exit::complain(&none.to_string());
        return Ok(Exit::InputFailed);
    }
    eprintln!("Recorded: {} in {path}:{line} of {project} is {}.", rule.0, said.verdict.as_str());
    Ok(Exit::Done)
}

async fn withdraw(store: &Store, site: &SiteArgs) -> anyhow::Result<Exit> {
    let SiteArgs { rule, project, site } = site;
    match store.review_withdrawn(&rule.0, project, &site.path, site.line).await? {
        Ok(true) => {
            eprintln!("Nothing is said any more about {}:{} of {project} and {}.", site.path, site.line, rule.0);
            Ok(Exit::Done)
        }
        Ok(false) => {
            exit::complain("nothing was said about this site: abiscope review list");
            Ok(Exit::InputFailed)
        }
        Err(none) => {
            exit::complain(&none.to_string());
            Ok(Exit::InputFailed)
        }
    }
}

async fn list(store: &Store, as_json: bool) -> anyhow::Result<Exit> {
    let reviews = store.reviews().await?;
    let mut out = anstream::stdout().lock();
    if as_json {
        writeln!(out, "{}", serde_json::to_string_pretty(&reviews)?)?;
        return Ok(Exit::Done);
    }
    for review in &reviews {
        let [project, path, site, reason, by] =
            [review.project.as_str(), &review.path, &review.site, &review.reason, &review.by].map(output::harmless);
        writeln!(
            out,
            "{}  {}  {project} {path}\n    {site}\n    {reason} ({by}, {})",
            review.verdict.as_str(),
            review.rule,
            review.on
        )?;
    }
    eprintln!("{}.", output::counted(reviews.len() as u64, "review"));
    Ok(Exit::Done)
}
