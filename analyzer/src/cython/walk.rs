//! Second pass over a file: where CPython's names and members are used.

use crate::Condition;
use crate::judge::{Finding, Judged, Name, Part};
use crate::lexer::{Kind, Names, Sym};
use crate::report::{Access, Kind as Report};
use crate::scan::{Guard, Guards, What as CWhat};

use super::declarator::Reader;
use super::keyword::{Keyword, Keywords};
use super::line::Line;
use super::operand::{Level, Opened, Operand, Thing};
use super::scope::{Base, Entry, Group, Module, Resolved, Scopes, Type, What};
use super::statement::{Block, Blocks, Statement, statement};
use super::{CythonFile, Own};

/// How many locals are searched, from the innermost: a bound for hostile functions.
const MAX_LOCALS: usize = 1024;

/// Tokens of the longest cast.
const MAX_CAST: usize = 24;

/// State of the walk.
struct Walk<'a> {
    reader: Reader<'a>,
    names: &'a Names,
    scopes: &'a Scopes<'a>,
    own: &'a Own<'a>,
    guards: &'a mut Guards,
    blocks: Blocks,
    locals: Vec<(Sym, Type)>,
    /// Where the locals of each open function begin.
    functions: Vec<usize>,
    levels: Vec<Level>,
    /// The condition of the line.
    guard: Guard,
    /// Nothing of the line is compiled by itself: a cimport.
    named_only: bool,
    out: Judged,
}

/// Judges one file.
#[expect(clippy::too_many_arguments, reason = "all of them are what the package's files share")]
pub(super) fn judge_file(
    file: &CythonFile<'_>,
    lines: &[Line],
    keywords: &Keywords,
    names: &Names,
    scopes: &Scopes<'_>,
    group: Group,
    own: &Own<'_>,
    guards: &mut Guards,
) -> Judged {
    let reader = Reader { tokens: &file.tokens, source: file.source, keywords, group };
    let mut walk = Walk {
        reader,
        names,
        scopes,
        own,
        guards,
        blocks: Blocks::default(),
        locals: Vec::new(),
        functions: Vec::new(),
        levels: vec![Level::new(Opened::Line)],
        guard: Guard::ALWAYS,
        named_only: false,
        out: Judged::default(),
    };
    for &line in lines {
        walk.line(line);
    }
    walk.out
}

impl Walk<'_> {
    fn line(&mut self, line: Line) {
        let (locals, functions) = (&mut self.locals, &mut self.functions);
        self.blocks.leave(line.indent, |block| {
            if block == Block::Function {
                locals.truncate(functions.pop().unwrap_or(0));
            }
        });
        let compile_time = self.blocks.any(|block| block == Block::CompileTime);
        self.guard = if compile_time { self.guards.number(Condition::unknown()) } else { Guard::ALWAYS };
        let read = statement(self.reader, line, &self.blocks);
        let was_extern = self.blocks.is_extern();
        self.named_only = false;
        match read {
            Statement::Import => return self.import(line),
            Statement::Opens(block, colon) => {
                self.blocks.enter(line.indent, block);
                if matches!(block, Block::Extern(_)) || was_extern {
                    return;
                }
                if colon + 1 < line.end && line.indent != Line::TEMPLATE {
                    self.expression(colon + 1, line.end);
                }
                return;
            }
            Statement::Class(name, _) => {
                let name =
                    (name..line.end).take_while(|&at| matches!(self.reader.kind(at), Kind::Ident | Kind::Dot)).last();
                self.blocks.enter(line.indent, Block::Class(name.map_or(Sym::NONE, |at| self.reader.sym(at))));
            }
            Statement::Record(name, colon) if colon < line.end => {
                self.blocks.enter(line.indent, Block::Record(self.reader.sym(name)));
            }
            Statement::Function(at) => self.function(at, line),
            Statement::Declaration(at) if was_extern || is_extern(self.reader, at) => return,
            Statement::Declaration(at) => self.declaration(at, line),
            _ => {}
        }
        if !was_extern {
            self.expression(line.start, line.end);
        }
    }

    /// Variables: inside functions they are locals, and a structure of CPython's by value is a layout.
    fn declaration(&mut self, at: usize, line: Line) {
        let declared = self.reader.declared(at, line.end);
        for declared in declared.iter().filter(|declared| declared.parameters.is_none()) {
            if let (Resolved::CPython(structure), 0) = self.scopes.resolve(declared.ty) {
                self.report(Finding::new(Report::Layout, Name::Known(structure.name), self.start(at), self.guard));
            }
        }
        if self.blocks.any(|block| block == Block::Function) {
            self.locals.extend(declared.iter().map(|declared| (declared.name, declared.ty)));
        }
    }

    /// A function's header: its parameters are locals, the first of a method is the object.
    fn function(&mut self, at: usize, line: Line) {
        let class = self.blocks.class();
        self.blocks.enter(line.indent, Block::Function);
        self.functions.push(self.locals.len());
        let open = self.reader.find(Kind::LParen, at, line.end);
        let open = (at..line.end).find(|&i| self.reader.kind(i) == Kind::LParen).unwrap_or(open);
        let Some(close) = self.reader.closing(open, line.end) else { return };
        let parameters = self.reader.parameters((open, close));
        self.locals.extend(parameters);
        if let Some(class) = class
            && self.reader.is_name(open + 1)
            && matches!(self.reader.kind(open + 2), Kind::Comma | Kind::RParen)
        {
            let base = Base::Named { group: self.reader.group, prefix: Sym::NONE, name: class };
            self.locals.push((self.reader.sym(open + 1), Type { base, pointers: 1 }));
        }
    }

    /// The names of CPython's that a cimport brings, from `cpython` or from a module of the package.
    fn import(&mut self, line: Line) {
        let reader = self.reader;
        let from_cpython =
            reader.keyword(line.start) == Some(Keyword::From) && reader.sym(line.start + 1) == reader.keywords.cpython;
        let cimport = (line.start..line.end).find(|&at| reader.keyword(at) == Some(Keyword::Cimport));
        let is_from = reader.keyword(line.start) == Some(Keyword::From);
        let Some(cimport) = cimport.filter(|_| is_from) else { return };
        self.named_only = true;
        for at in cimport + 1..line.end {
            if !reader.is_name(at) || reader.keyword(at - 1) == Some(Keyword::As) {
                continue;
            }
            let renamed = reader.keyword(at + 1) == Some(Keyword::As);
            let local = reader.sym(if renamed { at + 2 } else { at });
            let entry = if from_cpython {
                Some(self.scopes.of_cpython(reader.sym(at)))
            } else {
                self.scopes.look_up(Module::Group(reader.group), local)
            };
            if let Some(entry) = entry {
                self.use_of(entry, reader.sym(at), at);
            }
        }
    }

    /// Reads the tokens `from..end` as expressions and statements.
    fn expression(&mut self, from: usize, end: usize) {
        self.levels.truncate(1);
        self.levels[0] = Level::new(Opened::Line);
        let mut at = from;
        while at < end {
            at = self.step(at, end);
        }
        let last = self.finish();
        self.infer(from, end, last);
    }

    /// `name = <T*>x` makes `name` a `T*` where nothing declares it.
    fn infer(&mut self, from: usize, end: usize, last: Option<Operand>) {
        let is_assignment = end > from + 2 && self.reader.is_name(from) && self.reader.kind(from + 1) == Kind::Assign;
        let name = self.reader.sym(from);
        if let Some(last) = last.filter(|last| is_assignment && last.ty.pointers > 0)
            && !self.functions.is_empty()
            && self.local(name).is_none()
        {
            self.locals.push((name, last.ty));
        }
    }

    fn local(&self, name: Sym) -> Option<Type> {
        self.locals.iter().rev().take(MAX_LOCALS).find(|(local, _)| *local == name).map(|(_, ty)| *ty)
    }

    /// The innermost level. The line's own is never popped.
    fn top(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::new(Opened::Line));
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// One token; the index of the next.
    fn step(&mut self, at: usize, end: usize) -> usize {
        match self.reader.kind(at) {
            Kind::Ident => return self.identifier(at, end),
            Kind::Number | Kind::Str => self.top().operand = Some(Operand::value(Type::OTHER)),
            Kind::Dot if self.top().operand.is_some() && self.reader.kind(at + 1) == Kind::Ident => {
                self.member(at + 1);
                return at + 2;
            }
            Kind::LParen | Kind::LBrace => self.open_group(),
            Kind::LBracket => {
                let opened = self.top().operand.map_or(Opened::Group, |left| Opened::Index(left.ty.dereferenced()));
                self.levels.push(Level::new(opened));
            }
            Kind::RParen | Kind::RBracket | Kind::RBrace => self.close(),
            Kind::Less if self.top().operand.is_none() => {
                if let Some(after) = self.cast(at, end) {
                    return after;
                }
            }
            Kind::Amp if self.top().operand.is_none() => self.top().address = true,
            Kind::Assign | Kind::OpAssign => self.assign(),
            Kind::Comma => {
                self.finish();
            }
            _ => {
                self.finish();
                self.top().targets.clear();
            }
        }
        at + 1
    }

    fn open_group(&mut self) {
        let opened = match self.top().operand {
            Some(Operand { thing: Thing::Function, ty, .. }) => Opened::Call(ty),
            Some(Operand { thing: Thing::Dereference, .. }) => Opened::Dereference,
            Some(_) => Opened::Call(Type::OTHER),
            None => Opened::Group,
        };
        self.levels.push(Level::new(opened));
    }

    fn close(&mut self) {
        let inner = self.finish();
        if self.levels.len() < 2 {
            return;
        }
        let Some(level) = self.levels.pop() else { return };
        let inner_type = inner.map_or(Type::OTHER, |operand| operand.ty);
        self.top().operand = Some(match level.opened {
            Opened::Call(result) => Operand::value(result),
            Opened::Dereference => Operand::value(inner_type.dereferenced()),
            Opened::Index(element) => Operand::value(element),
            Opened::Group | Opened::Line => inner.unwrap_or(Operand::value(Type::OTHER)),
        });
    }

    /// Ends an operand: casts and `&` in front of it apply.
    fn finish(&mut self) -> Option<Operand> {
        let top = self.top();
        let mut operand = top.operand.take();
        let (cast, address) = (top.cast.take(), std::mem::take(&mut top.address));
        if let Some(operand) = &mut operand {
            if let Some(member) = operand.member {
                if address {
                    self.access(member, Access::Address);
                }
                self.top().targets.push(member);
            }
            if address {
                operand.ty = operand.ty.pointer(1);
            }
            if let Some(cast) = cast {
                *operand = Operand::value(cast);
            }
        }
        operand
    }

    fn access(&mut self, finding: usize, access: Access) {
        if let Some(finding) = self.out.findings.get_mut(finding) {
            finding.access = access.into();
        }
    }

    /// `=` and `+=`; inside brackets it names an argument.
    fn assign(&mut self) {
        self.finish();
        let targets = std::mem::take(&mut self.top().targets);
        if self.levels.len() == 1 {
            for target in targets {
                self.access(target, Access::Write);
            }
        }
    }

    /// `<T*>` at `at`; the index after it.
    fn cast(&mut self, at: usize, end: usize) -> Option<usize> {
        let close = (at + 1..end.min(at + MAX_CAST)).find(|&i| self.reader.kind(i) == Kind::Greater)?;
        let (ty, _) = self.reader.type_at(at + 1, close);
        self.type_names(at + 1, close);
        let top = self.top();
        // The first of several casts is the last to apply.
        top.cast = top.cast.or(Some(ty));
        Some(close + 1)
    }

    /// Uses of names inside a type.
    fn type_names(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            if self.reader.is_name(at) {
                self.top().operand = None;
                at = self.identifier(at, to);
                while at < to && self.reader.kind(at) == Kind::Dot && self.top().operand.is_some() {
                    self.member(at + 1);
                    at += 2;
                }
            } else {
                at += 1;
            }
        }
        self.top().operand = None;
    }

    fn identifier(&mut self, at: usize, end: usize) -> usize {
        let name = self.reader.sym(at);
        match self.reader.keyword(at) {
            Some(Keyword::Sizeof) => return self.size_of(at, end),
            Some(_) => {
                self.finish();
                self.top().targets.clear();
                return at + 1;
            }
            None => {}
        }
        let mut operand = Operand::value(Type::OTHER);
        if let Some(ty) = self.local(name) {
            operand.ty = ty;
        } else if let Some(entry) = self.scopes.look_up(Module::Group(self.reader.group), name) {
            self.use_of(entry, name, at);
            operand = operand_of(entry);
            if let What::Record(_) = entry.what {
                // Methods can be called on the class.
                let base = Base::Named { group: self.reader.group, prefix: Sym::NONE, name };
                operand.ty = Type { base, pointers: 1 };
            }
        }
        if self.reader.keywords.dereference.contains(&name) {
            operand.thing = Thing::Dereference;
        }
        self.top().operand = Some(operand);
        at + 1
    }

    /// `sizeof(T)`: a layout, where `T` is a structure of CPython's.
    fn size_of(&mut self, at: usize, end: usize) -> usize {
        let Some(close) = self.reader.closing(at + 1, end).filter(|_| self.reader.kind(at + 1) == Kind::LParen) else {
            return at + 1;
        };
        let (ty, after) = self.reader.type_at(at + 2, close);
        self.type_names(at + 2, close);
        if let (Resolved::CPython(structure), 0) = self.scopes.resolve(ty)
            && after == close
        {
            self.report(Finding::new(Report::Layout, Name::Known(structure.name), self.start(at + 2), self.guard));
        }
        self.top().operand = Some(Operand::value(Type::OTHER));
        close + 1
    }

    fn start(&self, at: usize) -> u32 {
        self.reader.tokens.get(at).map_or(0, |token| token.start)
    }

    /// `operand.name`, the name at `at`.
    fn member(&mut self, at: usize) {
        let name = self.reader.sym(at);
        let Some(operand) = self.top().operand else { return };
        let mut next = Operand::value(Type::OTHER);
        if let Thing::Module(module) = operand.thing {
            if let Some(entry) = self.scopes.look_up(module, name) {
                self.use_of(entry, name, at);
                next = operand_of(entry);
            }
            // `cpython.list.PyList_New`: a module inside.
            let is_item = self.scopes.of_cpython(name).item.is_some();
            if module == Module::CPython && !is_item {
                next.thing = Thing::Module(module);
            }
        } else if matches!(operand.thing, Thing::Value) {
            match self.scopes.resolve(operand.ty) {
                (Resolved::CPython(structure), 0 | 1) => {
                    next = self.c_member(structure, name, at);
                    // Cython goes by the type that the package declares, if that says something.
                    let declared = self.scopes.declared_member(operand.ty, name);
                    if let Some(ty) = declared.filter(|ty| !matches!(self.scopes.resolve(*ty).0, Resolved::Other)) {
                        next.ty = ty;
                    }
                }
                (Resolved::Record(group, record), 0 | 1) => {
                    let what = self.scopes.field_of(group, record, name);
                    next = what.map_or(next, |what| operand_of(Entry { item: None, what }));
                }
                _ => {}
            }
        }
        self.top().operand = Some(next);
    }

    fn c_member(&mut self, structure: &'static capi::Structure, name: Sym, at: usize) -> Operand {
        let Some(member) = structure.member(&self.names.text(name)) else {
            return Operand::value(Type::OTHER);
        };
        let last = member.name.rsplit('.').next().unwrap_or(member.name);
        let finding = Finding {
            structure: Some(structure.name),
            path: (last != member.name).then_some(member.name),
            access: Access::Read.into(),
            ..Finding::new(Report::Member, Name::Known(last), self.start(at), self.guard)
        };
        let index = self.report(finding);
        let mut next = Operand { member: Some(index), ..Operand::value(Type::of_c(member.c_type)) };
        // Slots are functions; what calling them gives is not told.
        if member.c_type.contains("(*") {
            next.ty = Type::OTHER;
        }
        next
    }

    fn report(&mut self, finding: Finding) -> usize {
        let compiled = self.named_only.then_some(Guard::NEVER);
        self.out.findings.push(Finding { part: Part { compiled, ..Part::default() }, ..finding });
        self.out.findings.len() - 1
    }

    /// The name at `at` means `entry`: reports it if that is CPython's.
    fn use_of(&mut self, entry: Entry, name: Sym, at: usize) {
        let Some(item) = entry.item else { return };
        if let Some(guard) = self.remaining(item.name, name) {
            self.report(Finding::new(Report::Api, Name::Known(item.name), self.start(at), guard));
        }
    }

    /// When the name means CPython's: not where a header of the package, or C inside the module, defines it.
    fn remaining(&mut self, known: &str, name: Sym) -> Option<Guard> {
        // Only a name that is written somewhere can be defined in C.
        let in_c =
            if self.names.bytes(name) == known.as_bytes() { Some(name) } else { self.names.get(known.as_bytes()) };
        let declarations = in_c.map_or(&[][..], |name| self.own.package.declarations(name));
        if declarations.is_empty() {
            return Some(self.guard);
        }
        let mut left = self.guards.condition(self.guard).clone();
        for declared in declarations {
            let hides = matches!(declared.what, CWhat::Macro(_) | CWhat::Function { defined: true, .. });
            if hides && self.own.includable.get(declared.file as usize) == Some(&true) {
                left = left.and(&self.guards.condition(declared.guard).negate());
            }
        }
        let left = self.guards.number(left);
        (left != Guard::NEVER).then_some(left)
    }
}

/// Whether `extern` stands in front of the type at `at`.
fn is_extern(reader: Reader<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|at| reader.keyword(at) == Some(Keyword::Extern))
}

fn operand_of(entry: Entry) -> Operand {
    match entry.what {
        What::Value(ty) => Operand::value(ty),
        What::Function(ty) => Operand { ty, thing: Thing::Function, member: None },
        What::Module(module) => Operand { thing: Thing::Module(module), ..Operand::value(Type::OTHER) },
        What::Alias(_) | What::Record(_) | What::Import(..) => Operand::value(Type::OTHER),
    }
}
