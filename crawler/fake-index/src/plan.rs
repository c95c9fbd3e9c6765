//! Faults by plan: many addresses, each with a few, from a seed.

use std::collections::HashMap;
use std::time::Duration;

use crate::Fault;
use crate::chance::chance;

/// Which answers are spoilt while a phase lasts. The same plan spoils the same answers in every run: whether an address
/// has faults, how many and which depends on nothing but the seed and the address.
#[derive(Debug, Clone)]
pub struct FaultPlan {
    /// Where the dice start.
    pub seed: u64,
    /// Addresses in a thousand that have faults at all.
    pub per_mille: u32,
    /// Faults of one address at most; then it answers well until the next phase.
    pub most_of_one: u32,
    /// The faults of pages, the listing included.
    pub of_pages: Vec<Fault>,
    /// The faults of files.
    pub of_files: Vec<Fault>,
}

impl FaultPlan {
    /// Every kind of fault that passes, on three addresses of ten, at most two on each: below every limit of tries.
    pub fn transient(seed: u64) -> Self {
        let of_both = vec![
            Fault::Status(500),
            Fault::Status(503),
            Fault::RetryAfter(429, "0".to_owned()),
            Fault::RetryAfter(503, "0".to_owned()),
            Fault::Reset,
            Fault::CutBody,
            Fault::ShortBody,
            Fault::LongBody,
            Fault::WrongBytes,
            Fault::Stall(Duration::from_millis(20)),
            Fault::RedirectLoop,
            Fault::Redirect("https://elsewhere.invalid/".to_owned()),
            Fault::Redirect("http://127.0.0.1:1/".to_owned()),
        ];
        let only_of_pages = [Fault::HtmlInsteadOfJson, Fault::MalformedJson, Fault::Stale];
        let only_of_files = [Fault::RangeIgnored, Fault::RangeShifted];
        Self {
            seed,
            per_mille: 300,
            most_of_one: 2,
            of_pages: of_both.iter().cloned().chain(only_of_pages).collect(),
            of_files: of_both.into_iter().chain(only_of_files).collect(),
        }
    }
}

/// A plan at work.
#[derive(Debug)]
pub(crate) struct Running {
    plan: FaultPlan,
    done: HashMap<String, u32>,
}

impl Running {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        Self { plan, done: HashMap::new() }
    }

    /// The fault of the next answer for `path`, used up.
    pub(crate) fn take(&mut self, path: &str) -> Option<Fault> {
        let kinds = if path.starts_with("/files/") { &self.plan.of_files } else { &self.plan.of_pages };
        let dice = chance(self.plan.seed, path.as_bytes());
        if kinds.is_empty() || dice % 1000 >= u64::from(self.plan.per_mille) {
            return None;
        }
        let count = 1 + (dice >> 20) % u64::from(self.plan.most_of_one.max(1));
        let done = self.done.entry(path.to_owned()).or_default();
        if u64::from(*done) >= count {
            return None;
        }
        *done += 1;
        let which = chance(self.plan.seed ^ u64::from(*done), path.as_bytes()) >> 8;
        let at = usize::try_from(which % kinds.len() as u64).expect("an index of a list");
        Some(kinds[at].clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(seed: u64, path: &str) -> Vec<Fault> {
        let mut running = Running::new(FaultPlan::transient(seed));
        std::iter::from_fn(|| running.take(path)).take(10).collect()
    }

    #[test]
    fn a_plan_gives_the_same_faults_each_time_and_at_most_two_of_an_address() {
        let paths: Vec<String> = (0..1000).map(|at| format!("/simple/p{at}/")).collect();
        let faulty = paths.iter().filter(|path| !all(1, path).is_empty()).count();
        assert!((200..400).contains(&faulty), "{faulty}");
        assert!(paths.iter().all(|path| all(1, path).len() <= 2));
        assert!(paths.iter().any(|path| all(1, path).len() == 2));
        assert!(paths.iter().all(|path| all(1, path) == all(1, path)));
        assert!(paths.iter().any(|path| all(1, path) != all(2, path)));
    }

    #[test]
    fn faults_of_pages_do_not_happen_to_files() {
        for at in 0..1000 {
            let faults = all(3, &format!("/files/p/p-{at}.tar.gz"));
            assert!(!faults.contains(&Fault::HtmlInsteadOfJson) && !faults.contains(&Fault::Stale));
        }
    }
}
