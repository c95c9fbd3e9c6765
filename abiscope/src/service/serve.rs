//! `abiscope serve`: the dashboard.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use store::Store;
use tokio::net::TcpListener;

use super::metrics::{Metrics, Scope};
use super::{Home, Interrupt};
use crate::cli::ServeArgs;
use crate::crawl;
use crate::exit::{self, Exit};
use crate::logs::say;

/// Serves until interrupted.
pub async fn run(args: ServeArgs) -> anyhow::Result<Exit> {
    let interrupt = Interrupt::listen()?;
    let operator_token = args.operator_token_file.as_deref().map(token).transpose()?;
    let listener = listen(args.listen, "--listen").await?;
    let home = tokio::select! {
        home = Home::open(&args.home) => home?,
        () = interrupt.heard() => return Ok(Exit::Done),
    };
    let _metrics = Metrics::start_usual(args.metrics.metrics, Scope::Deployment(home.store.clone())).await?;
    announce(&listener)?;
    let exports = args.exports.clone();
    let config = web::Config { operator_token, exports, ..config(args.client_address_header.clone()) };
    let serving = until_interrupted(listener, home.store.clone(), config, interrupt.clone());
    let (served, ()) = tokio::join!(serving, working(&args, &home, interrupt));
    home.leave().await;
    served?;
    Ok(Exit::Done)
}

/// On a private database this process does the work that its pages ask for; elsewhere only if it is told to. Without a
/// worker the pages go on, and say so.
async fn working(args: &ServeArgs, home: &Home, interrupt: Interrupt) {
    let jobs = args.jobs.unwrap_or(usize::from(home.is_private()));
    if jobs == 0 {
        return;
    }
    if let Err(error) = crawl::work_beside(&home.store, &args.index, jobs, interrupt).await {
        exit::complain(&format!("nothing is read for look-ups, the pages go on (--jobs 0 is quiet): {error:#}"));
    }
}

/// What the pages need to know of the rest of the program. `client_header`: see `--client-address-header`.
pub fn config(client_header: Option<web::HeaderName>) -> web::Config {
    let sampled = |name: &packaging::ProjectName| crawler::PureSample::OneInAHundred.contains(name);
    web::Config { sampled, client_header, ..web::Config::default() }
}

/// The operator's token: the first line of its file.
fn token(file: &Path) -> anyhow::Result<web::OperatorToken> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("the operator's token in {} could not be read", file.display()))?;
    let token = web::OperatorToken::new(text.lines().next().unwrap_or_default());
    token.with_context(|| format!("{}: the first line is to be a token of 16 characters at least", file.display()))
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
pub async fn until_interrupted(
    listener: TcpListener,
    store: Store,
    config: web::Config,
    interrupt: Interrupt,
) -> anyhow::Result<()> {
    web::serve(listener, store, config, async move { interrupt.heard().await }).await.context("serving the dashboard")
}
