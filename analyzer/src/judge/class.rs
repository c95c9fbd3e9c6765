//! Operators on values of classes and of types with other names: what `*x`, `x[i]`, `x(…)` and `for (auto y : x)` give.

use crate::lexer::{Kind, Sym};
use crate::scan::{Base, Type};

use super::resolve::{Reached, Resolved, Resolver};
use super::standard;
use super::walk::Walk;

/// Classes whose `operator->` gives another class.
const MAX_ARROWS: usize = 4;

impl Walk<'_, '_> {
    /// `*x`.
    pub(crate) fn dereferenced(&mut self, ty: Type) -> Type {
        self.applied(ty, Sym::STAR, Type::dereferenced)
    }

    /// `x[i]`.
    pub(crate) fn indexed(&mut self, ty: Type) -> Type {
        self.applied(ty, Sym::INDEX, Type::dereferenced)
    }

    /// `x(…)`.
    pub(crate) fn called(&mut self, ty: Type) -> Type {
        self.applied(ty, Sym::CALL, Type::called)
    }

    /// What `built_in` gives, or for a class its `operator`.
    fn applied(&mut self, ty: Type, operator: Sym, built_in: fn(Type) -> Type) -> Type {
        let plain = built_in(ty);
        if plain.is_known() || !matches!(ty.base, Base::Named(_) | Base::Applied(..) | Base::Record(_)) {
            return plain;
        }
        let (_, full) = Resolver::resolve(self.project.names, self.project.package, self.file, ty);
        let behind = built_in(full);
        if behind.is_known() || full.pointers > 0 || !self.cpp {
            return behind;
        }
        self.member_of(full, operator).map_or(Type::UNKNOWN, Type::called)
    }

    /// The left side of `->`: for classes, what their `operator->` gives.
    pub(crate) fn through_arrow(&mut self, ty: Type) -> Type {
        let mut ty = ty;
        for _ in 0..MAX_ARROWS {
            if !self.cpp || ty.pointers > 0 || !matches!(ty.base, Base::Named(_) | Base::Applied(..) | Base::Record(_))
            {
                return ty;
            }
            let (resolved, full) = Resolver::resolve(self.project.names, self.project.package, self.file, ty);
            if full.pointers > 0 || matches!(resolved, Resolved::CPython(_) | Resolved::Other) {
                return ty;
            }
            match self.member_of(full, Sym::ARROW) {
                Some(given) => ty = given.called(),
                None if matches!(resolved, Resolved::Own(_)) => return Type::UNKNOWN,
                None => return ty,
            }
        }
        Type::UNKNOWN
    }

    /// What a `for` over a value gives.
    pub(crate) fn element(&mut self, ty: Type) -> Type {
        let (_, full) = Resolver::resolve(self.project.names, self.project.package, self.file, ty);
        if full.pointers > 0 {
            return full.dereferenced();
        }
        if let Base::Applied(name, list) = full.base
            && let Some(element) = standard::element(self.project.names, name, list)
        {
            return element;
        }
        let begin = self.project.names.get(b"begin").and_then(|begin| self.member_of(full, begin));
        begin.map_or(Type::UNKNOWN, |begin| self.dereferenced(begin.called()))
    }

    /// The type of a member of the package's own or the standard library's class.
    fn member_of(&mut self, ty: Type, member: Sym) -> Option<Type> {
        match Resolver::member(self.project, self.file, self.guard, ty, member).0 {
            Reached::Own(ty) if ty.is_known() => Some(ty),
            _ => None,
        }
    }

    /// `Class::name`, at the name: the type of that member.
    pub(crate) fn qualified_member(&mut self, name: Sym) -> Option<Type> {
        let scope = self.at.checked_sub(1).filter(|_| self.before() == Kind::Scope)?;
        if let Some((at, ty)) = self.qualifier
            && at == scope
        {
            return self.member_of(ty, name);
        }
        let class = scope.checked_sub(1).map(|at| self.sym(at)).filter(|&class| class != Sym::NONE)?;
        self.member_of(Type::of(Base::Named(class)), name)
    }

    /// `name<…>` at the walk's place, where that is a template and not a comparison: its arguments, and the index after
    /// them.
    pub(crate) fn template_use(&self) -> Option<(u32, usize)> {
        if !self.cpp || self.kind(self.at + 1) != Kind::Less {
            return None;
        }
        let syntax = self.syntax();
        let after = syntax.after_template(self.at + 1)?;
        if !matches!(syntax.kind(after), Kind::LParen | Kind::Scope | Kind::LBrace) {
            return None;
        }
        let inside = self.code.get(self.at + 2..after - 1)?;
        let is_type = |kind: Kind| {
            matches!(
                kind,
                Kind::Ident
                    | Kind::Scope
                    | Kind::Star
                    | Kind::Amp
                    | Kind::Comma
                    | Kind::Less
                    | Kind::Greater
                    | Kind::Number
            )
        };
        if !inside.iter().all(|t| is_type(t.kind)) {
            return None;
        }
        match syntax.applied(self.sym(self.at), self.at + 1, after - 1) {
            Base::Applied(_, list) => Some((list, after)),
            _ => None,
        }
    }
}
