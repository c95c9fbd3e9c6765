//! Rust: names of CPython's API that a file takes from PyO3's `ffi`, `pyo3-ffi`, `python3-sys` or rust-cpython.
//!
//! **Hits.** `ffi::PyList_New`, `pyo3::ffi::PyList_New`, a name from `use pyo3::ffi::{PyList_New as new}` or from a star.
//! `(*object).ob_type` where the member's name says which structure it is: probable, since types are not followed.
//! A `use` names the API and is reported, but generates no code and has no part in verdicts.
//!
//! **Near misses.** Comments, strings, methods, names of other crates, what `#[cfg(test)]` holds. What `#[cfg(Py_3_9)]`
//! and its like hold is under that condition.

mod cfg;
mod uses;

use crate::judge::{Finding, Judged, Name, Part, distinctive};
use crate::lexer::{Kind, Names, Sym, Token};
use crate::report::{Access, Certainty, Kind as Report};
use crate::scan::{Guard, Guards};

use cfg::Conditions;
use uses::Imports;

/// Crates whose names are CPython's, all of them or those in a module called `ffi`.
const CRATES: [&[u8]; 5] = [b"pyo3_ffi", b"python3_sys", b"python27_sys", b"pyo3", b"cpython"];

/// Whether a file can name the API at all.
pub(crate) fn may_use(source: &[u8]) -> bool {
    let has = |text: &[u8]| memchr::memmem::find(source, text).is_some();
    has(b"Py") && (has(b"ffi") || has(b"python3_sys"))
}

/// Judges one file.
pub(crate) fn judge(tokens: &[Token], names: &Names, guards: &mut Guards) -> Judged {
    let imports = Imports::read(tokens, names);
    let mut conditions = Conditions::default();
    let mut judged = Judged::default();
    let mut opens = Vec::new();
    // Where the last parenthesis to be closed was opened.
    let mut closed = None;
    for (at, token) in tokens.iter().enumerate() {
        let guard = conditions.step(tokens, at, names, guards);
        match token.kind {
            Kind::LParen => opens.push(at),
            Kind::RParen => closed = opens.pop(),
            Kind::Ident if guard != Guard::NEVER => {
                if let Some(finding) = name(tokens, at, &imports, names, guard) {
                    judged.findings.push(finding);
                } else if let Some(open) = closed.filter(|_| is_after_parenthesis(tokens, at)) {
                    judged.findings.extend(member(tokens, open, at, names, guard));
                }
            }
            _ => {}
        }
    }
    judged
}

fn kind(tokens: &[Token], at: usize) -> Kind {
    tokens.get(at).map_or(Kind::End, |token| token.kind)
}

fn before(tokens: &[Token], at: usize, back: usize) -> Kind {
    at.checked_sub(back).map_or(Kind::End, |at| kind(tokens, at))
}

/// The name at `at`, if it is CPython's.
fn name(tokens: &[Token], at: usize, imports: &Imports, names: &Names, guard: Guard) -> Option<Finding> {
    let token = tokens[at];
    let (item, in_use) = if before(tokens, at, 1) == Kind::Scope || imports.is_in_use(at) {
        let item = names.facts(token.sym).item.filter(|item| item.public.is_some())?;
        let is_theirs = imports.is_in_use(at) && imports.is_used(at) || imports.is_qualified(tokens, at);
        (is_theirs.then_some(item)?, imports.is_in_use(at))
    } else {
        let declares =
            at > 0 && matches!(names.bytes(tokens[at - 1].sym), b"fn" | b"struct" | b"mod" | b"type" | b"let");
        let is_member = before(tokens, at, 1) == Kind::Dot;
        // `name:` is a field or a parameter.
        let is_label = kind(tokens, at + 1) == Kind::Colon;
        if declares || is_member || is_label {
            return None;
        }
        (imports.meaning(token.sym, names)?, false)
    };
    let compiled = in_use.then_some(Guard::NEVER);
    let part = Part { compiled, ..Part::default() };
    Some(Finding { part, ..Finding::new(Report::Api, Name::Known(item.name), token.start, guard) })
}

/// Whether `).` is in front.
fn is_after_parenthesis(tokens: &[Token], at: usize) -> bool {
    before(tokens, at, 1) == Kind::Dot && before(tokens, at, 2) == Kind::RParen
}

/// `(*x).name`, whose parenthesis is at `open`.
fn member(tokens: &[Token], open: usize, at: usize, names: &Names, guard: Guard) -> Option<Finding> {
    let is_dereferenced = kind(tokens, open + 1) == Kind::Star;
    if !is_dereferenced || !names.facts(tokens[at].sym).member || kind(tokens, at + 1) == Kind::LParen {
        return None;
    }
    let (structure, member) = distinctive(&names.text(tokens[at].sym))?;
    let last = member.name.rsplit('.').next().unwrap_or(member.name);
    let is_address = matches!(before(tokens, open, 1), Kind::Amp)
        || open > 0
            && matches!(names.bytes(tokens[open - 1].sym), b"mut" | b"raw")
            && before(tokens, open, 2) != Kind::Star;
    let access = match kind(tokens, at + 1) {
        Kind::Assign | Kind::OpAssign => Access::Write,
        _ if is_address => Access::Address,
        _ => Access::Read,
    };
    Some(Finding {
        structure: Some(structure.name),
        path: (last != member.name).then_some(member.name),
        access: access.into(),
        certainty: Certainty::Probable,
        ..Finding::new(Report::Member, Name::Known(last), tokens[at].start, guard)
    })
}

/// Whether `name` is a crate that has CPython's names.
fn is_crate(names: &Names, name: Sym) -> bool {
    CRATES.contains(&names.bytes(name))
}
