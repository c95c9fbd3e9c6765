//! What the figures should be.

use super::run::Run;
use super::tally::share;

/// A figure with its goal.
pub(super) struct Goal {
    pub(super) what: String,
    /// `None` where there was nothing to measure.
    pub(super) value: Option<f64>,
    /// What is good enough.
    pub(super) least: f64,
}

impl Goal {
    fn new(what: impl Into<String>, value: Option<f64>, least: f64) -> Self {
        Self { what: what.into(), value, least }
    }

    /// Whether it is reached; `None` where there was nothing to measure.
    pub(super) fn is_met(&self) -> Option<bool> {
        self.value.map(|value| value >= self.least)
    }
}

/// Every figure that has a goal.
pub(super) fn goals(run: &Run) -> Vec<Goal> {
    let total = &run.total;
    let mut goals = vec![
        Goal::new("API names, recall", total.api.recall(), 0.998),
        Goal::new("API names, strict precision (shims are wrong)", total.api.strict_precision(total.shims()), 0.995),
        Goal::new("members, recall", total.members.recall(), 0.98),
        Goal::new("members, precision", total.members.precision(), 0.98),
        Goal::new("members, structure named rightly", total.structures.precision(), 0.99),
        Goal::new("members of non-public structures, recall", total.hidden_members.recall(), 0.98),
        Goal::new("l-values, recall", total.lvalues.recall(), 1.0),
        Goal::new("l-values, precision", total.lvalues.precision(), 1.0),
        Goal::new("static types, recall", total.static_types.recall(), 1.0),
        Goal::new("static types, precision", total.static_types.precision(), 1.0),
        Goal::new("static types made by macros, recall", total.macro_types.recall(), 0.95),
    ];
    for (target, agreement) in &run.agreements {
        let agree = share(agreement.agree, agreement.packages);
        goals.push(Goal::new(format!("abi3-{target}, verdicts agree"), agree, 1.0));
        goals.push(Goal::new(format!("abi3-{target}, blocking, recall"), agreement.blocking.recall(), 0.98));
        goals.push(Goal::new(format!("abi3-{target}, blocking, precision"), agreement.blocking.precision(), 0.98));
    }
    goals
}
