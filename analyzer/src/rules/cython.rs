//! Uses in Cython's own sources.
//!
//! A `.pyx` file names the C API where it cimports from `cpython` or declares functions in
//! `cdef extern from "Python.h"`; every name that is an item of the C API and no attribute counts. What Cython
//! generates besides is only in the C that it makes.

use crate::judge::{Finding, Judged, Name};
use crate::lexer::{Kind, Names, Token};
use crate::report::Kind as Report;
use crate::scan::Guard;

/// Looks at all tokens of a Cython file.
pub(crate) fn check(tokens: &[Token], names: &Names, source: &[u8]) -> Judged {
    let mut judged = Judged::default();
    if !mentions_c_api(source) {
        return judged;
    }
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_ident()) {
        let Some(item) = names.facts(token.sym).item else {
            continue;
        };
        let is_attribute = at > 0 && tokens[at - 1].kind == Kind::Dot && !is_cimported_module(tokens, at, names);
        if item.public.is_some() && !is_attribute {
            let name = Name::Known(item.name);
            judged.findings.push(Finding::new(Report::Api, name, token.start, Guard::ALWAYS));
        }
    }
    judged
}

/// Whether the file can mean the C API by such a name at all.
fn mentions_c_api(source: &[u8]) -> bool {
    let has = |text: &[u8]| memchr::memmem::find(source, text).is_some();
    has(b"cpython") || has(b"extern from") || has(b"python_")
}

/// `cpython.PyList_New` is a use, `self.PyList_New` an attribute.
fn is_cimported_module(tokens: &[Token], at: usize, names: &Names) -> bool {
    let root = (0..at).rev().step_by(2).skip(1).take_while(|&i| tokens[i].is_ident() || tokens[i].kind == Kind::Dot);
    root.map(|i| names.bytes(tokens[i].sym)).any(|name| name == b"cpython")
}
