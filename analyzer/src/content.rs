//! Hashes of files' contents: one that many packages copy is the same everywhere, whatever its name and line ends.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3;

use crate::SourceTree;

/// The hashes of the files at `paths`, in their order.
pub(crate) fn hashes(tree: &SourceTree, paths: &[String]) -> Vec<String> {
    let by_path: HashMap<&str, &[u8]> =
        tree.files.iter().map(|file| (file.path.as_str(), file.bytes.as_ref())).collect();
    paths.iter().map(|path| hash(by_path.get(path.as_str()).copied().unwrap_or_default())).collect()
}

/// XXH3 of the bytes, 128 bits, each CR LF counted as LF: enough to tell files apart, and no proof of anything.
fn hash(bytes: &[u8]) -> String {
    let mut hasher = Xxh3::new();
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        hasher.update(&rest[..at]);
        rest = &rest[at + 1..];
    }
    hasher.update(rest);
    format!("{:032x}", hasher.digest128())
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn line_ends_do_not_matter_and_all_else_does() {
        assert_eq!(hash(b"a\r\nb\r\n\r\n"), hash(b"a\nb\n\n"));
        assert_eq!(hash(b""), "99aa06d3014798d86001c324468d497f");
        for other in ["a\rb", "a\n\rb", "a\n b", "ab"] {
            assert_ne!(hash(other.as_bytes()), hash(b"a\nb"), "{other:?}");
        }
    }
}
