//! The queue: what is to be done, and who does it.
//!
//! A well-kept library (`graphile_worker`) holds the jobs in a schema of its own in the same Postgres: locks,
//! heartbeats, retries with a growing delay, recovery of what a dead worker held. Here jobs get their types.
//!
//! A [`Job`] is small and has a key, so that the same job waits only once ([`Store::enqueue`]). [`Store::work`] runs
//! them with a [`JobHandler`], at least once each: a handler makes a second run harmless. A job that fails comes back
//! after e, e², e³, … seconds (at most six hours), and is parked after its last try: [`Store::parked`] shows it with its
//! last error, [`Store::requeue`] gives it new tries. A failure that is nobody's fault ([`JobFailure::put_back`])
//! costs no try. While the store can keep nothing, because a disk is full or the blob store gone, the whole worker rests:
//! what is fetched then is fetched in vain.
//!
//! # What enqueueing does to a job that is there already
//!
//! | the job there | enqueued again |
//! | --- | --- |
//! | waits | stays as it is, its tries and delay too; unless it is wanted more urgently now: then it starts anew, at once |
//! | runs | `read-project`, `refresh`: one more waits, because what is being read may be old already; `fetch`, `analyse`: left alone, the bytes of a file do not change |
//! | is parked | `read-project`, `refresh`: starts anew, because there is news; `fetch`, `analyse`: stays parked until somebody requeues it |
//!
//! [`Store::enqueue`]: crate::Store::enqueue
//! [`Store::work`]: crate::Store::work
//! [`Store::parked`]: crate::Store::parked
//! [`Store::requeue`]: crate::Store::requeue

mod driver;
mod enqueue;
mod failure;
mod fill;
mod handler;
mod job;
mod lookup;
mod parked;
mod rest;
pub(crate) mod schema;
mod work;

pub use failure::JobFailure;
pub use handler::{BoxFuture, JobEnd, JobHandler};
pub use job::{Job, JobKind, NewJob, Priority};
pub use lookup::{LookedUp, LookupState, NOT_FOUND_FOR, READ_AGAIN_AFTER, Underway};
pub use parked::{ParkedJob, RequeueFilter};
pub use work::WorkOptions;

/// The queue library's schema. Its tables named with a leading underscore are its own business: here only its view
/// `jobs` and its functions are used, and the planner is told how many jobs there are.
pub(crate) const SCHEMA: &str = "graphile_worker";
