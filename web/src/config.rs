//! What the pages need to be told beside the survey.

use std::path::PathBuf;

use axum::http::HeaderName;
use packaging::ProjectName;
use store::Sha256;

/// What the binary decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which projects chance has drawn to measure what the prefilter misses: the crawler's rule.
    pub sampled: fn(&ProjectName) -> bool,
    /// Behind a proxy: the header into which that writes whom it speaks for, such as `x-forwarded-for`. `None`: whoever
    /// connects is the visitor.
    pub client_header: Option<HeaderName>,
    /// Who sends it may save proposals; `None`: nobody may.
    pub operator_token: Option<OperatorToken>,
    /// The folder that `abiscope export` writes to; `None`: there are no tables to download.
    pub exports: Option<PathBuf>,
}

/// What the operator's programs send as `Authorization: Bearer …`. Only its hash is kept, so that comparing takes as long
/// whatever is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorToken(Sha256);

/// Characters of a token that cannot be guessed.
const SHORTEST: usize = 16;

impl OperatorToken {
    /// Of a text, without white space at its ends; `None` for one that is too short.
    pub fn new(token: &str) -> Option<Self> {
        let token = token.trim();
        (token.len() >= SHORTEST).then(|| Self(Sha256::of(token.as_bytes())))
    }

    /// Whether a text is the token.
    pub(crate) fn is(&self, sent: &str) -> bool {
        self.0 == Sha256::of(sent.trim().as_bytes())
    }
}

impl Default for Config {
    /// Nobody was drawn, no proxy, nothing to download.
    fn default() -> Self {
        Self { sampled: |_| false, client_header: None, operator_token: None, exports: None }
    }
}
