//! When the preprocessor keeps each line: the stack of `#if`, with the package's own macros followed.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::build::BuildFacts;
use crate::condition::{ConditionStack, Evaluator, MacroTable};
use crate::lexer::{Directive, Kind, Names, Sym};
use crate::{Condition, Language};

use super::asked::{Bodies, asked, asked_by, asks, bodies, is_reserved, seed, seed_swig};
use super::guards::{Guard, Guards, Regions};
use super::included;
use super::includes::Includes;
use super::package::{FastMap, FileId};
use super::unit::{Line, Unit};

/// Macro definitions that one file hands on to those that include it.
const MAX_EFFECTS: usize = 4096;

/// Headers inside headers that are read again for a file that includes them.
const MAX_PLACED: u8 = 8;

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
    /// The macros in force, as far as they had to be told to the evaluator.
    table: MacroTable,
    /// Definitions that are not in the table yet.
    pending: Vec<Effect>,
    /// What happened to each macro so far, as a number.
    states: FastMap<Sym, u64>,
    /// The macros that this file or its includes define.
    defined_here: FastMap<Sym, ()>,
    is_seeded: bool,
    /// SWIG reads the file, and has macros of its own.
    is_swig: bool,
    effects: Vec<Effect>,
    /// Files whose definitions are in the table.
    seen: Vec<FileId>,
    /// Macros that this file's own lines ask about: only these need to be in the table.
    asked: FastMap<Sym, ()>,
}

impl Reading {
    /// A definition comes into force.
    fn apply(&mut self, effect: Effect, name: Sym) {
        if self.asked.contains_key(&name) {
            let state = self.states.entry(name).or_default();
            let mut hasher = DefaultHasher::new();
            (*state, effect.file, effect.line, effect.guard).hash(&mut hasher);
            *state = hasher.finish();
            self.pending.push(effect);
        }
    }

    /// What the answer to `text` depends on, as a number.
    fn key(&self, directive: Directive, text: &[u8], names: &[Sym]) -> u64 {
        // A better hash than for tables: two answers that are mixed up would be a wrong report.
        let mut hasher = DefaultHasher::new();
        let is_expression = matches!(directive, Directive::If | Directive::Elif);
        let is_negated = matches!(directive, Directive::Ifndef | Directive::Elifndef);
        (is_expression, is_negated, self.is_swig, text).hash(&mut hasher);
        for name in names {
            (name, self.states.get(name), self.defined_here.contains_key(name)).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// Computes the conditions of every file.
struct Conditionals<'a> {
    units: &'a [Unit],
    paths: &'a [&'a str],
    sources: &'a [&'a [u8]],
    names: &'a Names,
    includes: &'a Includes,
    build: &'a BuildFacts,
    /// Macros that some `#if` asks about, directly or through others.
    asked: FastMap<Sym, ()>,
    bodies: Bodies<'a>,
    evaluator: Evaluator,
    /// The macros that a line of this text depends on, unless they are too many.
    names_in: FastMap<&'a [u8], Option<Vec<Sym>>>,
    /// Answers that have been worked out, by what they depend on.
    answers: FastMap<u64, Condition>,
    effects: Vec<Vec<Effect>>,
    /// For each file, whether it asks about macros that count as not defined, though files that include it define them.
    open: Vec<bool>,
    /// Files that were read again for the first file that includes them.
    placed: Vec<(FileId, Regions)>,
}

/// The conditions along each file, in the order of `units`.
pub(crate) fn regions(
    units: &[Unit],
    paths: &[&str],
    sources: &[&[u8]],
    names: &Names,
    includes: &Includes,
    build: &BuildFacts,
    guards: &mut Guards,
) -> Vec<Regions> {
    let bodies = bodies(units);
    let mut conditionals = Conditionals {
        units,
        paths,
        sources,
        names,
        includes,
        build,
        asked: asked(units, &bodies),
        bodies,
        evaluator: Evaluator::default(),
        names_in: FastMap::default(),
        answers: FastMap::default(),
        effects: vec![Vec::new(); units.len()],
        open: vec![false; units.len()],
        placed: Vec::new(),
    };
    let mut found: Vec<Regions> = units.iter().map(|_| Regions::default()).collect();
    for &file in &includes.order {
        found[file as usize] = conditionals.file(file, &[], 0, guards);
    }
    for (file, regions) in std::mem::take(&mut conditionals.placed) {
        found[file as usize] = regions;
    }
    included::narrow(units, paths, includes, guards, &mut found);
    found
}

impl Conditionals<'_> {
    /// Reads one file. `context` is what has been defined where it is included, as far as it is read for one includer;
    /// `depth` counts such readings inside each other.
    fn file(&mut self, file: FileId, context: &[Effect], depth: u8, guards: &mut Guards) -> Regions {
        let unit = &self.units[file as usize];
        let mut reading = Reading {
            file,
            guard_line: include_guard(unit, self.sources[file as usize]),
            stack: ConditionStack::default(),
            guard: Guard::ALWAYS,
            table: MacroTable::default(),
            pending: Vec::new(),
            states: FastMap::default(),
            defined_here: self.defined_by(file),
            is_seeded: false,
            is_swig: Language::of(self.paths[file as usize]) == Some(Language::Swig),
            effects: Vec::new(),
            seen: vec![file],
            asked: asked(std::slice::from_ref(unit), &self.bodies),
        };
        self.open[file as usize] = reading.asked.keys().any(|&name| self.is_open(&reading, name));
        for &effect in context {
            let name = self.name_of(effect);
            reading.apply(effect, name);
        }
        let mut regions = Regions::default();
        for (number, line) in unit.lines.iter().enumerate() {
            regions.lines.push(reading.guard);
            match line.directive {
                Directive::Define | Directive::Undef => self.definition(&mut reading, number, line),
                Directive::Include => self.include(&mut reading, number, depth, guards),
                Directive::Other => {}
                _ => {
                    self.branch(&mut reading, number, line, guards);
                    reading.guard = guards.number(reading.stack.current().clone());
                    regions.begin(line.code_at, reading.guard);
                }
            }
        }
        self.effects[file as usize] = reading.effects;
        regions
    }

    fn branch(&mut self, reading: &mut Reading, number: usize, line: &Line, guards: &Guards) {
        match line.directive {
            Directive::If | Directive::Ifdef | Directive::Ifndef => {
                let asked = if reading.guard_line == Some(number) {
                    Condition::always()
                } else {
                    self.condition(reading, line, guards)
                };
                reading.stack.begin(&asked);
            }
            Directive::Elif | Directive::Elifdef | Directive::Elifndef => {
                let asked = self.condition(reading, line, guards);
                reading.stack.elif(&asked);
            }
            Directive::Else => reading.stack.otherwise(),
            _ => reading.stack.end(),
        }
    }

    fn definition(&self, reading: &mut Reading, number: usize, line: &Line) {
        let path = self.paths[reading.file as usize];
        if line.directive == Directive::Undef && Language::of(path) == Some(Language::CTemplate) {
            // autoheader's gap: what is filled in may define it.
            return;
        }
        let unit = &self.units[reading.file as usize];
        let name = unit.tokens_of(line).first().map_or(Sym::NONE, |t| t.sym);
        let guards_the_file = reading.guard_line.is_some_and(|first| first + 1 == number);
        if self.asked.contains_key(&name) && !guards_the_file && reading.effects.len() < MAX_EFFECTS {
            let effect = Effect { file: reading.file, line: number, guard: reading.guard };
            reading.apply(effect, name);
            reading.effects.push(effect);
        }
    }

    /// The definitions of an included file hold from here on, each once.
    fn include(&mut self, reading: &mut Reading, number: usize, depth: u8, guards: &mut Guards) {
        let includes = self.includes;
        for &included in includes.of(reading.file, number) {
            if reading.seen.contains(&included) {
                continue;
            }
            reading.seen.push(included);
            self.place(reading, included, depth, guards);
            for &effect in &self.effects[included as usize] {
                let guard = guards.both(effect.guard, reading.guard);
                if reading.effects.len() < MAX_EFFECTS && guard != Guard::NEVER {
                    reading.apply(Effect { guard, ..effect }, self.name_of(effect));
                    reading.effects.push(Effect { guard, ..effect });
                }
            }
        }
    }

    /// Cython's macros are not defined unless a file says so; in a header that Cython put aside, the file that includes it
    /// does. So it is read again with what the first of these has defined by then.
    fn place(&mut self, reading: &Reading, included: FileId, depth: u8, guards: &mut Guards) {
        let is_placed = self.placed.iter().any(|(file, _)| *file == included);
        if !self.open[included as usize] || is_placed || reading.effects.is_empty() || depth >= MAX_PLACED {
            return;
        }
        let regions = self.file(included, &reading.effects, depth + 1, guards);
        self.placed.push((included, regions));
    }

    /// Whether `name` counts as not defined in a file that does not define it, but some other file does.
    fn is_open(&self, reading: &Reading, name: Sym) -> bool {
        if reading.defined_here.contains_key(&name) || !self.bodies.contains_key(&name) {
            return false;
        }
        let text = self.names.bytes(name);
        text.starts_with(b"CYTHON_") && text != b"CYTHON_LIMITED_API"
            || self.names.facts(name).item.is_none() && is_reserved(&self.names.text(name))
    }

    /// What an `#if`-like line asks. Files that include the same headers ask much the same: an answer is kept with
    /// what happened to the macros that it depends on.
    fn condition(&mut self, reading: &mut Reading, line: &Line, guards: &Guards) -> Condition {
        let unit = &self.units[reading.file as usize];
        let text = text_of(unit, line, self.sources[reading.file as usize]);
        let names = self.names_in.entry(text).or_insert_with(|| asked_by(unit.tokens_of(line), &self.bodies));
        let key = names.as_ref().map(|names| reading.key(line.directive, text, names));
        if let Some(known) = key.and_then(|key| self.answers.get(&key)) {
            return known.clone();
        }
        self.fill_table(reading, guards);
        let table = &reading.table;
        let answer = match line.directive {
            Directive::If | Directive::Elif => self.evaluator.evaluate(text, table),
            Directive::Ifdef | Directive::Elifdef => self.evaluator.defined(text, table),
            _ => self.evaluator.defined(text, table).negate(),
        };
        if let Some(key) = key {
            self.answers.insert(key, answer.clone());
        }
        answer
    }

    /// Tells the table what has been defined since it was asked last.
    fn fill_table(&self, reading: &mut Reading, guards: &Guards) {
        if !std::mem::replace(&mut reading.is_seeded, true) {
            seed(&mut reading.table, &reading.asked, &reading.defined_here, self.names, &self.build.macros);
            if reading.is_swig {
                seed_swig(&mut reading.table);
            }
        }
        for effect in std::mem::take(&mut reading.pending) {
            self.replay(effect, guards.condition(effect.guard), &mut reading.table);
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
