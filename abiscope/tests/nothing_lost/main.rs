//! The crawl loses nothing, whatever dies under it, and keeps its manners: real processes, a real Postgres of the test's
//! own, a package index on loopback.
#![cfg(all(feature = "service", unix))]

mod chaos;
mod deployment;
mod full_disk;
mod hostile;
mod once;
mod parked;
mod past;
mod rate;
mod server;
