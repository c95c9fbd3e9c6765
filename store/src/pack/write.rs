//! Making a pack.

use super::{FRAME, MAGIC, MAX_INDEX, PackError, newlines};

/// High enough to halve the size of level 3, low enough for 80 MB/s.
const LEVEL: i32 = 9;

/// Packs the texts, in their order. The same texts give the same bytes.
pub(crate) fn write<'a>(texts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, PackError> {
    let mut frames = Frames::new()?;
    let mut entries: Vec<(&str, usize, usize)> = Vec::new();
    for (name, bytes) in texts {
        entries.push((name, bytes.len(), newlines(bytes)));
        frames.push(bytes)?;
    }
    frames.flush()?;
    let index = serde_json::to_vec(&(&frames.lengths, entries)).map_err(|error| PackError(error.to_string()))?;
    if index.len() > MAX_INDEX {
        return Err(PackError(format!(
            "the index of a pack is limited to {MAX_INDEX} bytes, this one has {}",
            index.len()
        )));
    }
    let mut out = frames.out;
    let packed = frames.compressor.compress(&index).map_err(zstd_error)?;
    out.extend_from_slice(&packed);
    for length in [packed.len(), index.len()] {
        out.extend_from_slice(&u32::try_from(length).map_err(|_| PackError::new("index too long"))?.to_le_bytes());
    }
    out.extend_from_slice(&MAGIC);
    Ok(out)
}

struct Frames {
    out: Vec<u8>,
    pending: Vec<u8>,
    /// Compressed length and line ends of each frame.
    lengths: Vec<(usize, usize)>,
    compressor: zstd::bulk::Compressor<'static>,
}

impl Frames {
    fn new() -> Result<Self, PackError> {
        let mut compressor = zstd::bulk::Compressor::new(LEVEL).map_err(zstd_error)?;
        compressor.include_checksum(true).map_err(zstd_error)?;
        Ok(Self { out: MAGIC.to_vec(), pending: Vec::with_capacity(FRAME), lengths: Vec::new(), compressor })
    }

    fn push(&mut self, mut bytes: &[u8]) -> Result<(), PackError> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(FRAME - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == FRAME {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), PackError> {
        if !self.pending.is_empty() {
            let frame = self.compressor.compress(&self.pending).map_err(zstd_error)?;
            self.lengths.push((frame.len(), newlines(&self.pending)));
            self.out.extend_from_slice(&frame);
            self.pending.clear();
        }
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn zstd_error(error: std::io::Error) -> PackError {
    PackError(format!("zstd: {error}"))
}
