//! First pass over a file: what it cimports and declares.

use crate::lexer::{Kind, Names, Sym};

use super::CythonFile;
use super::declarator::{Declared, Reader};
use super::keyword::{Keyword, Keywords};
use super::line::Line;
use super::scope::{Base, Entry, Group, Module, Scopes, Type, What, entry_of_c};
use super::statement::{Block, Blocks, Header, Statement, statement};

/// Reads one file.
pub(super) struct Declarations<'a> {
    reader: Reader<'a>,
    names: &'a Names,
    group: Group,
    blocks: Blocks,
}

impl<'a> Declarations<'a> {
    /// For a file of the module `group`.
    pub(super) fn new(file: &'a CythonFile<'a>, keywords: &'a Keywords, names: &'a Names, group: Group) -> Self {
        let reader = Reader { tokens: &file.tokens, source: file.source, keywords, group };
        Self { reader, names, group, blocks: Blocks::default() }
    }

    /// Tells `scopes` what the lines say.
    pub(super) fn read(&mut self, lines: &[Line], scopes: &mut Scopes<'_>) {
        for &line in lines {
            self.blocks.leave(line.indent, |_| {});
            // What follows a `:` on its line is the block's only line.
            let mut rest = Some(line);
            for _ in 0..3 {
                let Some(line) = rest else { break };
                let colon = self.line(line, scopes);
                let inner =
                    Line { start: colon.map_or(line.end, |at| at + 1), indent: line.indent.saturating_add(1), ..line };
                rest = (inner.start < inner.end && line.indent != Line::TEMPLATE).then_some(inner);
            }
        }
    }

    /// One line; the place of its `:` if it opens a block.
    fn line(&mut self, line: Line, scopes: &mut Scopes<'_>) -> Option<usize> {
        match statement(self.reader, line, &self.blocks) {
            Statement::Import => self.import(line, scopes),
            Statement::Opens(block, colon) => {
                if block == Block::Enum {
                    self.enumeration(line, colon, scopes);
                }
                self.blocks.enter(line.indent, block);
                return Some(colon);
            }
            Statement::Class(name, colon) => {
                let record = self.class(name, colon, scopes);
                self.blocks.enter(line.indent, Block::Class(record));
                return Some(colon);
            }
            Statement::Record(name, colon) => {
                self.record(name, scopes);
                if colon < line.end {
                    self.blocks.enter(line.indent, Block::Record(self.reader.sym(name)));
                    return Some(colon);
                }
            }
            Statement::Function(at) => {
                match self.blocks.class() {
                    Some(class) => self.method(class, at, line.end, scopes),
                    None if !self.blocks.any(|block| block == Block::Function) => {
                        self.declaration(at, line.end, scopes);
                    }
                    None => {}
                }
                self.blocks.enter(line.indent, Block::Function);
            }
            Statement::Typedef(at) => self.typedef(at, line.end, scopes),
            Statement::Declaration(at) => self.declaration(at, line.end, scopes),
            Statement::Constants => self.constants(line, scopes),
            Statement::Other => {}
        }
        None
    }

    /// `cimport a.b as c, d` and `from a.b cimport c as d, e`.
    fn import(&self, line: Line, scopes: &mut Scopes<'_>) {
        let from = self.reader.keyword(line.start) == Some(Keyword::From);
        let (module, cimport) = self.dotted(line.start + 1, line.end);
        if !from {
            return self.modules(line.start + 1, line.end, scopes);
        }
        if self.reader.keyword(cimport) != Some(Keyword::Cimport) {
            return;
        }
        let source = if module.first() == Some(&self.reader.keywords.cpython) {
            Some(Module::CPython)
        } else {
            scopes.module(&module)
        };
        if self.reader.kind(cimport + 1) == Kind::Star {
            if let Some(source) = source {
                scopes.star(self.group, source);
            }
            return;
        }
        let mut at = cimport + 1;
        while at < line.end {
            if self.reader.kind(at) != Kind::Ident {
                at += 1;
                continue;
            }
            let name = self.reader.sym(at);
            let renamed = self.reader.keyword(at + 1) == Some(Keyword::As);
            let local = if renamed { self.reader.sym(at + 2) } else { name };
            at += if renamed { 3 } else { 1 };
            let mut inner = module.clone();
            inner.push(name);
            let entry = match (source, scopes.module(&inner)) {
                (Some(Module::CPython), _) => self.of_cpython(name, scopes),
                (Some(source), _) => Entry { item: None, what: What::Import(source, name) },
                (None, Some(module)) => Entry { item: None, what: What::Module(module) },
                (None, None) => Entry { item: None, what: What::Value(Type::OTHER) },
            };
            scopes.declare(self.group, local, entry);
        }
    }

    /// A name from `cpython`: one of the API, or a module inside, such as `cpython.list`.
    fn of_cpython(&self, name: Sym, scopes: &Scopes<'_>) -> Entry {
        let is_module = self.names.bytes(name).iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
        let known = scopes.of_cpython(name);
        let is_item = known.item.is_some();
        if is_module && !is_item { Entry { item: None, what: What::Module(Module::CPython) } } else { known }
    }

    fn modules(&self, from: usize, end: usize, scopes: &mut Scopes<'_>) {
        let mut at = from;
        while at < end {
            let (module, after) = self.dotted(at, end);
            let renamed = self.reader.keyword(after) == Some(Keyword::As);
            let first = module.first().copied().unwrap_or(Sym::NONE);
            let known =
                if first == self.reader.keywords.cpython { Some(Module::CPython) } else { scopes.module(&module) };
            let local = if renamed { self.reader.sym(after + 1) } else { first };
            if let Some(known) = known.filter(|known| renamed || module.len() == 1 || *known == Module::CPython) {
                scopes.declare(self.group, local, Entry { item: None, what: What::Module(known) });
            }
            at = self.reader.find(Kind::Comma, after, end) + 1;
        }
    }

    /// The parts of a dotted name at `at`, leading dots left out, and the index after it.
    fn dotted(&self, mut at: usize, end: usize) -> (Vec<Sym>, usize) {
        let mut parts = Vec::new();
        while at < end {
            match self.reader.kind(at) {
                Kind::Dot => {}
                // `cpython.long`: a module may be called like a word of the language.
                Kind::Ident if !matches!(self.reader.keyword(at), Some(Keyword::Cimport | Keyword::As)) => {
                    parts.push(self.reader.sym(at));
                }
                _ => break,
            }
            at += 1;
        }
        (parts, at)
    }

    /// `cdef class X(Base):`, `ctypedef class a.X [object PyXObject]:`.
    fn class(&self, at: usize, colon: usize, scopes: &mut Scopes<'_>) -> Sym {
        let (parts, after) = self.dotted(at, colon);
        let name = parts.last().copied().unwrap_or(Sym::NONE);
        let is_extern = self.blocks.is_extern();
        let object = (after..colon).find(|&i| self.reader.sym(i) == self.reader.keywords.object);
        let structure = object.filter(|_| is_extern).and_then(|i| {
            let text = self.names.text(self.reader.sym(i + 1));
            capi::structure(&text)
        });
        let what = match structure {
            // A variable of the class is a pointer to its structure.
            Some(structure) => What::Alias(Type { base: Base::CPython(structure), pointers: 1 }),
            None => What::Record((self.reader.kind(after) == Kind::LParen).then(|| self.reader.sym(after + 1))),
        };
        scopes.declare(self.group, name, Entry { item: None, what });
        name
    }

    /// `struct X "c_name":`; members follow.
    fn record(&self, at: usize, scopes: &mut Scopes<'_>) {
        let name = self.reader.sym(at);
        let entry = self.external(name, Some(at + 1).filter(|&at| self.reader.kind(at) == Kind::Str));
        let is_known = entry.is_some_and(|entry| matches!(entry.what, What::Alias(_)));
        let own = Entry { item: None, what: What::Record(None) };
        scopes.declare(self.group, name, entry.filter(|_| is_known).unwrap_or(own));
    }

    /// What a name declared in an extern block is in C; `None` outside of one.
    fn external(&self, name: Sym, c_name: Option<usize>) -> Option<Entry> {
        let is_in = |header| self.blocks.any(|block| block == Block::Extern(header));
        let written = self.names.text(name);
        let text = c_name.and_then(|at| self.reader.text(at)).unwrap_or(&written);
        // Only CPython's own prefix speaks for a name from another header.
        let has_prefix = text.trim_start_matches('_').starts_with(['P', 'p']) && capi::is_c_api_prefix(text.as_bytes());
        let is_theirs = is_in(Header::CPython) || is_in(Header::Other) && has_prefix;
        (is_theirs && !is_in(Header::Namespace)).then(|| entry_of_c(text))
    }

    fn typedef(&self, at: usize, end: usize, scopes: &mut Scopes<'_>) {
        for declared in self.reader.declared(at, end) {
            let external = self.external(declared.name, declared.c_name);
            let is_structure = external.is_some_and(|entry| matches!(entry.what, What::Alias(_)));
            let item = external.and_then(|entry| entry.item);
            let what = match external {
                Some(entry) if is_structure => entry.what,
                _ if is_same(declared) => What::Value(Type::OTHER),
                _ => What::Alias(declared.ty),
            };
            scopes.declare(self.group, declared.name, Entry { item, what });
        }
    }

    /// Variables, functions and fields. Locals are the second pass's business.
    fn declaration(&self, at: usize, end: usize, scopes: &mut Scopes<'_>) {
        if self.blocks.any(|block| block == Block::Function) {
            return;
        }
        let record = match self.blocks.innermost() {
            Some(Block::Record(record)) => Some(record),
            _ => self.blocks.class(),
        };
        for declared in self.reader.declared(at, end) {
            if let (Some(record), Some(_)) = (record, declared.parameters) {
                scopes.method(self.group, record, declared.name, declared.ty);
                continue;
            }
            if let Some(record) = record {
                scopes.field(self.group, record, declared.name, declared.ty);
                continue;
            }
            // `cdef extern int x` by itself.
            let is_alone = (at.saturating_sub(3)..at).any(|at| self.reader.keyword(at) == Some(Keyword::Extern));
            let external = match self.external(declared.name, declared.c_name) {
                None if is_alone => Some(entry_of_c(&self.names.text(declared.name))),
                external => external,
            };
            let what = match (declared.parameters, external) {
                (None, _) => What::Value(declared.ty),
                // `void*` and the like: what C itself says is better.
                (Some(_), Some(Entry { what: What::Function(ty), .. })) if !matches!(ty.base, Base::Other) => {
                    What::Function(ty)
                }
                (Some(_), _) => What::Function(declared.ty),
            };
            scopes.declare(self.group, declared.name, Entry { item: external.and_then(|entry| entry.item), what });
        }
    }

    fn method(&self, class: Sym, at: usize, end: usize, scopes: &mut Scopes<'_>) {
        if let Some(declared) = self.reader.declared(at, end).first() {
            scopes.method(self.group, class, declared.name, declared.ty);
        }
    }

    /// `enum X:` in an extern block: its name may be one of CPython's.
    fn enumeration(&self, line: Line, colon: usize, scopes: &mut Scopes<'_>) {
        let name = (line.start..colon).rev().find(|&at| self.reader.is_name(at));
        if let Some(name) = name.map(|at| self.reader.sym(at)) {
            let item = self.external(name, None).and_then(|entry| entry.item);
            scopes.declare(self.group, name, Entry { item, what: What::Value(Type::OTHER) });
        }
    }

    fn constants(&self, line: Line, scopes: &mut Scopes<'_>) {
        let mut at = line.start;
        while at < line.end {
            let name = self.reader.sym(at);
            let c_name = Some(at + 1).filter(|&at| self.reader.kind(at) == Kind::Str);
            let item = self.external(name, c_name).and_then(|entry| entry.item);
            scopes.declare(self.group, name, Entry { item, what: What::Value(Type::OTHER) });
            at = self.reader.find(Kind::Comma, at, line.end) + 1;
        }
    }
}

/// `ctypedef struct X`: a name that stands for itself.
fn is_same(declared: Declared) -> bool {
    matches!(declared.ty.base, Base::Named { prefix: Sym::NONE, name, .. } if name == declared.name)
}
