//! Laws that hold for any bytes at all.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::fixture::{Tar, bzip2, gzip, xz, zip, zip_sdist};
use super::*;

const NAMES: [&str; 5] = ["p.tar", "p.tar.gz", "p.tar.bz2", "p.tar.xz", "p.zip"];

/// Small limits, so that little bytes reach them.
fn small() -> Limits {
    Limits {
        decoded_bytes: 64 << 10,
        ratio: 20,
        ratio_floor: 16 << 10,
        entries: 6,
        file_bytes: 2_000,
        native_bytes: 5_000,
        name_bytes: 200,
        header_bytes: 2_000,
    }
}

/// Reads twice: no panic, the same answer, and nothing over the limits.
fn check(name: &str, bytes: &[u8]) {
    let limits = small();
    let result = read_sdist(name, bytes, &limits);
    assert_eq!(result, read_sdist(name, bytes, &limits), "deterministic");
    match result {
        Ok(tree) => {
            assert!(tree.entries <= limits.entries && tree.entries > 0);
            assert!(tree.decoded_bytes <= limits.decoded_bytes);
            assert!(tree.files.iter().all(|file| file.bytes.len() as u64 <= limits.file_bytes));
            assert!(tree.files.iter().map(|file| file.bytes.len() as u64).sum::<u64>() <= limits.native_bytes);
            assert!(tree.files.is_sorted_by(|a, b| a.path < b.path), "sorted, each name once");
            assert!(tree.files.iter().all(|file| file.language().is_some()));
            assert!(tree.files.iter().all(|file| !file.path.chars().any(char::is_control)));
        }
        Err(error) => assert!(error.to_string().bytes().all(|byte| matches!(byte, b' '..=b'~'))),
    }
}

/// Made once: the encoders take longer than the reading.
static GOOD: LazyLock<Vec<(&str, Vec<u8>)>> = LazyLock::new(|| {
    let tar = Tar::sdist()
        .pax(&[("path", "pkg-1.0/long.c")])
        .file("x", b"int x;")
        .link(tar::EntryType::Symlink, "pkg-1.0/l", "x")
        .end();
    vec![
        ("p.tar.gz", gzip(&tar)),
        ("p.tar.bz2", bzip2(&tar)),
        ("p.tar.xz", xz(&tar)),
        ("p.zip", zip_sdist()),
        ("p.tar", tar),
    ]
});

/// A name that is the same in a tar and in a zip, below one top folder.
fn names() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = "[a-d]{1,3}(/[a-d]{1,3}){0,2}\\.(c|h|pyx|py|png)";
    proptest::collection::btree_map(name, proptest::collection::vec(any::<u8>(), 0..300), 1..8)
        .prop_map(|files| files.into_iter().map(|(name, data)| (format!("top/{name}"), data)).collect())
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3_000), name in 0..NAMES.len()) {
        check(NAMES[name], &bytes);
        check("p.tar.gz", &gzip(&bytes));
    }

    #[test]
    fn changed_good_archives_never_panic(
        which in 0..5_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let (name, mut bytes) = GOOD[which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(name, &bytes);
        check("p.tar.gz", &gzip(&bytes));
    }

    #[test]
    fn changed_headers_with_a_right_checksum_never_panic(
        changes in proptest::collection::vec((0..512_usize, any::<u8>()), 1..6),
        block in 0..4_usize,
    ) {
        let mut bytes = GOOD[4].1.clone();
        let starts: Vec<_> = memchr::memmem::find_iter(&bytes, b"ustar").map(|at| at - 257).collect();
        let start = starts[block % starts.len()];
        for (at, byte) in changes {
            bytes[start + at] = byte;
        }
        let mut header = tar::Header::new_old();
        header.as_mut_bytes().copy_from_slice(&bytes[start..start + 512]);
        header.set_cksum();
        bytes[start..start + 512].copy_from_slice(header.as_bytes());
        check("p.tar", &bytes);
    }

    #[test]
    fn a_tar_and_a_zip_of_the_same_files_give_the_same_tree(files in names()) {
        let tar = files.iter().fold(Tar::default(), |tar, (name, data)| tar.file(name, data)).end();
        let listed: Vec<_> = files.iter().map(|(name, data)| (name.as_str(), data.as_slice())).collect();
        let from_tar = read("p.tar.gz", &gzip(&tar)).unwrap();
        let from_zip = read("p.zip", &zip(&listed)).unwrap();
        prop_assert_eq!(&from_tar.files, &from_zip.files);
        prop_assert_eq!(from_tar.files.len(), files.iter().filter(|(name, _)| crate::Language::of(name).is_some_and(crate::Language::is_native)).count());
    }
}
