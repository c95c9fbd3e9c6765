//! Counts what comes out of a decoder, and stops it at the limits.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};

use super::ArchiveError;
use crate::Limits;

/// The counters of one archive, shared by the reader and those who ask.
pub(super) struct Meter<'a> {
    limits: &'a Limits,
    compressed: u64,
    decoded: Cell<u64>,
    headers: Cell<Option<u64>>,
    ended: Cell<bool>,
    trailing: Cell<bool>,
}

impl<'a> Meter<'a> {
    /// For an archive of `compressed` bytes.
    pub(super) fn new(compressed: usize, limits: &'a Limits) -> Self {
        Self {
            limits,
            compressed: compressed as u64,
            decoded: Cell::new(0),
            headers: Cell::new(None),
            ended: Cell::new(false),
            trailing: Cell::new(false),
        }
    }

    /// Bytes decoded so far.
    pub(super) fn decoded(&self) -> u64 {
        self.decoded.get()
    }

    /// From here on only headers are expected: no more than `bytes` of them. `None` lifts this.
    pub(super) fn expect_headers(&self, bytes: Option<u64>) {
        self.headers.set(bytes);
    }

    /// Whether a read has met the end of the stream.
    pub(super) fn ended(&self) -> bool {
        self.ended.get()
    }

    /// Whether bytes followed the compressed stream.
    pub(super) fn trailing(&self) -> bool {
        self.trailing.get()
    }

    /// Notes that bytes follow the compressed stream.
    pub(super) fn note_trailing(&self) {
        self.trailing.set(true);
    }

    /// Counts `bytes` more decoded bytes.
    pub(super) fn count(&self, bytes: u64) -> Result<(), ArchiveError> {
        let decoded = self.decoded.get().saturating_add(bytes);
        self.decoded.set(decoded);
        if decoded > self.limits.decoded_bytes {
            return Err(ArchiveError::TooLarge { what: "bytes when decoded", limit: self.limits.decoded_bytes });
        }
        if decoded > self.limits.ratio_floor && decoded / self.limits.ratio.max(1) > self.compressed {
            return Err(ArchiveError::TooLarge {
                what: "decoded bytes for each compressed byte",
                limit: self.limits.ratio,
            });
        }
        match self.headers.get() {
            Some(left) if bytes > left => {
                Err(ArchiveError::TooLarge { what: "bytes of headers for one entry", limit: self.limits.header_bytes })
            }
            Some(left) => {
                self.headers.set(Some(left - bytes));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// A reader under a meter.
pub(super) struct Metered<'m, R> {
    pub(super) inner: R,
    pub(super) meter: &'m Meter<'m>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        if n == 0 && !buf.is_empty() {
            self.meter.ended.set(true);
        }
        self.meter.count(n as u64)?;
        Ok(n)
    }
}

impl<R: Seek> Seek for Metered<'_, R> {
    /// What is skipped is not decoded, and does not count.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
