//! Compressed streams: gzip, bzip2 and xz, each perhaps in several members one after the other.
//!
//! The decoders of other crates stop after the first member, or cannot tell rubbish behind the last one from a broken
//! one; so the members are opened here one by one. This is also the only place to exchange a decoder for another.

use std::io::{self, Read};

use super::meter::Meter;
use crate::escape;

/// Memory that an xz stream may ask for: four times what its highest preset needs.
const XZ_MEMORY: u64 = 256 << 20;

/// One compressed stream, which knows where it ends.
pub(super) trait Member<'a>: Read + Sized {
    /// What the format is called.
    const NAME: &'static str;
    /// How a member starts.
    const MAGIC: &'static [u8];
    /// Starts decoding.
    fn open(bytes: &'a [u8]) -> io::Result<Self>;
    /// What follows the member, once it has been read to its end.
    fn rest(&self) -> &'a [u8];
}

/// Picks the decoder of a format for a lifetime of bytes.
pub(super) trait Compression {
    type Member<'a>: Member<'a>;
}

macro_rules! compression {
    ($name:ident, $doc:literal, $decoder:path, $label:literal, $magic:literal, $open:expr) => {
        #[doc = $doc]
        pub(super) struct $name;

        impl Compression for $name {
            type Member<'a> = $decoder;
        }

        impl<'a> Member<'a> for $decoder {
            const NAME: &'static str = $label;
            const MAGIC: &'static [u8] = $magic;

            fn open(bytes: &'a [u8]) -> io::Result<Self> {
                $open(bytes)
            }

            fn rest(&self) -> &'a [u8] {
                self.get_ref()
            }
        }
    };
}

compression!(Gzip, "RFC 1952.", flate2::bufread::GzDecoder<&'a [u8]>, "gzip", b"\x1f\x8b", |bytes| Ok(Self::new(
    bytes
)));
compression!(Bzip2, "bzip2 1.0.", bzip2::bufread::BzDecoder<&'a [u8]>, "bzip2", b"BZh", |bytes| Ok(Self::new(bytes)));
compression!(Xz, "The .xz format.", liblzma::bufread::XzDecoder<&'a [u8]>, "xz", b"\xfd7zXZ\0", |bytes| Ok(
    Self::new_stream(bytes, liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, 0)?)
));

/// All members of `bytes`, one after the other, as one stream.
pub(super) struct Members<'a, M> {
    current: Option<M>,
    meter: &'a Meter<'a>,
}

impl<'a, M: Member<'a>> Members<'a, M> {
    /// Starts with the first member; fails with a helpful sentence if there is none.
    pub(super) fn new(bytes: &'a [u8], meter: &'a Meter<'a>) -> io::Result<Self> {
        if !bytes.starts_with(M::MAGIC) {
            return Err(not_a(M::NAME, bytes));
        }
        Ok(Self { current: Some(M::open(bytes)?), meter })
    }

    /// Goes on behind a member that has ended. Anything that is no member is trailing rubbish, and the end.
    fn advance(&mut self, rest: &'a [u8]) -> io::Result<()> {
        self.current = None;
        if rest.starts_with(M::MAGIC) {
            self.current = Some(M::open(rest)?);
        } else if !rest.is_empty() {
            self.meter.note_trailing();
        }
        Ok(())
    }
}

impl<'a, M: Member<'a>> Read for Members<'a, M> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.current {
            match member.read(buf) {
                Ok(0) if !buf.is_empty() => {
                    let rest = member.rest();
                    self.advance(rest)?;
                }
                Ok(n) => return Ok(n),
                Err(error) => return Err(broken(M::NAME, &error)),
            }
        }
        Ok(0)
    }
}

/// What to say of bytes that do not start like their name promises.
pub(super) fn not_a(format: &str, bytes: &[u8]) -> io::Error {
    let start = &bytes[..bytes.len().min(40)];
    let text = if start.is_empty() {
        format!("not a {format} file: it is empty")
    } else {
        format!("not a {format} file: it starts with `{}`", escape::bytes(start))
    };
    io::Error::new(io::ErrorKind::InvalidData, text)
}

fn broken(format: &str, error: &io::Error) -> io::Error {
    let text = match error.kind() {
        io::ErrorKind::UnexpectedEof => format!("the {format} data is cut short"),
        _ => format!("the {format} data is broken: {error}"),
    };
    io::Error::new(error.kind(), text)
}
