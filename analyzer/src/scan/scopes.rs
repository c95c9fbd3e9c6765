//! Open braces, and how they survive `#else`.
//!
//! `#if A / if (x) { / #else / if (y) { / #endif` opens two braces for a reader who does not evaluate, one for any
//! compiler. So at `#if` the state is kept, at `#elif` and `#else` it is put back, and after `#endif` the state of
//! the last branch goes on.

/// Deepest state that is kept: beyond, branches are read one after the other. Keeps hostile nesting linear.
const KEPT_DEPTH: usize = 256;

/// Kept states, one for each open `#if`.
#[derive(Debug)]
pub(crate) struct Branches<T> {
    kept: Vec<Option<T>>,
}

impl<T> Default for Branches<T> {
    fn default() -> Self {
        Self { kept: Vec::new() }
    }
}

impl<T: Clone> Branches<T> {
    /// At `#if`: keeps what `state` makes, unless it is too deep.
    pub(crate) fn enter(&mut self, depth: usize, state: impl FnOnce() -> T) {
        let keep = depth <= KEPT_DEPTH && self.kept.len() <= KEPT_DEPTH;
        self.kept.push(keep.then(state));
    }

    /// At `#elif` and `#else`: what to put back.
    pub(crate) fn next(&self) -> Option<T> {
        self.kept.last().cloned().flatten()
    }

    /// At `#endif`.
    pub(crate) fn leave(&mut self) {
        self.kept.pop();
    }
}
