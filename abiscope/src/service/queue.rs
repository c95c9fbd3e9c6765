//! `abiscope requeue` and `abiscope digest`.

use anyhow::bail;
use store::{JobKind, RequeueFilter};

use super::Home;
use crate::cli::{DigestArgs, RequeueArgs};
use crate::exit::Exit;
use crate::output;

/// Parked jobs that are listed.
const SHOWN: u32 = 20;

/// Gives parked jobs new tries, or lists them.
pub async fn requeue(args: RequeueArgs) -> anyhow::Result<Exit> {
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

/// Prints one hash over all that was found out, without ids, times and tries: equal databases say the same.
pub async fn digest(args: DigestArgs) -> anyhow::Result<Exit> {
    let home = Home::open(&args.home).await?;
    println!("{}", home.store.digest().await?);
    home.leave().await;
    Ok(Exit::Done)
}
