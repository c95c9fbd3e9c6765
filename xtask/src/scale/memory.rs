//! The most memory that each process had, looked at now and then.

use super::processes::{self, Process};

/// Peaks in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Peaks {
    /// Of the crawl itself.
    pub(super) crawl: u64,
    /// Of the child that had most.
    pub(super) child: u64,
    /// Children at a time.
    pub(super) children: usize,
    /// Of all Postgres processes together, without what they share.
    pub(super) postgres: u64,
    /// Of what they share, as far as one of them has touched it.
    pub(super) postgres_shared: u64,
}

impl Peaks {
    /// Looks at the crawl, its children, and the family of the Postgres server.
    pub(super) fn look(&mut self, crawl: u32, postmaster: u32) {
        let all = Process::all();
        self.crawl = self.crawl.max(processes::bytes(crawl, "VmHWM"));
        let children: Vec<u32> = Process::children(crawl, &all).map(|child| child.id).collect();
        self.children = self.children.max(children.len());
        let most = children.iter().map(|child| processes::bytes(*child, "VmHWM")).max();
        self.child = self.child.max(most.unwrap_or(0));
        let servers = || Process::children(postmaster, &all).map(|server| server.id).chain([postmaster]);
        self.postgres = self.postgres.max(servers().map(|server| processes::bytes(server, "RssAnon")).sum());
        let shared = servers().map(|server| processes::bytes(server, "RssShmem")).max();
        self.postgres_shared = self.postgres_shared.max(shared.unwrap_or(0));
    }
}
