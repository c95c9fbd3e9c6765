//! C inside files of other languages: SWIG's and SIP's blocks, the strings of cffi scripts and of Cython.
//!
//! Each gives a text of the same length in which all that is not C is blank, so that offsets and lines stay those of
//! the file. Fragments that a generator puts into a function are made to look like one: `_(){ … }`.

mod python;
mod sip;
mod swig;

use std::ops::Range;

use crate::lexer::Names;
use crate::{Language, SourceFile};

pub(crate) use python::string_content;

/// The C inside `file`; `None` if there is none or the language has none.
pub(crate) fn c_inside(file: &SourceFile, names: &mut Names) -> Option<Vec<u8>> {
    match file.language()? {
        Language::Swig => swig::c_inside(&file.bytes),
        Language::Sip => sip::c_inside(&file.bytes),
        Language::Python => python::c_inside(&file.bytes, names),
        _ => None,
    }
}

/// The text in the making.
pub(crate) struct Mask<'a> {
    source: &'a [u8],
    text: Vec<u8>,
    is_empty: bool,
}

impl<'a> Mask<'a> {
    /// All blank but for the line ends.
    pub(crate) fn new(source: &'a [u8]) -> Self {
        let blank = |byte: &u8| if *byte == b'\n' { b'\n' } else { b' ' };
        Self { source, text: source.iter().map(blank).collect(), is_empty: true }
    }

    /// The bytes of `range` are C.
    pub(crate) fn keep(&mut self, range: Range<usize>) {
        if let (Some(from), Some(to)) = (self.source.get(range.clone()), self.text.get_mut(range)) {
            to.copy_from_slice(from);
            self.is_empty = false;
        }
    }

    /// `text` stands at `at`, in place of what is not C.
    pub(crate) fn put(&mut self, at: usize, text: &[u8]) {
        if let Some(to) = self.text.get_mut(at..at + text.len()) {
            to.copy_from_slice(text);
        }
    }

    /// The content of a Python string is C, once its escapes are undone as far as they matter.
    pub(crate) fn keep_string(&mut self, range: Range<usize>, is_raw: bool) {
        self.keep(range.clone());
        let mut at = range.start;
        while !is_raw && let Some(step) = self.source.get(at..range.end).and_then(|rest| memchr::memchr(b'\\', rest)) {
            at += step;
            match self.source.get(at + 1) {
                Some(b'n') => self.put(at, b" \n"),
                Some(b't' | b'r') => self.put(at, b"  "),
                Some(b'\\' | b'"' | b'\'') => self.put(at, b" "),
                // A backslash before a line end joins lines in C as it does in Python.
                _ => {}
            }
            at += 2;
        }
    }

    /// The text, if any of it is C.
    pub(crate) fn finish(self) -> Option<Vec<u8>> {
        (!self.is_empty).then_some(self.text)
    }
}
