//! What people say about sites that rules ask for, and replaying it.

mod give;
mod replay;

use whatif::{Judgement, Rule};

pub use give::NoSuchSite;

/// What somebody says about a site in the standing release of a project.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    /// The rule that asks for it.
    pub rule: &'a Rule,
    /// The project.
    pub project: &'a packaging::ProjectName,
    /// The file's path.
    pub path: &'a str,
    /// The line, from 1.
    pub line: u32,
    /// What is said.
    pub verdict: Judgement,
    /// Why.
    pub reason: &'a str,
    /// Who says so.
    pub by: &'a str,
}
