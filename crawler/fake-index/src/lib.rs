//! A package index for tests: the Simple API and a files host in one process, on loopback.
//!
//! ```
//! use fake_index::{FakeIndex, Fault, SdistBuilder};
//!
//! let index = FakeIndex::start_in_thread(); // or, in an async test, `FakeIndex::start().await`
//! index.add("demo").sdist("1.0", &SdistBuilder::new("demo-1.0").file("demo.c", "#include <Python.h>\n"));
//! index.fault("/simple/demo/", Fault::Status(503), 2);
//! index.url(); // what `--index-url` takes
//! ```
//!
//! [`FakeIndex::generate`] fills it with thousands of projects of every kind, [`FakeIndex::evolve`] lets time pass in
//! them, and a [`FaultPlan`] spoils answers all over it while a phase lasts ([`FakeIndex::begin_phase`]).
//!
//! The listing of all projects is at `/simple/`, a project's page at `/simple/NAME/`, a file at
//! `/files/NAME/FILENAME`, the name being normalised.

#![expect(clippy::missing_panics_doc, reason = "in a test a panic is how a mistake is told")]
#![expect(clippy::return_self_not_must_use, reason = "a project handle has done its work when a call returns")]

mod answer;
mod chance;
mod fault;
mod generated;
mod hostile;
mod listing;
mod log;
mod plan;
mod project;
mod sdist;
mod server;
mod spoil;
mod world;

pub use fault::Fault;
pub use generated::{Case, Expected};
pub use hostile::{HostileArchive, HostileEnd, hostile_archives};
pub use plan::FaultPlan;
pub use project::ProjectHandle;
pub use sdist::SdistBuilder;
pub use server::FakeIndex;
