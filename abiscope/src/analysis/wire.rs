//! Messages over pipes: a preamble of fixed length, a head of JSON, and parts of bytes.
//!
//! Whoever reads believes nothing: lengths are bounded, and memory grows with what has come, not with what was promised.

use std::io::{self, Read, Write};

use analyzer::{Fingerprint, TreeFacts};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Starts every message; its last digit is the version.
const MAGIC: [u8; 8] = *b"abisana2";
/// Parts of a message: an archive; or a report, its sites and its sources.
const PARTS: usize = 3;
/// Bytes of a preamble: the magic, the length of the head, the number of parts, the length of each.
const PREAMBLE: usize = 8 + 4 + 4 + PARTS * 8;
/// Bytes of a head: file names, fingerprints and reasons.
const MAX_HEAD: usize = 1 << 20;
/// Bytes of a part. Archives have at most half of this.
const MAX_PART: u64 = 512 << 20;

/// What a child is asked.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    /// Comes back in the reply.
    pub(super) number: u64,
    /// The name of the sdist.
    pub(super) filename: String,
    /// What the one part is.
    pub(super) input: Input,
    /// What reports follow from that are there already: where the file's is one of these, it is not analysed.
    pub(super) known: Vec<Fingerprint>,
}

/// What is to be analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Input {
    /// An sdist.
    Archive,
    /// A source pack.
    Pack,
}

/// What a child says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reply {
    /// Once, when its limits are set and it waits for work.
    Ready,
    /// The parts are the report in JSON, the pack of its sites, and, for an archive, that of its sources.
    Analysed { number: u64, fingerprint: Fingerprint },
    /// It is known what the report would say. The part is, for an archive, the pack of its sources.
    Unchanged { number: u64, fingerprint: Fingerprint, tree: TreeFacts },
    /// The archive has no source tree: the state that follows, and why.
    Ended { number: u64, state: String, reason: String },
    /// What was found cannot be packed, or a pack not read: why.
    Failed { number: u64, reason: String },
}

/// A head with its parts.
#[derive(Debug)]
pub(super) struct Message<H> {
    pub(super) head: H,
    pub(super) parts: Vec<Bytes>,
}

impl<H: Serialize> Message<H> {
    /// The preamble and the head.
    fn start(&self) -> io::Result<Vec<u8>> {
        let head = serde_json::to_vec(&self.head)?;
        let mut start = MAGIC.to_vec();
        let short = |length: usize| u32::try_from(length).map_err(|_| garbage("a head is too long"));
        start.extend(short(head.len())?.to_le_bytes());
        start.extend(short(self.parts.len())?.to_le_bytes());
        let lengths = self.parts.iter().map(Bytes::len).chain(std::iter::repeat(0));
        lengths.take(PARTS).for_each(|length| start.extend((length as u64).to_le_bytes()));
        start.extend(head);
        Ok(start)
    }

    /// Writes it, in a child.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.start()?)?;
        self.parts.iter().try_for_each(|part| to.write_all(part))?;
        to.flush()
    }

    /// Writes it, to a child.
    pub(super) async fn send(&self, to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        to.write_all(&self.start()?).await?;
        for part in &self.parts {
            to.write_all(part).await?;
        }
        to.flush().await
    }
}

impl<H: DeserializeOwned> Message<H> {
    /// Reads one, in a child; `None` at the end of the input.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut preamble = [0; PREAMBLE];
        if from.read(&mut preamble[..1])? == 0 {
            return Ok(None);
        }
        from.read_exact(&mut preamble[1..])?;
        let lengths = Lengths::of(&preamble)?;
        let mut read = |length: u64| {
            let mut bytes = Vec::new();
            from.by_ref().take(length).read_to_end(&mut bytes)?;
            whole(bytes, length)
        };
        let head = serde_json::from_slice(&read(lengths.head)?)?;
        let parts = lengths.parts.iter().map(|length| read(*length)).collect::<io::Result<_>>()?;
        Ok(Some(Self { head, parts }))
    }

    /// Reads one, from a child.
    pub(super) async fn receive(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let mut preamble = [0; PREAMBLE];
        from.read_exact(&mut preamble).await?;
        let lengths = Lengths::of(&preamble)?;
        let head = serde_json::from_slice(&received(from, lengths.head).await?)?;
        let mut parts = Vec::with_capacity(lengths.parts.len());
        for length in lengths.parts {
            parts.push(received(from, length).await?);
        }
        Ok(Self { head, parts })
    }
}

async fn received(from: &mut (impl AsyncRead + Unpin), length: u64) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes).await?;
    whole(bytes, length)
}

fn whole(bytes: Vec<u8>, length: u64) -> io::Result<Bytes> {
    if bytes.len() as u64 == length { Ok(bytes.into()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// What a preamble promises, within bounds.
struct Lengths {
    head: u64,
    parts: Vec<u64>,
}

impl Lengths {
    fn of(preamble: &[u8; PREAMBLE]) -> io::Result<Self> {
        if preamble[..8] != MAGIC {
            return Err(garbage("it does not start as a message does"));
        }
        let short =
            |at: usize| preamble[at..at + 4].iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let long = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let (head, count) = (short(8), short(12));
        if head > MAX_HEAD || count > PARTS {
            return Err(garbage("its head is out of bounds"));
        }
        let parts: Vec<u64> = preamble[16..].chunks(8).take(count).map(long).collect();
        if parts.iter().any(|length| *length > MAX_PART) {
            return Err(garbage("a part is out of bounds"));
        }
        Ok(Self { head: head as u64, parts })
    }
}

fn garbage(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message<Reply> {
        let fingerprint = Fingerprint::from_bytes([7; 16]);
        Message {
            head: Reply::Analysed { number: 7, fingerprint },
            parts: vec![Bytes::from_static(b"report"), Bytes::new()],
        }
    }

    fn written(message: &Message<Reply>) -> Vec<u8> {
        let mut out = Vec::new();
        message.write(&mut out).expect("written");
        out
    }

    async fn received(bytes: &[u8]) -> io::Result<Message<Reply>> {
        Message::receive(&mut &bytes[..]).await
    }

    #[tokio::test]
    async fn what_is_written_is_read_both_ways() {
        let bytes = written(&message());
        let read = Message::<Reply>::read(&mut bytes.as_slice()).expect("read").expect("one");
        assert_eq!((read.head, read.parts), (message().head, message().parts));
        let read = received(&bytes).await.expect("read");
        assert_eq!((read.head, read.parts), (message().head, message().parts));
        let mut sent = Vec::new();
        message().send(&mut sent).await.expect("sent");
        assert_eq!(sent, bytes);
        assert!(Message::<Reply>::read(&mut [].as_slice()).expect("an end").is_none());
    }

    #[tokio::test]
    async fn a_message_that_is_cut_anywhere_is_an_error() {
        let bytes = written(&message());
        for length in 1..bytes.len() {
            assert!(Message::<Reply>::read(&mut &bytes[..length]).is_err(), "{length}");
            assert!(received(&bytes[..length]).await.is_err(), "{length}");
        }
    }

    #[tokio::test]
    async fn lengths_out_of_bounds_are_refused_and_long_ones_cost_no_memory() {
        let good = written(&message());
        for (at, what) in [(0, "magic"), (11, "head"), (15, "count"), (23, "part")] {
            let mut bad = good.clone();
            bad[at] = 0xff;
            let refused = received(&bad).await.expect_err(what);
            assert_eq!(refused.kind(), io::ErrorKind::InvalidData, "{what}");
        }
        let mut long = good;
        // 256 MiB are promised, and a few bytes come.
        long[16..24].copy_from_slice(&(256_u64 << 20).to_le_bytes());
        assert_eq!(received(&long).await.expect_err("short").kind(), io::ErrorKind::UnexpectedEof);
    }
}
