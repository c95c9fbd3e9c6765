//! How many answers are made at once, and for how long.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::asker::Asker;
use crate::error::WebError;

/// An answer that takes longer is given up, waiting included.
const LONGEST: Duration = Duration::from_secs(10);

/// What is made for programs is asked for by each client so often, and by all together. This machine itself is not
/// counted: behind a proxy that does not tell whom it asks for, everybody is.
pub(crate) async fn limited(State(app): State<App>, asker: Asker, request: Request, next: Next) -> Response {
    if asker.is_here() {
        return next.run(request).await;
    }
    match app.readers().ask(asker) {
        Ok(()) => next.run(request).await,
        Err(wait) => WebError::TooOften(wait).into_response(),
    }
}

/// Waits for a free place, runs the request, both within the time limit.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let answer = async {
        // The semaphore is never closed; were it, the request would still be bounded by the time limit.
        let _permit = app.permits().acquire().await;
        next.run(request).await
    };
    tokio::time::timeout(LONGEST, answer).await.unwrap_or_else(|_| WebError::TooSlow.into_response())
}
