//! The macros of the package: what they expand to, as far as types go.

use crate::lexer::{Directive, Kind, Names, Sym, Token, Word};

use super::guards::{Guard, Regions};
use super::makers;
use super::package::{Declared, Dropped, FileId, Macro, Package, What};
use super::syntax::Syntax;
use super::types::{Base, Type};
use super::unit::{Definition, Unit};

/// Adds the macros that `unit` defines to `package`.
pub(crate) fn collect_macros(
    unit: &Unit,
    source: &[u8],
    file: FileId,
    regions: &Regions,
    names: &Names,
    package: &mut Package,
) {
    for (line, &guard) in unit.lines.iter().zip(&regions.lines) {
        if line.directive != Directive::Define || guard == Guard::NEVER {
            continue;
        }
        let Some(definition) = unit.definition(line, source, names) else {
            continue;
        };
        let name = definition.name;
        let made = read(unit, file, guard, definition, names);
        let number = u32::try_from(package.macros.len()).unwrap_or(u32::MAX);
        if made.dropped.has_any() {
            package.drops.insert(name, ());
        }
        package.macros.push(made);
        package.declare(name, Declared { what: What::Macro(number), file, guard, local: true });
    }
}

fn read(unit: &Unit, file: FileId, guard: Guard, definition: Definition, names: &Names) -> Macro {
    let body = &unit.line_tokens[definition.body.clone()];
    let syntax = Syntax::new(body, names, unit.cpp);
    Macro {
        ty: cast_type(syntax).unwrap_or(Type::UNKNOWN),
        alias: alias(syntax, definition.name).filter(|_| definition.parameters.is_none()),
        makes: makers::makes(body, names),
        dropped: dropped(syntax, &definition, names_the_rest(&unit.line_tokens, definition.body.start)),
        member_parameters: member_parameters(syntax, &definition),
        free: free(syntax, &definition),
        declares: declares(syntax, &definition),
        definition,
        file,
        guard,
    }
}

/// The type of a body that is a cast, in any parentheses: `((Foo *)(o))`.
fn cast_type(syntax: Syntax<'_>) -> Option<Type> {
    let mut at = 0;
    while syntax.kind(at) == Kind::LParen && syntax.kind(at + 1) == Kind::LParen {
        at += 1;
    }
    let close = syntax.closing(at).filter(|_| syntax.kind(at) == Kind::LParen)?;
    let ty = syntax.type_name(at + 1, close)?;
    // `(x)->y`: what follows a cast is an operand, which ends the body.
    let operand_follows = matches!(syntax.kind(close + 1), Kind::LParen | Kind::Ident | Kind::Amp);
    let operand_end = match syntax.kind(close + 1) {
        Kind::LParen => syntax.closing(close + 1)? + 1,
        Kind::Ident if syntax.kind(close + 2) == Kind::LParen => syntax.closing(close + 2)? + 1,
        _ => close + 2,
    };
    let ends = syntax.code[operand_end.min(syntax.code.len())..].iter().all(|t| t.kind == Kind::RParen);
    (operand_follows && ends && ty.pointers > 0).then_some(ty)
}

/// The type that a body names: `PyObject`, `struct foo *`, `unsigned int`.
fn alias(syntax: Syntax<'_>, name: Sym) -> Option<Type> {
    let ty = syntax.type_name(0, syntax.code.len())?;
    (ty != Type::of(Base::Named(name))).then_some(ty)
}

/// The parameters that the body does not name, or only turns into a string.
fn dropped(syntax: Syntax<'_>, definition: &Definition, names_the_rest: bool) -> Dropped {
    let Some(parameters) = &definition.parameters else {
        return Dropped::default();
    };
    let is_used = |at: usize, name: Sym| {
        syntax.sym(at) == name && at.checked_sub(1).is_none_or(|before| syntax.kind(before) != Kind::Hash)
    };
    let mut found = Dropped { count: u8::try_from(parameters.len()).unwrap_or(u8::MAX), ..Dropped::default() };
    for (&name, bit) in parameters.iter().zip(0..32) {
        found.named |= u32::from(!(0..syntax.code.len()).any(|at| is_used(at, name))) << bit;
    }
    // `args...` and `__VA_ARGS__` stand for all that follow.
    let last_is_used = found.count.checked_sub(1).is_some_and(|last| !found.has(last));
    let takes_the_rest = syntax.code.iter().any(|t| t.is_ident() && syntax.names.bytes(t.sym).starts_with(b"__VA_"));
    found.rest = !(takes_the_rest || names_the_rest && last_is_used);
    found
}

/// Whether a parameter list, which ends before `body`, names the last of them `args...`, as GNU C allows.
fn names_the_rest(tokens: &[Token], body: usize) -> bool {
    let list = tokens.get(..body.saturating_sub(1)).unwrap_or_default();
    let dots = list.iter().rev().take_while(|t| !matches!(t.kind, Kind::Ident | Kind::Comma | Kind::LParen)).count();
    dots > 0 && list.get(list.len().wrapping_sub(dots + 1)).is_some_and(|t| t.is_ident())
}

/// The lines that take NDEBUG back, after which `assert` does something in every build.
pub(crate) fn undefines_ndebug<'a>(
    unit: &'a Unit,
    file: FileId,
    regions: &'a Regions,
    names: &Names,
) -> impl Iterator<Item = (FileId, Guard)> + use<'a> {
    let ndebug = names.get(b"NDEBUG");
    let lines = unit.lines.iter().zip(&regions.lines).filter(move |_| ndebug.is_some());
    let undefining = lines.filter(|(line, _)| line.directive == Directive::Undef);
    undefining
        .filter(move |(line, _)| unit.tokens_of(line).first().map(|t| t.sym) == ndebug)
        .map(move |(_, &guard)| (file, guard))
}

/// The parameters behind `.` and `->`, and in `offsetof`.
fn member_parameters(syntax: Syntax<'_>, definition: &Definition) -> Vec<u8> {
    let is_member = |at: usize| {
        let before = at.checked_sub(1).map_or(Kind::End, |at| syntax.kind(at));
        let offset = at.checked_sub(4).is_some_and(|at| syntax.word(at) == Some(Word::Offsetof));
        matches!(before, Kind::Dot | Kind::Arrow) || offset && before == Kind::Comma
    };
    let used = |name: Sym| (0..syntax.code.len()).any(|at| syntax.sym(at) == name && is_member(at));
    let parameters = definition.parameters.iter().flatten().zip(0..=u8::MAX);
    parameters.filter(|(name, _)| used(**name)).map(|(_, position)| position).collect()
}

/// Names whose members the body accesses and that are no parameters.
fn free(syntax: Syntax<'_>, definition: &Definition) -> Vec<Sym> {
    let is_base = |at: usize| {
        let before = at.checked_sub(1).map_or(Kind::End, |at| syntax.kind(at));
        let after = syntax.kind(at + 1);
        syntax.is_name(at) && matches!(after, Kind::Dot | Kind::Arrow) && !matches!(before, Kind::Dot | Kind::Arrow)
    };
    let bases = (0..syntax.code.len()).filter(|&at| is_base(at)).map(|at| syntax.sym(at));
    let mut free: Vec<Sym> = bases.filter(|name| !definition.parameters.iter().flatten().any(|p| p == name)).collect();
    free.sort_unstable();
    free.dedup();
    free
}

/// The variable of a body such as `PyThreadState *tstate;`.
fn declares(syntax: Syntax<'_>, definition: &Definition) -> Option<(Sym, Type)> {
    let read = syntax.specifiers(0)?;
    let declarator = syntax.declarator(read.next, read.base)?;
    let ends = matches!(syntax.kind(declarator.next), Kind::Semi | Kind::Assign | Kind::End);
    // Of the parameters only the first can be the variable.
    let is_own = !definition.parameters.iter().flatten().skip(1).any(|&name| name == declarator.name);
    (ends && is_own && declarator.parameters.is_none()).then_some((declarator.name, declarator.ty))
}

/// A parameter that is handed on to another macro's member parameter is one too, over a few levels.
pub(crate) fn spread_member_parameters(units: &[Unit], names: &Names, package: &mut Package) {
    for _ in 0..4 {
        let found: Vec<(usize, u8)> = (0..package.macros.len())
            .filter(|&index| package.macros[index].definition.parameters.is_some())
            .flat_map(|index| handed_on(&package.macros[index], units, names, package).map(move |p| (index, p)))
            .collect();
        let mut changed = false;
        for (index, position) in found {
            let known = &mut package.macros[index].member_parameters;
            if !known.contains(&position) {
                known.push(position);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// The parameters of `made` that its body hands on as the name of a member.
fn handed_on(made: &Macro, units: &[Unit], names: &Names, package: &Package) -> impl Iterator<Item = u8> + use<> {
    let body = &units[made.file as usize].line_tokens[made.definition.body.clone()];
    let syntax = Syntax::new(body, names, false);
    let mut found = Vec::new();
    for at in 0..body.len() {
        if syntax.kind(at + 1) != Kind::LParen || !syntax.is_name(at) {
            continue;
        }
        let wanted = package.declarations(syntax.sym(at)).iter().find_map(|declared| match declared.what {
            What::Macro(number) => package.macros.get(number as usize).filter(|m| !m.member_parameters.is_empty()),
            _ => None,
        });
        for &position in wanted.map_or(&[][..], |inner| &inner.member_parameters) {
            let argument = single_argument(syntax, at + 1, position);
            let parameters = made.definition.parameters.iter().flatten().zip(0..=u8::MAX);
            found.extend(parameters.filter(|(name, _)| Some(**name) == argument).map(|(_, own)| own));
        }
    }
    found.into_iter()
}

/// The argument at `position` of the call that opens at `open`, if it is a single name.
fn single_argument(syntax: Syntax<'_>, open: usize, position: u8) -> Option<Sym> {
    let close = syntax.closing(open)?;
    let (mut depth, mut argument) = (0_i32, 0_u8);
    for at in open..close {
        match syntax.kind(at) {
            Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
            Kind::RParen | Kind::RBracket | Kind::RBrace => depth -= 1,
            Kind::Comma if depth == 1 => argument = argument.saturating_add(1),
            _ => {}
        }
        let starts = matches!(syntax.kind(at), Kind::Comma | Kind::LParen) && depth == 1;
        let ends = at + 2 == close || syntax.kind(at + 2) == Kind::Comma;
        if starts && argument == position && ends && syntax.is_name(at + 1) {
            return Some(syntax.sym(at + 1));
        }
    }
    None
}
