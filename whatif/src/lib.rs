//! What breaks if CPython changes this: a [`Proposal`] in, an [`Answer`] out. Pure.
//!
//! A proposal is a set of [`Rule`]s, each about one name or one pattern; its [`Selector`]s say what of the survey is asked for.
//! Whoever holds the survey brings that as [`Evidence`]; [`answer`] gives each project a [`Status`] and counts. What people
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
mod source;
mod status;
mod unlock;

pub use answer::{Answer, Page, Reviewed, Row, Stratum, Sums, answer};
pub use conditions::Conditions;
pub use difference::{Asked, Change, Changed, Difference, OtherQuestion, Side, difference};
pub use evidence::{Evidence, FindHits, Generator, Hit, Hits, Item, Limited, Matches, Past, Project, Searched};
pub use proposal::Proposal;
pub use read::{FIELDS, Field, ProposalError, SOURCE};
pub use review::{Judged, JudgedSite, Judgement, Review};
pub use rule::{Level, Rule};
pub use select::{Selector, Sought, members, selectors};
pub use source::{NoSourcePattern, SourcePattern};
pub use status::Status;
pub use unlock::{Blocked, UnlockStep, unlock};
