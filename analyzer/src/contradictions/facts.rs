//! What the rules see.

use capi::{Target, Version};

use crate::declared::{Abi, Backend, Declaration, Form, Knob, Says};
use crate::report::Certainty;
use crate::{Outcome, Verdict, WheelTag};

use super::{Change, Contradiction, Place, Severity};

/// Declarations, verdicts and wheels, with questions that several rules ask.
pub(super) struct Facts<'a> {
    pub(super) declarations: &'a [Declaration],
    pub(super) verdicts: &'a [Verdict],
    /// The lowest level that the code is free for.
    pub(super) floor: Option<Version>,
    pub(super) wheels: Option<&'a [WheelTag]>,
    pub(super) backend: Backend,
}

impl<'a> Facts<'a> {
    pub(super) fn new(
        declarations: &'a [Declaration],
        verdicts: &'a [Verdict],
        floor: Option<Target>,
        wheels: Option<&'a [WheelTag]>,
    ) -> Self {
        let backend = Backend::of(declarations);
        Self { declarations, verdicts, floor: floor.map(Target::version), wheels, backend }
    }

    /// What sets a knob for an ABI.
    pub(super) fn setting(&self, knob: Knob, abi: Abi) -> impl Iterator<Item = &'a Declaration> + use<'a> {
        self.declarations.iter().filter(move |found| found.sets(knob, abi))
    }

    /// Whether anything sets it.
    pub(super) fn is_set(&self, knob: Knob, abi: Abi) -> bool {
        self.setting(knob, abi).next().is_some()
    }

    /// What is said in a form.
    pub(super) fn of_form(&self, form: Form) -> impl Iterator<Item = &'a Declaration> + use<'a> {
        self.declarations.iter().filter(move |found| found.form == form)
    }

    /// The lowest Python that the project lets in.
    pub(super) fn lowest_python(&self) -> Option<(&'a Declaration, Version)> {
        let found = self.of_form(Form::RequiresPython).filter_map(|found| Some((found, found.floor?)));
        found.max_by_key(|(_, floor)| *floor)
    }

    /// The verdict for a level.
    pub(super) fn verdict(&self, target: Target) -> Option<&'a Verdict> {
        self.verdicts.iter().find(|verdict| verdict.target == target)
    }

    /// Whether there is nothing to compile.
    pub(super) fn is_pure(&self) -> bool {
        !self.verdicts.is_empty() && self.verdicts.iter().all(|verdict| verdict.verdict == Outcome::Pure)
    }

    /// The level to propose: the one that is declared, else the one that the code needs, never below what the project
    /// lets in.
    pub(super) fn proposed(&self) -> Version {
        let declared = self.declarations.iter().filter(|found| found.says == Says::On && found.abi == Some(Abi::Abi3));
        let lowest = self.lowest_python().map(|(_, version)| version);
        declared
            .filter_map(|found| found.floor)
            .max()
            .or_else(|| lowest.max(self.floor))
            .filter(|version| *version >= Version::OLDEST_LIMITED)
            .unwrap_or(FALLBACK)
    }

    /// The tags for a stable ABI among the wheels.
    pub(super) fn stable_wheels(&self, abi: Abi) -> Vec<&'a WheelTag> {
        let wheels = self.wheels.unwrap_or_default().iter();
        wheels.filter(|wheel| wheel.abis().any(|of| of == abi)).collect()
    }
}

/// The level to propose where nothing says one: the oldest CPython that is maintained.
const FALLBACK: Version = Version::new(3, 11);

/// The places of declarations, each once, five at most.
pub(super) fn places<'d>(declarations: impl IntoIterator<Item = &'d Declaration>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for found in declarations {
        let place = Place { path: found.path.clone(), line: found.line };
        if !places.contains(&place) && places.len() < 5 {
            places.push(place);
        }
    }
    places
}

/// A contradiction that is certain if all of `of` always hold.
pub(super) fn contradiction(
    severity: Severity,
    code: &'static str,
    explanation: String,
    of: &[&Declaration],
    changes: Vec<Change>,
) -> Contradiction {
    let is_sure = of.iter().all(|found| found.certainty == Certainty::Certain && !found.is_conditional());
    Contradiction {
        severity,
        code,
        explanation,
        places: places(of.iter().copied()),
        changes,
        certainty: if is_sure { Certainty::Certain } else { Certainty::Probable },
    }
}
