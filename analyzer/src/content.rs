//! Hashes of files' contents: one that many packages copy is the same everywhere, whatever its name and line ends.

use std::collections::HashMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::SourceTree;

/// The hashes of the files at `paths`, in their order.
pub(crate) fn hashes(tree: &SourceTree, paths: &[String]) -> Vec<String> {
    let by_path: HashMap<&str, &[u8]> =
        tree.files.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
    paths.iter().map(|path| hash(by_path.get(path.as_str()).copied().unwrap_or_default())).collect()
}

/// SHA-256 of the bytes, each CR LF counted as LF; 32 hexadecimal digits of it are enough to tell files apart.
fn hash(bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        hasher.update(&rest[..at]);
        rest = &rest[at + 1..];
    }
    hasher.update(rest);
    let mut text = String::with_capacity(32);
    for byte in &hasher.finalize()[..16] {
        _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn line_ends_do_not_matter_and_all_else_does() {
        assert_eq!(hash(b"a\r\nb\r\n\r\n"), hash(b"a\nb\n\n"));
        assert_eq!(hash(b""), "e3b0c44298fc1c149afbf4c8996fb924");
        for other in ["a\rb", "a\n\rb", "a\n b", "ab"] {
            assert_ne!(hash(other.as_bytes()), hash(b"a\nb"), "{other:?}");
        }
    }
}
