//! Arguments that a macro throws away: `assert(x)` in release builds, `#define TRACE(x)` with nothing behind it. What
//! stands there is written, but no compiler sees it.

use crate::lexer::Sym;
use crate::scan::{FileId, Guard, What};

use super::finding::{Finding, Part};
use super::level::{Call, Opened};
use super::walk::{Project, Walk};

/// Parentheses around a finding that are looked at: a bound for hostile files.
const MAX_LEVELS: usize = 64;

impl Walk<'_, '_> {
    /// Narrows a finding by the macros whose arguments it stands in.
    pub(crate) fn narrow(&mut self, finding: &mut Finding) {
        if self.project.package.drops.is_empty() {
            return;
        }
        for index in (0..self.levels.len()).rev().take(MAX_LEVELS) {
            match self.levels[index].opened {
                Opened::Call(call) => self.narrow_by(call, finding),
                Opened::Paren | Opened::Index(_) | Opened::Init(_) => {}
                // A statement's beginning: what is around it is code.
                _ => return,
            }
        }
    }

    fn narrow_by(&mut self, call: Call, finding: &mut Finding) {
        if !self.project.package.drops.contains_key(&call.callee) {
            return;
        }
        let kept = self.project.kept_argument(self.file, call.callee, call.argument);
        if kept == Guard::ALWAYS {
            return;
        }
        let part = finding.part;
        let guards = &mut *self.project.guards;
        let here = guards.both(part.compiled.unwrap_or(finding.guard), kept);
        if guards.condition(here).is_unknown() {
            return;
        }
        finding.part = Part { compiled: Some(here), ..part }.map(|guard| guards.both(guard, kept));
        if self.project.package.assert == Some(call.callee) && here != Guard::NEVER && part.compiled.is_none() {
            // The standard's macro is known well enough to say it of the line.
            finding.guard = here;
            finding.part.compiled = None;
        }
    }
}

impl Project<'_> {
    /// Where the macro `name`, as seen from `file`, does something with its argument number `position`.
    fn kept_argument(&mut self, file: FileId, name: Sym, position: u8) -> Guard {
        if let Some(&known) = self.kept.get(&(file, name, position)) {
            return known;
        }
        let kept = self.work_out_kept(file, name, position);
        self.kept.insert((file, name, position), kept);
        kept
    }

    fn work_out_kept(&mut self, file: FileId, name: Sym, position: u8) -> Guard {
        let package = self.package;
        let (mut kept, mut defined, mut is_own) = (Guard::NEVER, Guard::NEVER, false);
        for declared in package.visible(name, file) {
            let What::Macro(number) = declared.what else { continue };
            is_own = true;
            defined = self.guards.either(defined, declared.guard);
            if !package.macros[number as usize].dropped.has(position) {
                kept = self.guards.either(kept, declared.guard);
            }
        }
        if is_own {
            // Elsewhere it is a function, or somebody else's macro.
            let elsewhere = self.guards.condition(defined).negate();
            let elsewhere = self.guards.number(elsewhere);
            return self.guards.either(kept, elsewhere);
        }
        if package.assert != Some(name) {
            return Guard::ALWAYS;
        }
        // Release builds define NDEBUG, unless the package takes it back.
        let back = package.keeps_asserts.iter().filter(|(from, _)| package.sees(file, *from));
        back.fold(self.debug, |all, &(_, guard)| self.guards.either(all, guard))
    }
}
