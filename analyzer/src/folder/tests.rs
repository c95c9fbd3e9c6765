use std::fs;

use tempfile::TempDir;

use super::*;
use crate::ArchiveError;

/// A folder of these files, each with its path as content; a `.gitignore` may be given its lines.
fn folder(paths: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in paths {
        write(&folder, path, path);
    }
    folder
}

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(folder: &TempDir, no_ignore: bool) -> SourceTree {
    read_folder(folder.path(), FolderOptions { no_ignore }, &Limits::default()).unwrap()
}

fn paths(tree: &SourceTree) -> Vec<&str> {
    tree.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn native_and_build_files_are_read_and_keep_their_paths() {
    let folder = folder(&["one/src/b.c", "one/src/a.pyx", "one/setup.py", "one/README.md"]);
    let tree = read(&folder, false);
    assert_eq!(paths(&tree), ["one/setup.py", "one/src/a.pyx", "one/src/b.c"]);
    assert_eq!(*tree.files[2].bytes, *b"one/src/b.c");
    assert_eq!((tree.entries, tree.decoded_bytes), (6, 12 + 13 + 11));
    assert_eq!(tree.name, folder.path().display().to_string());
}

#[test]
fn gitignore_is_respected_with_or_without_a_repository() {
    let folder = folder(&["src/a.c", "src/gen.c", "sub/b.c", "sub/out/c.c"]);
    write(&folder, ".gitignore", "gen.c\n");
    write(&folder, "sub/.gitignore", "out/\n");
    assert_eq!(paths(&read(&folder, false)), ["src/a.c", "sub/b.c"]);
    assert_eq!(paths(&read(&folder, true)).len(), 4);
    fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(paths(&read(&folder, false)), ["src/a.c", "sub/b.c"]);
}

#[test]
fn what_lies_above_the_folder_does_not_hide_it() {
    let folder = folder(&["project/a.c"]);
    write(&folder, ".gitignore", "*\n");
    let tree = read_folder(&folder.path().join("project"), FolderOptions::default(), &Limits::default()).unwrap();
    assert_eq!(paths(&tree), ["a.c"]);
}

#[test]
fn hidden_folders_build_products_and_environments_are_passed_over() {
    let folder = folder(&[
        "a.c",
        ".tox/a.c",
        "build/a.c",
        "sub/dist/a.c",
        "env/pyvenv.cfg",
        "env/include/a.c",
        ".github/workflows/w.yml",
        "src/builder/a.c",
        "src/build.c",
    ]);
    let careful = [".github/workflows/w.yml", "a.c", "src/build.c", "src/builder/a.c"];
    assert_eq!(paths(&read(&folder, false)), careful);
    assert_eq!(paths(&read(&folder, true)).len(), 8);
}

#[test]
fn a_folder_named_like_one_to_pass_over_is_read_if_it_is_asked_for() {
    let folder = folder(&["build/a.c", "build/pyvenv.cfg"]);
    let tree = read_folder(&folder.path().join("build"), FolderOptions::default(), &Limits::default()).unwrap();
    assert_eq!(paths(&tree), ["a.c"]);
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    let outside = folder(&["secret.c", "more/secret.c"]);
    let folder = folder(&["a.c"]);
    let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
    link(&outside.path().join("secret.c"), "b.c");
    link(outside.path(), "out");
    link(folder.path(), "round");
    link(Path::new("/nowhere/at/all.c"), "dangling.c");
    for no_ignore in [false, true] {
        let tree = read(&folder, no_ignore);
        assert_eq!(paths(&tree), ["a.c"]);
        assert_eq!((tree.flags, tree.skipped), (vec![TreeFlag::SpecialEntries], vec![]));
    }
}

#[test]
fn a_file_that_cannot_be_read_is_listed_and_the_rest_is_read() {
    let folder = folder(&["a.c", "b.c"]);
    let limits = Limits::default();
    let mut collector = Collector::for_folder(&limits);
    let found: Vec<_> = walk(folder.path(), FolderOptions::default()).map(Result::unwrap).collect();
    fs::remove_file(folder.path().join("a.c")).unwrap();
    for entry in found.iter().filter(|entry| entry.depth() > 0) {
        read_entry(folder.path(), entry, &mut collector, &limits).unwrap();
    }
    let tree = collector.finish("x", 0);
    assert_eq!(paths(&tree), ["b.c"]);
    assert_eq!(tree.skipped[0].0, "a.c");
    assert!(tree.skipped[0].1.contains("No such file"), "{:?}", tree.skipped);
}

#[test]
fn the_limits_of_archives_hold() {
    let folder = folder(&["a.c", "b.c"]);
    write(&folder, "large.c", "0123456789");
    let limits = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        read_folder(folder.path(), FolderOptions::default(), &limits)
    };
    let tree = limits(|limits| limits.file_bytes = 9).unwrap();
    assert_eq!(tree.files.len(), 2);
    assert!(tree.skipped[0].1.contains("files over 9 are not analysed"), "{:?}", tree.skipped);
    for (result, what) in [
        (limits(|limits| limits.native_bytes = 9), "bytes of native source"),
        (limits(|limits| limits.entries = 2), "entries"),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert!(matches!(ArchiveError::from(error), ArchiveError::TooLarge { what: found, .. } if found == what));
    }
}

#[test]
fn a_path_that_is_no_readable_folder_is_an_error() {
    let folder = folder(&["a.c"]);
    let kind = |path: &str| {
        read_folder(&folder.path().join(path), FolderOptions::default(), &Limits::default()).unwrap_err().kind()
    };
    assert_eq!(kind("missing"), io::ErrorKind::NotFound);
    assert_eq!(kind("a.c"), io::ErrorKind::NotADirectory);
}
