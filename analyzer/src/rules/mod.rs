//! The rules, one file each. A rule says what it reports and why; the walk tells it where to look.

pub(crate) mod api;
pub(crate) mod export_hook;
pub(crate) mod internal_header;
pub(crate) mod layout;
pub(crate) mod lvalue;
pub(crate) mod made;
pub(crate) mod member;
pub(crate) mod module_def;
pub(crate) mod own;
pub(crate) mod static_type;
mod value;

use capi::Role;

use crate::judge::Walk;
use crate::scan::{Declarator, Specifiers};

/// One declared name: everything that looks at declarations.
pub(crate) fn declaration(walk: &mut Walk<'_, '_>, read: Specifiers, declarator: Declarator) {
    export_hook::check(walk, declarator);
    for value in value::by_value(walk, read, declarator) {
        match capi::role(value.structure.name).map(|named| named.role) {
            Some(Role::TypeObject) if value.is_static => static_type::found(walk, value),
            Some(Role::ModuleDef) if value.is_static => module_def::found(walk, value),
            _ => layout::found(walk, value),
        }
    }
}
