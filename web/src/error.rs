//! What can go wrong with a request, and what its visitor is told. The cause goes to the log only.

use std::time::Duration;

use axum::Extension;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::numbers::span;

/// A request that has no answer.
#[derive(Debug)]
pub(crate) enum WebError {
    /// There is no such thing: with the sentence that says so.
    NotFound(String),
    /// The address asks for what cannot be: with the sentence that says why.
    BadRequest(String),
    /// The store failed.
    Store(store::Error),
    /// A template failed: a defect.
    Template(askama::Error),
    /// An export failed: a defect.
    Export(csv::Error),
    /// A table could not be written.
    Table(export::Error),
    /// A file could not be read.
    File(std::io::Error),
    /// The answer took too long.
    TooSlow,
    /// The server has just started, and reads the survey.
    Reading,
    /// This visitor asked for too much; more may be asked for after this time.
    TooOften(Duration),
    /// Too many look-ups wait already.
    Full,
    /// Saving is for the operator, and who asks has not shown to be that.
    NotTheOperator,
    /// Nothing is saved here: the server has no operator's token.
    NothingIsSaved,
}

impl From<store::Error> for WebError {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// What the visitor is told: what happened, and what to do.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) title: &'static str,
    pub(crate) what: String,
    pub(crate) next: &'static str,
}

impl Problem {
    /// The words for a status that came without any.
    pub(crate) fn of(status: StatusCode) -> Self {
        let (title, what, next) = match status {
            StatusCode::NOT_FOUND => ("Not here", "There is no page at this address.", SEARCH),
            StatusCode::METHOD_NOT_ALLOWED => ("Only reading", "This address can only be read (GET or HEAD).", SEARCH),
            StatusCode::FORBIDDEN => (
                "Not from there",
                "This came from another site's page, so nothing was done.",
                "Look the project up here, with the search field above.",
            ),
            status if status.is_client_error() => {
                ("Could not read the request", "The request is not one this server reads.", SEARCH)
            }
            _ => ("Something went wrong here", "The page could not be made. The cause is in the server's log.", LATER),
        };
        Self { status, title, what: what.to_owned(), next }
    }
}

/// When a queue that is full is asked again.
const WHEN_FULL: Duration = Duration::from_mins(1);

/// Whole seconds, at least one.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + 1
}

const SEARCH: &str = "Search for a project or an item above, or start from the list of projects.";
const LATER: &str = "Try again in a minute. Nothing of the survey is lost.";

impl From<WebError> for Problem {
    fn from(error: WebError) -> Self {
        let (status, title, what, next) = match error {
            WebError::NotFound(what) => (StatusCode::NOT_FOUND, "Not here", what, SEARCH),
            WebError::BadRequest(what) => (StatusCode::BAD_REQUEST, "Could not read the address", what, SEARCH),
            WebError::Store(error @ (store::Error::Database(_) | store::Error::Blobs(_))) => {
                tracing::error!(error = %error, "the store does not answer");
                let what = "The database or the source store does not answer, so this page cannot say anything now.";
                (StatusCode::SERVICE_UNAVAILABLE, "No data for the moment", what.to_owned(), LATER)
            }
            WebError::Store(error) => broken(&error),
            WebError::Template(error) => broken(&error),
            WebError::Export(error) => broken(&error),
            WebError::Table(error) => broken(&error),
            WebError::File(error) => broken(&error),
            WebError::TooSlow => {
                let what = "The answer took longer than ten seconds and was given up.";
                (StatusCode::SERVICE_UNAVAILABLE, "Too slow", what.to_owned(), LATER)
            }
            WebError::Reading => {
                let what = "The server has just started and reads the survey.";
                (StatusCode::SERVICE_UNAVAILABLE, "Not ready yet", what.to_owned(), LATER)
            }
            WebError::TooOften(wait) => {
                let seconds = i64::try_from(seconds(wait)).unwrap_or(i64::MAX);
                let what =
                    format!("Too much was asked for in a short time. The next request is taken in {}.", span(seconds));
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    "A little slower",
                    what,
                    "Nothing was queued. Go back and try again then.",
                )
            }
            WebError::NotTheOperator => {
                let what = "Saving is for the operator: the request has no token, or another one.";
                let next =
                    "Send it as Authorization: Bearer TOKEN. Without it the address of the question can be kept.";
                (StatusCode::UNAUTHORIZED, "For the operator", what.to_owned(), next)
            }
            WebError::NothingIsSaved => {
                let what = "Nothing is saved here: the server was started without an operator's token.";
                let next = "Keep the address of the question: it asks the same again.";
                (StatusCode::FORBIDDEN, "Nothing is saved here", what.to_owned(), next)
            }
            WebError::Full => {
                let what = "Many look-ups wait already, so this one was not taken.";
                (StatusCode::SERVICE_UNAVAILABLE, "The queue of look-ups is full", what.to_owned(), LATER)
            }
        };
        Self { status, title, what, next }
    }
}

fn broken(error: &dyn std::error::Error) -> (StatusCode, &'static str, String, &'static str) {
    tracing::error!(error = %error, "a page could not be made");
    let problem = Problem::of(StatusCode::INTERNAL_SERVER_ERROR);
    (problem.status, problem.title, problem.what, problem.next)
}

impl IntoResponse for WebError {
    /// The status and the words; `dress` turns them into a page or a JSON object.
    fn into_response(self) -> Response {
        let wait = match &self {
            Self::TooOften(wait) => Some(*wait),
            Self::Full => Some(WHEN_FULL),
            _ => None,
        };
        let problem = Problem::from(self);
        let mut response = (problem.status, Extension(problem)).into_response();
        if response.status() == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = wait {
            response.headers_mut().insert(RETRY_AFTER, seconds(wait).into());
        }
        response
    }
}
