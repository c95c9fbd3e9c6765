//! Every address and what it answers.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG, IF_NONE_MATCH, LINK, RANGE, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::csrf::CsrfLayer;

use crate::app::App;
use crate::assets::{FAVICON, KEYS, STYLE};
use crate::error::WebError;
use crate::openapi::OPERATIONS;
use crate::{api, dress, exports, fresh, guard, openapi, pages};

/// Bytes of a posted form.
const FORM: usize = 4096;

/// The router of the public listener.
pub(crate) fn all(app: App) -> Router {
    let data = Router::new()
        .merge(answered(&app, page_routes()))
        .merge(counted(&app, answered(&app, whatif_routes().merge(source_search_routes()))))
        .merge(
            counted(&app, answered(&app, api_routes().merge(export_routes())))
                .route("/openapi.json", get(openapi::json))
                .route("/api/{*rest}", any(async || StatusCode::NOT_FOUND))
                .layer(readable_from_anywhere()),
        );
    let look_ups = Router::new()
        .route("/lookup", get(async || Redirect::to("/search")).post(pages::look_up))
        .layer(DefaultBodyLimit::max(FORM))
        .route_layer(from_fn_with_state(app.clone(), guard::guard));
    // As they are: what they are packed with packs better, and only what is sent as it lies can be sent in part.
    let files = counted(&app, Router::new().route("/exports/{file}", get(pages::exported::file)))
        .layer(readable_from_anywhere());
    Router::new()
        .merge(data)
        .merge(look_ups)
        .route("/about", get(pages::about))
        .route("/api", get(pages::api))
        .route(STYLE.path(), get(async || STYLE.response()))
        .route(KEYS.path(), get(async || KEYS.response()))
        .route(FAVICON.path(), get(async || FAVICON.response()))
        .route("/favicon.ico", get(async || FAVICON.response()))
        .route("/robots.txt", get(robots))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        // The least of compression takes most of a page away; more costs longer than the page.
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .merge(files)
        .with_state(app)
        .layer(CsrfLayer::new())
        .layer(from_fn(dress::dress))
}

/// Answers that need the survey: so many at once, for so long, and not again what the visitor has.
fn answered(app: &App, routes: Router<App>) -> Router<App> {
    routes
        .route_layer(from_fn_with_state(app.clone(), fresh::fresh))
        .route_layer(from_fn_with_state(app.clone(), guard::guard))
}

/// The same, each client so often. Who asked too often learns it before a place is taken or the database asked.
fn counted(app: &App, routes: Router<App>) -> Router<App> {
    routes.route_layer(from_fn_with_state(app.clone(), guard::limited))
}

/// Pages of other sites may read answers for programs: they hold nothing that is not public, and take nothing. This
/// stands around everything else, because a failure that a program may not read tells it nothing.
fn readable_from_anywhere() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([IF_NONE_MATCH, RANGE])
        .expose_headers([ACCEPT_RANGES, CONTENT_RANGE, ETAG, LINK, RETRY_AFTER])
}

fn page_routes() -> Router<App> {
    Router::new()
        .route("/", get(pages::home))
        .route("/projects", get(pages::projects))
        .route("/projects/{name}", get(pages::project))
        .route("/projects/{name}/changes", get(pages::project::changes::changes))
        .route("/projects/{name}/{version}", get(pages::release))
        .route("/projects/{name}/{version}/uses", get(pages::uses))
        .route("/projects/{name}/{version}/sites", get(pages::sites))
        .route("/projects/{name}/{version}/source", get(pages::source))
        .route("/items", get(pages::items))
        .route("/items/{item}", get(pages::item))
        .route("/structures", get(pages::structures))
        .route("/unlock", get(pages::unlock))
        .route("/search", get(pages::search))
        .route("/trends", get(pages::trends))
        .route("/trends/series", get(pages::one_series))
        .route("/trends/changes", get(pages::changes))
        .route("/trends/{file}", get(pages::figure))
        .route("/methodology", get(pages::methodology))
        .route("/exports", get(pages::exported::exports))
        .route("/reports", get(pages::reports::reports))
        .route("/reports/{name}", get(pages::reports::folder))
        .route("/reports/{name}/{*path}", get(pages::reports::file))
        .route("/badge/{file}", get(pages::badge))
        .route("/feeds/{file}", get(pages::feed))
        .route("/status", get(pages::status))
}

/// A question may be about any number of items.
fn whatif_routes() -> Router<App> {
    Router::new()
        .route("/whatif", get(pages::whatif))
        .route("/whatif/{id}", get(pages::saved::saved))
        .route("/whatif/{id}/difference", get(pages::difference::page))
        .route("/structures/{name}", get(pages::structure))
}

/// A pattern may have every source read.
fn source_search_routes() -> Router<App> {
    Router::new().route("/search/source", get(pages::source_search))
}

/// As they are described.
fn api_routes() -> Router<App> {
    OPERATIONS.iter().fold(Router::new(), |routes, operation| routes.route(operation.path, (operation.route)()))
}

fn export_routes() -> Router<App> {
    Router::new()
        .route("/overview.json", get(api::overview))
        .route("/overview.csv", get(exports::overview))
        .route("/projects.json", get(api::projects))
        .route("/projects.csv", get(exports::projects))
        .route("/projects/{name}/{version}/uses.csv", get(exports::uses))
        .route("/items.json", get(api::items))
        .route("/items.csv", get(exports::items))
        .route("/items/{item}/projects.json", get(api::item))
        .route("/items/{item}/projects.csv", get(exports::item))
        .route("/structures.json", get(pages::structures_json))
        .route("/unlock.json", get(pages::unlock_json))
        .route("/trends.json", get(pages::trends_json))
        .route("/reports.json", get(pages::reports::reports_json))
        .route("/whatif.json", get(pages::whatif_json))
        .route("/whatif.csv", get(pages::whatif_csv))
        .route("/whatif.rst", get(pages::whatif_rst))
        .route("/whatif.md", get(pages::whatif_markdown))
        .route("/whatif/{id}/{file}", get(pages::saved::file))
        .route("/whatif/{id}/difference.json", get(pages::difference::json))
        .route("/whatif/{id}/difference.csv", get(pages::difference::csv))
        .route("/whatif/{id}/difference.rst", get(pages::difference::rst))
        .route("/whatif/{id}/difference.md", get(pages::difference::markdown))
        .route("/status.json", get(api::status))
}

/// Search and API are for people and their programs, not for crawlers.
async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /search\nDisallow: /whatif?\nDisallow: /api/\nDisallow: /exports/\nDisallow: /*.csv\nDisallow: /*.json\n"
}

/// For how long a load balancer that asks is kept waiting.
const READY_WITHIN: Duration = Duration::from_secs(3);

/// Whether the database answers and what most pages need is in memory: what a load balancer wants to know. Who asks first
/// has it read, and that goes on whether or not they wait.
async fn ready(State(app): State<App>) -> Response {
    match tokio::time::timeout(READY_WITHIN, app.warm_up()).await {
        Ok(Ok(true)) => "ready\n".into_response(),
        Ok(Err(error)) => WebError::Store(error).into_response(),
        Ok(Ok(false)) | Err(_) => WebError::Reading.into_response(),
    }
}
