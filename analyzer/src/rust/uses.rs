//! What a file takes from other crates by `use`.

use capi::Item;

use crate::lexer::{Kind, Names, Sym, Token};
use crate::scan::FastMap;

use super::is_crate;

/// Braces inside braces that are followed.
const MAX_DEPTH: usize = 16;

/// The names that `use` brings.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// Names of items, by what they are called here.
    items: FastMap<Sym, Sym>,
    /// What modules full of CPython's names are called here.
    modules: FastMap<Sym, ()>,
    /// A star brings all names.
    star: bool,
    /// Token ranges of all `use` declarations, in order.
    declarations: Vec<(usize, usize)>,
    /// Tokens in them that name an item of CPython's.
    used: FastMap<usize, ()>,
}

impl Imports {
    /// Reads the `use` declarations among `tokens`.
    pub(super) fn read(tokens: &[Token], names: &Names) -> Self {
        let mut imports = Self::default();
        for module in ["ffi", "pyo3_ffi", "python3_sys", "python27_sys"] {
            if let Some(name) = names.get(module.as_bytes()) {
                imports.modules.insert(name, ());
            }
        }
        let Some(keyword) = names.get(b"use") else { return imports };
        for at in 0..tokens.len() {
            if tokens[at].sym == keyword && imports.declarations.last().is_none_or(|(_, end)| at >= *end) {
                imports.declaration(tokens, at + 1, names);
            }
        }
        imports
    }

    /// `a::{b, c::d as e, f::*};` from the token at `start`.
    fn declaration(&mut self, tokens: &[Token], start: usize, names: &Names) {
        let mut path: Vec<Sym> = Vec::new();
        let mut outer: Vec<usize> = Vec::new();
        let mut at = start;
        while let Some(token) = tokens.get(at) {
            match token.kind {
                Kind::Ident if names.bytes(token.sym) == b"as" => {
                    let alias = tokens.get(at + 1).map_or(Sym::NONE, |token| token.sym);
                    self.rename(&path, alias, names);
                    at += 1;
                }
                Kind::Ident => {
                    path.push(token.sym);
                    let goes_on = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Scope);
                    if !goes_on {
                        self.leaf(&path, at, names);
                    }
                }
                Kind::Star => self.star |= is_ffi(&path, names),
                Kind::LBrace if outer.len() < MAX_DEPTH => outer.push(path.len()),
                Kind::RBrace => _ = outer.pop(),
                Kind::Comma => path.truncate(outer.last().copied().unwrap_or(0)),
                Kind::Scope => {}
                _ => break,
            }
            at += 1;
        }
        self.declarations.push((start, at.max(start + 1)));
    }

    fn leaf(&mut self, path: &[Sym], at: usize, names: &Names) {
        let Some((&last, module)) = path.split_last() else { return };
        if names.bytes(last) == b"self" {
            return self.rename(module, module.last().copied().unwrap_or(Sym::NONE), names);
        }
        if is_ffi(module, names) && names.facts(last).item.is_some() {
            self.used.insert(at, ());
        }
        self.rename(path, last, names);
    }

    /// The end of `path` is called `alias` here.
    fn rename(&mut self, path: &[Sym], alias: Sym, names: &Names) {
        let Some((&last, module)) = path.split_last() else { return };
        if is_ffi(module, names) && names.facts(last).item.is_some() {
            self.items.insert(alias, last);
        } else if is_ffi(path, names) {
            self.modules.insert(alias, ());
        }
    }

    /// Whether the token at `at` stands in a `use`.
    pub(super) fn is_in_use(&self, at: usize) -> bool {
        let after = self.declarations.partition_point(|(start, _)| *start <= at);
        after > 0 && at < self.declarations[after - 1].1
    }

    /// Whether the token of a `use` names an item of CPython's.
    pub(super) fn is_used(&self, at: usize) -> bool {
        self.used.contains_key(&at)
    }

    /// Whether the name at `at` is qualified by a module full of CPython's names, outside of a `use`.
    pub(super) fn is_qualified(&self, tokens: &[Token], at: usize) -> bool {
        let module = at.checked_sub(2).map_or(Sym::NONE, |at| tokens[at].sym);
        !self.is_in_use(at) && self.modules.contains_key(&module)
    }

    /// The item that a name without qualifier means.
    pub(super) fn meaning(&self, name: Sym, names: &Names) -> Option<&'static Item> {
        let original = self.items.get(&name).copied().or(self.star.then_some(name))?;
        names.facts(original).item.filter(|item| item.public.is_some())
    }
}

/// Whether a path leads to CPython's names.
fn is_ffi(path: &[Sym], names: &Names) -> bool {
    let Some(&first) = path.first() else { return false };
    let ends = path.last().is_some_and(|last| names.bytes(*last) == b"ffi");
    let text = names.bytes(first);
    match text {
        b"pyo3" | b"cpython" => path.iter().any(|part| names.bytes(*part) == b"ffi"),
        // A module of the crate's own that gives on what it has from there.
        b"crate" | b"super" | b"self" | b"ffi" => ends,
        _ => is_crate(names, first),
    }
}
