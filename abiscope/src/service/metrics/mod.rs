//! `/metrics` for Prometheus, on a listener of its own: what operators see is nobody else's business.
//!
//! Each process tells what it did itself. What the database says of the whole deployment is told by `serve` and `crawl`
//! alone, so that it is not there once for every worker.

mod deployment;
mod listener;
pub mod names;
mod place;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use crawler::IndexClient;
use metrics::gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use store::Store;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use place::Place;

use crate::logs::say;

/// Where `serve` tells metrics if it is asked for no other place.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8018);

/// Upper ends of the buckets for durations, in seconds: answers of pages, and jobs up to the longest.
const SECONDS: [f64; 13] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0, 120.0, 900.0];

/// Of what metrics tell.
#[derive(Debug, Clone)]
pub enum Scope {
    /// Of this process alone.
    Process,
    /// Of the whole deployment, too.
    Deployment(Store),
}

/// The clients whose requests are counted.
type Clients = Arc<Mutex<Vec<IndexClient>>>;

/// Metrics of this process; they end with it.
#[derive(Debug)]
pub struct Metrics {
    clients: Clients,
    listening: Option<JoinHandle<()>>,
}

impl Metrics {
    /// Tells metrics at `place`, if one is named. One that is in use is an error.
    pub async fn start(place: Option<Place>, scope: Scope) -> anyhow::Result<Self> {
        let Some(Place::At(address)) = place else { return Ok(Self::off()) };
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("metrics cannot listen on {address}: choose another address with --metrics, or `--metrics off`")
        })?;
        say!("Metrics: http://{}/metrics", listener.local_addr().context("reading the address of metrics")?);
        Self::on(listener, scope)
    }

    /// As [`Metrics::start`]; where no place is named, at the usual one, unless somebody else is there.
    pub async fn start_usual(place: Option<Place>, scope: Scope) -> anyhow::Result<Self> {
        if place.is_some() {
            return Self::start(place, scope).await;
        }
        match TcpListener::bind(USUAL).await {
            Ok(listener) => Self::on(listener, scope),
            Err(error) => {
                tracing::info!("no metrics, as {USUAL} cannot be listened on: {error}");
                Ok(Self::off())
            }
        }
    }

    /// Counts the requests of `client`, its clones included.
    pub fn watch(&self, client: &IndexClient) {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).push(client.clone());
    }

    fn off() -> Self {
        Self { clients: Clients::default(), listening: None }
    }

    fn on(listener: TcpListener, scope: Scope) -> anyhow::Result<Self> {
        let (handle, clients) = (recorder()?, Clients::default());
        let listening = tokio::spawn(listener::serve(listener, handle, clients.clone(), scope));
        Ok(Self { clients, listening: Some(listening) })
    }
}

impl Drop for Metrics {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

/// From now on this process counts.
fn recorder() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .context("setting up metrics")?;
    let handle = builder.install_recorder().context("setting up metrics")?;
    names::describe_process();
    let versions = [
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("analyzer", analyzer::ANALYZER_VERSION.to_string()),
        ("capi", capi::DATA_VERSION.to_string()),
    ];
    gauge!(names::BUILD, &versions).set(1.0);
    Ok(handle)
}
