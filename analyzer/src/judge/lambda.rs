//! Lambdas of C++: `[captures](parameters) -> T { … }`.

use crate::lexer::Kind;
use crate::scan::Type;

use super::walk::Walk;

/// Tokens between a lambda's parameters and its `{`.
const MAX_SPECIFIERS: usize = 24;

/// A lambda whose `{` is still to come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lambda {
    /// Index of the `{`.
    pub(crate) brace: usize,
    /// The brackets of the captures.
    captures: (usize, usize),
    /// The parentheses of the parameters.
    parameters: Option<(usize, usize)>,
    /// What it returns, where that is written.
    result: Type,
}

impl Walk<'_, '_> {
    /// At a `[` that is no index: goes on to the `{` of the lambda that it opens. `false` if it opens none.
    pub(crate) fn lambda(&mut self) -> bool {
        let Some(lambda) = self.lambda_ahead() else { return false };
        // Names in captures, parameters and the result are uses; the body is walked as any block.
        self.check_types(self.at, lambda.brace);
        self.at = lambda.brace;
        self.lambdas.push(lambda);
        true
    }

    fn lambda_ahead(&self) -> Option<Lambda> {
        if !self.cpp {
            return None;
        }
        let syntax = self.syntax();
        let close = syntax.closing(self.at)?;
        let parameters = match syntax.kind(close + 1) {
            Kind::LParen => Some((close + 1, syntax.closing(close + 1)?)),
            Kind::LBrace => None,
            _ => return None,
        };
        let after = parameters.map_or(close, |(_, close)| close) + 1;
        let brace = (after..after + MAX_SPECIFIERS).find(|&at| !belongs_to_result(syntax.kind(at)))?;
        if syntax.kind(brace) != Kind::LBrace {
            return None;
        }
        let arrow = (after..brace).find(|&at| syntax.kind(at) == Kind::Arrow);
        let result = arrow.and_then(|arrow| syntax.type_name(arrow + 1, brace)).unwrap_or(Type::UNKNOWN);
        Some(Lambda { brace, captures: (self.at, close), parameters, result })
    }

    /// Behind a `{`: if it is the lambda's, its parameters and captures are locals.
    pub(crate) fn open_lambda(&mut self) {
        let at = self.at;
        let Some(lambda) = self.lambdas.pop_if(|lambda| lambda.brace == at) else { return };
        self.top().lambda = Some(lambda.result);
        if let Some((open, close)) = lambda.parameters {
            let found = self.syntax().parameters(open, close);
            self.locals.extend(found);
        }
        let (open, close) = lambda.captures;
        for at in open..close {
            // `[x = y]`
            let is_copy =
                self.kind(at + 1) == Kind::Assign && matches!(self.kind(at + 3), Kind::Comma | Kind::RBracket);
            if self.kind(at) == Kind::Ident
                && is_copy
                && let Some(ty) = self.local(self.sym(at + 2))
            {
                let name = self.sym(at);
                self.locals.push((name, ty));
            }
        }
    }
}

/// Whether a token can stand between a lambda's parameters and its braces.
fn belongs_to_result(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Ident
            | Kind::Arrow
            | Kind::Star
            | Kind::Amp
            | Kind::Scope
            | Kind::Less
            | Kind::Greater
            | Kind::Comma
            | Kind::LParen
            | Kind::RParen
    )
}
