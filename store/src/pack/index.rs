//! Finding one's way in a pack. Takes any bytes: never panics, and allocates no more than the limits say.

use std::ops::Range;

use bytes::Bytes;

use super::{FOOTER, FRAME, MAGIC, MAX_INDEX, PackError};

/// Frames that one reading of lines may decompress: lines longer than this are cut.
const MAX_LINE_FRAMES: usize = 8;

/// Of a frame, as stored: compressed bytes, line ends.
type FrameLengths = (u32, u32);
/// Of a text, as stored: name, bytes, line ends.
type EntryLengths = (String, u64, u64);

/// What the index of a pack says.
#[derive(Debug)]
pub(crate) struct Index {
    /// Of each frame: where it starts in the blob, and the line ends in all frames before it. One more for the end.
    pub(super) frames: Vec<(u64, u64)>,
    pub(super) entries: Vec<Entry>,
    total: u64,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Within the texts laid end to end.
    pub(super) texts: Range<u64>,
    /// Line ends in all texts before it.
    pub(super) newlines_before: u64,
}

/// A part of a text: which bytes of the blob to fetch for it.
#[derive(Debug)]
pub(crate) struct Span {
    /// Of the blob.
    pub(crate) blob: Range<u64>,
    pub(super) frames: Range<usize>,
    /// Of the texts laid end to end: what of the frames is the text's.
    texts: Range<u64>,
    /// The 1-based number of the line in which `texts` starts.
    first_line: u64,
}

/// How many bytes of the blob's end are needed to call [`Index::read`], given any number of them.
pub(crate) fn tail_wanted(tail: &[u8]) -> Result<usize, PackError> {
    Ok(footer(tail)?.0 + FOOTER)
}

fn footer(tail: &[u8]) -> Result<(usize, usize), PackError> {
    let (_, footer) = tail.split_last_chunk::<FOOTER>().ok_or_else(|| PackError::new("shorter than a footer"))?;
    if footer[8..] != MAGIC {
        return Err(PackError::new("it does not end as a pack does"));
    }
    let number = |at: usize| u32::from_le_bytes([footer[at], footer[at + 1], footer[at + 2], footer[at + 3]]) as usize;
    let (packed, plain) = (number(0), number(4));
    if packed > MAX_INDEX || plain > MAX_INDEX {
        return Err(PackError::new("its index is too long"));
    }
    Ok((packed, plain))
}

impl Index {
    /// From the last bytes of a blob that has `size` bytes in all.
    pub(crate) fn read(tail: &[u8], size: u64) -> Result<Self, PackError> {
        let (packed, plain) = footer(tail)?;
        let start =
            tail.len().checked_sub(FOOTER + packed).ok_or_else(|| PackError::new("too few bytes of its end"))?;
        let index = decompress(&tail[start..tail.len() - FOOTER], plain)?;
        let (frames, entries): (Vec<FrameLengths>, Vec<EntryLengths>) =
            serde_json::from_slice(&index).map_err(|error| PackError(format!("its index: {error}")))?;
        let out = Self::laid_out(&frames, entries)?;
        let end = size.checked_sub((FOOTER + packed) as u64);
        let (frames_end, _) = out.frames[frames.len()];
        if end != Some(frames_end) || out.total.div_ceil(FRAME as u64) != frames.len() as u64 {
            return Err(PackError::new("its index does not fit its length"));
        }
        Ok(out)
    }

    fn laid_out(frames: &[FrameLengths], entries: Vec<EntryLengths>) -> Result<Self, PackError> {
        let mut laid = Vec::with_capacity(frames.len() + 1);
        let (mut at, mut lines) = (MAGIC.len() as u64, 0);
        laid.push((at, lines));
        for (length, newlines) in frames {
            at += u64::from(*length);
            lines += u64::from(*newlines);
            laid.push((at, lines));
        }
        let (mut total, mut lines) = (0_u64, 0_u64);
        let mut out = Vec::with_capacity(entries.len());
        for (name, length, newlines) in entries {
            let end = total.checked_add(length).ok_or_else(|| PackError::new("its lengths overflow"))?;
            out.push(Entry { name, texts: total..end, newlines_before: lines });
            lines = lines.checked_add(newlines).ok_or_else(|| PackError::new("its lines overflow"))?;
            total = end;
        }
        Ok(Self { frames: laid, entries: out, total })
    }

    /// The names, in the order of writing.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// Every text with its name, in the order of writing, from the whole pack. The texts share one buffer.
    pub(crate) fn all(&self, pack: &[u8]) -> Result<Vec<(&str, Bytes)>, PackError> {
        let frames = 0..self.frames.len() - 1;
        let mut texts = Bytes::from(self.decompressed(&frames, 0, pack)?);
        let mut out = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let length = usize::try_from(entry.texts.end - entry.texts.start).unwrap_or(usize::MAX);
            if length > texts.len() {
                return Err(PackError::new("its texts are cut short"));
            }
            out.push((entry.name.as_str(), texts.split_to(length)));
        }
        Ok(out)
    }

    /// The whole text of a name.
    pub(crate) fn whole(&self, name: &str) -> Option<Span> {
        let entry = self.entry(name)?;
        let frames = self.frames_of(&entry.texts);
        Some(self.span(entry, frames))
    }

    /// Lines `from..=to` of a name's text, 1-based, as far as they exist.
    pub(crate) fn lines(&self, name: &str, from: u32, to: u32) -> Option<Span> {
        let entry = self.entry(name)?;
        let all = self.frames_of(&entry.texts);
        // The line ends of the texts before a line's first byte: it starts in the frame that holds the last of them.
        let holding = |newlines: u64| self.frames.partition_point(|(_, before)| *before < newlines).saturating_sub(1);
        let nth = |line: u32| entry.newlines_before.saturating_add(u64::from(line));
        let first = if from <= 1 { all.start } else { holding(nth(from - 1)) };
        let first = first.clamp(all.start, all.end.saturating_sub(1).max(all.start));
        let last = (holding(nth(to)) + 1).clamp(first, all.end).min(first + MAX_LINE_FRAMES);
        Some(self.span(entry, first..last))
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    fn frames_of(&self, texts: &Range<u64>) -> Range<usize> {
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(self.frames.len() - 1);
        let first = index(texts.start / FRAME as u64);
        if texts.is_empty() { first..first } else { first..index(texts.end.div_ceil(FRAME as u64)) }
    }

    fn span(&self, entry: &Entry, frames: Range<usize>) -> Span {
        let (start, lines) = self.frames[frames.start];
        let (end, _) = self.frames[frames.end];
        let inside = self.texts_of(&frames);
        let starts_inside = inside.start > entry.texts.start;
        Span {
            blob: start..end,
            texts: inside.start.max(entry.texts.start)..inside.end.min(entry.texts.end),
            first_line: if starts_inside { lines.saturating_sub(entry.newlines_before) + 1 } else { 1 },
            frames,
        }
    }

    pub(super) fn texts_of(&self, frames: &Range<usize>) -> Range<u64> {
        let at = |frame: usize| (frame as u64 * FRAME as u64).min(self.total);
        at(frames.start)..at(frames.end)
    }

    /// The bytes of a span, from the bytes of its part of the blob.
    pub(crate) fn bytes(&self, span: &Span, blob: &[u8]) -> Result<Vec<u8>, PackError> {
        let inside = self.texts_of(&span.frames);
        let out = self.decompressed(&span.frames, span.blob.start, blob)?;
        let wanted = span.texts.start.saturating_sub(inside.start)..span.texts.end.saturating_sub(inside.start);
        let wanted = slice(&out, &wanted).unwrap_or_default();
        Ok(wanted.to_vec())
    }
}

impl Index {
    /// The texts of these frames, from bytes of the blob that start at `start` in it.
    pub(super) fn decompressed(&self, frames: &Range<usize>, start: u64, blob: &[u8]) -> Result<Vec<u8>, PackError> {
        let mut out = Vec::new();
        for frame in frames.clone() {
            let range = self.frames[frame].0 - start..self.frames[frame + 1].0 - start;
            let packed = slice(blob, &range).ok_or_else(|| PackError::new("a frame is cut short"))?;
            let texts = self.texts_of(&(frame..frame + 1));
            let length = usize::try_from(texts.end - texts.start).map_err(|_| PackError::new("a frame is too long"))?;
            out.extend_from_slice(&decompress(packed, length)?);
        }
        Ok(out)
    }
}

impl Span {
    /// The lines `from..=to` of the bytes of this span, without their ends.
    pub(crate) fn cut_lines<'a>(&self, bytes: &'a [u8], from: u32, to: u32) -> Vec<&'a [u8]> {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let skip = usize::try_from(u64::from(from.max(1)).saturating_sub(self.first_line)).unwrap_or(usize::MAX);
        let count = to.saturating_sub(from.max(1)).saturating_add(1);
        if bytes.is_empty() && self.texts.is_empty() {
            return Vec::new();
        }
        bytes.split(|byte| *byte == b'\n').skip(skip).take(count as usize).collect()
    }
}

fn slice<'a>(bytes: &'a [u8], range: &Range<u64>) -> Option<&'a [u8]> {
    bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
}

fn decompress(packed: &[u8], length: usize) -> Result<Vec<u8>, PackError> {
    let plain = zstd::bulk::decompress(packed, length).map_err(|error| PackError(format!("zstd: {error}")))?;
    if plain.len() != length {
        return Err(PackError::new("a frame has another length than its index says"));
    }
    Ok(plain)
}
