//! Turns `data/*.jsonl` into the static tables that `src/tables.rs` includes.
//!
//! A wrong line (unknown field, unsorted, a version that is none) stops the build and names file and line.

mod distinctive;
mod facts;
mod index;
mod ranges;
mod replace;
mod tables;
mod write;

#[path = "../src/hash.rs"]
mod hash;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=src/hash.rs");
    println!("cargo::rerun-if-changed=build");
    let facts = facts::Facts::load(Path::new("data"))?;
    let source = tables::rust(&facts)?;
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run through cargo")?;
    fs::write(Path::new(&out).join("tables.rs"), source)?;
    Ok(())
}
