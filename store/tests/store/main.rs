//! The store against a real Postgres, whose address is in `DATABASE_URL`: `cargo xtask test` starts one and sets it.
//! Each test has a database of its own. Without a server they fail; they are never skipped.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod budget;
mod crawl_status;
mod discovery;
mod dump;
mod ended;
mod evidence;
mod hiding;
mod lookup;
mod queue;
mod reading;
mod reanalysis;
mod restore;
mod retention;
mod saved;
mod scale;
mod schema;
mod snapshots;
mod source_search;
mod standing;
mod trends;
mod trouble;
mod unchanged;
mod wheels;
mod withdrawal;
mod working;
mod world;
mod writing;
