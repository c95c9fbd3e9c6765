//! The wheels of a release: what their tags say, and what switching to abi3 would make of them.

use analyzer::{Abi, Outcome, Switch, WheelTag};
use capi::{Target, Version};
use store::FileAnswer;

use crate::numbers::Count;
use crate::visible::cut;

/// Wheel tags shown; the rest is a number.
const TAGS: usize = 16;

/// Platforms shown.
const PLATFORMS: usize = 40;

/// What the wheels' names say.
pub(super) struct Wheels {
    /// Python and ABI tags, each once: `cp39-abi3`.
    pub(super) abis: Vec<String>,
    pub(super) more: usize,
    /// Those of the stable ABI.
    pub(super) stable: Vec<String>,
    pub(super) sentence: String,
}

impl Wheels {
    pub(super) fn of(tags: &[String]) -> Self {
        let pair = |tag: &String| tag.splitn(3, '-').take(2).collect::<Vec<_>>().join("-");
        let is_stable =
            |tag: &&String| tag.split('-').nth(1).is_some_and(|abi| abi.split('.').any(|abi| abi.starts_with("abi3")));
        let pairs = |tags: &mut dyn Iterator<Item = &String>| {
            let mut pairs: Vec<String> = tags.map(pair).map(|pair| cut(&pair, 60).into_owned()).collect();
            pairs.sort();
            pairs.dedup();
            pairs
        };
        let mut abis = pairs(&mut tags.iter());
        let stable = pairs(&mut tags.iter().filter(is_stable));
        let sentence = match (tags.len(), tags.iter().filter(is_stable).count()) {
            (0, _) => "no wheels".to_owned(),
            (all, 0) => format!("none of {} is abi3", Count::from(all).of("wheel")),
            (all, stable) => format!("{stable} of {} abi3", Count::from(all).of("wheel")),
        };
        let more = abis.len().saturating_sub(TAGS);
        abis.truncate(TAGS);
        Self { abis, more, stable, sentence }
    }
}

/// "If you switch": the wheels before and after.
pub(super) struct Switching {
    pub(super) heading: &'static str,
    pub(super) lead: String,
    pub(super) sentences: Vec<String>,
    /// One of them serves free-threaded builds already.
    pub(super) has_abi3t: bool,
    pub(super) level: Version,
    pub(super) rows: Vec<Row>,
}

/// One platform.
pub(super) struct Row {
    pub(super) platform: String,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

impl Switching {
    /// For the floor of the code, else for the target asked about; `None` without wheels that one of abi3 would replace.
    pub(super) fn of(tags: &[String], file: &FileAnswer, target: Target) -> Option<Self> {
        let wheels: Vec<WheelTag> = tags.iter().filter_map(|tag| tag.parse().ok()).collect();
        let shipped = wheels.iter().filter(|wheel| wheel.abis().next().is_some()).filter_map(WheelTag::floor).min();
        let level = shipped.or_else(|| file.floor.map(Target::version)).unwrap_or_else(|| target.version());
        let switch = analyzer::switch(&wheels, level)?;
        let blockers = file.verdicts.iter().find(|verdict| verdict.target == Target::Abi3(level));
        let is_free = blockers.is_some_and(|verdict| verdict.verdict == Outcome::NoBlocker);
        let row = |one: &analyzer::PlatformWheels| Row {
            platform: cut(&one.platform, 60).into_owned(),
            before: one.before.iter().map(|pair| short(pair)).collect(),
            after: one.after.iter().map(|pair| short(pair)).collect(),
        };
        Some(Self {
            heading: if shipped.is_some() { "Its abi3 wheels" } else { "If it switches to abi3" },
            lead: lead(&switch, shipped.is_some()),
            sentences: sentences(&switch, shipped.is_some(), is_free),
            has_abi3t: wheels.iter().any(|wheel| wheel.abis().any(|abi| abi == Abi::Abi3t)),
            level,
            rows: switch.platforms.iter().take(PLATFORMS).map(row).collect(),
        })
    }
}

fn lead(switch: &Switch, has_switched: bool) -> String {
    let (before, after, level) = (Count::from(switch.before), Count::from(switch.after), switch.level);
    match (has_switched, switch.before == switch.after) {
        (true, true) => {
            format!("It has switched: its abi3 wheels are for Python {level} and later, one for each platform.")
        }
        (true, false) => format!(
            "It ships abi3 wheels for Python {level} and later beside others: with abi3 alone there would be {after} instead of \
             {}.",
            before.of("wheel")
        ),
        (false, _) => {
            format!("With abi3 from Python {level} on there would be {after} instead of {}.", before.of("wheel"))
        }
    }
}

fn sentences(switch: &Switch, has_switched: bool, is_free: bool) -> Vec<String> {
    let mut sentences = Vec::new();
    if !has_switched && !is_free {
        sentences.push("What stands in the way of it has to go first.".to_owned());
    }
    if let (Some(first), Some(last)) = (switch.dropped.first(), switch.dropped.last()) {
        let which = if first == last { first.to_string() } else { format!("{first} to {last}") };
        sentences.push(format!(
            "The minimum becomes Python {}: {which} would get no wheel, unless theirs are built beside it.",
            switch.level
        ));
    }
    if switch.kept > 0 {
        sentences.push(format!(
            "{} stay as they are: of other interpreters, of free-threaded builds, or without native code.",
            Count::from(switch.kept).of("wheel")
        ));
    }
    sentences
}

/// `cp39` for `cp39-cp39`.
fn short(pair: &str) -> String {
    let text = match pair.split_once('-') {
        Some((python, abi)) if python == abi => python,
        Some((python, abi)) if abi.strip_suffix('t') == Some(python) => abi,
        _ => pair,
    };
    cut(text, 60).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_repeat_themselves_are_shortened() {
        for (pair, expected) in [
            ("cp39-cp39", "cp39"),
            ("cp313-cp313t", "cp313t"),
            ("cp39-abi3", "cp39-abi3"),
            ("cp37-cp37m", "cp37-cp37m"),
            ("py3-none", "py3-none"),
        ] {
            assert_eq!(short(pair), expected);
        }
    }
}
