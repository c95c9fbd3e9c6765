//! One test for each row of the survey's table of odd archives.

use tar::EntryType;

use super::fixture::{Tar, bzip2, gzip, xz};
use super::*;
use crate::TreeFlag;

/// Reads a gzipped tar; gives its paths and flags.
fn paths_and_flags(bytes: &[u8]) -> (Vec<String>, Vec<TreeFlag>) {
    let tree = read("p.tar.gz", bytes).unwrap();
    (tree.files.into_iter().map(|file| file.path).collect(), tree.flags)
}

fn good() -> Vec<u8> {
    gzip(&Tar::sdist().end())
}

const GOOD: [&str; 2] = ["setup.py", "src/a.c"];

#[test]
fn several_members_are_one_archive() {
    let tar = Tar::sdist().end();
    for (name, pack) in [("p.tar.gz", gzip as fn(&[u8]) -> Vec<u8>), ("p.tar.bz2", bzip2), ("p.tar.xz", xz)] {
        let (first, second) = tar.split_at(1000);
        let tree = read(name, &[pack(first), pack(second)].concat()).unwrap();
        assert_eq!((tree.files.len(), tree.flags), (2, vec![]), "{name}");
    }
}

#[test]
fn bytes_after_the_compressed_stream_are_flagged() {
    let tar = Tar::sdist().end();
    for (name, pack) in [("p.tar.gz", gzip as fn(&[u8]) -> Vec<u8>), ("p.tar.bz2", bzip2), ("p.tar.xz", xz)] {
        let tree = read(name, &[pack(&tar), b"rubbish".to_vec()].concat()).unwrap();
        assert_eq!((tree.files.len(), tree.flags), (2, vec![TreeFlag::Trailing]), "{name}");
    }
}

#[test]
fn rubbish_instead_of_the_rest_of_an_archive_is_damage() {
    let first = gzip(&Tar::sdist().no_end());
    let text = damage(read("p.tar.gz", &[first, b"rubbish".to_vec()].concat()));
    assert!(text.contains("has no end"), "{text}");
}

#[test]
fn a_wrong_checksum_is_damage_although_every_entry_is_fine() {
    let mut bytes = good();
    let crc = bytes.len() - 8;
    bytes[crc] ^= 1;
    let text = damage(read("p.tar.gz", &bytes));
    assert!(text.contains("gzip data is broken"), "{text}");
}

#[test]
fn a_stream_that_is_cut_short_is_damage_wherever_it_is_cut() {
    let tar = Tar::sdist().end();
    for (name, bytes) in [("p.tar.gz", gzip(&tar)), ("p.tar.bz2", bzip2(&tar)), ("p.tar.xz", xz(&tar))] {
        for length in 10..bytes.len() {
            assert!(read(name, &bytes[..length]).is_err(), "{name} of {length} bytes");
        }
    }
    assert!(damage(read("p.tar.gz", &good()[..60])).contains("gzip data is cut short"));
}

#[test]
fn data_after_the_end_is_flagged_and_not_read() {
    let tar = Tar::sdist().blocks_of_zero(1).file("pkg-1.0/hidden.c", b"x").end();
    let (paths, flags) = paths_and_flags(&gzip(&tar));
    assert_eq!((paths, flags), (GOOD.map(str::to_owned).to_vec(), vec![TreeFlag::DataAfterEnd]));
}

#[test]
fn padding_after_the_end_is_as_tar_writes_it() {
    assert_eq!(paths_and_flags(&gzip(&Tar::sdist().blocks_of_zero(20).end())).1, []);
}

#[test]
fn a_missing_end_is_flagged() {
    assert_eq!(paths_and_flags(&gzip(&Tar::sdist().no_end())).1, [TreeFlag::MissingEnd]);
}

#[test]
fn the_size_in_a_pax_record_wins_over_the_header() {
    // The header says 0 and the record 512: read by the header, the content would be an entry of its own.
    let hidden = Tar::default().file("pkg-1.0/hidden.c", b"").no_end();
    let more = Tar::default().pax(&[("size", "512")]).entry(EntryType::Regular, "pkg-1.0/b.c", 0, &hidden).end();
    let tree = read("p.tar", &more).unwrap();
    assert_eq!(files(&tree), [("b.c", hidden.as_slice())]);
    // The header says 512 and the record 0: read by the header, the next entry would be content.
    let less = Tar::default()
        .pax(&[("size", "0")])
        .entry(EntryType::Regular, "pkg-1.0/b.c", 512, b"")
        .file("pkg-1.0/seen.c", b"")
        .end();
    let tree = read("p.tar", &less).unwrap();
    assert_eq!(files(&tree), [("b.c", &b""[..]), ("seen.c", b"")]);
}

#[test]
fn a_global_pax_header_is_flagged_and_not_applied() {
    let tar = Tar::default()
        .pax_as(EntryType::XGlobalHeader, &[("path", "pkg-1.0/other.c"), ("comment", "0123abcd")])
        .file("pkg-1.0/a.c", b"")
        .end();
    assert_eq!(paths_and_flags(&gzip(&tar)), (vec!["a.c".to_owned()], vec![TreeFlag::GlobalPax]));
}

#[test]
fn sparse_entries_are_flagged_and_left_out() {
    let pax = Tar::default()
        .pax(&[("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "pkg-1.0/b.c")])
        .file("pkg-1.0/GNUSparseFile.0/b.c", b"1\n0\n3\nabc")
        .file("pkg-1.0/a.c", b"")
        .end();
    assert_eq!(paths_and_flags(&gzip(&pax)), (vec!["a.c".to_owned()], vec![TreeFlag::Sparse]));

    // The old form: a hole of 2^40 bytes and not a byte of data.
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(EntryType::GNUSparse);
    header.set_size(0);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.name[..11].copy_from_slice(b"pkg-1.0/b.c");
    gnu.sparse[0].offset.copy_from_slice(b"020000000000");
    gnu.sparse[0].numbytes.copy_from_slice(b"00000000000\0");
    gnu.realsize.copy_from_slice(b"020000000000");
    header.set_cksum();
    let old = Tar::default().raw(header.as_bytes()).file("pkg-1.0/a.c", b"").end();
    let tree = read("p.tar", &old).unwrap();
    assert_eq!((tree.files.len(), tree.flags), (1, vec![TreeFlag::Sparse]));
}

#[test]
fn of_two_entries_of_one_name_the_last_wins() {
    let tar = Tar::sdist().file("pkg-1.0/./src//a.c", b"int second;").file("pkg-1.0/README.md", b"").end();
    let tree = read("p.tar", &tar).unwrap();
    assert_eq!(files(&tree)[1], ("src/a.c", &b"int second;"[..]));
    assert_eq!(tree.flags, [TreeFlag::DuplicateNames]);
}

#[test]
fn a_link_that_takes_the_name_of_a_file_takes_its_place() {
    let tar = Tar::sdist().link(EntryType::Symlink, "pkg-1.0/src/a.c", "/etc/passwd").end();
    let tree = read("p.tar", &tar).unwrap();
    assert_eq!(files(&tree), [("setup.py", &b"setup()"[..])]);
    assert_eq!(tree.flags, [TreeFlag::DuplicateNames, TreeFlag::SpecialEntries]);
}

#[test]
fn odd_names_are_text_without_power() {
    for (name, path) in [
        (&b"../../up.c"[..], "../../up.c"),
        (b"/etc/abs.c", "etc/abs.c"),
        (b"p\\win.c", r"p\x5cwin.c"),
        (b"C:/drive.c", "C:/drive.c"),
        (b"p/\xff\xfe.c", r"p/\xff\xfe.c"),
        (b"p/\x1b[2J.c", r"p/\x1b[2J.c"),
    ] {
        let tar = Tar::default().file("setup.py", b"").file(name, b"").end();
        let tree = read("p.tar", &tar).unwrap();
        assert!(tree.files.iter().any(|file| file.path == path), "{path}: {tree:?}");
        assert_eq!(tree.flags, [TreeFlag::OddNames], "{path}");
    }
    let nul = Tar::default().long_name(b"p/a\0b.c\0").file("x", b"").end();
    let tree = read("p.tar", &nul).unwrap();
    assert_eq!((tree.files[0].path.as_str(), tree.flags), (r"a\x00b.c", vec![TreeFlag::OddNames]));
}

#[test]
fn links_devices_and_pipes_are_flagged_and_never_followed() {
    for kind in
        [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Block, EntryType::Fifo, EntryType::new(b'V')]
    {
        let tar = Tar::sdist().link(kind, "pkg-1.0/b.c", "pkg-1.0/src/a.c").end();
        let (paths, flags) = paths_and_flags(&gzip(&tar));
        assert_eq!((paths, flags), (GOOD.map(str::to_owned).to_vec(), vec![TreeFlag::SpecialEntries]));
    }
}

#[test]
fn an_impossible_size_ends_at_the_end_of_the_bytes() {
    for name in ["pkg-1.0/b.c", "pkg-1.0/b.png"] {
        let tar = Tar::sdist().entry(EntryType::Regular, name, 1 << 62, b"x").end();
        let text = damage(read("p.tar.gz", &gzip(&tar)));
        assert!(text.contains("EOF"), "{text}");
    }
}

#[test]
fn an_entry_that_is_cut_short_is_damage() {
    for name in ["pkg-1.0/b.c", "pkg-1.0/b.png"] {
        let tar = Tar::sdist().entry(EntryType::Regular, name, 2000, b"x").no_end();
        damage(read("p.tar", &tar));
    }
}

#[test]
fn messages_carry_no_raw_bytes_of_the_archive() {
    let tar = Tar::default().pax(&[("path", "p/\u{1b}]0;evil\u{7}.c"), ("size", "99999")]).file("x", b"").end();
    let text = read("p.tar", &tar).unwrap_err().to_string();
    assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{text:?}");
}
