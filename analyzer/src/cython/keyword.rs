//! The words of Cython that matter here, interned once.

use crate::lexer::{Names, Sym};
use crate::scan::FastMap;

/// A word with a meaning of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// `cdef`
    Cdef,
    /// `cpdef`
    Cpdef,
    /// `def`, and `async` in front of it.
    Def,
    /// `class`
    Class,
    /// `ctypedef`
    Ctypedef,
    /// `extern`
    Extern,
    /// `from`
    From,
    /// `cimport`
    Cimport,
    /// `include`
    Include,
    /// `as`
    As,
    /// `struct`, `union`: a type follows, or a body.
    Record,
    /// `enum`
    Enum,
    /// `cppclass`
    CppClass,
    /// `const`, `inline`, `public`, `readonly`, `api`, `packed`, `volatile`: says nothing about the type.
    Qualifier,
    /// `unsigned`, `long`, `short`, `signed`: part of a number's type.
    Number,
    /// `IF`, `ELIF`, `ELSE`: decided when Cython runs.
    CompileTime,
    /// `sizeof`
    Sizeof,
    /// `and`, `return`, …: an expression follows, and it is no operand.
    Operator,
}

const WORDS: &[(&str, Keyword)] = &[
    ("cdef", Keyword::Cdef),
    ("cpdef", Keyword::Cpdef),
    ("def", Keyword::Def),
    ("async", Keyword::Def),
    ("class", Keyword::Class),
    ("ctypedef", Keyword::Ctypedef),
    ("extern", Keyword::Extern),
    ("from", Keyword::From),
    ("cimport", Keyword::Cimport),
    ("include", Keyword::Include),
    ("as", Keyword::As),
    ("struct", Keyword::Record),
    ("union", Keyword::Record),
    ("enum", Keyword::Enum),
    ("cppclass", Keyword::CppClass),
    ("const", Keyword::Qualifier),
    ("volatile", Keyword::Qualifier),
    ("inline", Keyword::Qualifier),
    ("public", Keyword::Qualifier),
    ("readonly", Keyword::Qualifier),
    ("api", Keyword::Qualifier),
    ("packed", Keyword::Qualifier),
    ("unsigned", Keyword::Number),
    ("signed", Keyword::Number),
    ("long", Keyword::Number),
    ("short", Keyword::Number),
    ("IF", Keyword::CompileTime),
    ("ELIF", Keyword::CompileTime),
    ("ELSE", Keyword::CompileTime),
    ("sizeof", Keyword::Sizeof),
    ("and", Keyword::Operator),
    ("or", Keyword::Operator),
    ("not", Keyword::Operator),
    ("in", Keyword::Operator),
    ("is", Keyword::Operator),
    ("if", Keyword::Operator),
    ("elif", Keyword::Operator),
    ("else", Keyword::Operator),
    ("while", Keyword::Operator),
    ("for", Keyword::Operator),
    ("with", Keyword::Operator),
    ("return", Keyword::Operator),
    ("yield", Keyword::Operator),
    ("await", Keyword::Operator),
    ("raise", Keyword::Operator),
    ("assert", Keyword::Operator),
    ("del", Keyword::Operator),
    ("lambda", Keyword::Operator),
    ("print", Keyword::Operator),
    ("except", Keyword::Operator),
];

/// The words by their identifiers, and a few names with a meaning.
pub(crate) struct Keywords {
    words: FastMap<Sym, Keyword>,
    /// The package of declarations that comes with Cython.
    pub(super) cpython: Sym,
    /// Cython's built-in type of that name.
    pub(super) py_buffer: Sym,
    /// `dereference` and `deref`: `cython.operator`'s `*`.
    pub(super) dereference: [Sym; 2],
    /// `object`, in `[object Foo]`.
    pub(super) object: Sym,
    /// `namespace "x"`.
    pub(super) namespace: Sym,
}

impl Keywords {
    /// Interns them.
    pub(crate) fn new(names: &mut Names) -> Self {
        Self {
            words: WORDS.iter().map(|(text, keyword)| (names.intern(text.as_bytes()), *keyword)).collect(),
            cpython: names.intern(b"cpython"),
            py_buffer: names.intern(b"Py_buffer"),
            dereference: [names.intern(b"dereference"), names.intern(b"deref")],
            object: names.intern(b"object"),
            namespace: names.intern(b"namespace"),
        }
    }

    /// What `name` means, if it is a keyword.
    pub(super) fn get(&self, name: Sym) -> Option<Keyword> {
        self.words.get(&name).copied()
    }
}
