//! What stands around a place in a script: blocks with their conditions, choices, calls, functions, classes.

use crate::cython::Line;
use crate::declared::Dependence;
use crate::lexer::{Kind, Sym};

use super::super::depends::{depends_on, words};
use super::super::page::When;
use super::Reader;

/// Tokens that are looked back at for the call around an argument.
const MAX_BACK: usize = 4000;

/// Lines above one that are looked at for the blocks around it.
const MAX_LINES: usize = 20_000;

/// Words of a condition that are followed.
const MAX_WORDS: usize = 40;

impl Reader<'_, '_, '_> {
    /// The logical line that a token is in.
    pub(super) fn line_of(&self, at: usize) -> Option<Line> {
        let number = self.script.lines.partition_point(|line| line.start <= at).checked_sub(1)?;
        self.script.lines.get(number).copied()
    }

    /// The lines that open the blocks around a token, inner ones first, each with the number of its line.
    pub(super) fn openings(&self, at: usize) -> Vec<(usize, Line)> {
        let lines = self.script.lines;
        let Some(own) = lines.partition_point(|line| line.start <= at).checked_sub(1) else { return Vec::new() };
        let mut indent = lines[own].indent;
        let mut found = Vec::new();
        for number in (0..own).rev().take(MAX_LINES) {
            if indent == 0 || found.len() > 16 {
                break;
            }
            if lines[number].indent < indent {
                indent = lines[number].indent;
                found.push((number, lines[number]));
            }
        }
        found
    }

    /// The conditions around a token.
    pub(super) fn around(&self, at: usize) -> When {
        let mut when = When::always();
        for (number, line) in self.openings(at).into_iter().rev() {
            match self.script.word(line.start) {
                b"if" | b"elif" => {
                    let condition = self.condition(line);
                    if !condition.contains("__name__") {
                        let depends = self.asked_by(&condition);
                        when = when.and(&condition, &depends);
                    }
                }
                b"else" => {
                    if let Some(condition) = self.if_before(number, line.indent) {
                        let depends = self.asked_by(&condition);
                        when = when.and(&format!("not ({condition})"), &depends);
                    }
                }
                b"except" => when = when.and("something else fails", &[Dependence::Other]),
                _ => {}
            }
        }
        for condition in self.choices_around(at) {
            let depends = self.asked_by(&condition);
            when = when.and(&condition, &depends);
        }
        when
    }

    /// The conditions of choices that a token is a part of: `[…] if C else []`.
    pub(super) fn choices_around(&self, at: usize) -> Vec<String> {
        let script = self.script;
        let mut found = Vec::new();
        let (mut depth, mut levels) = (0_usize, 0);
        for open in (at.saturating_sub(MAX_BACK)..at).rev() {
            match script.kind(open) {
                Kind::RParen | Kind::RBracket | Kind::RBrace => depth += 1,
                Kind::LParen | Kind::LBracket | Kind::LBrace if depth > 0 => depth -= 1,
                Kind::LParen | Kind::LBracket | Kind::LBrace => {
                    levels += 1;
                    let close = self.after(open);
                    if script.word(close) == b"if" {
                        let ends = |at: &usize| script.word(*at) == b"else" || script.kind(*at) == Kind::Newline;
                        let otherwise = (close..script.tokens.len()).find(ends).unwrap_or(close);
                        found.push(self.written(close + 1, otherwise));
                    }
                }
                Kind::Newline if depth == 0 => break,
                _ => {}
            }
            if levels > 12 {
                break;
            }
        }
        found
    }

    /// The condition of an `if` line: up to the colon that ends it.
    pub(super) fn condition(&self, line: Line) -> String {
        let colon = (line.start..line.end).rev().find(|at| self.script.kind(*at) == Kind::Colon);
        self.written(line.start + 1, colon.unwrap_or(line.end))
    }

    /// The condition of the `if` that an `else` belongs to.
    pub(super) fn if_before(&self, number: usize, indent: u32) -> Option<String> {
        let lines = self.script.lines.get(..number)?;
        for line in lines.iter().rev().take(MAX_LINES).filter(|line| line.indent <= indent) {
            let word = self.script.word(line.start);
            if line.indent < indent || matches!(word, b"try" | b"except" | b"for" | b"while") {
                return None;
            }
            if matches!(word, b"if" | b"elif") {
                return Some(self.condition(*line));
            }
        }
        None
    }

    /// What a condition asks about: its words, and those of the variables in it.
    pub(super) fn asked_by(&self, condition: &str) -> Vec<Dependence> {
        let mut texts = vec![condition.to_owned()];
        let mut seen: Vec<Sym> = Vec::new();
        for level in 0.. {
            let Some(text) = texts.get(level).filter(|_| level < 12).cloned() else { break };
            for word in words(&text).take(MAX_WORDS) {
                let Some(sym) = self.script.names.get(word.as_bytes()).filter(|sym| !seen.contains(sym)) else {
                    continue;
                };
                seen.push(sym);
                let assigned = self.lines_of(sym).take(2).map(|line| self.written(line.start + 2, line.end));
                texts.extend(assigned);
            }
        }
        depends_on(&texts.join(" "))
    }

    /// The name of the function around a token.
    pub(super) fn function_around(&self, at: usize) -> Option<String> {
        let mut openings = self.openings(at).into_iter();
        let (_, line) = openings.find(|(_, line)| self.script.word(line.start) == b"def")?;
        Some(String::from_utf8_lossy(self.script.word(line.start + 1)).into_owned())
    }

    /// The head of the class around a token.
    pub(super) fn class_around(&self, at: usize) -> Option<String> {
        let mut openings = self.openings(at).into_iter();
        let (_, line) = openings.find(|(_, line)| self.script.word(line.start) == b"class")?;
        Some(self.written(line.start, line.end))
    }

    /// The function that a token is an argument of.
    pub(super) fn call_around(&self, at: usize) -> Option<String> {
        let mut depth = 0_usize;
        for open in (at.saturating_sub(MAX_BACK)..at).rev() {
            match self.script.kind(open) {
                Kind::RParen | Kind::RBracket | Kind::RBrace => depth += 1,
                Kind::LParen if depth == 0 => {
                    let name = open.checked_sub(1).filter(|before| self.script.kind(*before) == Kind::Ident)?;
                    return Some(String::from_utf8_lossy(self.script.word(name)).into_owned());
                }
                Kind::LBracket | Kind::LBrace | Kind::Newline if depth == 0 => return None,
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth -= 1,
                _ => {}
            }
        }
        None
    }
}
