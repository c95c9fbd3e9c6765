//! What people see: pages and the JSON API, over the store.
//!
//! The way of a request: `limited` (how often, where programs ask) → `guard` (how many, how long) → `fresh` (nothing new:
//! 304) → a handler in `pages`, `api` or `exports` asks the [`Survey`] → a page model → its template → `dress` (designed
//! errors, security headers).

mod address;
mod api;
mod app;
mod asker;
mod assets;
mod bars;
mod blockers;
mod by_version;
mod charts;
mod chunks;
mod conditions;
mod config;
mod cursor;
mod dress;
mod error;
mod exports;
mod facts;
mod figures;
mod frame;
mod fresh;
mod guard;
mod hidden;
mod numbers;
mod observed;
mod openapi;
mod pages;
mod params;
mod problem;
mod remembered;
mod render;
mod report;
mod routes;
mod series_table;
mod states;
mod survey;
mod unlock;
mod visible;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;

pub use axum::http::HeaderName;
pub use config::{Config, OperatorToken};
pub use observed::{REQUEST_SECONDS, REQUESTS};
pub use report::{ReportFailure, Site, report, report_series};
pub use survey::{Answer, Survey};

/// Every route of the public listener, over any survey: tests and `examples/look.rs` bring one that needs no database.
pub fn router_over(survey: Arc<dyn Survey>, config: Config) -> axum::Router {
    routes::all(app::App::new(survey, config))
}

/// Serves every page on `listener` until `shutdown` resolves; requests under way are finished. What most pages need is read
/// at once, before somebody asks for it.
pub async fn serve(
    listener: tokio::net::TcpListener,
    store: store::Store,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let app = app::App::new(Arc::new(store), config);
    let warming = tokio::spawn({
        let app = app.clone();
        async move {
            app.warm_up().await.inspect_err(|error| tracing::warn!("lists have to be read when asked for: {error}"))
        }
    });
    let router = routes::all(app).layer(axum::middleware::from_fn(observed::observed));
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, router).with_graceful_shutdown(shutdown).await;
    warming.abort();
    served
}
