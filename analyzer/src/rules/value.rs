//! Declarations of CPython's structures by value: what static types, module definitions and layouts share.

use capi::Structure;

use crate::judge::{Resolver, Walk};
use crate::lexer::{Kind, Sym, Word};
use crate::scan::{Declarator, Guard, Specifiers, What};

/// A variable or field that is a CPython structure, not a pointer to one; arrays count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// The structure.
    pub(crate) structure: &'static Structure,
    /// When it is that.
    pub(crate) guard: Guard,
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

/// What the declaration says, if it is of that sort: one value, or one for each condition under which it is another
/// structure.
pub(super) fn by_value(walk: &mut Walk<'_, '_>, read: Specifiers, declarator: Declarator) -> Vec<Value> {
    // Of its own declarator: the list of them may be long.
    let between = walk.code.get(read.next..declarator.at).unwrap_or_default().iter().rev();
    let is_reference =
        between.take_while(|t| t.kind != Kind::Comma).any(|t| matches!(t.kind, Kind::Amp | Kind::AmpAmp));
    if read.storage.is_typedef || is_reference {
        return Vec::new();
    }
    let mut ty = declarator.ty;
    if ty.function {
        // `PyTypeObject NAME(Foo) = {…}`: the name is a macro's.
        let is_initialised = walk.kind(declarator.next) == Kind::Assign;
        let may_be_macro =
            declarator.parameters.is_some() && (is_initialised || walk.kind(declarator.next) == Kind::Semi);
        if !may_be_macro || ty.pointers > 0 || !super::made::is_macro(walk, declarator.name) {
            return Vec::new();
        }
        ty.function = false;
    }
    let guard = walk.guard_at(declarator.at);
    let structures = Resolver::structures(walk.project, walk.file, guard, ty);
    let by_value: Vec<_> = structures.into_iter().filter(|(_, ty, _)| ty.pointers == declarator.arrays).collect();
    if by_value.is_empty() {
        return Vec::new();
    }
    let is_initialised = matches!(walk.kind(after_attributes(walk, declarator.next)), Kind::Assign | Kind::LBrace);
    if !is_initialised && (read.storage.is_extern || is_extern(walk, read.next)) {
        return Vec::new();
    }
    let is_field = walk.in_record();
    let is_static = !is_field && (read.storage.is_static || !walk.in_function());
    let value = |(structure, _, guard)| Value {
        structure,
        guard,
        name: declarator.name,
        name_at: declarator.at,
        type_at: read.next.saturating_sub(1),
        is_static,
        is_initialised,
    };
    by_value.into_iter().map(value).collect()
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
