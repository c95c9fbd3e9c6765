//! Machines without Postgres: the binaries are downloaded, here from a release server of our own on the loopback. Its
//! archive leads to the machine's own binaries; where there are none, the tests have nothing to serve and pass over.

#![cfg(unix)]

mod harness;
mod releases;

use harness::{Client, Coming, DataDir, query};
use releases::{Releases, Sum};

fn join(dir: &DataDir, releases: &Releases) -> Coming {
    Client::spawn_with(dir, |command| {
        command.args(["--ignore-installed", "--releases-url", &releases.url]).env("NO_PROXY", "127.0.0.1");
    })
}

#[test]
fn without_binaries_they_are_downloaded_once_and_told_about() {
    let Some(releases) = Releases::serve(Sum::Right) else {
        return;
    };
    let dir = DataDir::new();
    let client = join(&dir, &releases).joined();
    let [first, rest @ ..] = client.steps.as_slice() else { panic!("no steps") };
    assert!(first.starts_with("Downloading(\"http://127.0.0.1:"), "{first}");
    let size = releases.archive_size;
    assert!(rest.contains(&format!("Downloaded {{ received: {size}, total: Some({size}) }}")), "{rest:?}");
    assert_eq!(rest[rest.len() - 2..], ["Initialising", "Starting"]);
    assert_eq!(query(&client.url, "SELECT 1"), 1);
    client.leave();

    let again = join(&dir, &releases).joined();
    assert_eq!(again.steps, ["Starting"]);
    again.leave();
    assert_eq!(releases.served(), 1);
}

#[test]
fn an_archive_that_is_not_what_its_release_says_is_refused() {
    let Some(releases) = Releases::serve(Sum::Wrong) else {
        return;
    };
    let dir = DataDir::new();
    let refusal = join(&dir, &releases).refused();
    assert!(refusal.contains("has the SHA-256"), "{refusal}");
    assert!(refusal.contains("apt-get install postgresql"), "{refusal}");
    assert!(!dir.path("cluster").exists());
}

#[test]
fn a_release_server_that_is_not_there_is_named_with_the_ways_out() {
    let dir = DataDir::new();
    let coming = Client::spawn_with(&dir, |command| {
        command
            .args(["--ignore-installed", "--releases-url", "http://127.0.0.1:9/releases"])
            .env("NO_PROXY", "127.0.0.1");
    });
    let refusal = coming.refused();
    assert!(refusal.contains("cannot get http://127.0.0.1:9/releases"), "{refusal}");
    assert!(refusal.contains("set DATABASE_URL"), "{refusal}");
}
