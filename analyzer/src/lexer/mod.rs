//! From bytes to tokens: what is code, and what only looks like it.
//!
//! One linear pass over any bytes; nothing is an error. Comments and white space leave no token, strings and
//! characters leave one without content, and preprocessor lines are bracketed so that the layers above see them
//! as structure. Written by hand rather than generated: line splices inside identifiers, raw strings and the state
//! of a directive line each need code of their own, and together they are most of the lexer.

mod c;
mod class;
mod cython;
mod literal;
mod names;
mod rust;
mod token;
mod word;

pub(crate) use names::{Names, Sym};
pub(crate) use token::{Directive, Kind, Token};
pub(crate) use word::Word;

/// The language of a file, as far as the lexer cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Language {
    /// C: `R"x"` is the identifier R and a string.
    C,
    /// C++, and headers, which may be either.
    Cpp,
    /// Cython: `#` comments, Python's strings, line ends that matter.
    Cython,
    /// Rust: nested comments, raw strings, lifetimes.
    Rust,
}

/// The tokens of `source`, ending in one [`Kind::End`]. Identifiers are interned in `names`, which also bounds how much
/// is read.
pub(crate) fn lex(source: &[u8], language: Language, names: &mut Names) -> Vec<Token> {
    // Offsets are 32 bits wide; the limits on a file are far below, and what lies beyond is not looked at.
    let source = &source[..source.len().min(u32::MAX as usize - 1)];
    let tokens = match language {
        Language::C | Language::Cpp => c::Lexer::new(source, language, names).run(),
        Language::Cython => cython::Lexer::new(source, names).run(),
        Language::Rust => rust::Lexer::new(source, names).run(),
    };
    names.remaining.spend_tokens(tokens.len());
    tokens
}

#[cfg(test)]
mod tests;
