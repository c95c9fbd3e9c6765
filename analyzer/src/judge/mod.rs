//! Second pass over a file: every rule at once, along one walk.
//!
//! The walk reads expressions from left to right with a stack of levels and knows, for each operand, its type and
//! what it designates. That is all the rules need: a member access asks for the type on its left; an assignment
//! marks what its left side designates. Nothing recurses and every token is visited once.

mod argument;
mod call;
mod class;
mod declare;
mod expand;
mod expansion;
mod expression;
mod finding;
mod given;
mod kept;
mod lambda;
mod level;
mod locals;
mod macro_bodies;
mod macro_value;
mod member_name;
mod near;
mod resolve;
mod standard;
mod walk;

pub(crate) use expand::{Expander, MAX_EXPANSION, Piece, Use as MacroUse, only_declares};
pub(crate) use expansion::Expansions;
pub(crate) use finding::{Finding, Name, Part};
pub(crate) use given::Given;
pub(crate) use level::{Call, Operand, Place};
pub(crate) use locals::Locals;
pub(crate) use macro_bodies::judge_macros;
pub(crate) use member_name::{MemberNames, named_members};
pub(crate) use near::NearMacros;
pub(crate) use resolve::{Reached, Resolved, Resolver, distinctive};
pub(crate) use walk::{Judged, Project, Walk, judge_file};
