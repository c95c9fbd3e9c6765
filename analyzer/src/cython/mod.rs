//! Cython's own sources: `.pyx`, `.pxd`, `.pxi`.
//!
//! **Which names count.** A name is CPython's where the module got it from `cpython` (`from cpython.list cimport
//! PyList_New as new`, `cimport cpython`, a star) or from a `cdef extern` block, its own or that of another module of
//! the package; the C name in quotes (`new "PyList_New"`) is the one that is reported. Everything else of that look is
//! the module's own. A cimport names the API and is reported, but generates no code by itself and has no part in
//! verdicts; a line that declares inside an extern block is no use at all, as in C.
//!
//! **Members.** Types are known from declarations, parameters, casts, function results and fields. An untyped name is
//! a Python object, whose attributes (`frame.f_lineno`) are no members of structures: nothing is guessed here.
//!
//! Text in `cdef extern from *: """…"""` is C and judged as such (`embedded`).

mod declarator;
mod declare;
mod keyword;
mod line;
mod operand;
mod scope;
mod statement;
mod verbatim;
mod walk;

use crate::judge::Judged;
use crate::lexer::{Names, Token};
use crate::scan::{Guards, Package};

pub(crate) use keyword::Keywords;
pub(crate) use line::{Line, lines};
pub(crate) use verbatim::verbatim_c;

use declare::Declarations;
use scope::Scopes;

/// One Cython file, lexed.
pub(crate) struct CythonFile<'a> {
    /// Its path in the tree.
    pub(crate) path: &'a str,
    /// Its text.
    pub(crate) source: &'a [u8],
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
}

/// What the package's C says about names that it defines itself.
pub(crate) struct Own<'a> {
    /// Its declarations.
    pub(crate) package: &'a Package,
    /// For each of its C files, whether Cython modules can include it: a header, or C inside a Cython file.
    pub(crate) includable: &'a [bool],
}

/// Judges all Cython files of a package together; the results are in the order of `files`.
pub(crate) fn judge(
    files: &[CythonFile<'_>],
    keywords: &Keywords,
    names: &Names,
    own: &Own<'_>,
    guards: &mut Guards,
) -> Vec<Judged> {
    let read: Vec<Vec<Line>> = files.iter().map(|file| lines(&file.tokens, file.source)).collect();
    let mut scopes = Scopes::new(files, &read, keywords, names);
    for (number, file) in files.iter().enumerate() {
        let mut declarations = Declarations::new(file, keywords, names, scopes.group_of(number));
        declarations.read(&read[number], &mut scopes);
    }
    let mut judged = Vec::with_capacity(files.len());
    for (number, file) in files.iter().enumerate() {
        let group = scopes.group_of(number);
        judged.push(walk::judge_file(file, &read[number], keywords, names, &scopes, group, own, guards));
    }
    judged
}
