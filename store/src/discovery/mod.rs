//! What the index lists, and which projects are therefore to be read.
//!
//! A listing is one transaction ([`Store::listing_begun`], [`Listing::add`], [`Listing::finish`]): compared with the last
//! one by statements over whole sets, or refused as a whole, which is recorded and raises an alarm. It only says what
//! is listed; what a project is, its own page says. [`Store::enqueue_due`] follows from the tables alone, so that a
//! crash between the two loses nothing.
//!
//! [`Store::listing_begun`]: crate::Store::listing_begun
//! [`Store::enqueue_due`]: crate::Store::enqueue_due

mod downloads;
mod due;
mod history;
mod hosts;
mod listing;
mod seen;

pub use downloads::{Month, TopRow};
pub use due::{Due, DueRules};
pub use listing::{Completeness, Listing, ListingOutcome, ListingRules};
pub use seen::{LastListing, NameCounts};

use packaging::ProjectName;

/// A name of the root listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedName {
    /// Normalised.
    pub name: ProjectName,
    /// As the listing writes it.
    pub display_name: String,
    /// The project's serial, if the listing gives one.
    pub serial: Option<i64>,
}
