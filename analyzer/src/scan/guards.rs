//! Conditions as small numbers: for each token, when the preprocessor keeps it.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::Condition;

/// A condition of the package, by its place in [`Guards`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Guard(u32);

impl Guard {
    /// Kept in every build.
    pub(crate) const ALWAYS: Self = Self(0);
    /// Kept in no build.
    pub(crate) const NEVER: Self = Self(1);
}

/// The conditions of one package, each once.
#[derive(Debug)]
pub(crate) struct Guards {
    all: Vec<Condition>,
    numbers: HashMap<Condition, Guard, FxBuildHasher>,
    pairs: HashMap<(Guard, Guard), Guard, FxBuildHasher>,
    /// Leaves of all conditions together.
    weight: usize,
}

/// Cases of all conditions of a package together; the largest of real ones has a quarter. Beyond, they are `unknown`.
const MAX_WEIGHT: usize = 400_000;

impl Default for Guards {
    fn default() -> Self {
        let mut guards = Self { all: Vec::new(), numbers: HashMap::default(), pairs: HashMap::default(), weight: 0 };
        guards.number(Condition::always());
        guards.number(Condition::never());
        guards
    }
}

impl Guards {
    /// The number of `condition`.
    pub(crate) fn number(&mut self, condition: Condition) -> Guard {
        if let Some(&guard) = self.numbers.get(&condition) {
            return guard;
        }
        self.weight += condition.cases();
        if self.weight > MAX_WEIGHT && condition.cases() > 1 {
            return self.number(Condition::unknown());
        }
        let guard = Guard(u32::try_from(self.all.len()).unwrap_or(0));
        self.all.push(condition.clone());
        self.numbers.insert(condition, guard);
        guard
    }

    /// The number of "`a` and `b`"; each pair is worked out once.
    pub(crate) fn both(&mut self, a: Guard, b: Guard) -> Guard {
        if a == b || b == Guard::ALWAYS {
            return a;
        }
        if a == Guard::ALWAYS {
            return b;
        }
        if let Some(&known) = self.pairs.get(&(a, b)) {
            return known;
        }
        let both = self.condition(a).and(self.condition(b));
        let both = self.number(both);
        self.pairs.insert((a, b), both);
        both
    }

    /// The number of "`a` or `b`".
    pub(crate) fn either(&mut self, a: Guard, b: Guard) -> Guard {
        if a == b || b == Guard::NEVER || a == Guard::ALWAYS {
            return a;
        }
        if a == Guard::NEVER || b == Guard::ALWAYS {
            return b;
        }
        let either = self.condition(a).or(self.condition(b));
        self.number(either)
    }

    /// The condition of this number.
    pub(crate) fn condition(&self, guard: Guard) -> &Condition {
        &self.all[guard.0 as usize]
    }
}

/// The conditions along one file: which holds from which token on.
#[derive(Debug, Default)]
pub(crate) struct Regions {
    /// Sorted by the index in the code at which each begins.
    starts: Vec<(usize, Guard)>,
    /// For each preprocessor line, the condition of the line itself.
    pub(crate) lines: Vec<Guard>,
}

impl Regions {
    /// Adds `base` to every condition.
    pub(crate) fn narrow(&mut self, base: Guard, guards: &mut Guards) {
        if base == Guard::ALWAYS {
            return;
        }
        if self.starts.first().is_none_or(|first| first.0 > 0) {
            self.starts.insert(0, (0, Guard::ALWAYS));
        }
        let all = self.starts.iter_mut().map(|(_, guard)| guard).chain(&mut self.lines);
        for guard in all {
            *guard = guards.both(*guard, base);
        }
    }

    /// From the token at `code_at` on, `guard` holds.
    pub(crate) fn begin(&mut self, code_at: usize, guard: Guard) {
        match self.starts.last_mut() {
            Some(last) if last.0 == code_at => last.1 = guard,
            Some(last) if last.1 == guard => {}
            _ => self.starts.push((code_at, guard)),
        }
    }

    /// The condition of the token at `code_at`, and the first token behind it that may have another.
    pub(crate) fn run(&self, code_at: usize) -> (Guard, usize) {
        let after = self.starts.partition_point(|(start, _)| *start <= code_at);
        let guard = after.checked_sub(1).map_or(Guard::ALWAYS, |i| self.starts[i].1);
        (guard, self.starts.get(after).map_or(usize::MAX, |(start, _)| *start))
    }

    /// The condition of the token at `code_at`.
    pub(crate) fn at(&self, code_at: usize) -> Guard {
        self.run(code_at).0
    }
}
