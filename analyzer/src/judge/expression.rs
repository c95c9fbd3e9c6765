//! Operands and operators.

use crate::lexer::{Kind, Sym, Token, Word};
use crate::report::Access;
use crate::rules;
use crate::scan::{Base, Guard, Type, What};

use super::level::{Joint, Opened, Operand, Place, Prefix};
use super::resolve::{Reached, Resolver};
use super::standard;
use super::walk::Walk;

/// What a name of the package stands for in an expression.
enum Stands {
    /// A value of this type.
    For(Type),
    /// What the macro of this number expands to.
    Macro(u32),
}

impl Walk<'_, '_> {
    /// A complete primary expression. Two in a row are a declaration or a macro's doing: the last one counts.
    pub(crate) fn operand(&mut self, operand: Operand) {
        if self.top().operand.is_some() {
            self.finish_operand();
            self.top().joint = Joint::Fresh;
        }
        self.top().operand = Some(operand);
    }

    /// An identifier or keyword in an expression.
    pub(crate) fn identifier(&mut self, token: Token) {
        match self.word(self.at).unwrap_or_default() {
            Word::Name => {
                rules::api::check(self, token);
                self.own_macro(token);
                if let Some((list, after)) = self.template_use() {
                    return self.template_operand(token.sym, list, after);
                }
                let operand = self.named_operand(token.sym);
                self.operand(operand);
            }
            Word::Builtin => {
                rules::api::check(self, token);
                self.operand(Operand::value(Type::OTHER));
            }
            Word::This => {
                let ty = self.this();
                self.operand(Operand::value(ty));
            }
            Word::Sizeof => rules::layout::check_sizeof(self),
            Word::Offsetof => rules::member::check_offsetof(self),
            Word::NamedCast => return self.named_cast(),
            Word::New => return self.new_expression(),
            Word::Return | Word::Simple | Word::Operator => self.restart_expression(),
            Word::Else => {
                self.restart();
            }
            _ => {}
        }
        self.at += 1;
    }

    fn restart_expression(&mut self) {
        self.finish_operand();
        let top = self.top();
        top.left = Type::UNKNOWN;
        top.joint = Joint::Fresh;
    }

    /// If the name is a macro of the package: what it makes here.
    fn own_macro(&mut self, token: Token) {
        let package = self.project.package;
        let near = self.project.near.of(package, self.file, token.sym);
        for place in near.clone() {
            let number = self.project.near.number(place);
            let made = &package.macros[number as usize];
            for &name in &made.free {
                if let Some(ty) = self.local(name).filter(|ty| ty.is_known()) {
                    self.project.given.variable(number, token.sym, name, ty);
                }
            }
            if let Some((name, ty)) =
                made.declares.filter(|_| self.in_statement() && package.sees(self.file, made.file))
            {
                let first = made.definition.parameters.as_ref().and_then(|parameters| parameters.first());
                let is_argument = first == Some(&name) && self.kind(self.at + 1) == Kind::LParen;
                let name = if is_argument { self.sym(self.at + 2) } else { name };
                self.locals.push((name, ty));
            }
        }
        if !near.is_empty() && self.macro_number.is_none() {
            let is_test = package.tests.get(self.file as usize).is_some_and(|&is_test| is_test);
            let here = self.compiled_here();
            if !is_test && here != Guard::NEVER {
                for place in near {
                    self.project.expansions.used(self.project.near.number(place), here);
                }
            }
            rules::made::check_macro(self, token);
        }
    }

    /// What a name stands for.
    fn named_operand(&mut self, name: Sym) -> Operand {
        if let Some(operand) = self.inherited(name) {
            return operand;
        }
        let ty = self.type_of_name(name);
        Operand { ty, place: Place::None, name: Some((name, self.at)) }
    }

    /// `name<…>`, which a call, `::` or braces follow.
    fn template_operand(&mut self, name: Sym, list: u32, after: usize) {
        self.check_types(self.at + 2, after - 1);
        if self.kind(after) == Kind::Scope {
            self.qualifier = Some((after, Type::of(Base::Applied(name, list))));
        }
        let known = standard::call(self.project.names, name, Some(list), Type::UNKNOWN).filter(|ty| ty.is_known());
        let ty = match known {
            Some(ty) => ty.as_function(),
            None => match self.type_of_name(name) {
                ty if ty.is_known() => ty,
                _ => Type::of(Base::Applied(name, list)).as_function(),
            },
        };
        self.operand(Operand { ty, place: Place::None, name: Some((name, self.at)) });
        self.at = after;
    }

    fn type_of_name(&mut self, name: Sym) -> Type {
        if let Some(ty) = self.qualified_member(name) {
            return ty;
        }
        if let Some(ty) = self.local(name) {
            return ty;
        }
        if let Some(ty) = self.field_of_this(name) {
            return ty;
        }
        let makes_value = self.makes_value();
        let own = self.project.package.find(name, self.file, |declared| match declared.what {
            What::Function { ty, .. } | What::Variable { ty, .. } => Some(Stands::For(ty)),
            What::Macro(number) => Some(Stands::Macro(number)),
            // `Class(…)` and `Type(…)` make a value.
            What::Record(id) if makes_value => Some(Stands::For(Type::of(Base::Record(id)).as_function())),
            What::Typedef(ty) if makes_value => Some(Stands::For(ty.as_function())),
            What::Typedef(_) | What::Record(_) => None,
        });
        match own {
            Some(Stands::For(ty)) => ty,
            Some(Stands::Macro(number)) => self.macro_value(number),
            None => self.cpython_value(name),
        }
    }

    /// Whether a type's name at the walk's place is called.
    fn makes_value(&self) -> bool {
        self.cpp && self.kind(self.at + 1) == Kind::LParen
    }

    /// What CPython says the type of a name is: functions by their result, data by their type.
    fn cpython_value(&mut self, name: Sym) -> Type {
        let Some(item) = self.project.names.facts(name).item else {
            return Type::UNKNOWN;
        };
        if let Some(known) = self.project.resolver.value(name) {
            return known;
        }
        let ty = self.type_of_item(item);
        self.project.resolver.remember_value(name, ty);
        ty
    }

    fn type_of_item(&mut self, item: &'static capi::Item) -> Type {
        let is_type = item.kind == capi::ItemKind::Data && item.name.ends_with("_Type");
        let Some(text) = capi::return_type(item.name).or(is_type.then_some("PyTypeObject")) else {
            return Type::UNKNOWN;
        };
        let ty = self.project.resolver.text(self.project.names, text);
        match item.kind {
            capi::ItemKind::Data | capi::ItemKind::ObjectMacro => ty,
            _ => ty.as_function(),
        }
    }

    /// The class of the function around, or of the constructor whose initialisers these are.
    fn this(&self) -> Type {
        let class = self.levels.iter().rev().take(super::walk::MAX_LEVELS).find_map(|level| {
            match (level.opened, level.parameters) {
                (Opened::Function(class), _) => Some(class),
                (Opened::Outer | Opened::Record(_), Some(parameters)) if parameters.initialisers => {
                    Some(self.class_of(level.opened, parameters.class))
                }
                _ => None,
            }
        });
        class.flatten().map_or(Type::UNKNOWN, |id| Type::of(Base::Record(id)).pointer(1))
    }

    /// A member of CPython's that is named without `this`, in a class that inherits it or starts with an object's head.
    fn inherited(&mut self, name: Sym) -> Option<Operand> {
        if !self.cpp || !self.project.names.facts(name).member || self.before() == Kind::Scope {
            return None;
        }
        let class = self.this();
        if !class.is_known() || self.local(name).is_some() {
            return None;
        }
        match Resolver::member(self.project, self.file, self.guard, class, name).0 {
            Reached::CPython(..) | Reached::Embedded(_) => {
                Some(rules::member::check(self, Operand::value(class), true, self.at))
            }
            Reached::Own(_) | Reached::Unknown => None,
        }
    }

    /// The type of a member that is named without `this`.
    pub(crate) fn field_of_this(&mut self, name: Sym) -> Option<Type> {
        if !self.cpp {
            return None;
        }
        let class = self.this();
        if !class.is_known() {
            return None;
        }
        match Resolver::member(self.project, self.file, self.guard, class, name).0 {
            Reached::Own(ty) if ty.is_known() => Some(ty),
            _ => None,
        }
    }

    /// Applies the prefixes of the current operand and joins it to the expression before it.
    pub(crate) fn finish_operand(&mut self) -> Operand {
        let Some(mut operand) = self.top().operand.take() else {
            let left = self.top().left;
            return Operand::value(left);
        };
        let floor = self.top().prefixes;
        while self.prefixes.len() > floor {
            let Some(prefix) = self.prefixes.pop() else { break };
            operand = self.apply(prefix, operand);
        }
        self.top().join(operand.ty);
        operand
    }

    fn apply(&mut self, prefix: Prefix, operand: Operand) -> Operand {
        match prefix {
            Prefix::Dereference => Operand::value(self.dereferenced(operand.ty)),
            Prefix::Address => {
                self.touch(operand.place, Access::Address);
                Operand::value(operand.ty.address())
            }
            Prefix::Step => {
                self.touch(operand.place, Access::Write);
                operand
            }
            Prefix::Cast(ty) => Operand::value(ty),
        }
    }

    /// Takes note that what `place` designates is written or has its address taken.
    pub(crate) fn touch(&mut self, place: Place, access: Access) {
        match place {
            Place::None => {}
            Place::Member(index) => {
                if let Some(finding) = self.out.findings.get_mut(index) {
                    finding.access = access.into();
                }
            }
            Place::Macro(name, at) => rules::lvalue::found(self, name, at, access),
        }
    }

    /// `x->name` and `x.name`, or a designator.
    pub(crate) fn member(&mut self, token: Token) {
        let member = self.at + 1;
        if self.kind(member) != Kind::Ident {
            // `.*`, or a number's dot: nothing to see.
            self.at += 1;
            return;
        }
        if let (Some(operand), Some(slot)) = (self.top().operand, self.member_slot(member)) {
            // A parameter of the macro: which member it is, its uses say.
            self.project.member_names.slot(slot, operand.ty, Access::Read);
            self.top().operand = Some(Operand::value(Type::UNKNOWN));
            self.at += 2;
            return;
        }
        let Some(operand) = self.top().operand.take() else {
            if token.kind == Kind::Dot {
                rules::member::check_designator(self, member);
            }
            self.at += 2;
            return;
        };
        let reached = rules::member::check(self, operand, token.kind == Kind::Arrow, member);
        self.top().operand = Some(reached);
        self.at += 2;
        // `x->template f<…>` and calls are read on as they come.
    }

    /// Every operator that is not punctuation of its own.
    pub(crate) fn operator(&mut self, kind: Kind) {
        let has_operand = self.top().operand.is_some();
        match kind {
            Kind::Star if !has_operand => self.prefixes.push(Prefix::Dereference),
            Kind::Amp if !has_operand => self.prefixes.push(Prefix::Address),
            Kind::Step if !has_operand => self.prefixes.push(Prefix::Step),
            Kind::Step => {
                let place = self.top().operand.map_or(Place::None, |operand| operand.place);
                self.touch(place, Access::Write);
            }
            Kind::Sign | Kind::Not if !has_operand => {}
            Kind::Assign | Kind::OpAssign => {
                let left = self.finish_operand();
                self.touch(left.place, Access::Write);
                self.top().joint = Joint::Either;
            }
            Kind::Sign => self.binary(Joint::Sum),
            Kind::Question => self.binary(Joint::Fresh),
            Kind::Scope => {
                // A qualified name: the qualifier is no operand.
                self.top().operand = None;
            }
            Kind::Star | Kind::Amp | Kind::AmpAmp | Kind::Less | Kind::Greater | Kind::Operator => {
                self.binary(Joint::Number);
            }
            _ => {}
        }
    }

    fn binary(&mut self, joint: Joint) {
        self.finish_operand();
        self.top().joint = joint;
    }

    /// `a ? b : c`, a label, a constructor's initialisers.
    pub(crate) fn colon(&mut self) {
        self.finish_operand();
        let top = self.top();
        if let Some(parameters) = &mut top.parameters {
            parameters.sure = true;
            parameters.initialisers = true;
            if matches!(top.opened, Opened::Outer | Opened::Record(_)) {
                self.begin_initialisers();
            }
        }
        let top = self.top();
        if top.opened == Opened::Control
            && let Some(declaration) = &mut top.declaration
        {
            // `for (auto x : y)`: what comes is no initialiser.
            declaration.is_range = true;
            top.left = Type::UNKNOWN;
        }
        top.joint = Joint::Either;
        // After `case X:` and `label:` a statement starts; inside `?:` nothing is lost by trying.
        top.start = matches!(top.opened, Opened::Function(_) | Opened::Block);
    }

    /// An argument, a declarator or a discarded value ends.
    pub(crate) fn comma(&mut self) {
        let operand = self.finish_operand();
        match self.top().opened {
            Opened::Call(call) => {
                self.argument(call, operand);
                if let Opened::Call(call) = &mut self.top().opened {
                    call.argument = call.argument.saturating_add(1);
                }
            }
            opened if opened.has_statements() || opened == Opened::Control => {
                self.end_auto();
                self.next_declarator();
            }
            _ => {}
        }
        let top = self.top();
        top.left = Type::UNKNOWN;
        top.joint = Joint::Fresh;
    }
}
