//! What is put back at `#else`, for each open `#if` (see `scan::scopes`), in memory that is used again and again.

use crate::lexer::Sym;
use crate::scan::Type;

use super::level::{Level, Prefix};
use super::locals::Locals;

/// Deepest state that is kept: beyond, branches are read one after the other. Keeps hostile nesting linear.
const KEPT_DEPTH: usize = 256;

/// The states at the `#if`s that are open, the innermost last.
#[derive(Default)]
pub(super) struct KeptStates {
    levels: Vec<Level>,
    prefixes: Vec<Prefix>,
    locals: Vec<(Sym, Type)>,
    /// Where each one's parts begin; `None` for one that was too deep.
    starts: Vec<Option<Start>>,
}

#[derive(Clone, Copy)]
struct Start {
    levels: usize,
    prefixes: usize,
    locals: usize,
}

/// What one `#if` kept.
pub(super) struct State<'a> {
    pub(super) levels: &'a [Level],
    pub(super) prefixes: &'a [Prefix],
    pub(super) locals: &'a [(Sym, Type)],
}

impl KeptStates {
    /// At `#if`.
    pub(super) fn enter(&mut self, levels: &[Level], prefixes: &[Prefix], locals: &Locals) {
        let keep = levels.len() + locals.len() / 8 <= KEPT_DEPTH && self.starts.len() <= KEPT_DEPTH;
        self.starts.push(keep.then_some(Start {
            levels: self.levels.len(),
            prefixes: self.prefixes.len(),
            locals: self.locals.len(),
        }));
        if keep {
            self.levels.extend_from_slice(levels);
            self.prefixes.extend_from_slice(prefixes);
            self.locals.extend(locals.iter());
        }
    }

    /// At `#elif` and `#else`: what to put back, unless it was too deep.
    pub(super) fn innermost(&self) -> Option<State<'_>> {
        let start = self.starts.last().copied().flatten()?;
        Some(State {
            levels: &self.levels[start.levels..],
            prefixes: &self.prefixes[start.prefixes..],
            locals: &self.locals[start.locals..],
        })
    }

    /// At `#endif`.
    pub(super) fn leave(&mut self) {
        if let Some(start) = self.starts.pop().flatten() {
            self.levels.truncate(start.levels);
            self.prefixes.truncate(start.prefixes);
            self.locals.truncate(start.locals);
        }
    }
}
