//! Where macros are expanded: the body of one that nothing expands is not compiled, the body of one that is only
//! expanded below Python 3 only there.

use crate::scan::{FastMap, Guard, Guards, Package, Unit};

use super::near::macros;

/// Different conditions of uses that are kept apart; more count as "anywhere".
const MAX_GUARDS: usize = 4;

/// Where one macro is expanded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Uses {
    guards: Vec<Guard>,
    anywhere: bool,
}

/// Where the macros of a package are expanded.
#[derive(Debug, Default)]
pub(crate) struct Expansions {
    uses: FastMap<u32, Uses>,
    /// How often code expands each macro, directly or through others.
    times: Vec<u32>,
    /// The macros that each macro's body names.
    inside: Vec<Vec<u32>>,
}

impl Expansions {
    /// No uses yet; which macros name which is read off the bodies.
    pub(crate) fn new(package: &Package, units: &[Unit]) -> Self {
        let bodies = package.macros.iter().map(|made| {
            let body = &units[made.file as usize].line_tokens[made.definition.body.clone()];
            let names = body.iter().filter(|t| t.is_ident() && !package.declarations(t.sym).is_empty());
            names.flat_map(|t| macros(package, made.file, t.sym)).collect()
        });
        let inside: Vec<_> = bodies.collect();
        Self { uses: FastMap::default(), times: vec![0; inside.len()], inside }
    }

    /// The macro `number` is named in code that is kept under `guard`.
    pub(crate) fn used(&mut self, number: u32, guard: Guard) {
        self.uses.entry(number).or_default().add(guard);
        if let Some(times) = self.times.get_mut(number as usize) {
            *times = times.saturating_add(1);
        }
    }

    /// Uses of a macro are uses of those in its body.
    pub(crate) fn spread(&mut self) {
        self.spread_times();
        let mut waiting: Vec<u32> = self.uses.keys().copied().collect();
        waiting.sort_unstable();
        while let Some(number) = waiting.pop() {
            let uses = self.uses.get(&number).cloned().unwrap_or_default();
            let inside = self.inside.get(number as usize).cloned().unwrap_or_default();
            for inner in inside {
                if self.uses.entry(inner).or_default().merge(&uses) {
                    waiting.push(inner);
                }
            }
        }
    }

    /// From the outermost macros inwards. Those that name each other in a circle are expanded by the preprocessor once: what
    /// they give each other is left out.
    fn spread_times(&mut self) {
        let mut outer = vec![0_u32; self.inside.len()];
        for &inner in self.inside.iter().flatten() {
            outer[inner as usize] += 1;
        }
        let mut waiting: Vec<usize> = (0..outer.len()).filter(|&number| outer[number] == 0).collect();
        while let Some(number) = waiting.pop() {
            for &inner in &self.inside[number] {
                let inner = inner as usize;
                self.times[inner] = self.times[inner].saturating_add(self.times[number]);
                outer[inner] -= 1;
                if outer[inner] == 0 {
                    waiting.push(inner);
                }
            }
        }
    }

    /// How often code expands macro `number`.
    pub(crate) fn times(&self, number: u32) -> u32 {
        self.times.get(number as usize).copied().unwrap_or(0)
    }

    /// When the body of macro `number`, defined under `defined`, is compiled; `None` if nothing expands it.
    pub(crate) fn guard(&self, number: u32, defined: Guard, guards: &mut Guards) -> Option<Guard> {
        let uses = self.uses.get(&number)?;
        if uses.anywhere {
            return Some(defined);
        }
        let somewhere = uses.guards.iter().fold(Guard::NEVER, |all, &one| guards.either(all, one));
        let both = guards.both(defined, somewhere);
        (both != Guard::NEVER).then_some(both)
    }
}

impl Uses {
    fn add(&mut self, guard: Guard) -> bool {
        if self.anywhere || self.guards.contains(&guard) {
            return false;
        }
        if guard == Guard::ALWAYS || self.guards.len() >= MAX_GUARDS {
            self.anywhere = true;
            self.guards.clear();
        } else {
            self.guards.push(guard);
        }
        true
    }

    fn merge(&mut self, other: &Self) -> bool {
        if other.anywhere {
            return self.add(Guard::ALWAYS);
        }
        let added = other.guards.iter().filter(|&&guard| self.add(guard)).count();
        added > 0
    }
}
