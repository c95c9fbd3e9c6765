//! Roles that need a database: what `survey`, `serve`, `status` and `migrate` share.

pub mod alarms;
mod data_dir;
mod database;
pub mod db;
pub mod export;
pub mod hide;
mod home;
mod interrupt;
pub mod metrics;
pub mod migrate;
pub mod prune;
pub mod queue;
pub mod report;
pub mod review;
pub mod search;
pub mod serve;
pub mod snapshot;
pub mod status;
pub mod whatif;

use std::future::Future;

use anyhow::Context;

pub use home::Home;
pub use interrupt::Interrupt;

use crate::exit::Exit;

/// Runs a role to its end on a runtime of its own.
pub fn block_on(role: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    // One provider for reqwest, sqlx and the rest; a second one would make rustls panic at run time.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(role)
}
