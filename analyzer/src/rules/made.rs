//! Definitions that macros of the package make, with the names that they make up.
//!
//! `#define TYPE(name) static PyTypeObject name##_Type = {…}` makes a static type wherever it is used, and
//! `#define MODULE(name) PyMODINIT_FUNC PyInit_##name(void)` an export hook; likewise module definitions. The finding is where the name is written:
//! in an argument, in a macro's body; and where the macro is used if `##` makes the name.

use crate::judge::{Expander, Finding, Judged, MacroUse, Name, Piece, Resolved, Resolver, Walk, only_declares};
use crate::lexer::{Kind, Sym, Token, Word};
use crate::report::{Access, Accesses, Kind as Report};
use crate::scan::{Base, FileId, Guard, Type, What};

/// How many tokens of a call's arguments are searched for a macro that makes something.
const MAX_ARGUMENTS: usize = 128;
/// How many tokens behind a use belong to it: `TYPE(name) = {`.
const BEHIND: usize = 8;

/// The identifier at the walk's place names a macro of the package: what its use makes.
pub(crate) fn check_macro(walk: &mut Walk<'_, '_>, token: Token) {
    let package = walk.project.package;
    if !package.has_makers || !(makes(walk, token.sym) || has_maker_argument(walk)) {
        return;
    }
    let from = walk.at.saturating_sub(4);
    let since =
        walk.code[from..walk.at].iter().rposition(|t| matches!(t.kind, Kind::Semi | Kind::RBrace | Kind::LBrace));
    let before: Vec<Token> = walk.code[since.map_or(from, |i| from + i + 1)..walk.at].to_vec();
    let (call, behind) = pieces(walk, walk.at);
    let at = MacroUse { file: walk.file, offset: token.start, guard: walk.guard_at(walk.at) };
    for number in Expander::new(walk.project, at).definitions(token.sym) {
        let mut made: Vec<Piece> = before.iter().map(|&token| Piece { token, file: Some(walk.file) }).collect();
        made.extend(Expander::new(walk.project, at).expand(&call, Some(number)));
        let end = made.len();
        made.extend(&behind);
        let guard = walk.project.guards.both(at.guard, package.macros[number as usize].guard);
        scan(walk, &made, end, token, guard);
    }
}

/// The name that a declared `name` stands for, where that is a macro: `PyTypeObject NAME(Foo) = {…}`; and where it is
/// written, if it is.
pub(super) fn declared_name(walk: &mut Walk<'_, '_>, name: Sym, at: usize) -> Option<(Sym, Option<(FileId, u32)>)> {
    if !is_macro(walk, name) {
        return None;
    }
    let (call, _) = pieces(walk, at);
    let place = MacroUse { file: walk.file, offset: walk.code[at].start, guard: walk.guard_at(at) };
    let number = Expander::new(walk.project, place).definitions(name).first().copied()?;
    let made = Expander::new(walk.project, place).expand(&call, Some(number));
    let first = made.first().filter(|piece| piece.token.is_ident() && piece.token.sym != name)?;
    Some((first.token.sym, first.file.map(|file| (file, first.token.start))))
}

/// The macro's name at `at` with its arguments, and the tokens behind.
fn pieces(walk: &Walk<'_, '_>, at: usize) -> (Vec<Piece>, Vec<Piece>) {
    let syntax = walk.syntax();
    let end = match syntax.kind(at + 1) {
        Kind::LParen => syntax.closing(at + 1).unwrap_or(at),
        _ => at,
    };
    let of = |from: usize, to: usize| {
        let tokens = walk.code.get(from..to.min(walk.code.len())).unwrap_or_default();
        tokens.iter().map(|&token| Piece { token, file: Some(walk.file) }).collect()
    };
    (of(at, end + 1), of(end + 1, end + 1 + BEHIND))
}

/// Whether a macro of the package that is visible here has this name.
pub(super) fn is_macro(walk: &Walk<'_, '_>, name: Sym) -> bool {
    walk.project.package.visible(name, walk.file).any(|declared| matches!(declared.what, What::Macro(_)))
}

fn makes(walk: &Walk<'_, '_>, name: Sym) -> bool {
    let package = walk.project.package;
    let is_maker = |number: u32| package.macros.get(number as usize).is_some_and(|made| made.makes);
    let mut visible = package.visible(name, walk.file);
    visible.any(|declared| matches!(declared.what, What::Macro(number) if is_maker(number)))
}

/// `TYPES(DEFINE)`: a list of uses of the macro that it is given.
fn has_maker_argument(walk: &Walk<'_, '_>) -> bool {
    if walk.kind(walk.at + 1) != Kind::LParen {
        return false;
    }
    let tokens = walk.code.get(walk.at + 2..).unwrap_or_default().iter().take(MAX_ARGUMENTS);
    let arguments = tokens.take_while(|t| matches!(t.kind, Kind::Ident | Kind::Comma));
    arguments.into_iter().any(|t| t.is_ident() && makes(walk, t.sym))
}

/// Reads the definitions that begin in the first `end` tokens of `made`, an expansion and what stands around it.
fn scan(walk: &mut Walk<'_, '_>, made: &[Piece], end: usize, used: Token, guard: Guard) {
    let mut depth = 0_u32;
    let mut start = 0;
    for (at, piece) in made.iter().enumerate().take(end) {
        match piece.token.kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket => depth += 1,
            Kind::RBrace | Kind::RParen | Kind::RBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        match piece.token.kind {
            Kind::Semi | Kind::RBrace | Kind::LBrace => start = at + 1,
            Kind::Ident if depth == 0 || walk.project.names.facts(made[start].token.sym).word == Word::Static => {
                if let Some(kind) = defined(walk, piece.token.sym) {
                    variables(walk, made, (start, at), used, guard, kind);
                } else {
                    hook(walk, made, at, used, guard);
                }
            }
            _ => {}
        }
    }
}

/// The variables that a declaration defines whose statement begins and whose type stands at `start` and `at`.
fn variables(
    walk: &mut Walk<'_, '_>,
    made: &[Piece],
    (start, at): (usize, usize),
    used: Token,
    guard: Guard,
    kind: Report,
) {
    let word = |piece: &Piece| walk.project.names.facts(piece.token.sym).word;
    let before = &made[start..at];
    let is_static = before.iter().any(|piece| word(piece) == Word::Static);
    if before.iter().any(|piece| piece.token.is_ident() && only_declares(word(piece)))
        || walk.in_function() && !is_static
    {
        return;
    }
    let mut name_at = at + 1;
    for _ in 0..64 {
        while made.get(name_at).is_some_and(|p| p.token.is_ident() && word_of(walk, p) == Word::Qualifier) {
            name_at += 1;
        }
        name_at = qualified(made, name_at);
        let Some(name) = made.get(name_at).filter(|piece| piece.token.is_ident()) else { return };
        let mut next = name_at + 1;
        while made.get(next).is_some_and(|piece| piece.token.kind == Kind::LBracket) {
            let close = made[next..].iter().position(|piece| piece.token.kind == Kind::RBracket);
            next += close.map_or(1, |close| close + 1);
        }
        let follows = made.get(next).map_or(Kind::End, |piece| piece.token.kind);
        if !matches!(follows, Kind::Assign | Kind::Semi | Kind::Comma | Kind::LBrace | Kind::End | Kind::Ident) {
            return;
        }
        let access =
            if matches!(follows, Kind::Assign | Kind::LBrace) { Access::Init.into() } else { Accesses::default() };
        let access = if kind == Report::StaticType { access } else { Accesses::default() };
        report(walk, *name, used, guard, kind, access);
        if follows != Kind::Comma {
            return;
        }
        name_at = next + 1;
    }
}

/// `ns::Class<T>::name` at `at`: where the name is.
fn qualified(made: &[Piece], mut at: usize) -> usize {
    let kind = |at: usize| made.get(at).map_or(Kind::End, |piece| piece.token.kind);
    for _ in 0..8 {
        let mut after = at + usize::from(kind(at) == Kind::Ident);
        if kind(after) == Kind::Less {
            let close = made[after..].iter().position(|piece| piece.token.kind == Kind::Greater);
            after += close.map_or(0, |close| close + 1);
        }
        if kind(after) != Kind::Scope {
            break;
        }
        at = after + 1;
    }
    at
}

fn word_of(walk: &Walk<'_, '_>, piece: &Piece) -> Word {
    walk.project.names.facts(piece.token.sym).word
}

/// `PyInit_name(void) {`.
fn hook(walk: &mut Walk<'_, '_>, made: &[Piece], at: usize, used: Token, guard: Guard) {
    let name = made[at];
    let kind = |at: usize| made.get(at).map_or(Kind::End, |piece| piece.token.kind);
    if !super::export_hook::is_hook(walk.project.names.bytes(name.token.sym)) || kind(at + 1) != Kind::LParen {
        return;
    }
    let close = made[at..].iter().position(|piece| piece.token.kind == Kind::RParen);
    if close.is_some_and(|close| kind(at + close + 1) == Kind::LBrace) {
        report(walk, name, used, guard, Report::ExportHook, Accesses::default());
    }
}

fn report(walk: &mut Walk<'_, '_>, name: Piece, used: Token, guard: Guard, kind: Report, access: Accesses) {
    let (file, offset) = name.file.map_or((walk.file, used.start), |file| (file, name.token.start));
    let finding = Finding { access, ..Finding::new(kind, Name::Own(name.token.sym), offset, guard) };
    if file == walk.file {
        walk.report(finding);
    } else {
        walk.project.elsewhere.push((file, finding));
    }
}

/// What a variable of this type is.
fn defined(walk: &Walk<'_, '_>, name: Sym) -> Option<Report> {
    let facts = walk.project.names.facts(name);
    if facts.structure.is_none() && walk.project.package.declarations(name).is_empty() {
        return None;
    }
    let (resolved, ty) =
        Resolver::resolve(walk.project.names, walk.project.package, walk.file, Type::of(Base::Named(name)));
    let Resolved::CPython(structure) = resolved else { return None };
    match capi::role(structure.name).filter(|_| ty.pointers == 0)?.role {
        capi::Role::TypeObject => Some(Report::StaticType),
        capi::Role::ModuleDef => Some(Report::ModuleDef),
        _ => None,
    }
}

/// Adds what was found for other files than the one that was walked.
pub(crate) fn add_elsewhere(elsewhere: Vec<(FileId, Finding)>, judged: &mut [Judged]) {
    for (file, finding) in elsewhere {
        if let Some(judged) = judged.get_mut(file as usize) {
            judged.findings.push(finding);
        }
    }
}
