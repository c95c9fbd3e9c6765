//! What `/api/v1` answers: one table from which the routes, the description (OpenAPI 3.1) and its page are made, so that
//! none can be without the others.

mod document;
mod operations;
mod parameters;

pub(crate) use document::json;
pub(crate) use operations::{Method, OPERATIONS, Operation};
pub(crate) use parameters::Parameter;
