//! What a use of the package's macros expands to: for macros that make up the names of what they define.
//!
//! An expander with bounds in place of hide sets: so many expansions, so many tokens, so deep arguments. Initialisers
//! in braces are left out, as nobody asks for them.

use crate::lexer::{Kind, Sym, Token, Word};
use crate::scan::{FileId, Guard, What};

use super::walk::Project;

/// Tokens that all uses in a package may expand to, and definitions that are looked at for it.
pub(crate) const MAX_EXPANSION: usize = 8_000_000;
/// Macros that one use may expand, one inside the other or one after the other.
const MAX_EXPANSIONS: u32 = 256;
/// Tokens that one use may expand to.
const MAX_TOKENS: usize = 4096;
/// How deep arguments of arguments are expanded before they are put in.
const MAX_DEPTH: u8 = 6;
/// Definitions of one macro that are tried.
const MAX_DEFINITIONS: usize = 4;

/// A token of an expansion.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// The token; `start` means something only with `file`.
    pub(crate) token: Token,
    /// The file in which it is written; `None` if `##` made it.
    pub(crate) file: Option<FileId>,
}

/// Where a macro is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    /// The file.
    pub(crate) file: FileId,
    /// The byte offset of the macro's name, which tells which of several definitions in a file holds.
    pub(crate) offset: u32,
    /// When the preprocessor keeps it.
    pub(crate) guard: Guard,
}

/// Expands macros for one use.
pub(crate) struct Expander<'a, 'p> {
    project: &'a mut Project<'p>,
    at: Use,
    left: u32,
}

impl<'a, 'p> Expander<'a, 'p> {
    /// For the use `at`.
    pub(crate) fn new(project: &'a mut Project<'p>, at: Use) -> Self {
        Self { project, at, left: MAX_EXPANSIONS }
    }

    /// The definitions of `name` that may hold at the use: the last in its file before it, and where that is
    /// conditional, those before; else those of other files.
    pub(crate) fn definitions(&mut self, name: Sym) -> Vec<u32> {
        let package = self.project.package;
        if !self.spend(package.declarations(name).len()) {
            return Vec::new();
        }
        let visible = package.visible(name, self.at.file).filter_map(|declared| match declared.what {
            What::Macro(number) => Some((number, declared)),
            _ => None,
        });
        let (here, elsewhere): (Vec<_>, Vec<_>) = visible.partition(|(_, declared)| declared.file == self.at.file);
        let mut found = Vec::new();
        for (number, declared) in here.into_iter().rev().chain(elsewhere.into_iter().rev()) {
            let body = package.macros[number as usize].definition.body.start;
            let tokens = &self.project.units[declared.file as usize].line_tokens;
            let is_later = declared.file == self.at.file && tokens.get(body).is_some_and(|t| t.start > self.at.offset);
            if is_later || self.project.guards.both(declared.guard, self.at.guard) == Guard::NEVER {
                continue;
            }
            found.push(number);
            if declared.guard == Guard::ALWAYS || declared.guard == self.at.guard || found.len() >= MAX_DEFINITIONS {
                break;
            }
        }
        found
    }

    /// Takes `cost` off what the package may spend; `false` if nothing is left.
    fn spend(&mut self, cost: usize) -> bool {
        let left = self.project.expansion_left.checked_sub(cost);
        self.project.expansion_left = left.unwrap_or_default();
        left.is_some()
    }

    /// What `pieces` expand to; the first of them is the name of macro `first`, if that is given.
    pub(crate) fn expand(&mut self, pieces: &[Piece], first: Option<u32>) -> Vec<Piece> {
        self.expand_at(pieces, first, 0)
    }

    fn expand_at(&mut self, pieces: &[Piece], mut first: Option<u32>, depth: u8) -> Vec<Piece> {
        let mut waiting: Vec<Piece> = pieces.iter().rev().copied().collect();
        let mut out = Vec::new();
        while let Some(piece) = waiting.pop() {
            if out.len() + waiting.len() > MAX_TOKENS {
                break;
            }
            let number = first.take().or_else(|| self.definition(piece));
            match number.and_then(|number| self.once(number, &mut waiting, depth)) {
                Some(body) => waiting.extend(body.into_iter().rev()),
                None => out.push(piece),
            }
        }
        out
    }

    /// The macro that `piece` names.
    fn definition(&mut self, piece: Piece) -> Option<u32> {
        let is_name = piece.token.is_ident() && !self.project.package.declarations(piece.token.sym).is_empty();
        if !is_name {
            return None;
        }
        self.definitions(piece.token.sym).first().copied()
    }

    /// One expansion of macro `number`, whose arguments are taken off `waiting`.
    fn once(&mut self, number: u32, waiting: &mut Vec<Piece>, depth: u8) -> Option<Vec<Piece>> {
        let package = self.project.package;
        let made = package.macros.get(number as usize)?;
        let body = &self.project.units[made.file as usize].line_tokens[made.definition.body.clone()];
        if body.iter().any(|t| t.is_ident() && t.sym == made.definition.name) {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        if !self.spend(body.len() + waiting.len()) {
            return None;
        }
        let Some(parameters) = &made.definition.parameters else {
            return Some(without_initialisers(body, made.file));
        };
        let arguments = arguments(waiting)?;
        let body = without_initialisers(body, made.file);
        Some(self.substitute(&body, parameters, &arguments, depth))
    }

    /// `body` with the arguments put in, `##` and `#` done.
    fn substitute(&mut self, body: &[Piece], parameters: &[Sym], given: &[Vec<Piece>], depth: u8) -> Vec<Piece> {
        let mut out: Vec<Piece> = Vec::new();
        let mut at = 0;
        let mut pastes = false;
        let mut pasted_to = false;
        while let Some(&piece) = body.get(at).filter(|_| out.len() <= MAX_TOKENS) {
            let next_pastes = body.get(at + 1).is_some_and(|next| next.token.kind == Kind::Paste);
            let is_string = piece.token.kind == Kind::Hash;
            let argument = argument(self.project.names, piece, parameters, given);
            let mut put = match argument {
                Some(argument) if pastes || next_pastes || depth >= MAX_DEPTH => argument,
                Some(argument) => self.expand_at(&argument, None, depth + 1),
                None => vec![piece],
            };
            if is_string {
                // `#x`: a string.
                put = vec![Piece { token: Token { kind: Kind::Str, ..piece.token }, ..piece }];
                at += 1;
            }
            // `x ## nothing` is x, and so is `nothing ## x`.
            if pastes
                && pasted_to
                && let (Some(&right), Some(left)) = (put.first(), out.last().copied())
            {
                out.pop();
                put[0] = self.paste(left, right);
            }
            pasted_to = !put.is_empty() || pastes && pasted_to;
            out.extend(put);
            at += if next_pastes && !is_string { 2 } else { 1 };
            pastes = next_pastes && !is_string;
        }
        out
    }

    fn paste(&mut self, left: Piece, right: Piece) -> Piece {
        if !left.token.is_ident() || !right.token.is_ident() {
            return if left.token.is_ident() { left } else { right };
        }
        let names = &mut *self.project.names;
        let text = [names.bytes(left.token.sym), names.bytes(right.token.sym)].concat();
        Piece { token: Token { sym: names.intern(&text), ..left.token }, file: None }
    }
}

/// What stands for a parameter: its argument, or all that are left for `__VA_ARGS__`.
fn argument(names: &crate::lexer::Names, piece: Piece, parameters: &[Sym], given: &[Vec<Piece>]) -> Option<Vec<Piece>> {
    if !piece.token.is_ident() {
        return None;
    }
    if let Some(position) = parameters.iter().position(|&parameter| parameter == piece.token.sym) {
        return Some(given.get(position).cloned().unwrap_or_default());
    }
    if names.bytes(piece.token.sym) != b"__VA_ARGS__" {
        return None;
    }
    let comma = Piece { token: Token { kind: Kind::Comma, sym: Sym::NONE, ..piece.token }, file: None };
    let rest = given.get(parameters.len()..).unwrap_or_default();
    Some(rest.join(&comma))
}

/// The arguments of the call that `waiting`, a stack, goes on with; takes them off. `None` if it is no call.
fn arguments(waiting: &mut Vec<Piece>) -> Option<Vec<Vec<Piece>>> {
    waiting.last().filter(|piece| piece.token.kind == Kind::LParen)?;
    let mut given = vec![Vec::new()];
    let mut depth = 0_u32;
    for (taken, piece) in waiting.iter().rev().enumerate() {
        match piece.token.kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
            Kind::RParen | Kind::RBracket | Kind::RBrace => depth = depth.saturating_sub(1),
            _ => {}
        }
        match piece.token.kind {
            Kind::LParen if depth == 1 => {}
            Kind::RParen if depth == 0 => {
                waiting.truncate(waiting.len() - taken - 1);
                return Some(given);
            }
            Kind::Comma if depth == 1 => given.push(Vec::new()),
            _ => given.last_mut()?.push(*piece),
        }
    }
    None
}

/// A body without what stands in the braces behind `=`.
fn without_initialisers(body: &[Token], file: FileId) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut skipped = 0_u32;
    for &token in body {
        let opens = token.kind == Kind::LBrace
            && (skipped > 0 || out.last().is_some_and(|piece| piece.token.kind == Kind::Assign));
        let closes = token.kind == Kind::RBrace && skipped > 0;
        skipped = if opens { skipped + 1 } else { skipped - u32::from(closes) };
        if skipped == 0 && !closes {
            out.push(Piece { token, file: Some(file) });
        }
    }
    out
}

/// Whether a word keeps what follows from being a definition.
pub(crate) fn only_declares(word: Word) -> bool {
    matches!(word, Word::Extern | Word::Typedef)
}
