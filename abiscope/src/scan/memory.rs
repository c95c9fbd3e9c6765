//! Sharing the memory of the process, so that however many cores work on whatever input, it stays below 512 MB.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that all workers have together: 512 MB less what the program itself takes.
pub const ALL: u64 = 480 << 20;

/// Decoded bytes that are held of an archive at most (see [`analyzer::Limits::native_bytes`]).
const SOURCES: u64 = 160 << 20;

/// Bytes that an analysis takes at most, besides the sources ([`analyzer::Effort::Ordinary`]).
const ANALYSIS: u64 = 120 << 20;

/// How many times the decoded bytes an analysis takes at most.
const FOR_EACH_BYTE: u64 = 16;

/// The memory that nobody uses.
#[derive(Debug)]
pub struct Memory {
    free: Mutex<u64>,
    returned: Condvar,
    /// Whoever waits for much is not overtaken by those who want little.
    door: Mutex<()>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { free: Mutex::new(ALL), returned: Condvar::new(), door: Mutex::new(()) }
    }
}

impl Memory {
    /// Waits until so many bytes are free, and takes them until the share is dropped. Nobody needs more than [`ALL`].
    pub fn take(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(ALL);
        let _door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.returned.wait_while(free, |free| *free < bytes);
        *free.unwrap_or_else(PoisonError::into_inner) -= bytes;
        Share { memory: self, bytes }
    }
}

/// Bytes that somebody uses.
#[derive(Debug)]
pub struct Share<'m> {
    memory: &'m Memory,
    bytes: u64,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.memory.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.memory.returned.notify_all();
    }
}

/// What reading and analysing `path` may take.
pub fn share_of(path: &Path) -> u64 {
    let packed = fs::metadata(path).ok().filter(fs::Metadata::is_file).map_or(0, |about| about.len());
    let decoded = told_by_gzip(path, packed).unwrap_or(SOURCES).min(SOURCES);
    packed + decoded + ANALYSIS.min(decoded.saturating_mul(FOR_EACH_BYTE))
}

/// The decoded length, as gzip data tells it at its end. If it lies, the archive is read as a stream, which takes
/// [`SOURCES`] at most: a length that is less than the packed one is not believed at all.
fn told_by_gzip(path: &Path, packed: u64) -> Option<u64> {
    let ending = path.extension()?;
    if ending != "gz" && ending != "tgz" {
        return None;
    }
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::End(-4)).ok()?;
    let mut length = [0; 4];
    file.read_exact(&mut length).ok()?;
    Some(u64::from(u32::from_le_bytes(length))).filter(|&length| length >= packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_comes_back_and_nobody_takes_more_than_there_is() {
        let memory = Memory::default();
        let peak = Mutex::new((0_u64, 0_u64));
        std::thread::scope(|scope| {
            for worker in 0..8_u64 {
                let (memory, peak) = (&memory, &peak);
                scope.spawn(move || {
                    for turn in 0..50 {
                        let share = memory.take(if (worker + turn) % 7 == 0 { u64::MAX } else { (turn * 3) << 20 });
                        let mut now = peak.lock().unwrap();
                        now.0 += share.bytes;
                        now.1 = now.1.max(now.0);
                        drop(now);
                        std::thread::yield_now();
                        peak.lock().unwrap().0 -= share.bytes;
                    }
                });
            }
        });
        assert_eq!(*memory.free.lock().unwrap(), ALL);
        assert_eq!(peak.lock().unwrap().1, ALL);
    }
}
