//! A release server on the loopback, in the form of GitHub's REST API.

#![allow(clippy::unwrap_used, reason = "a part of a test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Whether the published checksum is that of the archive.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Sum {
    Right,
    Wrong,
}

pub(crate) struct Releases {
    pub(crate) url: String,
    pub(crate) archive_size: usize,
    served: Arc<AtomicUsize>,
}

impl Releases {
    /// `None`: there is no Postgres on this machine to make an archive of.
    pub(crate) fn serve(sum: Sum) -> Option<Self> {
        let archive = archive_of(&private_postgres::installed_binaries()?);
        let archive_size = archive.len();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let served = Arc::new(AtomicUsize::new(0));
        let (count, own_base) = (Arc::clone(&served), base.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &own_base, &archive, sum, &count);
            }
        });
        Some(Self { url: format!("{base}/releases"), archive_size, served })
    }

    /// How often the archive was fetched.
    pub(crate) fn served(&self) -> usize {
        self.served.load(Ordering::SeqCst)
    }
}

/// One request a connection.
fn answer(stream: &TcpStream, base: &str, archive: &[u8], sum: Sum, served: &AtomicUsize) {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request).unwrap();
    let mut header = String::new();
    while reader.read_line(&mut header).unwrap() > 2 {
        header.clear();
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = match path {
        "/releases?per_page=100&page=1" => releases(base).into_bytes(),
        "/archive" => {
            served.fetch_add(1, Ordering::SeqCst);
            archive.to_vec()
        }
        "/sum" => {
            let hashed = if sum == Sum::Right { archive } else { &archive[1..] };
            format!("{:x}  archive\n", Sha256::digest(hashed)).into_bytes()
        }
        other => panic!("nobody should ask for {other}"),
    };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len()).unwrap();
    // The other side may have had enough.
    let _ = stream.write_all(&body);
}

/// The right release stands between an older one, another major version's, and a draft.
fn releases(base: &str) -> String {
    let target =
        format!("{}-unknown-linux-{}", std::env::consts::ARCH, if cfg!(target_env = "musl") { "musl" } else { "gnu" });
    let release = |version: &str, draft: bool, archive: &str| {
        let name = format!("postgresql-{version}-{target}.tar.gz");
        serde_json::json!({
            "id": 1, "tag_name": version, "draft": draft, "prerelease": false,
            "assets": [
                {"id": 2, "name": name, "browser_download_url": format!("{base}/{archive}")},
                {"id": 3, "name": format!("{name}.sha256"), "browser_download_url": format!("{base}/sum")},
            ],
        })
    };
    let list = [
        release("18.9.0", true, "draft"),
        release("18.0.0", false, "older"),
        release("18.1.0", false, "archive"),
        release("17.6.0", false, "other"),
    ];
    serde_json::to_string(&list).unwrap()
}

/// The programs that a start needs. Each calls the machine's own, which finds the rest of its installation.
fn archive_of(binaries: &Path) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for program in ["initdb", "postgres"] {
        let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", binaries.join(program).display());
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o755);
        header.set_size(script.len() as u64);
        tar.append_data(&mut header, format!("postgresql-18.1.0/bin/{program}"), script.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}
