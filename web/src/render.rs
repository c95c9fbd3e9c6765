//! From a template to a response.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::error::WebError;
use crate::visible::visible;

/// The page, with every hidden character made visible.
pub(crate) fn page(template: &impl Template) -> Result<Response, WebError> {
    Ok(Html(text(template)?).into_response())
}

/// The same as text.
pub(crate) fn text(template: &impl Template) -> Result<String, WebError> {
    let html = template.render().map_err(WebError::Template)?;
    Ok(visible(&html).into_owned())
}
