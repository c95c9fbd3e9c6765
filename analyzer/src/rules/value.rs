//! Declarations of CPython's structures by value: what static types, module definitions and layouts share.

use capi::Structure;

use crate::judge::{Resolved, Resolver, Walk};
use crate::lexer::{Kind, Sym, Word};
use crate::scan::{Declarator, Specifiers, What};

/// A variable or field that is a CPython structure, not a pointer to one; arrays count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// The structure.
    pub(crate) structure: &'static Structure,
    /// The variable or field.
    pub(crate) name: Sym,
    /// Index of the name.
    pub(crate) name_at: usize,
    /// Index of the last token of the type.
    pub(crate) type_at: usize,
    /// It lives as long as the program and is defined here, not only declared.
    pub(crate) is_static: bool,
    /// It has an initialiser.
    pub(crate) is_initialised: bool,
}

/// What the declaration says, if it is of that sort.
pub(super) fn by_value(walk: &mut Walk<'_, '_>, read: Specifiers, declarator: Declarator) -> Option<Value> {
    let between = walk.code.get(read.next..declarator.at).unwrap_or_default();
    let is_reference = between.iter().any(|t| matches!(t.kind, Kind::Amp | Kind::AmpAmp));
    if read.storage.is_typedef || is_reference {
        return None;
    }
    let mut ty = declarator.ty;
    if ty.function {
        // `PyTypeObject NAME(Foo) = {…}`: the name is a macro's.
        let is_initialised = walk.kind(declarator.next) == Kind::Assign;
        let may_be_macro =
            declarator.parameters.is_some() && (is_initialised || walk.kind(declarator.next) == Kind::Semi);
        if !may_be_macro || ty.pointers > 0 || !super::made::is_macro(walk, declarator.name) {
            return None;
        }
        ty.function = false;
    }
    let (resolved, ty) = Resolver::resolve(walk.project.names, walk.project.package, walk.file, ty);
    let Resolved::CPython(structure) = resolved else {
        return None;
    };
    if ty.pointers != declarator.arrays {
        return None;
    }
    let is_initialised = matches!(walk.kind(after_attributes(walk, declarator.next)), Kind::Assign | Kind::LBrace);
    let is_field = walk.in_record();
    if !is_initialised && (read.storage.is_extern || is_extern(walk, read.next)) {
        return None;
    }
    Some(Value {
        structure,
        name: declarator.name,
        name_at: declarator.at,
        type_at: read.next.saturating_sub(1),
        is_static: !is_field && (read.storage.is_static || !walk.in_function()),
        is_initialised,
    })
}

/// The index after the attributes, and macros that stand for some, behind a name.
fn after_attributes(walk: &Walk<'_, '_>, mut at: usize) -> usize {
    let syntax = walk.syntax();
    for _ in 0..4 {
        if walk.kind(at) != Kind::Ident {
            break;
        }
        at += 1;
        if walk.kind(at) == Kind::LParen {
            at = syntax.closing(at).map_or(at, |close| close + 1);
        }
    }
    at
}

/// Whether a macro in front of `end`, the end of the specifiers, makes a declaration of the definition:
/// `PyAPI_DATA(PyTypeObject) T;`, or a macro of the package with `extern` in it.
fn is_extern(walk: &Walk<'_, '_>, end: usize) -> bool {
    let before = walk.code.get(end.saturating_sub(8)..end).unwrap_or_default().iter().rev();
    let statement = before.take_while(|t| !matches!(t.kind, Kind::Semi | Kind::RBrace | Kind::LBrace));
    statement.filter(|t| t.is_ident()).any(|t| {
        let names = &*walk.project.names;
        let facts = names.facts(t.sym);
        let is_role = || capi::role(&names.text(t.sym)).is_some_and(|named| named.role == capi::Role::Extern);
        facts.word == Word::Name && (facts.item.is_some() && is_role() || is_extern_macro(walk, t.sym))
    })
}

fn is_extern_macro(walk: &Walk<'_, '_>, name: Sym) -> bool {
    let package = walk.project.package;
    package.visible(name, walk.file).any(|declared| match declared.what {
        What::Macro(number) => {
            let made = &package.macros[number as usize];
            let body = &walk.project.units[made.file as usize].line_tokens[made.definition.body.clone()];
            let is_extern = |at: usize| walk.project.names.facts(body[at].sym).word == Word::Extern;
            (0..body.len()).any(|at| is_extern(at) && body.get(at + 1).is_none_or(|next| next.kind != Kind::Str))
        }
        _ => false,
    })
}
