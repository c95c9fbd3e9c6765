use super::fixture::{replace, zip, zip_sdist};
use super::*;
use crate::TreeFlag;

fn flags(bytes: &[u8]) -> Vec<TreeFlag> {
    let tree = read("p.zip", bytes).unwrap();
    assert_eq!(files(&tree), [("setup.py", &b"setup()"[..]), ("src/a.c", b"int a;")]);
    tree.flags
}

#[test]
fn the_central_directory_is_the_truth_and_a_local_name_that_differs_is_flagged() {
    assert_eq!(flags(&zip_sdist()), []);
    let lying = replace(&zip_sdist(), b"pkg-1.0/src/a.c", b"pkg-1.0/src/b.c", 1);
    assert_eq!(flags(&lying), [TreeFlag::ZipMismatch]);
}

#[test]
fn data_before_or_after_the_archive_is_flagged() {
    assert_eq!(flags(&[b"#!/bin/sh\n".to_vec(), zip_sdist()].concat()), [TreeFlag::ZipMismatch]);
    assert_eq!(flags(&[zip_sdist(), b"more".to_vec()].concat()), [TreeFlag::ZipMismatch]);
}

#[test]
fn a_wrong_checksum_is_damage() {
    let stored = zip(&[("p/README", b""), ("p/a.c", b"int a;")]);
    let text = damage(read("p.zip", &replace(&stored, b"int a;", b"int b;", 1)));
    assert!(text.to_lowercase().contains("checksum"), "{text}");
}

#[test]
fn encrypted_entries_are_refused() {
    // Bit 0 of the general purpose flags, 8 bytes into an entry of the directory and 6 into a local header.
    let mut bytes = zip(&[("p/a.c", b"int a;")]);
    for (magic, offset) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = memchr::memmem::find(&bytes, magic).unwrap();
        bytes[at + offset] |= 1;
    }
    assert_eq!(read("p.zip", &bytes), Err(ArchiveError::Encrypted));
}

#[test]
fn methods_other_than_stored_and_deflate_are_refused() {
    // Method 12 is bzip2.
    let mut bytes = zip(&[("p/a.c", b"int a;")]);
    for (magic, offset) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        let at = memchr::memmem::find(&bytes, magic).unwrap();
        bytes[at + offset] = 12;
    }
    let text = damage(read("p.zip", &bytes));
    assert!(text.contains("sdists are stored or deflated"), "{text}");
}

#[test]
fn two_entries_of_one_name_are_flagged_and_the_last_wins() {
    let two = zip(&[("p/a.c", b"first!"), ("p/b.c", b"second")]);
    let tree = read("p.zip", &replace(&two, b"p/b.c", b"p/a.c", 9)).unwrap();
    assert_eq!(files(&tree), [("a.c", &b"second"[..])]);
    assert!(tree.flags.contains(&TreeFlag::DuplicateNames), "{:?}", tree.flags);
}

#[test]
fn links_are_flagged_and_not_read() {
    let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    writer.add_symlink("p/a.c", "/etc/passwd", options).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let tree = read("p.zip", &bytes).unwrap();
    assert_eq!((tree.files.len(), tree.flags), (0, vec![TreeFlag::SpecialEntries]));
}

#[test]
fn a_size_that_lies_is_damage() {
    let bytes = zip(&[("p/README", b""), ("p/a.c", b"int a;")]);
    // The uncompressed size, 24 bytes into the second entry of the directory.
    let at = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").nth(1).unwrap() + 24;
    for size in [0, 5, 7, 0x7f] {
        let mut lying = bytes.clone();
        lying[at] = size;
        assert!(read("p.zip", &lying).is_err(), "{size}");
    }
}

#[test]
fn a_zip_that_is_cut_short_is_damage() {
    let bytes = zip_sdist();
    for length in 0..bytes.len() - 22 {
        damage(read("p.zip", &bytes[..length]));
    }
}
