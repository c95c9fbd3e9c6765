//! A package index for tests: the Simple API and a files host in one process, on loopback.
//!
//! ```ignore
//! let index = FakeIndex::start().await;
//! index.add("demo").sdist("1.0", SdistBuilder::new("demo-1.0").file("demo.c", "#include <Python.h>\n"));
//! index.url(); // what `--index-url` takes
//! ```

mod sdist;
mod server;

pub use sdist::SdistBuilder;
pub use server::{FakeIndex, ProjectHandle};
