//! What an operator does beside crawling, through the whole program.
#![cfg(feature = "service")]

#[path = "operating/deployment.rs"]
mod deployment;

#[path = "operating/backup.rs"]
mod backup;
#[path = "operating/deciding.rs"]
mod deciding;
#[path = "operating/oddities.rs"]
mod oddities;
#[path = "operating/retention.rs"]
mod retention;
#[path = "operating/upgrade.rs"]
mod upgrade;
