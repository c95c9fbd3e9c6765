//! Every limit refuses loudly, in its own words.

use tar::EntryType;

use super::fixture::{Tar, gzip, zip};
use super::*;

fn refusal(name: &str, bytes: &[u8], limits: &Limits) -> (&'static str, u64) {
    match read_sdist(name, bytes, limits) {
        Err(ArchiveError::TooLarge { what, limit }) => (what, limit),
        other => panic!("expected a limit, not {other:?}"),
    }
}

#[test]
fn decoded_bytes_are_counted_whether_kept_or_not() {
    let tar = Tar::default().file("p/a.png", &[1; 10_000]).end();
    let limits = Limits { decoded_bytes: 5_000, ..Limits::default() };
    let expected = ("bytes when decoded", 5_000);
    assert_eq!(refusal("p.tar.gz", &gzip(&tar), &limits), expected);
    assert_eq!(refusal("p.tar", &tar, &limits), expected);
    assert_eq!(refusal("p.zip", &zip(&[("p/a.c", &[1; 10_000])]), &limits), expected);
}

#[test]
fn what_follows_the_end_counts_too() {
    let tar = Tar::sdist().blocks_of_zero(1000).end();
    let limits = Limits { decoded_bytes: 100_000, ..Limits::default() };
    assert_eq!(refusal("p.tar.gz", &gzip(&tar), &limits).0, "bytes when decoded");
}

#[test]
fn a_ratio_no_source_has_is_refused_once_past_the_floor() {
    let bomb = gzip(&Tar::default().file("p/a.png", &vec![0; 1 << 20]).end());
    let mut limits = Limits { ratio_floor: 1 << 19, ..Limits::default() };
    let expected = ("decoded bytes for each compressed byte", 100);
    assert_eq!(refusal("p.tar.gz", &bomb, &limits), expected);
    assert_eq!(refusal("p.zip", &zip(&[("p/a.c", &vec![0; 1 << 20])]), &limits), expected);
    limits.ratio_floor = 2 << 20;
    assert!(read_sdist("p.tar.gz", &bomb, &limits).is_ok());
}

#[test]
fn entries_are_counted_whatever_they_are() {
    let limits = Limits { entries: 3, ..Limits::default() };
    assert_eq!(refusal("p.tar", &Tar::sdist().end(), &limits), ("entries", 3));
    let global = Tar::default().pax_as(EntryType::XGlobalHeader, &[("comment", "x")]);
    let many = (0..4).fold(Tar::default(), |tar, _| tar.raw(&global.clone().no_end()));
    assert_eq!(refusal("p.tar", &many.end(), &limits), ("entries", 3));
    let files: [(&str, &[u8]); 4] = [("p/a", b""), ("p/b", b""), ("p/c", b""), ("p/d", b"")];
    assert_eq!(refusal("p.zip", &zip(&files), &limits), ("entries", 3));
    assert!(read_sdist("p.zip", &zip(&files[..3]), &limits).is_ok());
}

#[test]
fn a_file_over_the_limit_is_left_out_and_listed() {
    let limits = Limits { file_bytes: 10, ..Limits::default() };
    let files: [(&str, &[u8]); 3] = [("p/a.c", &[b' '; 11]), ("p/b.c", &[b' '; 10]), ("p/c.png", &[b' '; 99])];
    let tar = files.iter().fold(Tar::default(), |tar, (name, data)| tar.file(name, data)).end();
    for (name, bytes) in [("p.tar.gz", gzip(&tar)), ("p.zip", zip(&files))] {
        let tree = read_sdist(name, &bytes, &limits).unwrap();
        assert_eq!(tree.files.len(), 1, "{name}");
        let expected = "it has at least 11 bytes, and files over 10 are not analysed";
        assert_eq!(tree.skipped, [("a.c".to_owned(), expected.to_owned())]);
    }
}

#[test]
fn the_files_that_are_held_have_a_sum() {
    let limits = Limits { native_bytes: 100, ..Limits::default() };
    let tar = Tar::default().file("p/a.c", &[b' '; 50]).file("p/x.png", &[b' '; 500]).file("p/a.c", &[b' '; 60]);
    assert!(read_sdist("p.tar", &tar.clone().end(), &limits).is_ok());
    let more = tar.file("p/b.c", &[b' '; 50]).end();
    assert_eq!(refusal("p.tar", &more, &limits), ("bytes of native source", 100));
}

#[test]
fn long_names_are_refused() {
    let name = format!("p/{}.c", "x".repeat(200));
    let limits = Limits { name_bytes: 100, ..Limits::default() };
    let tar = Tar::default().long_name(name.as_bytes()).file("x", b"").end();
    assert_eq!(refusal("p.tar", &tar, &limits), ("bytes in one name", 100));
    assert_eq!(refusal("p.zip", &zip(&[(&name, b"")]), &limits), ("bytes in one name", 100));
}

#[test]
fn the_records_before_an_entry_are_bounded() {
    let limits = Limits { header_bytes: 1_000, ..Limits::default() };
    let expected = ("bytes of headers for one entry", 1_000);
    let comment = "x".repeat(20_000);
    for tar in [
        Tar::default().pax(&[("comment", &comment)]),
        Tar::default().long_name(comment.as_bytes()),
        Tar::default().entry(EntryType::GNULongLink, "x", 20_000, comment.as_bytes()),
    ] {
        let tar = tar.file("p/a.c", b"int a;").end();
        assert_eq!(refusal("p.tar", &tar, &limits), expected);
        assert_eq!(refusal("p.tar.gz", &gzip(&tar), &limits), expected);
    }
    // Content is no header, however large.
    let tar = Tar::default().file("p/a.png", &vec![1; 50_000]).file("p/a.c", b"").end();
    assert!(read_sdist("p.tar", &tar, &limits).is_ok());
}
