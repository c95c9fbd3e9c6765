//! The private server on Unix. Read in the order of a start: a command joins ([`join`]), finds no supervisor and makes
//! one ([`supervisor`]), which chooses binaries, downloads them if there are none, makes the cluster, starts Postgres,
//! and writes down where it listens ([`state`]).
//!
//! Three locks in the server's folder, always taken in this order (see [`locks`]):
//! - `start.lock`, exclusive while a command joins: one at a time decides whether to start a supervisor;
//! - `clients.lock`, shared by every joined command for its life; exclusive by the supervisor once none is left, and
//!   until the server has stopped, so that a late comer waits for the end and starts anew;
//! - `supervisor.lock`, exclusive by the supervisor for its life: free means that nobody looks after the server.

mod account;
mod binaries;
mod cluster;
mod download;
mod join;
mod layout;
mod leftover;
mod locks;
mod postmaster;
mod report;
mod state;
mod supervisor;
mod throwaway;

pub use binaries::installed_binaries;
pub use join::{Server, join};
pub use supervisor::run_supervisor_if_asked;
pub use throwaway::Throwaway;
