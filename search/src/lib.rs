//! Searching source: a [`Pattern`] finds lines, an index of trigrams says where it need not look.
//!
//! Pure: no I/O. A *unit* is what is read and searched at once (the store's: a frame of a pack); a line belongs to the
//! unit in which it starts. [`Builder`] makes the index of many units, [`Directory`] finds the parts of it that a
//! pattern's [`Plan`] asks about, and what comes out are the [`Units`] that may hold a match: never too few.

mod index;
mod paths;
mod pattern;
mod plan;
mod units;

pub use index::{Builder, DIRECTORY, Directory};
pub use paths::{NotAPath, PathFilter};
pub use pattern::{LONGEST, LineMatch, Pattern, PatternError, line_at};
pub use plan::{Plan, Trigram};
pub use units::Units;
