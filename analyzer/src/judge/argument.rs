//! Arguments that a macro throws away: `assert(x)` in release builds, `#define TRACE(x)` with nothing behind it. What
//! stands there is written, but no compiler sees it.

use crate::lexer::Sym;
use crate::scan::{FileId, Guard, What};

use super::finding::Finding;
use super::level::{Call, Opened};
use super::walk::{Project, Walk};

/// Parentheses around a finding that are looked at: a bound for hostile files.
const MAX_LEVELS: usize = 64;

/// What the macros around a place do with what stands there.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// Where they do something with it.
    guard: Guard,
    /// The only one that ever does nothing is the standard's `assert`.
    is_assert: bool,
}

impl Walk<'_, '_> {
    /// What the macros around the current place do with their arguments; `None`: there are none that throw any away.
    fn kept_here(&mut self) -> Option<Kept> {
        if self.project.package.drops.is_empty() {
            return None;
        }
        let mut kept = None;
        for index in (0..self.levels.len()).rev().take(MAX_LEVELS) {
            match self.levels[index].opened {
                Opened::Call(call) => kept = self.kept_by(call, kept),
                Opened::Paren | Opened::Index(_) | Opened::Init(_) => {}
                // A statement's beginning: what is around it is code.
                _ => break,
            }
        }
        kept
    }

    fn kept_by(&mut self, call: Call, inside: Option<Kept>) -> Option<Kept> {
        if !self.project.package.drops.contains_key(&call.callee) {
            return inside;
        }
        let guard = self.project.kept_argument(self.file, call.callee, call.argument);
        if guard == Guard::ALWAYS {
            return inside;
        }
        let is_assert = self.project.package.assert == Some(call.callee);
        Some(match inside {
            None => Kept { guard, is_assert },
            Some(inside) => {
                Kept { guard: self.project.guards.both(inside.guard, guard), is_assert: inside.is_assert && is_assert }
            }
        })
    }

    /// When the compiler sees the current place.
    pub(crate) fn compiled_here(&mut self) -> Guard {
        let Some(kept) = self.kept_here() else { return self.guard };
        let here = self.project.guards.both(self.guard, kept.guard);
        if self.project.guards.condition(here).is_unknown() { self.guard } else { here }
    }

    /// Narrows a finding at the current place by the macros whose arguments it stands in.
    pub(crate) fn narrow(&mut self, finding: &mut Finding) {
        let Some(kept) = self.kept_here() else { return };
        let guards = &mut *self.project.guards;
        let here = guards.both(finding.part.compiled.unwrap_or(finding.guard), kept.guard);
        if guards.condition(here).is_unknown() {
            return;
        }
        let is_line = kept.is_assert && here != Guard::NEVER && finding.part.compiled.is_none();
        finding.part = finding.part.map(|guard| guards.both(guard, kept.guard));
        if is_line {
            // The standard's macro is known well enough to say it of the line.
            finding.guard = here;
        } else {
            finding.part.compiled = Some(here);
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
