//! The seam for the budget of requests.
//!
//! The polite rate is a property of the whole deployment, not of one process. Whoever wants to send a request asks a
//! [`Budget`] for a slot first and reports a `Retry-After` to it. Inside one process the client has a budget of its
//! own; many workers share one through the database ([`crate::IndexClient::with_budget`]).

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

/// A future behind a trait object.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The longest time that a request waits because the index asked for it. Beyond that it is put off: a person who waits
/// for a survey is told at once, and a crawl has other work.
pub const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Decides when a request may be sent.
pub trait Budget: fmt::Debug + Send + Sync {
    /// Waits for the right to one request: for a free connection, for the rate, and for the end of a pause that the
    /// index asked for if that is no longer than [`LONGEST_WAIT`].
    fn slot(&self) -> Soon<'_, Result<Slot, NoSlot>>;

    /// The index asked for this pause: no slot is given before its end. A shorter pause never ends a longer one.
    fn block_for(&self, pause: Duration) -> Soon<'_, ()>;
}

/// The right to one request, held until its body is read. Dropping it frees the connection.
pub struct Slot(#[expect(dead_code, reason = "only dropped")] Box<dyn Any + Send + Sync>);

impl Slot {
    /// A slot that lasts as long as `guard`, which frees the connection when it is dropped.
    pub fn new(guard: impl Any + Send + Sync) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}

/// Why there is no slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSlot {
    /// The index asked for a pause that is still this long.
    Blocked(Duration),
    /// The budget itself cannot be asked, such as while the database restarts: why. The client tries again.
    OutOfReach(String),
}
