//! Tables for others: rows in, bytes out, as CSV, JSON Lines or Parquet. Pure: knows no survey and no database.
//!
//! A [`Table`] says what its columns are and mean; a [`Writer`] made from it takes rows of [`Value`]s and writes them as
//! they come, in bounded memory; [`schema`] tells the same table to whoever reads the files, a [`Manifest`] which files there
//! are. Equal rows give equal bytes.

mod delimited;
mod error;
mod lines;
mod manifest;
mod parquet_file;
mod schema;
mod summed;
mod table;
mod value;
mod writer;

pub use error::Error;
pub use manifest::{Manifest, ManifestFile, Versions};
pub use schema::schema;
pub use summed::{Sum, Summed};
pub use table::{Column, Kind, Table};
pub use value::Value;
pub use writer::{Format, Writer};
