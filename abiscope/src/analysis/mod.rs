//! Analysis of foreign files in child processes: this same program, started again, one file at a time.
//!
//! A file that makes the analyzer crash, hang or swallow all memory ends its child and nothing else; the next file gets
//! a new one. A child sets its own limits, gets none of our environment, and ends when its standard input does. What
//! goes between us and it is in [`wire`].

mod child;
mod faults;
mod limits;
mod nursery;
mod outcome;
mod pool;
mod stored;
mod wire;
mod worker;

pub use child::run;
pub use outcome::Outcome;
pub use pool::{CHILD_FAILURES, CHILDREN, Config, Pool};
pub use stored::{again, archive};

/// The hidden sub-command that makes a child.
pub const SUBCOMMAND: &str = "analyse-child";
