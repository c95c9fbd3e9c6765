//! Many machines: the composition, the image, and each role as the composition starts it.
#![cfg(feature = "service")]

mod compose;
mod exposition;
mod image;
mod roles;
mod running;
mod schema;
