//! When the preprocessor keeps each line: the stack of `#if`, with the package's own macros followed.

use crate::Condition;
use crate::condition::{ConditionStack, Evaluator, MacroTable};
use crate::lexer::{Directive, Kind, Names, Sym};

use super::asked::{Bodies, asked, asks, bodies, seed};
use super::guards::{Guard, Guards, Regions};
use super::included;
use super::includes::Includes;
use super::package::{FastMap, FileId};
use super::unit::{Line, Unit};

/// Macro definitions that one file hands on to those that include it.
const MAX_EFFECTS: usize = 4096;

/// A `#define` or `#undef` that matters to some `#if`, where it stands and when it holds.
#[derive(Debug, Clone, Copy)]
struct Effect {
    file: FileId,
    line: usize,
    guard: Guard,
}

/// One file being read.
struct Reading {
    file: FileId,
    /// The line that opens the include guard.
    guard_line: Option<usize>,
    stack: ConditionStack,
    guard: Guard,
    table: MacroTable,
    effects: Vec<Effect>,
    /// Files whose definitions are in the table.
    seen: Vec<FileId>,
    /// Macros that this file's own lines ask about: only these need to be in the table.
    asked: FastMap<Sym, ()>,
}

/// Computes the conditions of every file.
struct Conditionals<'a> {
    units: &'a [Unit],
    sources: &'a [&'a [u8]],
    names: &'a Names,
    includes: &'a Includes,
    /// Macros that some `#if` asks about, directly or through others.
    asked: FastMap<Sym, ()>,
    bodies: Bodies<'a>,
    evaluator: Evaluator,
    effects: Vec<Vec<Effect>>,
}

/// The conditions along each file, in the order of `units`.
pub(crate) fn regions(
    units: &[Unit],
    paths: &[&str],
    sources: &[&[u8]],
    names: &Names,
    includes: &Includes,
    guards: &mut Guards,
) -> Vec<Regions> {
    let bodies = bodies(units);
    let mut conditionals = Conditionals {
        units,
        sources,
        names,
        includes,
        asked: asked(units, &bodies),
        bodies,
        evaluator: Evaluator::default(),
        effects: vec![Vec::new(); units.len()],
    };
    let mut found: Vec<Regions> = units.iter().map(|_| Regions::default()).collect();
    for &file in &includes.order {
        found[file as usize] = conditionals.file(file, guards);
    }
    included::narrow(units, paths, includes, guards, &mut found);
    found
}

impl Conditionals<'_> {
    fn file(&mut self, file: FileId, guards: &mut Guards) -> Regions {
        let unit = &self.units[file as usize];
        let mut reading = Reading {
            file,
            guard_line: include_guard(unit, self.sources[file as usize]),
            stack: ConditionStack::default(),
            guard: Guard::ALWAYS,
            table: MacroTable::default(),
            effects: Vec::new(),
            seen: vec![file],
            asked: asked(std::slice::from_ref(unit), &self.bodies),
        };
        seed(&mut reading.table, &reading.asked, &self.defined_by(file), self.names);
        let mut regions = Regions::default();
        for (number, line) in unit.lines.iter().enumerate() {
            regions.lines.push(reading.guard);
            match line.directive {
                Directive::Define | Directive::Undef => self.definition(&mut reading, number, line),
                Directive::Include => self.include(&mut reading, number, guards),
                Directive::Other => {}
                _ => {
                    self.branch(&mut reading, number, line);
                    reading.guard = guards.number(reading.stack.current().clone());
                    regions.begin(line.code_at, reading.guard);
                }
            }
        }
        self.effects[file as usize] = reading.effects;
        regions
    }

    fn branch(&mut self, reading: &mut Reading, number: usize, line: &Line) {
        match line.directive {
            Directive::If | Directive::Ifdef | Directive::Ifndef => {
                let asked = if reading.guard_line == Some(number) {
                    Condition::always()
                } else {
                    self.condition(reading.file, line, &reading.table)
                };
                reading.stack.begin(&asked);
            }
            Directive::Elif | Directive::Elifdef | Directive::Elifndef => {
                let asked = self.condition(reading.file, line, &reading.table);
                reading.stack.elif(&asked);
            }
            Directive::Else => reading.stack.otherwise(),
            _ => reading.stack.end(),
        }
    }

    fn definition(&self, reading: &mut Reading, number: usize, line: &Line) {
        let unit = &self.units[reading.file as usize];
        let name = unit.tokens_of(line).first().map_or(Sym::NONE, |t| t.sym);
        let guards_the_file = reading.guard_line.is_some_and(|first| first + 1 == number);
        if self.asked.contains_key(&name) && !guards_the_file && reading.effects.len() < MAX_EFFECTS {
            let effect = Effect { file: reading.file, line: number, guard: reading.guard };
            if reading.asked.contains_key(&name) {
                self.replay(effect, reading.stack.current(), &mut reading.table);
            }
            reading.effects.push(effect);
        }
    }

    /// The definitions of an included file hold from here on, each once.
    fn include(&self, reading: &mut Reading, number: usize, guards: &mut Guards) {
        for &included in self.includes.of(reading.file, number) {
            if reading.seen.contains(&included) {
                continue;
            }
            reading.seen.push(included);
            for &effect in &self.effects[included as usize] {
                let guard = guards.both(effect.guard, reading.guard);
                if reading.effects.len() < MAX_EFFECTS && guard != Guard::NEVER {
                    if reading.asked.contains_key(&self.name_of(effect)) {
                        self.replay(effect, guards.condition(guard), &mut reading.table);
                    }
                    reading.effects.push(Effect { guard, ..effect });
                }
            }
        }
    }

    /// What an `#if`-like line asks.
    fn condition(&mut self, file: FileId, line: &Line, table: &MacroTable) -> Condition {
        let unit = &self.units[file as usize];
        let source = self.sources[file as usize];
        let text = text_of(unit, line, source);
        match line.directive {
            Directive::If | Directive::Elif => self.evaluator.evaluate(text, table),
            Directive::Ifdef | Directive::Elifdef => self.evaluator.defined(text, table),
            _ => self.evaluator.defined(text, table).negate(),
        }
    }

    /// The macros that a file or what it includes defines.
    fn defined_by(&self, file: FileId) -> FastMap<Sym, ()> {
        let unit = &self.units[file as usize];
        let lines = unit.lines.iter().filter(|line| line.directive == Directive::Define);
        let own = lines.filter_map(|line| unit.tokens_of(line).first()).map(|token| token.sym);
        let included = (0..unit.lines.len()).flat_map(|number| self.includes.of(file, number));
        let effects = included.flat_map(|&inner| self.effects[inner as usize].iter());
        own.chain(effects.map(|&effect| self.name_of(effect))).map(|name| (name, ())).collect()
    }

    /// The macro that a definition is about.
    fn name_of(&self, effect: Effect) -> Sym {
        let unit = &self.units[effect.file as usize];
        unit.tokens_of(&unit.lines[effect.line]).first().map_or(Sym::NONE, |t| t.sym)
    }

    /// Applies a definition to the macros in force.
    fn replay(&self, effect: Effect, condition: &Condition, table: &mut MacroTable) {
        let unit = &self.units[effect.file as usize];
        let line = &unit.lines[effect.line];
        let text = text_of(unit, line, self.sources[effect.file as usize]);
        if line.directive == Directive::Define {
            table.define_line(text, condition);
        } else if let Some(name) = unit.tokens_of(line).first() {
            table.undefine(&self.names.text(name.sym), condition);
        }
    }
}

/// What stands behind the keyword of a preprocessor line.
fn text_of<'a>(unit: &Unit, line: &Line, source: &'a [u8]) -> &'a [u8] {
    let start = unit.tokens_of(line).first().map_or(line.bytes.end, |t| t.start as usize);
    source.get(start..line.bytes.end).unwrap_or_default()
}

/// The line that opens an include guard: `#ifndef X` with `#define X` next, around all code of the file.
fn include_guard(unit: &Unit, source: &[u8]) -> Option<usize> {
    let first = unit.lines.iter().position(|line| asks(line.directive))?;
    let (open, define) = (unit.lines.get(first)?, unit.lines.get(first + 1)?);
    let asks_not = match open.directive {
        Directive::Ifndef => true,
        Directive::If => text_of(unit, open, source).starts_with(b"!"),
        _ => false,
    };
    let name = unit.tokens_of(define).first()?;
    let asked = unit.tokens_of(open).iter().rfind(|t| t.is_ident())?;
    let bare = unit.tokens_of(define).iter().skip(1).all(|t| t.kind == Kind::Number);
    let defines = define.directive == Directive::Define && bare && name.sym == asked.sym;
    (asks_not && defines && closes_last(unit, first)).then_some(first)
}

/// Whether the `#if` of line `first` ends after all other lines and all code.
fn closes_last(unit: &Unit, first: usize) -> bool {
    let mut depth = 0_usize;
    for (number, line) in unit.lines.iter().enumerate().skip(first) {
        match line.directive {
            Directive::If | Directive::Ifdef | Directive::Ifndef => depth += 1,
            Directive::Endif => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let no_code_after = unit.code.get(line.code_at).is_none_or(|t| t.kind == Kind::End);
            return no_code_after && !unit.lines[number + 1..].iter().any(|line| asks(line.directive));
        }
    }
    false
}
