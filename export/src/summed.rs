//! What was written, summed up while it is written.

use std::fmt::Write as _;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

/// Passes bytes on, and sums them up.
pub struct Summed<W> {
    to: W,
    bytes: u64,
    hash: Sha256,
}

/// What went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256 in hexadecimal.
    pub sha256: String,
}

impl<W: Write> Summed<W> {
    /// Sums up what is written to `to`.
    pub fn new(to: W) -> Self {
        Self { to, bytes: 0, hash: Sha256::new() }
    }

    /// What the bytes went to, and their sum.
    pub fn finish(self) -> (W, Sum) {
        let mut sha256 = String::with_capacity(64);
        for byte in self.hash.finalize() {
            let _ = write!(sha256, "{byte:02x}");
        }
        (self.to, Sum { bytes: self.bytes, sha256 })
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.to.write(bytes)?;
        self.hash.update(&bytes[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
