//! Parentheses and brackets: casts, calls, indices.

use crate::lexer::{Kind, Sym, Word};
use crate::rules;
use crate::scan::{Base, Type, What};

use super::level::{Call, Joint, Opened, Operand, Place, Prefix};
use super::member_name::Written;
use super::standard;
use super::walk::Walk;

/// A name with its index, and the second name of `outer.inner` with its offset.
type Named = (Sym, usize, Option<(Sym, u32)>);

impl Walk<'_, '_> {
    /// `(`: a call, a cast, a control statement's head, or a group.
    pub(crate) fn open_parenthesis(&mut self) {
        if let Some(operand) = self.top().operand.take() {
            let callee = operand.name.map_or((crate::lexer::Sym::NONE, self.at), |name| name);
            let result = self.called(operand.ty);
            self.push(Opened::Call(Call { callee: callee.0, at: callee.1, result, argument: 0 }));
            self.at += 1;
            return;
        }
        let word = self.at.checked_sub(1).and_then(|at| self.word(at));
        match word {
            Some(Word::Control) => self.push(Opened::Control),
            Some(Word::Sizeof | Word::Attribute | Word::TypeOf) => self.push(Opened::Paren),
            _ => {
                if let Some((ty, close)) = self.cast() {
                    self.check_types(self.at + 1, close);
                    self.prefixes.push(Prefix::Cast(ty));
                    self.at = close + 1;
                    return;
                }
                self.push(Opened::Paren);
            }
        }
        self.at += 1;
    }

    /// Names inside a type are uses too.
    pub(crate) fn check_types(&mut self, from: usize, to: usize) {
        let here = self.at;
        for at in from..to {
            let token = self.code[at];
            if token.is_ident() {
                self.at = at;
                rules::api::check(self, token);
            }
        }
        self.at = here;
    }

    /// If the parenthesis here is a cast: its type and closing parenthesis.
    fn cast(&self) -> Option<(Type, usize)> {
        let syntax = self.syntax();
        let first = self.at + 1;
        let is_keyword = matches!(
            syntax.word(first),
            Some(Word::Record | Word::Enum | Word::Builtin | Word::Qualifier | Word::Typename | Word::TypeOf)
        );
        if !is_keyword && !syntax.is_name(first) && syntax.kind(first) != Kind::Scope {
            return None;
        }
        let close = syntax.closing(self.at).filter(|close| close - self.at < 64)?;
        let ty = syntax.type_name(first, close)?;
        let follows = match syntax.kind(close + 1) {
            Kind::Ident => !matches!(syntax.word(close + 1), Some(Word::Qualifier)),
            Kind::Number | Kind::Str | Kind::Char | Kind::LParen | Kind::Not => true,
            Kind::LBrace | Kind::Amp | Kind::Star | Kind::Sign | Kind::Step => {
                is_keyword || ty.pointers > 0 || self.is_type(ty)
            }
            _ => false,
        };
        let plausible =
            is_keyword || ty.pointers > 0 || ty.function || self.is_type(ty) || self.is_unknown_name(ty, close);
        (follows && plausible).then_some((ty, close))
    }

    /// Whether the type is a name that is known to be a type.
    fn is_type(&self, ty: Type) -> bool {
        let Base::Named(name) = ty.base else { return true };
        if self.local(name).is_some() {
            return false;
        }
        let facts = self.project.names.facts(name);
        let is_item =
            facts.item.is_some_and(|item| matches!(item.kind, capi::ItemKind::Typedef | capi::ItemKind::Structure));
        let own = self.project.package.find(name, self.file, |declared| match declared.what {
            What::Typedef(_) | What::Record(_) => Some(()),
            _ => None,
        });
        facts.structure.is_some() || is_item || own.is_some()
    }

    /// `(name) x` can only be a cast; `(name)(x)` is one if nothing of that name is known.
    fn is_unknown_name(&self, ty: Type, close: usize) -> bool {
        let Base::Named(name) = ty.base else { return false };
        let is_value = self.local(name).is_some() || !self.project.package.declarations(name).is_empty();
        matches!(self.kind(close + 1), Kind::Ident | Kind::Number | Kind::Str) && !is_value
    }

    /// `)`: what the group or call gives becomes an operand of the level around.
    pub(crate) fn close_parenthesis(&mut self) {
        let last = self.finish_operand();
        let (opened, open, left) = {
            let top = self.top();
            (top.opened, top.at, top.left)
        };
        match opened {
            Opened::Paren => {
                self.pop();
                let operand = Operand { ty: left, place: last.place, name: None };
                self.group(operand, open);
            }
            Opened::Call(call) => {
                self.argument(call, last);
                let call = match self.top().opened {
                    Opened::Call(call) => call,
                    _ => call,
                };
                self.pop();
                if !self.ends_with_comma(call) {
                    let result = self.result_of(call);
                    self.operand(result);
                }
                self.remember_group(open, self.at);
            }
            Opened::Control => {
                self.end_auto();
                self.pop();
                self.restart();
            }
            _ => {}
        }
    }

    fn group(&mut self, operand: Operand, open: usize) {
        let word = open.checked_sub(1).and_then(|at| self.word(at));
        match word {
            Some(Word::Attribute) => {}
            Some(Word::Sizeof) => {
                rules::layout::check_sized(self, operand.ty, open);
                self.operand(Operand::value(Type::OTHER));
            }
            _ => self.operand(operand),
        }
        self.remember_group(open, self.at);
    }

    /// `PyVarObject_HEAD_INIT(NULL, 0) .tp_name = …`: the macro's expansion ends in a comma.
    fn ends_with_comma(&mut self, call: Call) -> bool {
        let is_head = |name: &str| capi::role(name).is_some_and(|named| named.role == capi::Role::HeadInitialiser);
        matches!(self.top().opened, Opened::Init(_)) && is_head(&self.project.names.text(call.callee))
    }

    fn result_of(&mut self, call: Call) -> Operand {
        let place = if rules::lvalue::is_candidate(self, call.callee) {
            Place::Macro(call.callee, call.at)
        } else {
            Place::None
        };
        Operand { ty: call.result, place, name: None }
    }

    /// One argument of a call ends.
    pub(crate) fn argument(&mut self, call: Call, operand: Operand) {
        rules::lvalue::argument(self, call, operand);
        self.member_argument(call, operand);
        self.result_from_argument(call, operand);
        if !operand.ty.is_known() || operand.ty == Type::OTHER {
            return;
        }
        let package = self.project.package;
        let near = self.project.near.of(package, self.file, call.callee);
        if !near.is_empty() {
            self.project.given.argument_of(call.callee, call.argument, operand.ty);
        }
        for place in near {
            let number = self.project.near.number(place);
            self.project.given.argument(number, call.argument, operand.ty);
        }
    }

    /// `std::move(x)` has the type of x.
    fn result_from_argument(&mut self, call: Call, operand: Operand) {
        if !self.cpp || call.argument > 0 || call.result.is_known() {
            return;
        }
        let Some(result) = standard::call(self.project.names, call.callee, None, operand.ty) else { return };
        if let Opened::Call(call) = &mut self.top().opened {
            call.result = result;
        }
    }

    /// An argument that is one name, for a macro that uses it as the name of a member.
    fn member_argument(&mut self, call: Call, operand: Operand) {
        let Some((name, at, inner)) = self.name_argument(operand) else { return };
        let package = self.project.package;
        for place in self.project.near.of(package, self.file, call.callee) {
            let number = self.project.near.number(place);
            let made = &package.macros[number as usize];
            if !made.member_parameters.contains(&call.argument) {
                continue;
            }
            if let Some(slot) = self.member_slot(at) {
                self.project.member_names.link(slot, (number, call.argument));
            } else {
                self.project.member_names.written(Written {
                    slot: (number, call.argument),
                    name,
                    file: self.file,
                    offset: self.code[at].start,
                    guard: self.guard,
                    inner,
                });
            }
        }
    }

    /// An argument that is one name, or two with a dot between: the first with its index, the second with its offset.
    fn name_argument(&self, operand: Operand) -> Option<Named> {
        if let Some((name, at)) = operand.name {
            return Some((name, at, None));
        }
        let first = self.at.checked_sub(3)?;
        let is_dotted = self.kind(first) == Kind::Ident
            && self.kind(first + 1) == Kind::Dot
            && self.kind(first + 2) == Kind::Ident
            && matches!(self.kind(first.checked_sub(1)?), Kind::Comma | Kind::LParen);
        is_dotted.then(|| (self.sym(first), first, Some((self.sym(first + 2), self.code[first + 2].start))))
    }

    /// `[`: an index, or a lambda's or designator's bracket.
    pub(crate) fn open_bracket(&mut self) {
        if self.top().operand.is_none() && self.lambda() {
            return;
        }
        let element = self.top().operand.take().map_or(Type::UNKNOWN, |operand| self.indexed(operand.ty));
        self.push(Opened::Index(element));
        self.at += 1;
    }

    /// `]`.
    pub(crate) fn close_bracket(&mut self) {
        self.finish_operand();
        if let Opened::Index(element) = self.top().opened {
            self.pop();
            self.operand(Operand::value(element));
        }
    }

    /// `static_cast<T *>(x)`: a cast whose operand is the group that follows.
    pub(crate) fn named_cast(&mut self) {
        let syntax = self.syntax();
        let after = syntax.after_template(self.at + 1).filter(|_| syntax.kind(self.at + 1) == Kind::Less);
        let Some(after) = after else {
            self.at += 1;
            return;
        };
        let ty = syntax.type_name(self.at + 2, after - 1).unwrap_or(Type::UNKNOWN);
        let open = self.at + 2;
        self.check_types(open, after - 1);
        // The group is one operand with the cast's type: `static_cast<T *>(x)->y` reads a member of T.
        self.operand(Operand::value(ty.as_function()));
        self.at = after;
    }

    /// `new T(…)`.
    pub(crate) fn new_expression(&mut self) {
        self.at += 1;
        let syntax = self.syntax();
        let end = (self.at..self.at + 8).find(|&at| !matches!(syntax.kind(at), Kind::Ident | Kind::Scope | Kind::Star));
        let ty = end.and_then(|end| syntax.type_name(self.at, end));
        if let (Some(ty), Some(end)) = (ty, end) {
            self.check_types(self.at, end);
            self.operand(Operand::value(ty.pointer(1).as_function()));
            if self.kind(end) != Kind::LParen {
                self.top().operand = Some(Operand::value(ty.pointer(1)));
            }
            self.at = end;
        }
        self.top().joint = Joint::Fresh;
    }
}
