//! `abiscope hide`: the source of a project is not shown, what was found out about it is.

use anyhow::{Context, bail};
use packaging::ProjectName;
use store::Store;

use super::Home;
use crate::cli::HideArgs;
use crate::exit::{self, Exit};
use crate::output;

/// Characters of a reason.
const LONGEST_REASON: usize = 500;

/// Hides, shows again, or lists.
pub async fn run(args: HideArgs) -> anyhow::Result<Exit> {
    let name = args.name.as_deref().map(|name| name.parse::<ProjectName>().with_context(|| format!("{name:?}")));
    let name = name.transpose()?;
    let reason = args.reason.as_deref().map(str::trim);
    if reason.is_some_and(|reason| reason.is_empty() || reason.chars().count() > LONGEST_REASON) {
        exit::complain(&format!("--reason: say why, in {LONGEST_REASON} characters at most; everybody can read it"));
        return Ok(Exit::Usage);
    }
    let home = Home::open(&args.home).await?;
    let done = match (&name, reason) {
        (Some(name), Some(reason)) => hide(&home.store, name, reason).await,
        (Some(name), None) => show(&home.store, name).await,
        (None, _) => list(&home.store).await,
    };
    home.leave().await;
    done.map(|()| Exit::Done)
}

async fn hide(store: &Store, name: &ProjectName, reason: &str) -> anyhow::Result<()> {
    store.source_hidden(name, reason).await?;
    let hidden = store.hidden_projects().await?;
    let known = hidden.iter().any(|project| project.name == *name && project.known);
    let note = if known { "" } else { " The survey does not know it yet: check the spelling." };
    eprintln!("The source of {name} is hidden from now on.{note}");
    Ok(())
}

async fn show(store: &Store, name: &ProjectName) -> anyhow::Result<()> {
    if !store.source_shown(name).await? {
        bail!("the source of {name} was not hidden; `abiscope hide --list` says whose is");
    }
    eprintln!("The source of {name} is shown again.");
    Ok(())
}

async fn list(store: &Store) -> anyhow::Result<()> {
    let hidden = store.hidden_projects().await?;
    let width = hidden.iter().map(|project| project.name.as_str().len()).max().unwrap_or(0);
    for project in &hidden {
        let since = project.hidden_at.format("%F");
        println!("{:width$}  {since}  {}", project.name.as_str(), output::harmless(&project.reason));
    }
    eprintln!("The source of {} is hidden.", output::counted(hidden.len() as u64, "project"));
    Ok(())
}
