//! What the pages need to be told beside the survey.

use axum::http::HeaderName;
use packaging::ProjectName;

/// What the binary decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which projects chance has drawn to measure what the prefilter misses: the crawler's rule.
    pub sampled: fn(&ProjectName) -> bool,
    /// Behind a proxy: the header into which that writes whom it speaks for, such as `x-forwarded-for`. `None`: whoever
    /// connects is the visitor.
    pub client_header: Option<HeaderName>,
}

impl Default for Config {
    /// Nobody was drawn, and no proxy.
    fn default() -> Self {
        Self { sampled: |_| false, client_header: None }
    }
}
