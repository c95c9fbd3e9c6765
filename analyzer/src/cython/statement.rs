//! What a line is, by its first words.

use crate::lexer::{Kind, Sym};

use super::declarator::Reader;
use super::keyword::Keyword;
use super::line::Line;

/// An indented block whose kind matters to the lines inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// `cdef extern from …:`
    Extern(Header),
    /// A structure's members.
    Record(Sym),
    /// An enumeration's constants.
    Enum,
    /// `cdef class X:`
    Class(Sym),
    /// `cdef:`
    Group,
    /// A function's body.
    Function,
    /// `IF …:`, decided when Cython runs.
    CompileTime,
    /// Anything else that opens a scope of its own.
    Passed,
}

/// Whose names an extern block declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// CPython's, as far as they are: a header of its own, or `*`.
    CPython,
    /// Some other header's, which may come with CPython's.
    Other,
    /// Those of a C++ namespace.
    Namespace,
}

/// A line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Statement {
    /// `cimport x`, `from x cimport y`.
    Import,
    /// A line that opens a block; where its `:` is.
    Opens(Block, usize),
    /// `cdef class X(Base) [object Y]:`, in an extern block perhaps `X.Y`: where the name is, and the `:`.
    Class(usize, usize),
    /// `struct X "c":`: the index of the name, and of the `:` or the line's end.
    Record(usize, usize),
    /// A function's header, from its type on, or from its name where it has none.
    Function(usize),
    /// `ctypedef T x`, from the type on.
    Typedef(usize),
    /// Variables, functions, fields, from the type on.
    Declaration(usize),
    /// Constants of an enumeration.
    Constants,
    /// Anything else.
    Other,
}

/// The blocks around a line.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<(u32, Block)>);

impl Blocks {
    /// Leaves the blocks that end before a line of this indentation; says of each which it was.
    pub(super) fn leave(&mut self, indent: u32, mut left: impl FnMut(Block)) {
        while let Some(&(outer, block)) = self.0.last()
            && indent <= outer
        {
            left(block);
            self.0.pop();
        }
    }

    /// Enters a block whose header has this indentation.
    pub(super) fn enter(&mut self, indent: u32, block: Block) {
        // Deeper blocks than any program has are taken for part of the innermost.
        if self.0.len() < 256 {
            self.0.push((indent, block));
        }
    }

    /// The innermost block; template lines and `if` do not count as one.
    pub(super) fn innermost(&self) -> Option<Block> {
        self.0.iter().rev().map(|(_, block)| *block).find(|block| *block != Block::CompileTime)
    }

    /// Whether some block around is of this kind.
    pub(super) fn any(&self, is: impl Fn(Block) -> bool) -> bool {
        self.0.iter().any(|(_, block)| is(*block))
    }

    /// Whether the line stands in an extern block.
    pub(super) fn is_extern(&self) -> bool {
        self.any(|block| matches!(block, Block::Extern(_)))
    }

    /// The class whose method or field a line at this place would be.
    pub(super) fn class(&self) -> Option<Sym> {
        let mut blocks = self.0.iter().rev().map(|(_, block)| *block);
        blocks.find(|block| !matches!(block, Block::CompileTime | Block::Group)).and_then(|block| match block {
            Block::Class(name) => Some(name),
            _ => None,
        })
    }
}

/// What `line` is, inside `blocks`.
pub(super) fn statement(reader: Reader<'_>, line: Line, blocks: &Blocks) -> Statement {
    let Line { start, end, .. } = line;
    let inside = blocks.innermost();
    let declares = matches!(inside, Some(Block::Extern(_) | Block::Record(_) | Block::Group));
    match reader.keyword(start) {
        Some(Keyword::From | Keyword::Cimport) => Statement::Import,
        Some(Keyword::Cdef | Keyword::Cpdef) => defined(reader, start + 1, end),
        Some(Keyword::Ctypedef) => typedef(reader, start + 1, end),
        Some(Keyword::Def) => {
            let name = if reader.keyword(start + 1) == Some(Keyword::Def) { start + 2 } else { start + 1 };
            Statement::Function(name)
        }
        Some(Keyword::Class) => Statement::Opens(Block::Passed, reader.find(Kind::Colon, start, end)),
        Some(Keyword::CompileTime) => Statement::Opens(Block::CompileTime, reader.find(Kind::Colon, start, end)),
        _ if inside == Some(Block::Enum) => Statement::Constants,
        _ if declares && reader.kind(start) == Kind::Ident => defined(reader, start, end),
        _ => Statement::Other,
    }
}

/// What follows `cdef`.
fn defined(reader: Reader<'_>, from: usize, end: usize) -> Statement {
    let at = reader.after_qualifiers(from, end);
    if reader.keyword(at) == Some(Keyword::From) && at > from {
        let colon = reader.find(Kind::Colon, at, end);
        let is_namespaced = (at..colon).any(|i| reader.sym(i) == reader.keywords.namespace);
        let header = match reader.text(at + 1).map(|text| text.trim_matches(['<', '>'])) {
            _ if is_namespaced => Header::Namespace,
            Some(text) if text != "Python.h" && capi::header(text).is_none() => Header::Other,
            _ => Header::CPython,
        };
        return Statement::Opens(Block::Extern(header), colon);
    }
    let colon = reader.find(Kind::Colon, at, end);
    match reader.keyword(at) {
        _ if reader.kind(at) == Kind::Colon => Statement::Opens(Block::Group, at),
        Some(Keyword::Class) => Statement::Class(at + 1, colon),
        // With a body, or announced without one.
        Some(Keyword::Record) if colon < end || !reader.is_name(at + 2) && reader.kind(at + 2) != Kind::Star => {
            Statement::Record(at + 1, colon)
        }
        Some(Keyword::CppClass) => Statement::Opens(Block::Passed, colon),
        Some(Keyword::Enum) if colon < end => Statement::Opens(Block::Enum, colon),
        _ if colon + 1 == end && reader.kind(colon) == Kind::Colon => Statement::Function(at),
        _ => Statement::Declaration(at),
    }
}

/// What follows `ctypedef`.
fn typedef(reader: Reader<'_>, from: usize, end: usize) -> Statement {
    match defined(reader, from, end) {
        Statement::Declaration(at) | Statement::Function(at) => Statement::Typedef(at),
        other => other,
    }
}
