//! Archives that are broken, odd or meant to harm, all with the right hash: what real sdists showed and what a reader
//! has to be prepared for, with the end that each comes to.

mod raw_tar;

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::EntryType;
use zip::write::SimpleFileOptions;

use raw_tar::RawTar;

/// The one C file of these archives.
const SOURCE: &[u8] = b"#include <Python.h>\nint a(void) { return PyTuple_GET_SIZE(0); }\n";

/// An archive and how it ends.
#[derive(Debug, Clone)]
pub struct HostileArchive {
    /// What is wrong with it, fit for the name of a project.
    pub what: &'static str,
    /// `tar.gz` or `zip`.
    pub ending: &'static str,
    /// The archive.
    pub bytes: Vec<u8>,
    /// How it ends.
    pub end: HostileEnd,
}

/// How a hostile archive ends.
#[derive(Debug, Clone, Copy)]
pub enum HostileEnd {
    /// It is analysed.
    Analysed {
        /// Native files that are found in it.
        native: u64,
        /// The flags of its tree, in the words of a report.
        flags: &'static [&'static str],
    },
    /// It has no report.
    Ended {
        /// The state.
        state: &'static str,
        /// A part of the reason.
        why: &'static str,
    },
}

/// All of them.
pub fn hostile_archives() -> Vec<HostileArchive> {
    [sound(), flagged(), odd_entries(), damaged(), over_limits(), zips()].concat()
}

fn tar_gz(what: &'static str, bytes: Vec<u8>, end: HostileEnd) -> HostileArchive {
    HostileArchive { what, ending: "tar.gz", bytes, end }
}

fn analysed(what: &'static str, tar: &[u8], native: u64, flags: &'static [&'static str]) -> HostileArchive {
    tar_gz(what, gzip(tar), HostileEnd::Analysed { native, flags })
}

fn unreadable(what: &'static str, bytes: Vec<u8>, why: &'static str) -> HostileArchive {
    tar_gz(what, bytes, HostileEnd::Ended { state: "unreadable", why })
}

/// Odd, but everything is there.
fn sound() -> Vec<HostileArchive> {
    let tar = RawTar::sdist().end();
    let (first, second) = tar.split_at(1000);
    let hidden = RawTar::default().file("pkg-1.0/hidden.c", b"").no_end();
    let more = RawTar::sdist().pax(EntryType::XHeader, &[("size", "512")]);
    let less = RawTar::sdist().pax(EntryType::XHeader, &[("size", "0")]);
    vec![
        tar_gz("several-members", [gzip(first), gzip(second)].concat(), HostileEnd::Analysed { native: 1, flags: &[] }),
        analysed("pax-size-above", &more.entry(EntryType::Regular, "pkg-1.0/b.c", 0, &hidden).end(), 2, &[]),
        analysed("pax-size-below", &less.entry(EntryType::Regular, "pkg-1.0/b.c", 512, b"").end(), 2, &[]),
        analysed("archive-inside", &RawTar::sdist().file("pkg-1.0/inner.tar.gz", &gzip(&tar)).end(), 1, &[]),
    ]
}

/// Readers disagree about it: it is told.
fn flagged() -> Vec<HostileArchive> {
    let tar = RawTar::sdist().end();
    let after_the_end = RawTar::sdist().blocks_of_zero(1).file("pkg-1.0/hidden.c", b"x").end();
    let global = RawTar::default().pax(EntryType::XGlobalHeader, &[("path", "pkg-1.0/other.c")]);
    let sparse = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "pkg-1.0/b.c")];
    let sparse = RawTar::sdist().pax(EntryType::XHeader, &sparse);
    vec![
        tar_gz(
            "trailing-bytes",
            [gzip(&tar), b"rubbish".to_vec()].concat(),
            HostileEnd::Analysed { native: 1, flags: &["trailing"] },
        ),
        analysed("data-after-end", &after_the_end, 1, &["data-after-end"]),
        analysed("missing-end", &RawTar::sdist().no_end(), 1, &["missing-end"]),
        analysed("global-pax", &global.file("pkg-1.0/a.c", SOURCE).end(), 1, &["global-pax"]),
        analysed("sparse", &sparse.file("pkg-1.0/GNUSparseFile.0/b.c", b"1\n0\n3\nabc").end(), 1, &["sparse"]),
        analysed(
            "duplicate-names",
            &RawTar::sdist().file("pkg-1.0/src/a.c", b"int second;").end(),
            1,
            &["duplicate-names"],
        ),
    ]
}

/// Names without power, and entries that are no files.
fn odd_entries() -> Vec<HostileArchive> {
    let named = |what, name: &[u8]| analysed(what, &RawTar::sdist().file(name, SOURCE).end(), 2, &["odd-names"]);
    let special = |what, kind| {
        let link = RawTar::sdist().link(kind, "pkg-1.0/b.c", "pkg-1.0/src/a.c");
        analysed(what, &link.end(), 1, &["special-entries"])
    };
    let nul = b"pkg-1.0/a\0b.c\0";
    let nul = RawTar::sdist().entry(EntryType::GNULongName, "././@LongLink", nul.len() as u64, nul);
    vec![
        named("name-upwards", b"../../up.c"),
        named("name-absolute", b"/etc/abs.c"),
        named("name-backslash", b"pkg-1.0\\win.c"),
        named("name-drive", b"C:/drive.c"),
        named("name-not-utf8", b"pkg-1.0/\xff\xfe.c"),
        named("name-control", b"pkg-1.0/\x1b[2J.c"),
        analysed("name-nul", &nul.file("x", SOURCE).end(), 2, &["odd-names"]),
        special("symlink", EntryType::Symlink),
        special("hardlink", EntryType::Link),
        special("device", EntryType::Char),
        special("pipe", EntryType::Fifo),
    ]
}

/// No verdict from a part of an archive.
fn damaged() -> Vec<HostileArchive> {
    let good = gzip(&RawTar::sdist().end());
    let mut checksum = good.clone();
    let crc = checksum.len() - 8;
    checksum[crc] ^= 1;
    let impossible = RawTar::sdist().entry(EntryType::Regular, "pkg-1.0/b.c", 1 << 62, b"x").end();
    let evil = [("path", "p/\u{1b}]0;evil\u{7}.c"), ("size", "99999")];
    let evil = RawTar::default().pax(EntryType::XHeader, &evil).file("x", b"").end();
    let corrupt = good.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 60));
    vec![
        unreadable("wrong-checksum", checksum, "gzip data is broken"),
        unreadable("cut-short", good[..good.len() - 12].to_vec(), "gzip data is cut short"),
        unreadable("corrupt-stream", corrupt.collect(), "gzip data is broken"),
        unreadable("impossible-size", gzip(&impossible), "EOF"),
        unreadable("evil-words", gzip(&evil), "damaged archive"),
        unreadable("script", b"<script>alert(1)</script>".to_vec(), "<script>"),
    ]
}

/// More than a reader takes.
fn over_limits() -> Vec<HostileArchive> {
    let too_large = |what, tar: &[u8], why| tar_gz(what, gzip(tar), HostileEnd::Ended { state: "too-large", why });
    let bomb = RawTar::sdist().file("pkg-1.0/zeros.bin", &vec![0; 80 << 20]).end();
    let name = [b"pkg-1.0/".to_vec(), vec![b'n'; 5000], b".c\0".to_vec()].concat();
    let name = RawTar::sdist().entry(EntryType::GNULongName, "././@LongLink", name.len() as u64, &name);
    let record = RawTar::sdist().pax(EntryType::XHeader, &[("comment", &"c".repeat(2 << 20))]);
    vec![
        too_large("bomb", &bomb, "decoded bytes for each compressed byte"),
        too_large("long-name", &name.file("x", SOURCE).end(), "bytes in one name"),
        too_large("large-record", &record.file("pkg-1.0/b.c", SOURCE).end(), "bytes of headers for one entry"),
        // Left out and listed, and the others are analysed.
        analysed("large-file", &RawTar::sdist().file("pkg-1.0/large.c", &vec![b' '; 33 << 20]).end(), 1, &[]),
    ]
}

/// What is told of two entries of one name in a zip.
const DOUBLE: &[&str] = &["duplicate-names", "zip-mismatch"];

fn zips() -> Vec<HostileArchive> {
    let zip = |what, bytes, end| HostileArchive { what, ending: "zip", bytes, end };
    let analysed =
        |what, bytes, flags: &'static [&'static str]| zip(what, bytes, HostileEnd::Analysed { native: 1, flags });
    let unreadable = |what, bytes, why| zip(what, bytes, HostileEnd::Ended { state: "unreadable", why });
    let good = || zip_of(&[("pkg-1.0/setup.py", b"setup()"), ("pkg-1.0/a.c", SOURCE)]);
    // Offsets in a local header, and in an entry of the directory.
    let encrypted = with_byte(good(), &[(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)], |flags| flags | 1);
    let method = with_byte(good(), &[(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)], |_| 12);
    let two = zip_of(&[("pkg-1.0/b.c", b"int first;"), ("pkg-1.0/a.c", SOURCE)]);
    vec![
        analysed("zip-local-name", replaced(&good(), b"pkg-1.0/a.c", b"pkg-1.0/b.c", 1), &["zip-mismatch"]),
        analysed("zip-prefix", [b"#!/bin/sh\n".to_vec(), good()].concat(), &["zip-mismatch"]),
        analysed("zip-trailing", [good(), b"more".to_vec()].concat(), &["zip-mismatch"]),
        analysed("zip-duplicates", replaced(&two, b"pkg-1.0/b.c", b"pkg-1.0/a.c", 9), DOUBLE),
        unreadable("zip-encrypted", encrypted, "encrypted archive"),
        unreadable("zip-method", method, "sdists are stored or deflated"),
        unreadable("zip-cut", good()[..good().len() - 30].to_vec(), "damaged archive"),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, data) in files {
        writer.start_file(*name, options).expect("the names differ");
        writer.write_all(data).expect("writing to memory");
    }
    writer.finish().expect("writing to memory").into_inner()
}

/// Changes the byte so far behind the first of each mark.
fn with_byte(mut bytes: Vec<u8>, places: &[(&[u8], usize)], change: impl Fn(u8) -> u8) -> Vec<u8> {
    for (mark, offset) in places {
        let at = bytes.windows(mark.len()).position(|window| window == *mark).expect("a zip has it") + offset;
        bytes[at] = change(bytes[at]);
    }
    bytes
}

/// Changes the first occurrences of `from` into `to`, of the same length.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8], most: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let places = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from));
    for at in places.take(most).collect::<Vec<_>>() {
        changed[at..at + to.len()].copy_from_slice(to);
    }
    changed
}
