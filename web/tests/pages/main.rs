//! Every route, through the router, over the survey in memory.

#[path = "../world/mod.rs"]
mod world;

mod client;
mod contrast;
mod cursors;
mod described;
mod escaping;
mod exported;
mod failures;
mod fuzzed;
mod headers;
mod hidden;
mod lists;
mod lookups;
mod machine;
mod programs;
mod projects;
mod reports;
mod saved;
mod source_search;
mod status;
mod structures;
mod trends;
mod well_formed;
mod whatif;
mod words;
