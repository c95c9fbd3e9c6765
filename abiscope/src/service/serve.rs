//! `abiscope serve`: the dashboard.

use std::net::SocketAddr;

use anyhow::Context;
use store::Store;
use tokio::net::TcpListener;

use super::metrics::{Metrics, Scope};
use super::{Home, Interrupt};
use crate::cli::ServeArgs;
use crate::exit::Exit;
use crate::logs::say;

/// Serves until interrupted.
pub async fn run(args: ServeArgs) -> anyhow::Result<Exit> {
    let interrupt = Interrupt::listen()?;
    let listener = listen(args.listen, "--listen").await?;
    let home = tokio::select! {
        home = Home::open(&args.home) => home?,
        () = interrupt.heard() => return Ok(Exit::Done),
    };
    let _metrics = Metrics::start_usual(args.metrics.metrics, Scope::Deployment(home.store.clone())).await?;
    announce(&listener)?;
    until_interrupted(listener, home.store.clone(), interrupt).await?;
    home.leave().await;
    Ok(Exit::Done)
}

/// Takes the address. One that is in use is an error that names the option to change it.
pub async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: choose another address with {option}=ADDR, such as {option}=127.0.0.1:0")
    })
}

/// Says where the dashboard is.
pub fn announce(listener: &TcpListener) -> anyhow::Result<()> {
    let address = listener.local_addr().context("reading the address listened on")?;
    say!("Dashboard: http://{address}/ (Ctrl-C stops it)");
    Ok(())
}

/// Serves the pages until the interrupt; requests under way are finished.
pub async fn until_interrupted(listener: TcpListener, store: Store, interrupt: Interrupt) -> anyhow::Result<()> {
    web::serve(listener, store, async move { interrupt.heard().await }).await.context("serving the dashboard")
}
