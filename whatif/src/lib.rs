//! What breaks if CPython changes this: a [`Proposal`] in, an [`Answer`] out. Pure.
//!
//! A proposal is a set of [`Rule`]s, each about one name; its [`Selector`]s say which uses of the survey are asked for.
//! Whoever holds the survey brings those as [`Evidence`]; [`answer`] gives each project a [`Status`] and counts. What people
//! judged is replayed ([`Review`]), and two answers to one question have a [`Difference`].

mod answer;
mod conditions;
mod difference;
mod evidence;
pub mod formats;
#[cfg(test)]
mod made;
mod names;
mod proposal;
mod read;
mod review;
mod rule;
mod select;
mod status;
mod unlock;

pub use answer::{Answer, Page, Reviewed, Row, Stratum, Sums, answer};
pub use conditions::Conditions;
pub use difference::{Asked, Change, Changed, Difference, OtherQuestion, Side, difference};
pub use evidence::{Evidence, Generator, Hit, Item, Limited, Past, Project};
pub use proposal::Proposal;
pub use read::{FIELDS, Field, ProposalError};
pub use review::{Judged, JudgedSite, Judgement, Review};
pub use rule::{Level, Rule};
pub use select::{Selector, members, selectors};
pub use status::Status;
pub use unlock::{Blocked, UnlockStep, unlock};
