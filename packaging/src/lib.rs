//! PyPA's packaging rules: names, versions, file names, wheel tags.
//!
//! The one place that knows the crates behind it (uv's internals, which change often): none of their types is public here.

mod filename;
mod name;
mod tags;
mod version;

pub use filename::{DistFile, SdistFormat, possible_versions};
pub use name::{NotAName, ProjectName};
pub use tags::WheelTags;
pub use version::ReleaseVersion;
