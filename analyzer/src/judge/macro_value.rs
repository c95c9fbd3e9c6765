//! The type of what a macro of the package expands to.

use crate::lexer::Kind;
use crate::scan::{Base, Regions, Type, What};

use super::level::{Level, Opened};
use super::walk::Walk;

/// Macros in the bodies of macros whose types are asked for.
const MAX_NESTING: u8 = 4;
/// Tokens of a body that is read as an expression.
const MAX_BODY: usize = 96;

impl Walk<'_, '_> {
    /// The type of the macro `number`, which is used here like a variable or function.
    pub(crate) fn macro_value(&mut self, number: u32) -> Type {
        let package = self.project.package;
        let Some(made) = package.macros.get(number as usize) else { return Type::UNKNOWN };
        let like_function = made.definition.parameters.is_some();
        let ty = if made.ty.is_known() { made.ty } else { self.expression_value(number) };
        if like_function {
            return if ty.is_known() { ty.as_function() } else { Type::UNKNOWN };
        }
        if ty.is_known() {
            return ty;
        }
        // `#define f g`: the type of g, if that is plain.
        let Some(Type { base: Base::Named(target), pointers: 0, .. }) = made.alias else {
            return Type::UNKNOWN;
        };
        let target = package.find(target, self.file, |declared| match declared.what {
            What::Function { ty, .. } | What::Variable { ty, .. } => Some(ty),
            _ => None,
        });
        target.unwrap_or(Type::UNKNOWN)
    }

    /// The type of a body that is an expression: found once, by a walk whose findings nobody sees.
    fn expression_value(&mut self, number: u32) -> Type {
        if let Some(&known) = self.project.values.get(&number) {
            return known;
        }
        let package = self.project.package;
        let made = &package.macros[number as usize];
        let unit = &self.project.units[made.file as usize];
        let body = &unit.line_tokens[made.definition.body.clone()];
        let leads_on = |kind: Kind| matches!(kind, Kind::Arrow | Kind::Dot | Kind::LParen | Kind::LBracket);
        let is_expression = body.len() <= MAX_BODY
            && body.iter().any(|t| leads_on(t.kind))
            && !body.iter().any(|t| matches!(t.kind, Kind::Semi | Kind::LBrace | Kind::Paste));
        if !is_expression {
            self.project.values.insert(number, Type::UNKNOWN);
            return Type::UNKNOWN;
        }
        if self.project.values_asked >= MAX_NESTING {
            return Type::UNKNOWN;
        }
        let parameters = made.definition.parameters.iter().flatten().map(|&name| (name, Type::UNKNOWN));
        let free = made.free.iter().filter_map(|&name| Some((name, self.local(name)?)));
        let locals = parameters.chain(free).collect();
        self.project.values_asked += 1;
        let nothing = Regions::default();
        let mut walk = Walk::new(&mut *self.project, body, made.file, unit.cpp, &nothing);
        walk.read_expression(made.guard, number, locals);
        let ty = walk.top().left;
        walk.end();
        self.project.values_asked -= 1;
        self.project.values.insert(number, ty);
        ty
    }

    /// Walks over the whole body as one expression.
    fn read_expression(&mut self, guard: crate::scan::Guard, number: u32, locals: Vec<(crate::lexer::Sym, Type)>) {
        self.fixed_guard = Some(guard);
        self.macro_number = Some(number);
        self.levels.push(Level::new(Opened::Paren, 0, 0, 0));
        self.locals.extend(locals);
        while self.at < self.code.len() {
            self.step();
        }
        self.finish_operand();
    }
}
