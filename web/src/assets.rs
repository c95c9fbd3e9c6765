//! The three static files, inside the binary; their addresses carry the hash of their content.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::render::KEPT_FOR_EVER;

/// A file of `assets/`.
pub(crate) struct Asset {
    path: String,
    mime: &'static str,
    text: &'static str,
}

pub(crate) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("style", "css", "text/css; charset=utf-8", include_str!("../assets/style.css")));
pub(crate) static KEYS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("keys", "js", "text/javascript; charset=utf-8", include_str!("../assets/keys.js")));
pub(crate) static FAVICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("favicon", "svg", "image/svg+xml", include_str!("../assets/favicon.svg")));

impl Asset {
    fn new(stem: &str, ending: &str, mime: &'static str, text: &'static str) -> Self {
        let path = format!("/static/{stem}.{}.{ending}", short_hash(text.as_bytes()));
        Self { path, mime, text }
    }

    /// Where it is served; a changed file has another address.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The file, to be kept for a year: its address never means anything else.
    pub(crate) fn response(&self) -> Response {
        let kind = HeaderValue::from_static(self.mime);
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEPT_FOR_EVER)], self.text).into_response()
    }
}

/// Twelve hexadecimal digits that stand for `bytes`.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().take(6).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
