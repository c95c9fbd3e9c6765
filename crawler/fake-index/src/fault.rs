//! What can go wrong on purpose.

use std::time::Duration;

/// A defect of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This status with an empty body.
    Status(u16),
    /// This status with this `Retry-After`: seconds or a date.
    RetryAfter(u16, String),
    /// 200 and a page of HTML, said to be HTML.
    HtmlInsteadOfJson,
    /// 200 and text that is not JSON, said to be the JSON of the Simple API.
    MalformedJson,
    /// The right headers and half of the body, then the connection ends.
    CutBody,
    /// Half of the body and headers that promise no more.
    ShortBody,
    /// The body with as many bytes again behind it.
    LongBody,
    /// A body of the right length with other bytes.
    WrongBytes,
    /// 302 to this address, absolute or relative.
    Redirect(String),
    /// 302 to the address that was asked for.
    RedirectLoop,
    /// One byte of the body, then a pause of this length, and so on.
    SlowDrip(Duration),
    /// Half of the body, then silence of this length, then the rest.
    Stall(Duration),
    /// The connection ends before any answer.
    Reset,
    /// A page as it was before its last file, with a serial that is one lower: what a cache may serve.
    Stale,
    /// The whole file with 200, whatever range was asked for.
    RangeIgnored,
    /// 206 with a range that begins one byte later than asked.
    RangeShifted,
}

impl Fault {
    /// For the count of [`crate::FakeIndex::fault`]: every time.
    pub const ALWAYS: u32 = u32::MAX;
}
