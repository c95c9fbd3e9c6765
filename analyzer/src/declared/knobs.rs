//! The three knobs.

use serde::{Deserialize, Serialize};

/// What decides about a build for the stable ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Knob {
    /// `Py_LIMITED_API` or `Py_TARGET_ABI3T`: what is compiled.
    Macro,
    /// `.abi3.so`: how the file is named.
    Suffix,
    /// `cp311-abi3`: how the wheel is named.
    Tag,
}

impl Knob {
    /// Each one, in the order in which they are printed.
    pub const ALL: [Self; 3] = [Self::Macro, Self::Suffix, Self::Tag];

    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Macro => "macro",
            Self::Suffix => "suffix",
            Self::Tag => "tag",
        }
    }
}

/// A set of knobs, written `macro+suffix`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Knobs(u8);

impl Knobs {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// What is compiled.
    pub const MACRO: Self = Self::of(Knob::Macro);
    /// How the file is named.
    pub const SUFFIX: Self = Self::of(Knob::Suffix);
    /// How the wheel is named.
    pub const TAG: Self = Self::of(Knob::Tag);
    /// All of them.
    pub const ALL: Self = Self::MACRO.and(Self::SUFFIX).and(Self::TAG);

    const fn of(knob: Knob) -> Self {
        Self(1 << knob as u8)
    }

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it is one of them.
    pub const fn has(self, knob: Knob) -> bool {
        self.0 & 1 << knob as u8 != 0
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }
}

impl std::fmt::Display for Knobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = Knob::ALL.into_iter().filter(|knob| self.has(*knob)).map(Knob::as_str).collect();
        f.write_str(&words.join("+"))
    }
}

impl Serialize for Knobs {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Knobs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.split('+').filter(|word| !word.is_empty()).try_fold(Self::NONE, |set, word| {
            let knob = Knob::ALL.into_iter().find(|knob| knob.as_str() == word);
            knob.map(|knob| set.and(Self::of(knob)))
                .ok_or_else(|| serde::de::Error::custom(format!("{word:?} is not macro, suffix or tag")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_from_its_text() {
        for set in [Knobs::NONE, Knobs::TAG, Knobs::MACRO.and(Knobs::SUFFIX), Knobs::ALL] {
            let json = serde_json::to_string(&set).expect("a text");
            assert_eq!(serde_json::from_str::<Knobs>(&json).expect("a set"), set, "{json}");
        }
        assert_eq!(Knobs::ALL.to_string(), "macro+suffix+tag");
        assert!(serde_json::from_str::<Knobs>("\"name\"").is_err());
    }
}
