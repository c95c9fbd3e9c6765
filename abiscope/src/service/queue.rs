//! `abiscope requeue` and `abiscope digest`.

use anyhow::bail;
use store::{FileState, JobKind, RequeueFilter};

use super::Home;
use crate::cli::{DigestArgs, RequeueArgs};
use crate::exit::Exit;
use crate::output;

/// States of files that another setting of the operator's may change.
const AGAIN: [FileState; 3] = [FileState::HashMismatch, FileState::BlockedUrl, FileState::TooLarge];

/// Parked jobs that are listed.
const SHOWN: u32 = 20;

/// Gives parked jobs new tries, or lists them.
pub async fn requeue(args: RequeueArgs) -> anyhow::Result<Exit> {
    if let Some(word) = &args.state {
        return fetch_again(word, &args).await;
    }
    let kind = match args.kind.as_deref() {
        None => None,
        Some(word) => match JobKind::from_word(word) {
            Some(kind) => Some(kind),
            None => bail!(
                "--kind {word}: there are {}",
                JobKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
            ),
        },
    };
    let filter = RequeueFilter { kind, error_contains: args.error.clone(), ..RequeueFilter::default() };
    let home = Home::open(&args.home).await?;
    if args.list {
        for parked in home.store.parked(&filter, SHOWN).await? {
            println!("{}  tried {} times: {}", parked.job, parked.tries, parked.last_error);
        }
    } else {
        let count = home.store.requeue(&filter).await?;
        eprintln!("{} put back into the queue.", output::counted(count, "parked job"));
    }
    home.leave().await;
    Ok(Exit::Done)
}

/// Has files that ended before they were stored fetched once more.
async fn fetch_again(word: &str, args: &RequeueArgs) -> anyhow::Result<Exit> {
    let Some(state) = AGAIN.into_iter().find(|state| state.as_str() == word) else {
        bail!("--state {word}: there are {}", AGAIN.map(FileState::as_str).join(", "));
    };
    let home = Home::open(&args.home).await?;
    let count = home.store.files_fetched_again(state).await;
    home.leave().await;
    eprintln!("{} to be fetched once more.", output::counted(count?, "file"));
    Ok(Exit::Done)
}

/// Prints one hash over all that was found out, without ids, times and tries: equal databases say the same.
pub async fn digest(args: DigestArgs) -> anyhow::Result<Exit> {
    let home = Home::open(&args.home).await?;
    println!("{}", home.store.digest().await?);
    home.leave().await;
    Ok(Exit::Done)
}
