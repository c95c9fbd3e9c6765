//! How ready PyPI was on any date, computed from upload times. Pure.
//!
//! A [`Project`]'s releases and what was seen of them tell which [`Release`] stood for it on a day ([`Project::stood`]), and
//! the [`Facts`] of its report what was true of it then. [`Trends`] counts that over all projects and months: a
//! [`Series`] for each [`Subject`] in each [`Scope`], every [`Point`] with its denominators. The project that changed is
//! taken out and put in again ([`Trends::replace`]); nothing else is counted twice.

mod changes;
mod counts;
mod facts;
mod members;
mod months;
mod project;
mod release;
mod scope;
mod series;
mod span;
mod subject;
mod switch;
mod toolchain;
mod trends;

pub use changes::{Change, Changes};
pub use facts::{Declared, Facts, Told, version_bit};
pub use members::Members;
pub use months::{Month, Months};
pub use project::{Downloads, Project};
pub use release::{Claim, Release, Step, Tag, TagDates};
pub use scope::{Age, Band, NotAScope, Scope};
pub use series::{Chain, Point, Series};
pub use subject::{NotASubject, Subject, WRITERS, Words, structure_by};
pub use switch::Switch;
pub use toolchain::Toolchain;
pub use trends::{Lists, Trends};
