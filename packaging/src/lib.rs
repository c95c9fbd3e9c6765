//! PyPA's packaging rules: names, versions, file names, wheel tags.
//!
//! The one place that knows the crates behind it (uv's internals, which change often): none of their types is public here.

mod filename;
mod name;
mod version;

pub use filename::{DistFile, SdistFormat, WheelTags};
pub use name::{NotAName, ProjectName};
pub use version::ReleaseVersion;
