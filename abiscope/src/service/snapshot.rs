//! `abiscope snapshot`: what stood on a day, frozen under a name.

use std::io::Write;

use store::{NewSnapshot, SnapshotHead, SnapshotName, SnapshotWanted, Store, Verified};

use super::{Home, serve};
use crate::cli::{CreateArgs, OutputFormat, SnapshotArgs, SnapshotCommand};
use crate::exit::{self, Exit};
use crate::output::{self, BOLD, DIM};

/// Creates, lists or checks.
pub async fn run(args: SnapshotArgs) -> anyhow::Result<Exit> {
    let home = match &args.command {
        SnapshotCommand::Create(args) => &args.home,
        SnapshotCommand::List(args) => &args.home,
        SnapshotCommand::Verify(args) => &args.home,
    };
    let home = Home::open(home).await?;
    let done = match &args.command {
        SnapshotCommand::Create(args) => create(&home.store, args).await,
        SnapshotCommand::List(args) => match &args.name {
            Some(name) => files(&home.store, name, args.format).await,
            None => list(&home.store, args.format).await,
        },
        SnapshotCommand::Verify(args) => verify(&home.store, &args.name, args.format).await,
    };
    home.leave().await;
    done
}

/// What reports show.
pub fn wanted() -> SnapshotWanted {
    SnapshotWanted { series: web::report_series(), sampled: serve::config(None).sampled }
}

async fn create(store: &Store, args: &CreateArgs) -> anyhow::Result<Exit> {
    let today = chrono::Utc::now().date_naive();
    let day = args.date.unwrap_or(today);
    if day > today {
        exit::complain(&format!("--date {day} is yet to come"));
        return Ok(Exit::Usage);
    }
    let new = NewSnapshot { name: args.name.clone(), day, corrects: args.corrects.clone() };
    match store.snapshot_created(&new, &wanted()).await {
        Ok(head) => {
            println!("{}", line(&head));
            anstream::eprintln!("{DIM}abiscope report --out DIR --snapshot {} writes its report.{DIM:#}", head.name);
            Ok(Exit::Done)
        }
        Err(error @ (store::Error::SnapshotTaken(_) | store::Error::NoSuchSnapshot(_))) => {
            exit::complain(&error.to_string());
            Ok(Exit::InputFailed)
        }
        Err(error) => Err(error.into()),
    }
}

async fn list(store: &Store, format: OutputFormat) -> anyhow::Result<Exit> {
    let heads = store.snapshots().await?;
    let mut out = anstream::stdout().lock();
    match format {
        OutputFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&heads)?)?,
        OutputFormat::Text => {
            for head in &heads {
                writeln!(out, "{}", line(head))?;
            }
            if heads.is_empty() {
                eprintln!("There is no snapshot yet: abiscope snapshot create NAME makes one.");
            }
        }
    }
    Ok(Exit::Done)
}

/// `2026-11  of 2026-11-30: 22 projects, 22 read; 0f3c…  analyzer 3, C-API data 3.15.2-2`.
fn line(head: &SnapshotHead) -> String {
    let corrects = head.corrects.as_ref().map(|name| format!(", in the place of {name}")).unwrap_or_default();
    format!(
        "{}  of {}: {}, {} read{corrects}  analyzer {}, C-API data {}  {}",
        head.name,
        head.day,
        output::counted(head.projects.unsigned_abs(), "project"),
        head.read,
        head.analyzer_version,
        head.capi_version,
        head.hash
    )
}

async fn files(store: &Store, name: &SnapshotName, format: OutputFormat) -> anyhow::Result<Exit> {
    let Some(frozen) = store.snapshot_figures(name).await? else { return Ok(none(name)) };
    let mut out = anstream::stdout().lock();
    match format {
        OutputFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&frozen.files)?)?,
        // The lines that the hash is over.
        OutputFormat::Text => {
            for file in &frozen.files {
                write!(out, "{}", file.line())?;
            }
        }
    }
    Ok(Exit::Done)
}

async fn verify(store: &Store, name: &SnapshotName, format: OutputFormat) -> anyhow::Result<Exit> {
    let Some(verified) = store.snapshot_verified(name).await? else { return Ok(none(name)) };
    let mut out = anstream::stdout().lock();
    match format {
        OutputFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&verified)?)?,
        OutputFormat::Text => {
            let Verified { projects, reports, sources, differences } = &verified;
            let counted = output::counted(*projects, "project");
            writeln!(
                out,
                "{BOLD}{name}{BOLD:#}: {counted}, {reports} reports as they were, the source of {sources} is stored"
            )?;
            for difference in differences {
                writeln!(out, "  {}", output::harmless(difference))?;
            }
        }
    }
    Ok(if verified.differences.is_empty() { Exit::Done } else { Exit::InputFailed })
}

fn none(name: &SnapshotName) -> Exit {
    exit::complain(&store::Error::NoSuchSnapshot(name.to_string()).to_string());
    Exit::InputFailed
}
