//! How many answers are made at once, and for how long.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::WebError;

/// An answer that takes longer is given up, waiting included.
const LONGEST: Duration = Duration::from_secs(10);

/// Waits for a free place, runs the request, both within the time limit.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let answer = async {
        // The semaphore is never closed; were it, the request would still be bounded by the time limit.
        let _permit = app.permits().acquire().await;
        next.run(request).await
    };
    tokio::time::timeout(LONGEST, answer).await.unwrap_or_else(|_| WebError::TooSlow.into_response())
}
