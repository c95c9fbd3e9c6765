//! What was asked: the log, the counts, and how many requests ran at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::response::Response;
use futures_util::StreamExt;

/// One request as it came.
#[derive(Debug)]
pub(crate) struct Request {
    /// `GET /simple/demo/`
    pub(crate) line: String,
    /// By the machine's clock, which other processes have, too.
    pub(crate) came_at: SystemTime,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}

/// All requests, or only their counts.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) only_counts: bool,
    pub(crate) requests: Vec<Request>,
    pub(crate) total: u64,
    times: HashMap<String, u64>,
    came_at: Vec<Instant>,
    pub(crate) under_way: UnderWay,
}

impl Log {
    /// Writes a request down.
    pub(crate) fn add(&mut self, method: &Method, path: &str, headers: &HeaderMap) {
        self.total += 1;
        *self.times.entry(path.to_owned()).or_default() += 1;
        if self.only_counts {
            return;
        }
        self.came_at.push(Instant::now());
        let header = |(name, value): (&HeaderName, &header::HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        self.requests.push(Request {
            line: format!("{method} {path}"),
            came_at: SystemTime::now(),
            headers: headers.iter().map(header).collect(),
        });
    }

    pub(crate) fn times(&self, path: &str) -> u64 {
        self.times.get(path).copied().unwrap_or(0)
    }

    /// The most requests that came within any span of this length.
    pub(crate) fn most_within(&self, span: Duration) -> usize {
        let mut first = 0;
        let mut most = 0;
        for (at, came) in self.came_at.iter().enumerate() {
            while came.duration_since(self.came_at[first]) >= span {
                first += 1;
            }
            most = most.max(at + 1 - first);
        }
        most
    }

    /// Forgets everything so far.
    pub(crate) fn clear(&mut self) {
        *self = Self { only_counts: self.only_counts, under_way: self.under_way.clone(), ..Self::default() };
        self.under_way.0.most.store(0, Ordering::SeqCst);
    }
}

/// Requests that are answered now, and the most that ever were at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct UnderWay(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl UnderWay {
    /// One more, until the answer is dropped.
    pub(crate) fn enter(&self) -> OneMore {
        let now = self.0.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most.fetch_max(now, Ordering::SeqCst);
        OneMore(self.clone())
    }

    pub(crate) fn most(&self) -> usize {
        self.0.most.load(Ordering::SeqCst)
    }
}

/// Counts as under way while it lives.
#[derive(Debug)]
pub(crate) struct OneMore(UnderWay);

impl Drop for OneMore {
    fn drop(&mut self) {
        self.0.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Ties the count to the body: the request is over when the body is.
pub(crate) fn until_the_end(response: Response, one_more: OneMore) -> Response {
    let (mut head, body) = response.into_parts();
    if let Some(length) = HttpBody::size_hint(&body).exact()
        && !head.headers.contains_key(header::CONTENT_LENGTH)
    {
        head.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    let counted = body.into_data_stream().map(move |part| {
        let _while_it_lasts = &one_more;
        part
    });
    Response::from_parts(head, Body::from_stream(counted))
}
