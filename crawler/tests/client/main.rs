//! The client against a fake index: every failure that has an outcome of its own, and the manners in between.

mod common;
mod fetching;
mod listing;
mod manners;
mod reading;
mod refreshing;
mod resuming;
mod top_list;
mod trusting;
mod worlds;
