//! Packs as source search sees them: a frame is a unit, and lines are whole.
//!
//! A line belongs to the frame that holds the byte before it, or the first byte of its file: so each line of each file
//! belongs to exactly one frame, and the last one of a frame ends in a frame behind it.

use std::ops::Range;

use super::{Index, PackError};

/// The texts of some frames that follow each other, and of as many behind them as it takes to end their last line.
#[derive(Debug)]
pub(crate) struct Window {
    /// The frames whose lines it is read for.
    frames: Range<usize>,
    /// Of the texts laid end to end: where `text` starts.
    start: u64,
    text: Vec<u8>,
}

/// Lines of one file that belong to a window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    /// Which file of the pack.
    pub(crate) entry: usize,
    /// Its lines.
    pub(crate) text: &'a [u8],
    /// The number of the first of them, from 1.
    pub(crate) first_line: u64,
    /// Bytes of the file before them.
    pub(crate) offset: u64,
    /// What the window has of the file behind them.
    pub(crate) after: &'a [u8],
}

impl Window {
    /// The same texts, for the lines of other frames among them.
    pub(crate) fn narrowed(&mut self, frames: Range<usize>) {
        self.frames = frames;
    }

    /// Bytes that were decompressed for it.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }
}

impl Index {
    /// How many frames there are.
    pub(crate) fn frames(&self) -> usize {
        self.frames.len() - 1
    }

    /// Which bytes of the blob hold these frames.
    pub(crate) fn blob_of(&self, frames: &Range<usize>) -> Range<u64> {
        self.frames[frames.start].0..self.frames[frames.end].0
    }

    /// The name of a file.
    pub(crate) fn name(&self, entry: usize) -> &str {
        self.entries.get(entry).map_or("", |entry| entry.name.as_str())
    }

    /// Bytes of all files that `of` lets through.
    pub(crate) fn bytes_of(&self, of: impl Fn(&str) -> bool) -> u64 {
        let counted = self.entries.iter().filter(|entry| of(&entry.name));
        counted.map(|entry| entry.texts.end - entry.texts.start).sum()
    }

    /// Whether any file that `of` lets through reaches into these frames.
    pub(crate) fn is_any_in(&self, frames: &Range<usize>, of: &[bool]) -> bool {
        let texts = self.texts_of(frames);
        let (entries, first) = self.in_texts(&texts);
        (first..).zip(entries).any(|(at, _)| of.get(at) == Some(&true))
    }

    /// A window of `frames`, from bytes of the blob that hold `read`, which starts with them.
    pub(crate) fn window(&self, frames: Range<usize>, read: &Range<usize>, blob: &[u8]) -> Result<Window, PackError> {
        let text = self.decompressed(read, self.frames[read.start].0, blob)?;
        Ok(Window { start: self.texts_of(read).start, frames, text })
    }

    /// The lines of each file that belong to a window; `None`: the last line does not end in it.
    pub(crate) fn parts<'a>(&self, window: &'a Window) -> Option<Vec<Part<'a>>> {
        let own = self.texts_of(&window.frames);
        let own_start = usize::try_from(own.start.saturating_sub(window.start)).unwrap_or(usize::MAX);
        let mut newlines = (own_start, self.frames[window.frames.start].1);
        let (entries, first) = self.in_texts(&own);
        let mut out = Vec::with_capacity(entries.len());
        for (at, entry) in (first..).zip(entries) {
            let local = |at: u64| usize::try_from(at.saturating_sub(window.start)).unwrap_or(usize::MAX);
            // The file as far as the window has it.
            let here = local(entry.texts.start)..local(entry.texts.end).min(window.text.len());
            let line_after = |from: usize| {
                let rest = window.text.get(from..here.end)?;
                memchr::memchr(b'\n', rest).map(|length| from + length + 1)
            };
            let start = if entry.texts.start >= own.start {
                here.start
            } else {
                match line_after(own_start) {
                    Some(start) if start <= local(own.end) => start,
                    // No line starts in these frames.
                    _ => continue,
                }
            };
            let end = if entry.texts.end <= own.end {
                here.end
            } else {
                match line_after(local(own.end)) {
                    Some(end) => end,
                    None if entry.texts.end <= window.start + window.text.len() as u64 => here.end,
                    None => return None,
                }
            };
            newlines.1 += super::newlines(&window.text[newlines.0..start]) as u64;
            newlines.0 = start;
            out.push(Part {
                entry: at,
                text: &window.text[start..end],
                first_line: newlines.1.saturating_sub(entry.newlines_before) + 1,
                offset: (window.start + start as u64).saturating_sub(entry.texts.start),
                after: &window.text[end..here.end.max(end)],
            });
        }
        Some(out)
    }

    /// The files that reach into some texts, and the place of the first of them.
    fn in_texts(&self, texts: &Range<u64>) -> (&[super::index::Entry], usize) {
        let first = self.entries.partition_point(|entry| entry.texts.end <= texts.start);
        let end = self.entries.partition_point(|entry| entry.texts.start < texts.end).max(first);
        (&self.entries[first..end], first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pack;

    fn texts() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let lines = (1_usize..300_000, 1_usize..4).prop_map(|(length, times)| {
            let mut line = vec![b'x'; length];
            line.push(b'\n');
            line.repeat(times)
        });
        let text = prop_oneof![
            3 => prop::collection::vec(any::<u8>(), 0..300),
            2 => lines,
            1 => (1_usize..600_000).prop_map(|length| vec![b'y'; length]),
            1 => (1_usize..600_000).prop_map(|length| vec![b'\n'; length]),
        ];
        prop::collection::vec(text, 0..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_line_belongs_to_exactly_one_frame(texts in texts()) {
            let names: Vec<String> = (0..texts.len()).map(|n| format!("{n}.c")).collect();
            let pack = pack::write(names.iter().map(String::as_str).zip(texts.iter().map(Vec::as_slice))).unwrap();
            let index = Index::read(&pack, pack.len() as u64).unwrap();
            let mut found = vec![Vec::new(); texts.len()];
            for frame in 0..index.frames() {
                let mut read = frame..frame + 1;
                loop {
                    let blob = index.blob_of(&read);
                    let blob = &pack[usize::try_from(blob.start).unwrap()..usize::try_from(blob.end).unwrap()];
                    let window = index.window(frame..frame + 1, &read, blob).unwrap();
                    if let Some(parts) = index.parts(&window) {
                        for part in parts {
                            let have: &mut Vec<u8> = &mut found[part.entry];
                            prop_assert_eq!(part.offset, have.len() as u64);
                            prop_assert_eq!(part.first_line, super::super::newlines(have) as u64 + 1);
                            have.extend(part.text);
                        }
                        break;
                    }
                    read.end += 1;
                }
            }
            prop_assert!(found == texts);
        }
    }
}
