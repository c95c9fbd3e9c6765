//! JSON piece by piece. A whole answer has tens of megabytes: one buffer that grows would be held twice whenever it does.

use std::convert::Infallible;
use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;

/// Bytes of a piece.
const PIECE: usize = 256 * 1024;

/// What is written, in pieces.
#[derive(Default)]
struct Chunks {
    full: Vec<Bytes>,
    last: Vec<u8>,
}

impl io::Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.last.extend_from_slice(bytes);
        if self.last.len() >= PIECE {
            // As much room again: the next piece is as long.
            let room = Vec::with_capacity(self.last.capacity());
            self.full.push(std::mem::replace(&mut self.last, room).into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Chunks {
    /// What is of one piece is sent with its length; of more each is given up as it is sent.
    fn body(mut self) -> Body {
        if self.full.is_empty() {
            return self.last.into();
        }
        self.full.push(self.last.into());
        Body::from_stream(stream::iter(self.full.into_iter().map(Ok::<_, Infallible>)))
    }
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Response {
    let mut chunks = Chunks::default();
    match serde_json::to_writer(&mut chunks, value) {
        Ok(()) => {
            let kind = HeaderValue::from_static("application/json");
            ([(header::CONTENT_TYPE, kind)], chunks.body()).into_response()
        }
        Err(error) => {
            tracing::error!(error = %error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whatever_its_length_the_pieces_are_the_whole() {
        for length in [0, 10, PIECE - 1, PIECE, 3 * PIECE + 7] {
            let value: Vec<String> = (0..length / 10).map(|n| format!("{n:07}")).collect();
            let body = json(&value).into_body();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
            assert_eq!(bytes, serde_json::to_vec(&value).expect("JSON"), "{length}");
        }
    }
}
