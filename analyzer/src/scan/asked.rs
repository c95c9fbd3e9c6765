//! Which macros matter to conditions.

use std::collections::BTreeMap;

use capi::ItemKind;

use crate::Condition;
use crate::condition::MacroTable;
use crate::lexer::{Directive, Names, Sym, Token};

use super::package::FastMap;
use super::unit::Unit;

/// Longer bodies are code, not conditions.
const MAX_BODY: usize = 256;

/// Macros that one line may ask about, others through them; real ones ask about some dozens.
const MAX_ASKED: usize = 512;

/// The tokens of macros' bodies, by name.
pub(super) type Bodies<'a> = FastMap<Sym, Vec<&'a [Token]>>;

/// The bodies of all macros that are not too long to be evaluated.
pub(super) fn bodies(units: &[Unit]) -> Bodies<'_> {
    let mut bodies = Bodies::default();
    for unit in units {
        for line in unit.lines.iter().filter(|line| line.directive == Directive::Define) {
            if let [name, body @ ..] = unit.tokens_of(line)
                && body.len() < MAX_BODY
            {
                bodies.entry(name.sym).or_default().push(body);
            }
        }
    }
    bodies
}

/// The macros that the `#if` lines of `units` name, and those in their bodies.
pub(super) fn asked(units: &[Unit], bodies: &Bodies<'_>) -> FastMap<Sym, ()> {
    let lines = units.iter().flat_map(|unit| unit.lines.iter().map(move |line| (unit, line)));
    let tokens = lines.filter(|(_, line)| asks(line.directive)).flat_map(|(unit, line)| unit.tokens_of(line));
    closure(tokens, bodies, usize::MAX)
}

/// The macros that one line names, and those in their bodies, sorted; `None` if there are too many to be listed for
/// each line.
pub(super) fn asked_by(tokens: &[Token], bodies: &Bodies<'_>) -> Option<Vec<Sym>> {
    let mut names: Vec<Sym> = closure(tokens.iter(), bodies, MAX_ASKED).into_keys().collect();
    names.sort_unstable();
    (names.len() <= MAX_ASKED).then_some(names)
}

/// The macros that `tokens` name, and those in their bodies; not many more than `limit`.
fn closure<'a>(tokens: impl Iterator<Item = &'a Token>, bodies: &Bodies<'_>, limit: usize) -> FastMap<Sym, ()> {
    let mut waiting: Vec<Sym> = tokens.filter(|t| t.is_ident()).map(|t| t.sym).collect();
    let mut asked = FastMap::default();
    while let Some(name) = waiting.pop().filter(|_| asked.len() <= limit) {
        if asked.insert(name, ()).is_none() {
            let inside = bodies.get(&name).into_iter().flatten().flat_map(|body| body.iter());
            waiting.extend(inside.filter(|t| t.is_ident()).map(|t| t.sym));
        }
    }
    asked
}

pub(super) fn asks(directive: Directive) -> bool {
    matches!(
        directive,
        Directive::If
            | Directive::Ifdef
            | Directive::Ifndef
            | Directive::Elif
            | Directive::Elifdef
            | Directive::Elifndef
    )
}

/// Says what is known before the first line: CPython's macros are defined in the versions that have them, and what
/// the file itself or its includes define is not defined yet.
/// `given` are the macros that the build defines for every file.
pub(super) fn seed(
    table: &mut MacroTable,
    asked: &FastMap<Sym, ()>,
    defined_here: &FastMap<Sym, ()>,
    names: &Names,
    given: &BTreeMap<String, String>,
) {
    let mut asked: Vec<Sym> = asked.keys().copied().collect();
    asked.sort_unstable();
    for name in asked {
        let text = names.text(name);
        if text == "NDEBUG" {
            // The build defines it, before the first line.
            continue;
        }
        if let Some(item) = names.facts(name).item.filter(|item| item.public.is_some()) {
            if let Some(defined) = defined_by_cpython(item) {
                // Only whether it is defined matters; a flag is not zero.
                table.define(&text, None, "1", &defined);
                table.undefine(&text, &defined.negate());
            }
        } else if let Some(value) = given.get(&*text) {
            table.define(&text, None, value, &Condition::always());
        } else if defined_here.contains_key(&name) || is_reserved(&text) {
            table.undefine(&text, &Condition::always());
        }
    }
}

/// The languages that SWIG can write for besides Python: in a run for Python their macros are not defined.
const SWIG_LANGUAGES: [&str; 20] = [
    "SWIGALLEGROCL",
    "SWIGCFFI",
    "SWIGCHICKEN",
    "SWIGCLISP",
    "SWIGCSHARP",
    "SWIGD",
    "SWIGGO",
    "SWIGGUILE",
    "SWIGJAVA",
    "SWIGJAVASCRIPT",
    "SWIGLUA",
    "SWIGMZSCHEME",
    "SWIGOCAML",
    "SWIGOCTAVE",
    "SWIGPERL",
    "SWIGPERL5",
    "SWIGPHP",
    "SWIGR",
    "SWIGRUBY",
    "SWIGTCL",
];

/// Says what SWIG defines while it reads an interface for Python.
pub(super) fn seed_swig(table: &mut MacroTable) {
    for name in ["SWIG", "SWIGPYTHON"] {
        table.define(name, None, "1", &Condition::always());
    }
    for name in SWIG_LANGUAGES {
        table.undefine(name, &Condition::always());
    }
}

/// Whether nobody else can define a macro of this name: CPython keeps the prefix `Py_` for itself, and Cython its own for
/// the file that it generates. What `capi` does not know and the package does not define is not defined.
pub(super) fn is_reserved(name: &str) -> bool {
    name.starts_with("__Pyx_") || name.starts_with("__PYX_") || name.starts_with("Py_") && !name.starts_with("Py_BUILD")
}

/// When CPython's headers define `item` as a macro; `None` where its value would matter too.
fn defined_by_cpython(item: &capi::Item) -> Option<Condition> {
    let is_flag = ["Py_TPFLAGS_", "METH_", "PyBUF_"].iter().any(|prefix| item.name.starts_with(prefix));
    if item.kind == ItemKind::ObjectMacro && !is_flag {
        return None;
    }
    let newest = (item.public?, item.kind);
    let history = if item.history.is_empty() { std::slice::from_ref(&newest) } else { item.history };
    let (last, earlier) = history.split_last()?;
    let is_macro = |kind: ItemKind| {
        // An inline function has a macro of its name in front, which casts its arguments.
        matches!(kind, ItemKind::FunctionMacro | ItemKind::InlineFunction | ItemKind::ObjectMacro)
    };
    let ranges = earlier.iter().filter(|(_, kind)| is_macro(*kind)).map(|(range, _)| *range);
    let last = (is_macro(last.1) || item.also_macro).then_some(last.0);
    let versions = ranges.chain(last).fold(Condition::never(), |all, one| all.or(&versions(one)));
    let limited = match item.limited_since {
        Some(since) => condition(&format!("not limited or limited >= {since}")),
        None => condition("not limited"),
    };
    Some(versions.and(&limited))
}

/// The condition of these versions.
pub(crate) fn versions(range: capi::VersionRange) -> Condition {
    let from = condition(&format!("python >= {}", range.first));
    match range.last {
        Some(last) => from.and(&condition(&format!("python <= {last}"))),
        None => from,
    }
}

fn condition(text: &str) -> Condition {
    text.parse().unwrap_or_else(|_| Condition::unknown())
}
