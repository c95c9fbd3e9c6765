//! `abiscope report`: a static site about one day.

use std::path::{Path, PathBuf};

use anyhow::Context;
use store::Store;
use web::Site;

use super::{Home, snapshot};
use crate::cli::ReportArgs;
use crate::exit::{self, Exit};
use crate::output;

/// Writes the report.
pub async fn run(args: ReportArgs) -> anyhow::Result<Exit> {
    let home = Home::open(&args.home).await?;
    let done = write(&home.store, &args).await;
    home.leave().await;
    done
}

async fn write(store: &Store, args: &ReportArgs) -> anyhow::Result<Exit> {
    let site = match &args.snapshot {
        Some(name) => {
            let (Some(head), Some(frozen)) = (store.snapshot(name).await?, store.snapshot_figures(name).await?) else {
                exit::complain(&store::Error::NoSuchSnapshot(name.to_string()).to_string());
                return Ok(Exit::InputFailed);
            };
            web::report(&frozen, Some(&head))?
        }
        None => web::report(&store.frozen(chrono::Utc::now().date_naive(), &snapshot::wanted()).await?, None)?,
    };
    if holds_another(&args.out, &site).with_context(|| format!("reading {}", args.out.display()))? {
        exit::complain(&format!(
            "{} holds something else, and what was published is never changed: name another folder with --out",
            args.out.display()
        ));
        return Ok(Exit::InputFailed);
    }
    written(&args.out, &site)?;
    let bytes: usize = site.values().map(Vec::len).sum();
    let files = output::counted(site.len() as u64, "file");
    eprintln!("{files} ({}) in {}; begin with index.html.", output::bytes(bytes as u64), args.out.display());
    Ok(Exit::Done)
}

/// Whether a folder holds anything that is not of this very report. What is missing of it may be written yet.
fn holds_another(folder: &Path, site: &Site) -> std::io::Result<bool> {
    let mut folders = vec![PathBuf::new()];
    while let Some(inside) = folders.pop() {
        let entries = match std::fs::read_dir(folder.join(&inside)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let path = inside.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
                continue;
            }
            // Only what has a name of the report is read: the folder may hold anything.
            match site.get(&path.to_string_lossy().replace('\\', "/")) {
                Some(ours) if std::fs::read(entry.path())? == *ours => {}
                _ => return Ok(true),
            }
        }
    }
    Ok(false)
}

fn written(folder: &Path, site: &Site) -> anyhow::Result<()> {
    for (path, bytes) in site {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        }
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}
