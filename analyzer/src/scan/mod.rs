//! What the files of a package say before anything is judged: preprocessor lines, conditions, declarations.

mod asked;
mod collect;
mod conditional;
mod declarator;
mod guards;
mod included;
mod includes;
mod macros;
mod makers;
mod package;
mod scopes;
mod syntax;
mod templates;
mod types;
mod unit;

pub(crate) use asked::versions;
pub(crate) use asked::versions as condition_of_versions;
pub(crate) use collect::collect;
pub(crate) use conditional::regions;
pub(crate) use guards::{Guard, Guards, Regions};
pub(crate) use includes::Includes;
pub(crate) use macros::{collect_macros, spread_member_parameters, undefines_ndebug};
pub(crate) use makers::spread_makers;
pub(crate) use package::{Declared, FastMap, FileId, Head, Package, RecordId, What};
pub(crate) use syntax::{Declarator, Specifiers, Syntax};
pub(crate) use templates::{argument as template_argument, substituted};
pub(crate) use types::{Base, Type};
pub(crate) use unit::{Line, Unit, included, is_error};
