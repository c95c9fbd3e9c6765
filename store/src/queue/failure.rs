//! A job that did not succeed.

use std::fmt;
use std::time::Duration;

/// Characters of an error that are kept.
const KEPT: usize = 1000;

/// How long a job rests when the store was gone or full, and the worker with it if that is so for all jobs.
pub(super) const STORE_TROUBLE: Duration = Duration::from_secs(30);

/// Why a job did not succeed, and whether that costs it a try.
///
/// The message is kept bounded, on one line, and with control and invisible characters spelled out: it may quote what
/// an index or an archive said.
#[derive(Clone, PartialEq, Eq)]
pub struct JobFailure {
    message: String,
    pub(super) put_back: Option<Duration>,
    /// Other jobs would meet the same: the worker rests.
    pub(super) rests: bool,
}

impl JobFailure {
    /// Counts as a try: the job comes back after a growing delay, or is parked after its last one.
    pub fn counted(message: impl fmt::Display) -> Self {
        Self { message: bounded(&message.to_string()), put_back: None, rests: false }
    }

    /// Costs no try, because the job is not to blame: the deployment was told to wait, a disk is full, a server gone.
    /// It is run again after `rest`, at the earliest after a second.
    pub fn put_back(message: impl fmt::Display, rest: Duration) -> Self {
        Self { message: bounded(&message.to_string()), put_back: Some(rest.max(Duration::from_secs(1))), rests: false }
    }

    /// As it is kept.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether it costs a try.
    pub const fn is_counted(&self) -> bool {
        self.put_back.is_none()
    }
}

/// Trouble of the store that passes costs no try. Where nothing can be kept, nothing is fetched in vain: the worker rests.
impl From<crate::Error> for JobFailure {
    fn from(error: crate::Error) -> Self {
        if !error.is_passing() {
            return Self::counted(error);
        }
        let rests =
            matches!(error, crate::Error::BlobsGone(_) | crate::Error::BlobsFull(_) | crate::Error::DatabaseFull(_));
        Self { rests, ..Self::put_back(error, STORE_TROUBLE) }
    }
}

impl fmt::Display for JobFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The queue keeps what `Debug` says.
impl fmt::Debug for JobFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for JobFailure {}

/// On one line, without what deceives the eye, and not too long.
pub(super) fn bounded(message: &str) -> String {
    let mut kept = String::new();
    for c in message.chars().take(KEPT) {
        match c {
            '\n' | '\r' | '\t' => kept.push(' '),
            _ => crate::visible::push(&mut kept, c),
        }
    }
    match kept.char_indices().nth(KEPT) {
        Some((end, _)) => kept.truncate(end),
        None if message.chars().nth(KEPT).is_none() => return kept,
        None => {}
    }
    kept + "…"
}

/// What the queue library kept, without its own words around it.
pub(super) fn unwrapped(kept: &str) -> String {
    let inner = ["TaskError(", "TaskPanic("].iter().find_map(|start| kept.strip_prefix(start)?.strip_suffix(')'));
    let text = inner.and_then(|quoted| serde_json::from_str::<String>(quoted).ok());
    bounded(text.as_deref().or(inner).unwrap_or(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_bounded_and_harmless() {
        let failure = JobFailure::counted(format!("a\nb\0\u{202e}{}", "x".repeat(5000)));
        assert!(failure.message().starts_with("a b␀\\u{202e}x") && failure.message().ends_with('…'));
        assert_eq!(failure.message().chars().count(), KEPT + 1);
        let control = JobFailure::counted("\u{202e}".repeat(900));
        assert!(control.message().chars().count() <= KEPT + 1);
        assert_eq!(JobFailure::counted("short").message(), "short");
    }

    #[test]
    fn the_words_of_the_queue_are_taken_off() {
        assert_eq!(unwrapped(r#"TaskError("it said \"no\"")"#), r#"it said "no""#);
        assert_eq!(unwrapped(r#"TaskPanic("boom")"#), "boom");
        assert_eq!(unwrapped("Job recovered after worker interruption"), "Job recovered after worker interruption");
    }

    #[test]
    fn trouble_of_the_store_that_passes_costs_no_try() {
        assert!(!JobFailure::from(crate::Error::from(sqlx::Error::PoolTimedOut)).is_counted());
        assert!(JobFailure::from(crate::Error::NoSuchFile(1)).is_counted());
    }

    #[test]
    fn the_worker_rests_only_where_nothing_can_be_kept() {
        let source = Box::new(std::io::Error::from(std::io::ErrorKind::StorageFull));
        let full = object_store::Error::Generic { store: "LocalFileSystem", source };
        assert!(JobFailure::from(crate::Error::from(full)).rests);
        assert!(!JobFailure::from(crate::Error::from(sqlx::Error::PoolTimedOut)).rests);
        assert!(!JobFailure::put_back("asked for quiet", STORE_TROUBLE).rests);
    }
}
