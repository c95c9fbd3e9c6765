//! How long a request may take.

use std::time::Duration;

/// The limits against connections that drip. All are measured by the clock that never jumps.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until the connection stands (10 s).
    pub connect: Duration,
    /// Between two reads (30 s).
    pub idle_read: Duration,
    /// The slowest body that is taken, in bytes a second over a whole window (10,000).
    pub slowest: u64,
    /// The window (60 s).
    pub window: Duration,
    /// For the whole request, its body included (15 min).
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle_read: Duration::from_secs(30),
            slowest: 10_000,
            window: Duration::from_mins(1),
            total: Duration::from_mins(15),
        }
    }
}
