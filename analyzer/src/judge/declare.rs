//! Where statements start: declarations, and what a `{` opens.

use capi::ItemKind;

use crate::lexer::{Kind, Sym, Token, Word};
use crate::rules;
use crate::scan::{Base, Declarator, RecordId, Specifiers, Type, What};

use super::level::{Declaration, Opened, Parameters};
use super::walk::Walk;

impl Walk<'_, '_> {
    /// At a statement's first token: reads a declaration if there is one. `true` if the token is dealt with.
    pub(crate) fn statement_start(&mut self) -> bool {
        if self.kind(self.at) != Kind::Ident {
            // `::f()`, `*p = …`, `;`: an expression, or nothing.
            if self.kind(self.at) != Kind::Scope {
                self.top().start = false;
            }
            return false;
        }
        match self.word(self.at) {
            Some(Word::Else | Word::Visibility) => {
                self.at += 1;
                if self.kind(self.at) == Kind::Colon {
                    self.at += 1;
                }
                return true;
            }
            Some(Word::Template) => {
                let after = self.syntax().after_template(self.at + 1);
                self.at = after.unwrap_or(self.at + 1);
                return true;
            }
            Some(Word::Namespace) => {
                self.top().start = false;
                return false;
            }
            _ => {}
        }
        self.top().start = false;
        let specifiers = self.syntax().specifiers(self.at);
        match specifiers {
            Some(read) if read.body.is_some() => {}
            Some(read) => self.start_declaration(read),
            None => self.guess_parameters(),
        }
        false
    }

    fn start_declaration(&mut self, read: Specifiers) {
        let Some(declarator) = self.syntax().declarator(read.next, read.base) else {
            return self.guess_parameters();
        };
        if !self.is_plausible(declarator) || self.starts_with_macro(read) {
            self.remember_prototype(read, declarator);
            return;
        }
        self.top().declaration = Some(Declaration { specifiers: read, ty: declarator.ty, auto: None, is_range: false });
        self.declared(read, declarator);
    }

    /// `MACRO x = y;` in a function, where the macro is no type but a statement by itself.
    fn starts_with_macro(&mut self, read: Specifiers) -> bool {
        let Base::Named(name) = read.base.base else { return false };
        if !matches!(self.top().opened, Opened::Function(_) | Opened::Block) {
            return false;
        }
        let package = self.project.package;
        let mut own = package.visible(name, self.file).peekable();
        if own.peek().is_some() {
            let is_statement = |number: u32| package.macros[number as usize].alias.is_none();
            return own.all(|declared| matches!(declared.what, What::Macro(number) if is_statement(number)));
        }
        // `Py_END_ALLOW_THREADS x = y;`
        let facts = self.project.names.facts(name);
        facts.structure.is_none()
            && facts.item.is_some_and(|item| item.kind == ItemKind::ObjectMacro && item.name.starts_with("Py_"))
    }

    /// Whether what reads like a declaration can be one here: `if (a && f(b))` and `MACRO f(b);` are none.
    fn is_plausible(&mut self, declarator: Declarator) -> bool {
        let follows = self.kind(declarator.next);
        match self.top().opened {
            Opened::Control => {
                let at = self.top().at.wrapping_sub(1);
                let catches = self.project.names.bytes(self.sym(at)) == b"catch";
                matches!(follows, Kind::Assign | Kind::Colon | Kind::Semi | Kind::Comma) || catches
            }
            Opened::Function(_) | Opened::Block => {
                let calls = declarator.parameters.is_some() && self.project.names.facts(declarator.name).item.is_some();
                let is_and = self.code[self.at..declarator.at].iter().any(|t| t.kind == Kind::AmpAmp);
                !calls && !is_and
            }
            _ => true,
        }
    }

    /// A prototype of a function of CPython's inside of a function: its headers need not show it.
    fn remember_prototype(&mut self, read: Specifiers, declarator: Declarator) {
        let first = self.sym(self.at);
        let is_sure = read.storage.is_extern
            || self.word(self.at) == Some(Word::Builtin)
            || self.project.names.bytes(first).starts_with(b"PyAPI_")
            || declarator.at > read.next;
        if is_sure && declarator.parameters.is_some() && self.kind(declarator.next) == Kind::Semi {
            self.project.prototypes.insert((self.file, declarator.name));
        }
    }

    /// After a comma at the level of a declaration: the next declarator.
    pub(crate) fn next_declarator(&mut self) {
        let at = self.at + 1;
        let Some(declaration) = self.top().declaration else {
            return;
        };
        let Some(declarator) = self.syntax().declarator(at, declaration.specifiers.base) else {
            return;
        };
        self.declared(declaration.specifiers, declarator);
    }

    /// Takes note of one declared name.
    fn declared(&mut self, read: Specifiers, declarator: Declarator) {
        self.declared_at = declarator.at;
        let opened = self.top().opened;
        if let (Some((open, close)), Opened::Outer | Opened::Record(_)) = (declarator.parameters, opened) {
            self.top().parameters =
                Some(Parameters { open, close, class: declarator.class, sure: true, initialisers: false });
        }
        let mut declarator = declarator;
        if matches!(opened, Opened::Function(_) | Opened::Block | Opened::Control)
            && !(read.storage.is_extern || read.storage.is_typedef)
        {
            if declarator.parameters.is_some_and(|(open, close)| self.are_arguments(open, close)) {
                // `T x(y);` is a variable.
                declarator.ty.function = false;
                declarator.parameters = None;
            }
            self.locals.push((declarator.name, declarator.ty));
        }
        let local = self.locals.len().wrapping_sub(1);
        if let Some(declaration) = &mut self.top().declaration {
            declaration.ty = declarator.ty;
            declaration.auto = read.is_auto.then_some(local);
        }
        rules::declaration(self, read, declarator);
    }

    /// Whether the parentheses hold values, not parameters, as far as the first token tells.
    fn are_arguments(&mut self, open: usize, close: usize) -> bool {
        if !self.cpp || close == open + 1 {
            return false;
        }
        let first = open + 1;
        let name = self.sym(first);
        match self.word(first) {
            Some(Word::This | Word::New | Word::NamedCast | Word::Sizeof) => true,
            Some(Word::Name) => {
                matches!(self.kind(first + 1), Kind::Dot | Kind::Arrow | Kind::LParen | Kind::LBracket)
                    || self.local(name).is_some()
                    || self.project.names.bytes(name) == b"nullptr"
                    || self.field_of_this(name).is_some()
            }
            Some(_) => false,
            None => matches!(
                self.kind(first),
                Kind::Number | Kind::Str | Kind::Char | Kind::Amp | Kind::Star | Kind::LParen
            ),
        }
    }

    /// A constructor, or a function behind a macro: what stands before its parameters is no type.
    fn guess_parameters(&mut self) {
        if !matches!(self.top().opened, Opened::Outer | Opened::Record(_)) {
            return;
        }
        let syntax = self.syntax();
        let Some((class, open)) = syntax.constructor(self.at) else {
            return;
        };
        if let Some(close) = syntax.closing(open) {
            self.top().parameters = Some(Parameters {
                open,
                close,
                class,
                sure: matches!(self.kind(close + 1), Kind::Colon),
                initialisers: false,
            });
        }
    }

    /// A parenthesis closes at file scope: it may be a parameter list.
    pub(crate) fn remember_group(&mut self, open: usize, close: usize) {
        let top_opened = self.top().opened;
        let may_be = matches!(top_opened, Opened::Outer | Opened::Record(_)) || self.is_macro_level();
        let top = self.top();
        if may_be && top.parameters.is_none_or(|known| !known.sure) {
            let class = top.parameters.and_then(|known| known.class);
            top.parameters = Some(Parameters { open, close, class, sure: false, initialisers: false });
        }
    }

    /// The end of a declaration's initialiser gives `auto` its type.
    pub(crate) fn end_auto(&mut self) {
        let left = self.top().left;
        let Some(Declaration { auto: Some(local), ty, is_range, .. }) = self.top().declaration else {
            return;
        };
        let left = if is_range { self.element(left) } else { left };
        if let Some(known) = self.locals.type_at(local)
            && *known == ty
        {
            *known = left;
        }
    }

    /// What the `{` at the current token opens.
    pub(crate) fn brace_kind(&mut self) -> Opened {
        if self.lambdas.last().is_some_and(|lambda| lambda.brace == self.at) {
            return Opened::Block;
        }
        let before = self.before();
        let top = self.top();
        let (opened, joint, has_declaration) = (top.opened, top.joint, top.declaration.map(|d| d.ty));
        if let Opened::Init(ty) = opened {
            return Opened::Init(if before == Kind::Assign { Type::UNKNOWN } else { ty.dereferenced() });
        }
        if !opened.has_statements() {
            // `({ … })` and lambdas hold statements; `f({1, 2})` does not.
            return match before {
                Kind::RParen => Opened::Block,
                Kind::LParen if matches!(opened, Opened::Paren) => Opened::Block,
                _ => Opened::Init(Type::UNKNOWN),
            };
        }
        let in_initialisers = self.top().parameters.is_some_and(|known| known.initialisers);
        if in_initialisers
            && (before == Kind::Greater || self.at.checked_sub(1).and_then(|at| self.word(at)) == Some(Word::Name))
        {
            return Opened::Init(Type::UNKNOWN);
        }
        if before == Kind::Assign || before == Kind::RBracket && joint != super::level::Joint::Fresh {
            return Opened::Init(has_declaration.unwrap_or(Type::UNKNOWN));
        }
        if let Some(found) = self.bodies(opened) {
            return found;
        }
        match opened {
            Opened::Outer | Opened::Record(_) if self.top().parameters.is_some() => Opened::Function(self.class()),
            Opened::Outer => Opened::Outer,
            _ if before == Kind::RParen && self.is_macro_level() && self.top().parameters.is_some() => {
                Opened::Function(None)
            }
            _ if matches!(before, Kind::Ident | Kind::Greater) && has_declaration.is_some() => {
                Opened::Init(has_declaration.unwrap_or(Type::UNKNOWN))
            }
            _ => Opened::Block,
        }
    }

    /// A structure's or enumeration's body: the first pass knows where they open.
    fn bodies(&mut self, opened: Opened) -> Option<Opened> {
        if let Some(&id) = self.project.package.bodies.get(&(self.file, self.at)) {
            return Some(Opened::Record(Some(id)));
        }
        let back = self.at.saturating_sub(6);
        let words: Vec<Token> = self.code[back..self.at].to_vec();
        let since = words.iter().rposition(|t| matches!(t.kind, Kind::Semi | Kind::RBrace | Kind::LBrace));
        let words = &words[since.map_or(0, |i| i + 1)..];
        let has = |word| words.iter().any(|t| t.is_ident() && self.project.names.facts(t.sym).word == word);
        let closes_group = words.last().is_some_and(|t| t.kind == Kind::RParen);
        if has(Word::Enum) && !closes_group {
            return Some(Opened::Enum);
        }
        if has(Word::Namespace) || matches!(opened, Opened::Outer) && words.last().is_some_and(|t| t.kind == Kind::Str)
        {
            return Some(Opened::Outer);
        }
        None
    }

    /// Behind a constructor's `:`: its parameters are known until its body or declaration ends.
    pub(crate) fn begin_initialisers(&mut self) {
        let (parameters, before) = (self.top().parameters, self.locals.len());
        if self.cpp && self.top().before_initialisers.is_none() {
            self.top().before_initialisers = Some(before);
            self.declare_parameters(parameters);
        }
    }

    /// The class whose member the function is that opens here.
    fn class(&mut self) -> Option<RecordId> {
        let top = self.top();
        let (opened, class) = (top.opened, top.parameters.and_then(|parameters| parameters.class));
        self.class_of(opened, class)
    }

    /// The class of a function at this level whose name has `class` in front.
    pub(crate) fn class_of(&self, opened: Opened, class: Option<Sym>) -> Option<RecordId> {
        match (class, opened) {
            (Some(class), _) => self.project.package.tagged(class, self.file),
            (None, Opened::Record(id)) => id,
            _ => None,
        }
    }
}
