//! Builds archives byte by byte, wrong ones too.

use std::io::Write;

use tar::{EntryType, Header};

/// A tar archive in the making; nothing is checked.
#[derive(Clone, Default)]
pub(super) struct Tar(Vec<u8>);

impl Tar {
    /// A good small sdist, without its end.
    pub(super) fn sdist() -> Self {
        Self::default()
            .folder("pkg-1.0/")
            .file("pkg-1.0/setup.py", b"setup()")
            .file("pkg-1.0/src/a.c", b"int a;")
            .file("pkg-1.0/README.md", b"words")
    }

    pub(super) fn file(self, name: impl AsRef<[u8]>, data: &[u8]) -> Self {
        self.entry(EntryType::Regular, name, data.len() as u64, data)
    }

    pub(super) fn folder(self, name: &str) -> Self {
        self.entry(EntryType::Directory, name, 0, b"")
    }

    pub(super) fn link(self, kind: EntryType, name: &str, target: &str) -> Self {
        self.header(kind, name.as_bytes(), 0, target.as_bytes())
    }

    /// An entry that says it has `size` bytes and brings `data`.
    pub(super) fn entry(self, kind: EntryType, name: impl AsRef<[u8]>, size: u64, data: &[u8]) -> Self {
        self.header(kind, name.as_ref(), size, b"").data(data)
    }

    /// PAX records for the next entry.
    pub(super) fn pax(self, records: &[(&str, &str)]) -> Self {
        self.pax_as(EntryType::XHeader, records)
    }

    pub(super) fn pax_as(self, kind: EntryType, records: &[(&str, &str)]) -> Self {
        let text: String = records.iter().map(|(key, value)| record(key, value)).collect();
        self.entry(kind, "PaxHeader", text.len() as u64, text.as_bytes())
    }

    /// A GNU long name for the next entry.
    pub(super) fn long_name(self, name: &[u8]) -> Self {
        self.entry(EntryType::GNULongName, "././@LongLink", name.len() as u64, name)
    }

    pub(super) fn blocks_of_zero(mut self, count: usize) -> Self {
        self.0.resize(self.0.len() + count * 512, 0);
        self
    }

    pub(super) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
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

    fn header(self, kind: EntryType, name: &[u8], size: u64, target: &[u8]) -> Self {
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
        self.raw(header.as_bytes())
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

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A good zip of these files.
pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (i, (name, data)) in files.iter().enumerate() {
        let method = [zip::CompressionMethod::Deflated, zip::CompressionMethod::Stored][i % 2];
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            writer.start_file(*name, options).unwrap();
            writer.write_all(data).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// The files of [`Tar::sdist`] as a zip.
pub(super) fn zip_sdist() -> Vec<u8> {
    zip(&[
        ("pkg-1.0/", b""),
        ("pkg-1.0/setup.py", b"setup()"),
        ("pkg-1.0/src/a.c", b"int a;"),
        ("pkg-1.0/README.md", b"words"),
    ])
}

/// Changes each occurrence of `from` into `to`, of the same length.
pub(super) fn replace(bytes: &[u8], from: &[u8], to: &[u8], most: usize) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut changed = bytes.to_vec();
    for at in memchr::memmem::find_iter(bytes, from).take(most) {
        changed[at..at + to.len()].copy_from_slice(to);
    }
    changed
}
