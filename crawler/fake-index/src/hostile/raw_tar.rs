//! Tar archives byte by byte, wrong ones too.

use tar::{EntryType, Header};

/// A tar archive in the making; nothing is checked.
#[derive(Debug, Clone, Default)]
pub(super) struct RawTar(Vec<u8>);

impl RawTar {
    /// A good small sdist, without its end.
    pub(super) fn sdist() -> Self {
        Self::default().file("pkg-1.0/setup.py", b"setup()").file("pkg-1.0/src/a.c", super::SOURCE)
    }

    pub(super) fn file(self, name: impl AsRef<[u8]>, data: &[u8]) -> Self {
        self.entry(EntryType::Regular, name, data.len() as u64, data)
    }

    pub(super) fn link(self, kind: EntryType, name: &str, target: &str) -> Self {
        self.header(kind, name.as_bytes(), 0, target.as_bytes())
    }

    /// An entry that says it has `size` bytes and brings `data`.
    pub(super) fn entry(self, kind: EntryType, name: impl AsRef<[u8]>, size: u64, data: &[u8]) -> Self {
        self.header(kind, name.as_ref(), size, b"").data(data)
    }

    /// PAX records, of the next entry or for all.
    pub(super) fn pax(self, kind: EntryType, records: &[(&str, &str)]) -> Self {
        let text: String = records.iter().map(|(key, value)| record(key, value)).collect();
        self.entry(kind, "PaxHeader", text.len() as u64, text.as_bytes())
    }

    pub(super) fn blocks_of_zero(mut self, count: usize) -> Self {
        self.0.resize(self.0.len() + count * 512, 0);
        self
    }

    /// The bytes, with the end that tar writes.
    pub(super) fn end(self) -> Vec<u8> {
        self.blocks_of_zero(2).0
    }

    /// The bytes, with no end.
    pub(super) fn no_end(self) -> Vec<u8> {
        self.0
    }

    fn header(mut self, kind: EntryType, name: &[u8], size: u64, target: &[u8]) -> Self {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        let old = header.as_old_mut();
        let length = name.len().min(old.name.len());
        old.name[..length].copy_from_slice(&name[..length]);
        old.linkname[..target.len()].copy_from_slice(target);
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
        self
    }

    fn data(mut self, data: &[u8]) -> Self {
        self.0.extend_from_slice(data);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }
}

/// `LENGTH key=value\n`, where the length counts itself.
fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}
