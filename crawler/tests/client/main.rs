//! The client against a fake index: every failure that has an outcome of its own, and the manners in between.

mod common;
mod fetching;
mod reading;
