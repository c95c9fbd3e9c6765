//! First pass over a file: what it declares.
//!
//! Reads declarations at file scope, in namespaces and in structures; function bodies are passed over except for
//! the structures and types inside.

use capi::ItemKind;

use crate::lexer::{Directive, Kind, Sym, Word};

use super::guards::{Guard, Regions};
use super::package::{Declared, FileId, Head, Package, RecordId, What};
use super::scopes::Branches;
use super::syntax::{Body, Declarator, Specifiers, Storage, Syntax};
use super::types::{Base, Type};
use super::unit::Unit;

/// An open brace.
#[derive(Debug, Clone, Copy)]
enum Scope {
    /// A namespace or `extern "C"`: declarations as at file scope.
    Outer,
    /// A structure; what follows its `}` are declarators of it.
    Record(RecordId, Storage),
    /// A function's body, an initialiser, an enumeration.
    Passed,
}

/// Adds what `unit` declares to `package`.
pub(crate) fn collect(unit: &Unit, file: FileId, regions: &Regions, syntax: Syntax<'_>, package: &mut Package) {
    let mut collector = Collector {
        unit,
        file,
        regions,
        syntax,
        package,
        scopes: Vec::new(),
        branches: Branches::default(),
        line: 0,
        at: 0,
        dead: false,
        next_guard: 0,
        template: Vec::new(),
    };
    collector.run();
}

struct Collector<'a> {
    unit: &'a Unit,
    file: FileId,
    regions: &'a Regions,
    syntax: Syntax<'a>,
    package: &'a mut Package,
    scopes: Vec<Scope>,
    branches: Branches<Vec<Scope>>,
    /// Next preprocessor line.
    line: usize,
    at: usize,
    dead: bool,
    /// The first token that may have another condition.
    next_guard: usize,
    /// The parameters of the template that is being declared.
    template: Vec<(Sym, Type)>,
}

impl Collector<'_> {
    fn run(&mut self) {
        while self.at < self.unit.code.len() {
            self.directives();
            let before = self.at;
            match self.scopes.last() {
                Some(Scope::Passed) => self.passed(),
                _ => self.statement(),
            }
            debug_assert!(self.at > before, "every step goes forward");
        }
    }

    /// Handles the preprocessor lines in front of the current token.
    fn directives(&mut self) {
        while let Some(line) = self.unit.lines.get(self.line).filter(|line| line.code_at <= self.at) {
            match line.directive {
                Directive::If | Directive::Ifdef | Directive::Ifndef => {
                    let scopes = &self.scopes;
                    self.branches.enter(scopes.len(), || scopes.clone());
                }
                Directive::Elif | Directive::Elifdef | Directive::Elifndef | Directive::Else => {
                    if let Some(scopes) = self.branches.next() {
                        self.scopes = scopes;
                    }
                }
                Directive::Endif => self.branches.leave(),
                _ => {}
            }
            self.line += 1;
        }
        if self.at >= self.next_guard {
            let (guard, next) = self.regions.run(self.at);
            (self.dead, self.next_guard) = (guard == Guard::NEVER, next);
        }
    }

    /// Inside a function's body: only braces and structures matter.
    fn passed(&mut self) {
        match self.syntax.kind(self.at) {
            Kind::LBrace => self.scopes.push(Scope::Passed),
            Kind::RBrace => {
                self.scopes.pop();
            }
            Kind::Ident if matches!(self.syntax.word(self.at), Some(Word::Record | Word::Typedef)) => {
                return self.inner_type();
            }
            _ => {}
        }
        self.at += 1;
    }

    /// A structure or typedef inside a function.
    fn inner_type(&mut self) {
        let read = self.syntax.specifiers(self.at);
        match read {
            Some(read) if read.body.is_some_and(|body| !body.is_enum) => self.open_record(read),
            Some(read) if read.storage.is_typedef => self.declarators(read, read.next),
            _ => self.at += 1,
        }
    }

    fn statement(&mut self) {
        match self.syntax.kind(self.at) {
            Kind::RBrace => return self.close(),
            Kind::LBrace => self.scopes.push(Scope::Passed),
            Kind::Ident => match self.syntax.word(self.at) {
                Some(Word::Namespace) => return self.namespace(),
                Some(Word::Template) => {
                    let open = self.at + 1;
                    let after = self.syntax.after_template(open);
                    self.template = after.map_or(Vec::new(), |after| self.syntax.template_parameters(open, after));
                    self.at = after.unwrap_or(open);
                    return;
                }
                Some(Word::Using) => return self.using(),
                Some(Word::Visibility) => {}
                Some(Word::Extern)
                    if self.syntax.kind(self.at + 1) == Kind::Str && self.syntax.kind(self.at + 2) == Kind::LBrace =>
                {
                    self.scopes.push(Scope::Outer);
                    self.at += 2;
                }
                _ => return self.declaration(),
            },
            _ => {}
        }
        self.at += 1;
    }

    fn namespace(&mut self) {
        let open = (self.at + 1..self.at + 12).find(|&i| matches!(self.syntax.kind(i), Kind::LBrace | Kind::Semi));
        match open {
            Some(open) if self.syntax.kind(open) == Kind::LBrace => {
                self.scopes.push(Scope::Outer);
                self.at = open + 1;
            }
            _ => self.at += 1,
        }
    }

    /// `using X = T;`
    fn using(&mut self) {
        let name = self.syntax.sym(self.at + 1);
        if self.syntax.kind(self.at + 2) == Kind::Assign {
            let end = (self.at + 3..self.at + 64).find(|&i| self.syntax.kind(i) == Kind::Semi);
            if let Some(ty) = end.and_then(|end| self.syntax.type_name(self.at + 3, end)) {
                if !self.template.is_empty() {
                    self.package.alias_parameters.insert(name, std::mem::take(&mut self.template));
                }
                self.declare(name, What::Typedef(ty), self.at + 1, false);
            }
        }
        self.at += 1;
    }

    fn declaration(&mut self) {
        let template = std::mem::take(&mut self.template);
        if let Some(&Scope::Record(id, _)) = self.scopes.last()
            && self.object_head(id)
        {
            self.at += 1;
            return;
        }
        match self.syntax.specifiers(self.at) {
            Some(read) if read.body.is_some_and(|body| body.is_enum) => {
                self.at = read.body.map_or(self.at + 1, |body| body.open);
                self.enumerators(self.at);
                self.scopes.push(Scope::Passed);
                self.at += 1;
            }
            Some(read) if read.body.is_some() => {
                self.template = template;
                self.open_record(read);
            }
            Some(read) => self.declarators(read, read.next),
            None => {
                self.skip_statement();
            }
        }
    }

    /// The constants of the enumeration that opens at `open`, as far as CPython has one of that name.
    fn enumerators(&mut self, open: usize) {
        let mut at = open;
        while matches!(self.syntax.kind(at), Kind::LBrace | Kind::Comma) && self.syntax.kind(at + 1) == Kind::Ident {
            let name = self.syntax.sym(at + 1);
            if self.syntax.names.facts(name).item.is_some() {
                self.declare(name, What::Variable { ty: Type::OTHER, defined: true }, at + 1, true);
            }
            at = self.syntax.enumerator_end(at + 2);
        }
    }

    /// `PyObject_HEAD` inside a structure, with or without a semicolon.
    fn object_head(&mut self, id: RecordId) -> bool {
        let head = match self.syntax.names.bytes(self.syntax.sym(self.at)) {
            b"PyObject_HEAD" => Head::Object,
            b"PyObject_VAR_HEAD" => Head::Var,
            _ => return false,
        };
        self.package.records[id.0 as usize].head = head;
        true
    }

    /// To the end of something that is no declaration.
    fn skip_statement(&mut self) {
        // A name alone may be a macro without semicolon, as object heads and export macros are.
        self.at += 1;
        while self.at < self.unit.code.len() {
            match self.syntax.kind(self.at) {
                Kind::Semi => {
                    self.at += 1;
                    return;
                }
                Kind::LParen => {
                    let Some(close) = self.syntax.closing(self.at) else {
                        self.at += 1;
                        return;
                    };
                    self.at = close;
                }
                Kind::LBrace | Kind::RBrace | Kind::Ident | Kind::End => return,
                _ => {}
            }
            self.at += 1;
            if self.next_line_is_due() {
                return;
            }
        }
    }

    /// The index of the first token behind the next `#if`, `#else` or `#endif`.
    fn next_branch(&self) -> usize {
        let lines = self.unit.lines.iter().skip(self.line);
        let mut branches = lines.filter(|line| {
            !matches!(line.directive, Directive::Define | Directive::Undef | Directive::Include | Directive::Other)
        });
        branches.next().map_or(usize::MAX, |line| line.code_at)
    }

    fn next_line_is_due(&self) -> bool {
        self.unit.lines.get(self.line).is_some_and(|line| line.code_at <= self.at)
    }

    fn open_record(&mut self, read: Specifiers) {
        let Some(body) = read.body else { return };
        let id = self.package.add_record(body.tag, self.file, body.open);
        self.package.records[id.0 as usize].parameters = std::mem::take(&mut self.template);
        if let Some(tag) = body.tag {
            self.declare(tag, What::Record(id), self.at, false);
        }
        self.bases(id, body);
        if let Some(&Scope::Record(outer, _)) = self.scopes.last()
            && body.tag.is_none()
        {
            // Anonymous members: their fields are the outer structure's, unless a name follows.
            self.package.records[outer.0 as usize].bases.push(Type::of(Base::Record(id)));
        }
        self.scopes.push(Scope::Record(id, read.storage));
        self.at = body.open + 1;
    }

    fn bases(&mut self, id: RecordId, body: Body) {
        if self.syntax.kind(body.bases) != Kind::Colon {
            return;
        }
        for (mut from, to) in self.syntax.parts(body.bases, body.open) {
            while matches!(self.syntax.word(from), Some(Word::Visibility | Word::Qualifier)) {
                from += 1;
            }
            if let Some(ty) = self.syntax.type_name(from, to) {
                self.package.records[id.0 as usize].bases.push(ty);
            }
        }
    }

    /// A `}`: after a structure come its declarators.
    fn close(&mut self) {
        self.at += 1;
        if let Some(Scope::Record(id, storage)) = self.scopes.pop() {
            let read =
                Specifiers { base: Type::of(Base::Record(id)), is_auto: false, storage, next: self.at, body: None };
            let mut at = self.at;
            while self.syntax.word(at) == Some(Word::Attribute) {
                at = self.syntax.closing(at + 1).map_or(at + 1, |close| close + 1);
            }
            if matches!(self.syntax.kind(at), Kind::Ident | Kind::Star) && !self.next_line_is_due() {
                self.named_after_all(id);
                self.declarators(read, at);
            }
        }
    }

    /// A structure without tag has a name behind it: its members are not those of the structure around.
    fn named_after_all(&mut self, id: RecordId) {
        if let Some(&Scope::Record(outer, _)) = self.scopes.last() {
            let bases = &mut self.package.records[outer.0 as usize].bases;
            bases.retain(|base| base.base != Base::Record(id));
        }
    }

    /// The declarators of `read` from `at` to the statement's end.
    fn declarators(&mut self, read: Specifiers, mut at: usize) {
        loop {
            let Some(declarator) = self.syntax.declarator(at, read.base) else {
                self.at = self.at.max(at.saturating_sub(1));
                return self.skip_statement();
            };
            self.declared(read.storage, declarator);
            if self.begins_another(declarator.next) {
                self.at = declarator.next.max(self.at + 1);
                return;
            }
            at = self.initialiser(declarator.next);
            if at >= self.next_branch() {
                self.at = at.max(self.at + 1);
                return;
            }
            match self.syntax.kind(at) {
                Kind::Comma => at += 1,
                Kind::LBrace => {
                    self.scopes.push(Scope::Passed);
                    self.at = at + 1;
                    return;
                }
                Kind::Semi => {
                    self.at = at + 1;
                    return;
                }
                _ => {
                    self.at = at.max(self.at + 1);
                    return;
                }
            }
        }
    }

    /// `PUSH END(detail) POP class X {`: macros that read like a function, and then a declaration.
    fn begins_another(&self, mut at: usize) -> bool {
        if !self.syntax.cpp {
            return false;
        }
        for _ in 0..8 {
            if !self.syntax.is_name(at) {
                break;
            }
            at = self.syntax.after_group(at + 1);
        }
        let begins = |word| {
            matches!(word, Word::Record | Word::Enum | Word::Template | Word::Namespace | Word::Using | Word::Typedef)
        };
        self.syntax.word(at).is_some_and(begins)
    }

    /// From after a declarator to what ends it: `,`, `;`, or the `{` of a body or initialiser.
    fn initialiser(&self, mut at: usize) -> usize {
        // An `#if` in between has to be seen with the braces that are open there.
        let end = self.next_branch().min(self.unit.code.len());
        while at < end {
            match self.syntax.kind(at) {
                Kind::Comma | Kind::Semi | Kind::LBrace | Kind::RBrace | Kind::End => return at,
                Kind::LParen | Kind::LBracket => match self.syntax.closing(at) {
                    Some(close) => at = close,
                    None => return at,
                },
                _ => {}
            }
            at += 1;
        }
        at
    }

    fn declared(&mut self, storage: Storage, declarator: Declarator) {
        let is_macro = |item: &capi::Item| matches!(item.kind, ItemKind::FunctionMacro | ItemKind::ObjectMacro);
        if declarator.parameters.is_some() && self.syntax.names.facts(declarator.name).item.is_some_and(is_macro) {
            // `API Py_LOCAL_INLINE(int) f(…)`: a macro around the type.
            return;
        }
        if declarator.class.is_some() {
            // `R C::f(…) {`: the declaration inside the class has said it all.
            return;
        }
        if let Some(Scope::Record(id, _)) = self.scopes.last().copied()
            && !storage.is_typedef
        {
            if !self.dead {
                self.package.fields.entry((id, declarator.name)).or_insert(declarator.ty);
            }
            return;
        }
        let what = if storage.is_typedef {
            What::Typedef(declarator.ty)
        } else if declarator.parameters.is_some() {
            What::Function { ty: declarator.ty, defined: self.has_body(declarator.next) }
        } else {
            What::Variable {
                ty: declarator.ty,
                defined: !storage.is_extern || self.syntax.kind(declarator.next) == Kind::Assign,
            }
        };
        self.declare(declarator.name, what, declarator.at, storage.is_static);
    }

    /// Whether a function's body follows its declarator.
    fn has_body(&self, mut at: usize) -> bool {
        for _ in 0..8 {
            match self.syntax.kind(at) {
                Kind::LBrace | Kind::Colon => return true,
                Kind::Ident => {
                    let is_group = self.syntax.kind(at + 1) == Kind::LParen;
                    at = self.syntax.closing(at + 1).filter(|_| is_group).unwrap_or(at) + 1;
                }
                _ => return false,
            }
        }
        false
    }

    fn declare(&mut self, name: Sym, what: What, at: usize, local: bool) {
        if self.dead {
            return;
        }
        self.package.declare(name, Declared { what, file: self.file, guard: self.regions.at(at), local });
    }
}
