use super::fixture::{Tar, bzip2, gzip, xz, zip_sdist};
use super::*;

#[test]
fn every_format_gives_the_same_tree() {
    let tar = Tar::sdist().end();
    for (name, bytes) in [
        ("pkg-1.0.tar.gz", gzip(&tar)),
        ("pkg-1.0.tgz", gzip(&tar)),
        ("pkg-1.0.tar.bz2", bzip2(&tar)),
        ("pkg-1.0.tbz", bzip2(&tar)),
        ("pkg-1.0.tar.xz", xz(&tar)),
        ("pkg-1.0.tar", tar.clone()),
        ("pkg-1.0.zip", zip_sdist()),
    ] {
        let tree = read(name, &bytes).unwrap();
        assert_eq!(files(&tree), [("setup.py", &b"setup()"[..]), ("src/a.c", b"int a;")], "{name}");
        assert_eq!((tree.name.as_str(), tree.entries), (name, 4));
        assert_eq!((tree.flags, tree.skipped), (vec![], vec![]), "{name}");
    }
}

#[test]
fn the_top_folder_is_taken_off_only_if_it_holds_everything() {
    let one = Tar::default().file("./p/src/a.c", b"").file("p/setup.py", b"").end();
    assert_eq!(files(&read("p.tar", &one).unwrap()), [("setup.py", &b""[..]), ("src/a.c", b"")]);
    let two = Tar::default().file("p/a.c", b"").file("q/b.c", b"").end();
    assert_eq!(files(&read("p.tar", &two).unwrap()), [("p/a.c", &b""[..]), ("q/b.c", b"")]);
    let none = Tar::default().file("src/a.c", b"").file("setup.py", b"").end();
    assert_eq!(files(&read("p.tar", &none).unwrap()), [("setup.py", &b""[..]), ("src/a.c", b"")]);
}

#[test]
fn the_shadow_files_of_macos_are_neither_sources_nor_in_the_way_of_the_top_folder() {
    let tar = Tar::default().file("._p", b"x").file("p/._a.c", b"x").file("p/a.c", b"int a;").end();
    assert_eq!(files(&read("p.tar", &tar).unwrap()), [("a.c", &b"int a;"[..])]);
}

#[test]
fn python_scripts_are_kept_if_they_make_c() {
    let tar = Tar::default()
        .file("p/build_a.py", b"ffi.set_source('_a', '')")
        .file("p/build_b.py", b"print()")
        .file("p/c.py", b"ffi.set_source('_c', '')")
        .end();
    assert_eq!(read("p.tar", &tar).unwrap().files.len(), 1);
}

#[test]
fn long_names_in_either_dialect_are_whole() {
    let long = format!("p/{}/a.c", "d".repeat(300));
    let tar = Tar::default()
        .pax(&[("path", &long)])
        .file("p/short.c", b"pax")
        .long_name(format!("{long}c\0").as_bytes())
        .file("p/short.c", b"gnu")
        .end();
    let tree = read("p.tar", &tar).unwrap();
    assert_eq!(files(&tree), [(&long[2..], &b"pax"[..]), (&format!("{}c", &long[2..]), b"gnu")]);
}

#[test]
fn other_types_are_told_what_is_accepted() {
    for name in ["a-1-cp312-cp312-linux_x86_64.whl", "a-1.egg", "a-1.exe"] {
        let error = read(name, &zip_sdist()).unwrap_err();
        assert_eq!(error, ArchiveError::NotAnSdist(name.to_owned()));
    }
    assert!(matches!(read("a-1.tar.Z", b"\x1f\x9d"), Err(ArchiveError::Unsupported { .. })));
}

#[test]
fn bytes_that_are_not_what_the_name_says_are_shown_safely() {
    let html = b"<!DOCTYPE html>\n<p>\x1b[2J</p>";
    assert_eq!(damage(read("a.tar.gz", html)), r"not a gzip file: it starts with `<!DOCTYPE html>\x0a<p>\x1b[2J</p>`");
    for (name, format) in [("a.tar.bz2", "bzip2"), ("a.tar.xz", "xz"), ("a.zip", "zip"), ("a.tar", "tar")] {
        let text = damage(read(name, html));
        assert!(text.starts_with(&format!("not a {format} file: it starts with `<!DOC")), "{text}");
        let text = damage(read(name, b""));
        assert!(text.starts_with(&format!("not a {format} file: it is empty")), "{name}: {text}");
    }
}

#[test]
fn compressed_bytes_that_are_no_tar_archive_are_called_that() {
    let page = "<!DOCTYPE html>\n".repeat(100);
    for (name, bytes) in
        [("a.tar.gz", gzip(page.as_bytes())), ("a.tar.bz2", bzip2(page.as_bytes())), ("a.tar.xz", xz(page.as_bytes()))]
    {
        let text = damage(read(name, &bytes));
        assert!(text.contains("data holds no tar archive"), "{text}");
    }
}

#[test]
fn an_archive_of_nothing_is_no_sdist() {
    assert_eq!(damage(read("a.tar.gz", &gzip(&[0; 1024]))), "it holds no files at all");
    assert_eq!(damage(read("a.zip", &super::fixture::zip(&[]))), "it holds no files at all");
}
