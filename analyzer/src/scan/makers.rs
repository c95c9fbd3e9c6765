//! Which macros define something of interest where they are used: a `PyTypeObject`, a `PyModuleDef`, an export hook.
//!
//! A first, generous answer, read off the body; what a use really makes, its expansion tells.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use crate::lexer::{Kind, Names, Sym, Token};

use super::package::{Macro, Package};
use super::types::{Base, Type};
use super::unit::Unit;

/// Macros that call each other.
const MAX_LEVELS: usize = 8;

/// Whether the body itself has a declaration of a type object or module definition, or the name of an export hook.
pub(super) fn makes(body: &[Token], names: &Names) -> bool {
    let is_declaration = |pair: &[Token]| {
        matches!(pair[1].kind, Kind::Ident)
            && names.facts(pair[0].sym).structure.is_some()
            && is_type(names, pair[0].sym)
    };
    let is_hook = |token: &Token| {
        token.is_ident() && names.bytes(token.sym).first() == Some(&b'P') && {
            let name = names.bytes(token.sym);
            name.starts_with(b"PyInit_") || name.starts_with(b"PyModExport_")
        }
    };
    body.windows(2).any(|pair| pair[0].is_ident() && is_declaration(pair)) || body.iter().any(is_hook)
}

fn is_type(names: &Names, name: Sym) -> bool {
    let is_made = |role| matches!(role, capi::Role::TypeObject | capi::Role::ModuleDef);
    capi::role(&names.text(name)).is_some_and(|named| is_made(named.role))
}

/// Marks macros whose bodies call one that makes something, or use another name for the type.
pub(crate) fn spread_makers(units: &[Unit], names: &Names, package: &mut Package) {
    let aliases: HashSet<Sym, FxBuildHasher> =
        package.macros.iter().filter(|made| names_type(made, names)).map(|made| made.definition.name).collect();
    let mut makers: HashSet<Sym, FxBuildHasher> =
        package.macros.iter().filter(|made| made.makes).map(|made| made.definition.name).collect();
    for _ in 0..MAX_LEVELS {
        if makers.is_empty() && aliases.is_empty() {
            return;
        }
        let mut changed = false;
        for made in package.macros.iter_mut().filter(|made| !made.makes) {
            let body = &units[made.file as usize].line_tokens[made.definition.body.clone()];
            let is_call = |t: &Token| t.is_ident() && makers.contains(&t.sym);
            let declares = |pair: &[Token]| pair[0].is_ident() && pair[1].is_ident() && aliases.contains(&pair[0].sym);
            made.makes = body.iter().any(is_call) || !aliases.is_empty() && body.windows(2).any(declares);
            changed |= made.makes && makers.insert(made.definition.name);
        }
        if !changed {
            break;
        }
    }
    package.has_makers = package.macros.iter().any(|made| made.makes);
}

/// `#define TYPE PyTypeObject`.
fn names_type(made: &Macro, names: &Names) -> bool {
    match made.alias {
        Some(Type { base: Base::Named(name) | Base::Tag(name), pointers: 0, .. }) => is_type(names, name),
        _ => false,
    }
}
