//! A disk that is full: nothing claims to be stored that is not, the worker rests, and afterwards nothing is missing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use fake_index::FakeIndex;
use store::Sha256;

use crate::deployment::{Deployment, wait_until_idle};
use crate::server::{self, Server};

/// Every blob that some row names.
const NAMED: &str = "SELECT encode(sha256, 'hex') FROM files WHERE fetched_at IS NOT NULL
    UNION SELECT encode(pack_blob, 'hex') FROM files WHERE pack_blob IS NOT NULL
    UNION SELECT encode(sites_blob, 'hex') FROM reports";

#[test]
fn a_full_disk_loses_nothing() {
    let index = FakeIndex::start_in_thread();
    index.generate(4, 160);
    let server = Server::start();
    let deployment = Deployment::new(&server, "small_disk", &index);
    let Some(disk) = SmallDisk::at(&deployment.blobs, "200k") else {
        assert!(std::env::var_os("CI").is_none(), "no file system can be mounted here: run as root");
        println!("1 test skipped: no file system can be mounted here");
        return;
    };
    let crew = [deployment.start(&["crawl", "--jobs", "2", "--requests-per-second", "0"])];
    let waits = "SELECT count(*) FROM graphile_worker.jobs
        WHERE last_error LIKE '%disk is full%' AND attempts = 0 AND locked_at IS NULL AND run_at > now()";
    let give_up = Instant::now() + Duration::from_mins(2);
    while server::number(&deployment.url, waits) == 0 {
        assert!(Instant::now() < give_up, "the disk never is full:\n{}", crew[0].said());
        std::thread::sleep(Duration::from_millis(50));
    }
    let asked = once_quiet(&index);
    assert!(crew[0].said().contains("rests for 30 s"), "{}", crew[0].said());
    all_named_are_there(&deployment);
    let untouched = "SELECT count(*) FROM graphile_worker.jobs WHERE locked_at IS NULL AND last_error IS NULL";
    assert!(server::number(&deployment.url, untouched) > 20, "much waits untouched");

    disk.grow("64m");
    wait_until_idle(&deployment, &crew, || index.total() > asked);
    all_named_are_there(&deployment);
    let calm = Deployment::new(&server, "calm", &index);
    calm.crawl_to_the_end(&[]);
    assert_eq!(deployment.found(), calm.found());
    drop(crew);
}

/// How often the index was asked, once nobody has asked it for four seconds. What was on its way when the rest began comes
/// to its end first, with the tries of its requests; a worker that fetched in vain would go on asking.
fn once_quiet(index: &FakeIndex) -> u64 {
    let give_up = Instant::now() + Duration::from_secs(25);
    loop {
        let asked = index.total();
        std::thread::sleep(Duration::from_secs(4));
        if index.total() == asked {
            return asked;
        }
        assert!(Instant::now() < give_up, "the index is asked on and on, in vain");
    }
}

/// Whole, and with the bytes that their names promise.
fn all_named_are_there(deployment: &Deployment) {
    for key in server::column(&deployment.url, NAMED) {
        let bytes = std::fs::read(deployment.blobs.join(&key[..2]).join(&key));
        assert_eq!(bytes.ok().map(|bytes| Sha256::of(&bytes).to_string()).as_ref(), Some(&key));
    }
}

/// A file system of its own size; unmounted when it is dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(folder: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).expect("a folder");
        let mut mount = Command::new("mount");
        let done = mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder).output();
        done.is_ok_and(|done| done.status.success()).then(|| Self(folder.to_owned()))
    }

    fn grow(&self, size: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(&self.0).status();
        assert!(done.expect("it was mounted").success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Also while a process that is about to end has files open there.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
