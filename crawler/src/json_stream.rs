//! JSON read while it comes: bounded in memory whatever the index sends.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use tokio::sync::mpsc;

use crate::body::Chunks;
use crate::trouble::{Trouble, excerpt};

/// Parts of the body on their way to the reader.
const PARTS_UNDER_WAY: usize = 4;

/// Bytes of one string or number.
const LONGEST_VALUE: usize = 1 << 20;

/// Lists and objects inside each other.
const DEEPEST: usize = 64;

/// Bytes of a body that are kept for messages.
const EXCERPT: usize = 200;

/// What a reader made of the body, with the beginning of it for messages.
pub(crate) struct Outcome<R> {
    pub(crate) result: R,
    /// Printable.
    pub(crate) begins_with: String,
}

/// Gives the body to `read`, which runs where it may block. It should read to the end; where it stops earlier the rest
/// is not asked for. A body that breaks or is over a limit is trouble, whatever `read` made of it.
pub(crate) async fn parse<R: Send + 'static>(
    mut chunks: Chunks,
    most_bytes: u64,
    read: impl FnOnce(&mut Source) -> R + Send + 'static,
) -> Result<Outcome<R>, Trouble> {
    let (parts, received) = mpsc::channel(PARTS_UNDER_WAY);
    let reader = tokio::task::spawn_blocking(move || {
        let mut source = Source::new(received, most_bytes);
        let result = read(&mut source);
        source.parts.close(); // or the sender would wait for room for ever
        (result, source)
    });
    let mut broken = None;
    loop {
        match chunks.next().await {
            Ok(Some(part)) => {
                if parts.send(part).await.is_err() {
                    break; // the reader has stopped
                }
            }
            Ok(None) => break,
            Err(trouble) => {
                broken = Some(trouble);
                break;
            }
        }
    }
    drop(parts);
    let (result, source) = reader.await.map_err(|crash| Trouble::Passing(format!("reading it crashed: {crash}")))?;
    match (source.over, broken) {
        (Some(why), _) => Err(Trouble::TooLarge(why)),
        (None, Some(trouble)) => Err(trouble),
        (None, None) => Ok(Outcome { result, begins_with: excerpt(&source.beginning) }),
    }
}

/// The body as a blocking reader, which watches the limits.
pub(crate) struct Source {
    parts: mpsc::Receiver<Bytes>,
    part: Bytes,
    beginning: Vec<u8>,
    left: u64,
    most: u64,
    shape: Shape,
    /// Which limit was met.
    over: Option<String>,
}

impl Source {
    fn new(parts: mpsc::Receiver<Bytes>, most: u64) -> Self {
        Self { parts, part: Bytes::new(), beginning: Vec::new(), left: most, most, shape: Shape::default(), over: None }
    }

    fn check(&mut self, bytes: &[u8]) -> Result<(), String> {
        let missing = EXCERPT.saturating_sub(self.beginning.len()).min(bytes.len());
        self.beginning.extend_from_slice(&bytes[..missing]);
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left = left.ok_or_else(|| format!("more than {} bytes", self.most))?;
        self.shape.check(bytes)
    }
}

impl Read for Source {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match self.parts.blocking_recv() {
                Some(part) => self.part = part,
                None => return Ok(0),
            }
        }
        let length = self.part.len().min(out.len());
        self.part.copy_to_slice(&mut out[..length]);
        self.check(&out[..length]).map_err(|why| {
            self.over = Some(why.clone());
            io::Error::other(why)
        })?;
        Ok(length)
    }
}

/// Follows the text only so far as to see how long its values and how deep its lists are: a parser must hold those in
/// memory.
#[derive(Debug, Default)]
struct Shape {
    depth: usize,
    length: usize,
    in_string: bool,
    escaped: bool,
}

impl Shape {
    fn check(&mut self, bytes: &[u8]) -> Result<(), String> {
        for byte in bytes {
            self.length += 1;
            match (self.in_string, byte) {
                (true, _) if self.escaped => self.escaped = false,
                (true, b'\\') => self.escaped = true,
                (_, b'"') => (self.in_string, self.length) = (!self.in_string, 0),
                (false, b'{' | b'[') => (self.depth, self.length) = (self.depth + 1, 0),
                (false, b'}' | b']') => (self.depth, self.length) = (self.depth.saturating_sub(1), 0),
                (false, b',' | b':') => self.length = 0,
                _ => {}
            }
            if self.length > LONGEST_VALUE {
                return Err(format!("a value of more than {LONGEST_VALUE} bytes"));
            }
            if self.depth > DEEPEST {
                return Err(format!("more than {DEEPEST} lists or objects inside each other"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), String> {
        Shape::default().check(text.as_bytes())
    }

    #[test]
    fn long_values_and_deep_lists_are_seen_and_brackets_in_strings_are_text() {
        assert_eq!(checked(&format!("{{\"a\": \"{}\"}}", "[".repeat(1000))), Ok(()));
        assert_eq!(checked(&format!("[\"{}\"]", "\\\"[".repeat(1000))), Ok(()));
        assert_eq!(checked(&"[],".repeat(100_000)), Ok(()));
        assert!(checked(&"[".repeat(65)).unwrap_err().contains("inside each other"));
        assert!(checked(&format!("[\"{}\"]", "a".repeat(LONGEST_VALUE + 1))).unwrap_err().contains("a value of more"));
        assert!(checked(&"1".repeat(LONGEST_VALUE + 1)).is_err());
    }

    #[test]
    fn the_shape_is_the_same_however_the_body_is_cut() {
        let mut shape = Shape::default();
        for byte in b"{\"a\\\"[[\": [1, 2], \"b\": {}}" {
            shape.check(&[*byte]).unwrap();
        }
        assert_eq!((shape.depth, shape.in_string), (0, false));
    }
}
