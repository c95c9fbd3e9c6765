//! The image, as far as it can be looked at without an engine that builds it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::compose::root;

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).expect(name)
}

/// The words after an instruction, of all its lines.
fn instructions<'a>(dockerfile: &'a str, name: &'a str) -> impl Iterator<Item = Vec<&'a str>> {
    let lines = dockerfile.lines().filter_map(move |line| line.strip_prefix(name)?.strip_prefix(' '));
    lines.map(|rest| rest.split_whitespace().collect())
}

/// Every file that a build is sent, relative to the root.
fn context() -> BTreeSet<PathBuf> {
    let root = root();
    let mut walk = WalkBuilder::new(&root);
    // Its rules and git's are the same for patterns that begin with `/` or `**/`.
    walk.standard_filters(false).parents(false).add_custom_ignore_filename(".dockerignore");
    let entries = walk.build().map(|entry| entry.expect("readable"));
    let files = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    files.map(|entry| entry.path().strip_prefix(&root).expect("below the root").to_owned()).collect()
}

#[test]
fn the_rules_of_what_is_sent_mean_the_same_to_docker_and_here() {
    for rule in read(".dockerignore").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        assert!(rule.starts_with('/') || rule.starts_with("**/"), "{rule}");
        assert!(
            rule.starts_with("**/") || rule == "/.env" || root().join(&rule[1..]).exists() || rule == "/target",
            "{rule} is gone"
        );
    }
}

#[test]
fn a_build_is_sent_what_it_reads_and_no_products() {
    let sent = context();
    let below = |folder: &str| sent.iter().filter(|path| path.starts_with(folder)).count();
    assert_eq!((below("target"), below(".git")), (0, 0));
    let manifest: toml::Table = read("Cargo.toml").parse().expect("TOML");
    let members = manifest["workspace"]["members"].as_array().expect("members");
    for member in members.iter().map(|member| Path::new(member.as_str().expect("a path"))) {
        assert!(sent.contains(&member.join("Cargo.toml")), "{} has to be in the workspace", member.display());
        let sources =
            sent.iter().filter(|path| path.starts_with(member) && path.extension().is_some_and(|end| end == "rs"));
        assert!(sources.count() > 0, "{}", member.display());
    }
    for file in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "deploy/healthy"] {
        assert!(sent.contains(Path::new(file)), "{file}");
    }
    for (folder, least) in
        [(".sqlx", 50), ("migrations", 4), ("capi/data", 5), ("web/templates", 10), ("web/assets", 3)]
    {
        let (all, is_sent) = (files(&root().join(folder)), below(folder));
        assert!(all >= least && all == is_sent, "{folder}: {is_sent} of {all}");
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[test]
fn what_is_copied_is_there() {
    let (dockerfile, sent) = (read("Dockerfile"), context());
    let mut copied = 0;
    for words in instructions(&dockerfile, "COPY").filter(|words| !words[0].starts_with("--from=")) {
        for source in &words[..words.len() - 1] {
            assert!(*source == "." || sent.contains(Path::new(source)), "{source}");
            copied += 1;
        }
    }
    assert!(copied >= 5, "{copied}");
}

#[test]
fn the_compiler_is_the_one_of_the_workspace_and_the_program_is_nobody_special() {
    let (dockerfile, manifest) = (read("Dockerfile"), read("Cargo.toml"));
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let version = manifest["workspace"]["package"]["rust-version"].as_str().expect("a version");
    let bases: Vec<&str> = instructions(&dockerfile, "FROM").map(|words| words[0]).collect();
    assert!(bases[0].starts_with(&format!("rust:{version}-")), "{bases:?}");
    let (built_on, runs_on) = (bases[0].rsplit('-').next(), bases.last().expect("one"));
    assert!(runs_on.contains(built_on.expect("a suite")), "libc of {runs_on} may be older than that of {}", bases[0]);
    let users: Vec<_> = instructions(&dockerfile, "USER").collect();
    assert_eq!(users, [["10001:10001"]]);
    assert!(dockerfile.trim_end().ends_with(r#"ENTRYPOINT ["abiscope"]"#));
}
