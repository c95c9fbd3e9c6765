//! The wheels of the release against its sources.

use capi::{Target, Version};

use crate::declared::{Abi, Backend, Declaration, Dependence, Knob, Says};
use crate::report::Certainty;
use crate::{Outcome, WheelTag};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

/// A tag for the stable ABI is declared, and no wheel has one.
pub(super) fn not_shipped(facts: &Facts<'_>) -> Vec<Contradiction> {
    let native = facts.wheels.unwrap_or_default().iter().any(|wheel| wheel.floor().is_some());
    let tags: Vec<_> = facts.setting(Knob::Tag, Abi::Abi3).collect();
    if !native || tags.is_empty() || !facts.stable_wheels(Abi::Abi3).is_empty() {
        return Vec::new();
    }
    let shown = shown(facts.wheels.unwrap_or_default().iter().filter(|wheel| wheel.floor().is_some()));
    let explanation =
        format!("the sources tag the wheel for the stable ABI, but no wheel of the release is: there are {shown}");
    vec![contradiction(Severity::Warning, "wheels-not-abi3", explanation, &tags, Vec::new())]
}

/// A wheel is for the stable ABI, and nothing in the sources asks for it.
pub(super) fn not_declared(facts: &Facts<'_>) -> Vec<Contradiction> {
    let wheels = facts.stable_wheels(Abi::Abi3);
    let asks = |found: &Declaration| found.asks() && found.abi == Some(Abi::Abi3) && !found.sets.is_empty();
    if wheels.is_empty() || facts.declarations.iter().any(asks) || facts.is_pure() {
        return Vec::new();
    }
    let shown = shown(wheels.iter().copied());
    let lowest = wheels.iter().filter_map(|wheel| wheel.floor()).min();
    let verdict = lowest.and_then(|level| facts.verdict(Target::Abi3(level)));
    let is_blocked = verdict.is_some_and(|verdict| verdict.verdict == Outcome::Blocked);
    let but = if is_blocked { ", and the code is not limited" } else { "" };
    let explanation = format!(
        "the release has wheels for the stable ABI ({shown}), but nothing in the sdist asks for it{but}: a build from \
         source makes another wheel"
    );
    let severity = if is_blocked { Severity::Error } else { Severity::Warning };
    let changes = lowest.map(|level| write::the_macro(facts, level)).unwrap_or_default();
    vec![contradiction(severity, "wheels-not-declared", explanation, &[], changes)]
}

/// A wheel for the stable ABI is for other versions than the sources say.
pub(super) fn other_floor(facts: &Facts<'_>) -> Vec<Contradiction> {
    let wheels = facts.stable_wheels(Abi::Abi3);
    let told: Vec<_> = facts
        .declarations
        .iter()
        .filter(|found| found.abi == Some(Abi::Abi3) && found.says == Says::On && is_told(found))
        .collect();
    let floors: Vec<Version> = told.iter().filter_map(|found| found.floor).collect();
    let shipped: Vec<Version> = wheels.iter().filter_map(|wheel| wheel.floor()).collect();
    let (Some(lowest), Some(declared)) = (shipped.iter().min().copied(), floors.iter().min().copied()) else {
        return Vec::new();
    };
    if shipped.iter().any(|level| floors.contains(level)) && lowest >= declared {
        return Vec::new();
    }
    if lowest == declared {
        return Vec::new();
    }
    let shown = shown(wheels.iter().copied());
    let (severity, what) = if lowest < declared {
        (Severity::Error, format!("the wheels say that they work on {lowest}, where they may fail to load"))
    } else if facts.backend == Backend::MesonPython {
        (Severity::Note, format!("meson-python tags a wheel by the Python that builds it: build with {declared}"))
    } else {
        (Severity::Note, format!("the wheels are kept from Python {declared}, which they are compiled for"))
    };
    let explanation = format!("the sources say abi3 from {declared}, the wheels of the release are {shown}: {what}");
    let mut found = contradiction(severity, "wheel-floor-differs", explanation, &told, Vec::new());
    if told.iter().any(|found| found.depends(Dependence::Platform)) {
        found.certainty = Certainty::Probable;
    }
    vec![found]
}

fn is_told(found: &Declaration) -> bool {
    found.floor.is_some() && (found.sets.has(Knob::Macro) || found.sets.has(Knob::Tag))
}

/// `cp314-abi3t` and before: a tag that is reserved and that nothing can build (PEP 803).
pub(super) fn reserved(facts: &Facts<'_>) -> Vec<Contradiction> {
    let early: Vec<_> = facts
        .stable_wheels(Abi::Abi3t)
        .into_iter()
        .filter(|wheel| wheel.floor().is_some_and(|floor| floor < Version::new(3, 15)))
        .collect();
    if early.is_empty() {
        return Vec::new();
    }
    let explanation = format!(
        "the wheels {} are tagged for the free-threaded stable ABI, which begins with 3.15: write cp315-abi3.abi3t",
        shown(early.iter().copied())
    );
    vec![contradiction(Severity::Error, "abi3t-tag-reserved", explanation, &[], Vec::new())]
}

/// `cp310-abi3, cp313-cp313`: the first tags without their platforms.
fn shown<'w>(wheels: impl Iterator<Item = &'w WheelTag>) -> String {
    let mut tags: Vec<String> =
        wheels.map(|wheel| format!("{}-{}", wheel.python.join("."), wheel.abi.join("."))).collect();
    tags.sort();
    tags.dedup();
    let more = tags.len().saturating_sub(4);
    let shown = tags.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
