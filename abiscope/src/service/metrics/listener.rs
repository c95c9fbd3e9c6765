//! The second listener.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use crawler::RequestCounts;
use metrics::counter;
use metrics_exporter_prometheus::PrometheusHandle;
use store::{Status, Store};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::{Clients, Scope, deployment, names};

/// For how long what the database said is told again: however many ask, it is asked no more often.
const FRESH: Duration = Duration::from_secs(5);

/// A database that takes longer is down, as far as a scrape is concerned.
const LONGEST: Duration = Duration::from_secs(8);

/// The version of the format.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

struct Scrape {
    handle: PrometheusHandle,
    clients: Clients,
    deployment: Option<Deployment>,
}

struct Deployment {
    store: Store,
    /// What was said last, and when; held while somebody asks, so that others wait for the same answer.
    known: Mutex<Option<(Instant, Status)>>,
}

/// Answers until it is aborted.
pub async fn serve(listener: TcpListener, handle: PrometheusHandle, clients: Clients, scope: Scope) {
    let deployment = match scope {
        Scope::Process => None,
        Scope::Deployment(store) => Some(Deployment { store, known: Mutex::default() }),
    };
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(async || "ok\n"))
        .with_state(Arc::new(Scrape { handle, clients, deployment }));
    if let Err(error) = axum::serve(listener, router).await {
        tracing::warn!("metrics are told no more: {error}");
    }
}

async fn metrics(State(scrape): State<Arc<Scrape>>) -> impl IntoResponse {
    requests(&scrape.clients);
    scrape.handle.run_upkeep();
    let mut text = scrape.handle.render();
    if let Some(deployment) = &scrape.deployment {
        text.push_str(&deployment.text().await);
    }
    ([(header::CONTENT_TYPE, PROMETHEUS)], text)
}

impl Deployment {
    async fn text(&self) -> String {
        let mut known = self.known.lock().await;
        if known.as_ref().is_none_or(|(when, _)| when.elapsed() >= FRESH) {
            *known = match tokio::time::timeout(LONGEST, self.store.status()).await {
                Ok(Ok(status)) => Some((Instant::now(), status)),
                Ok(Err(error)) => {
                    tracing::warn!("the database does not tell for metrics: {error}");
                    None
                }
                Err(_) => None,
            };
        }
        deployment::text(known.as_ref().map(|(_, status)| status))
    }
}

/// What the clients of the index did so far.
fn requests(clients: &Clients) {
    let clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
    let counts: Vec<RequestCounts> = clients.iter().map(crawler::IndexClient::counts).collect();
    let sum = |count: fn(&RequestCounts) -> u64| counts.iter().map(count).sum::<u64>();
    if counts.is_empty() {
        return;
    }
    counter!(names::INDEX_REQUESTS).absolute(sum(|counts| counts.requests));
    for (outcome, tries) in [
        ("good", sum(|counts| counts.good)),
        ("failed", sum(|counts| counts.failed)),
        ("paused", sum(|counts| counts.pauses)),
        ("wrong-body", sum(|counts| counts.wrong_bodies)),
        ("not-there", sum(|counts| counts.not_there)),
        ("refused", sum(|counts| counts.refused)),
    ] {
        counter!(names::INDEX_TRIES, "outcome" => outcome).absolute(tries);
    }
}
