//! What is counted.

use std::fmt;
use std::str::FromStr;

use analyzer::{Abi, Kind, OriginClass, Outcome};
use capi::{Target, Version};

use crate::Tag;

/// What may be true of a project on a day, by the release that stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// It has native source.
    Native,
    /// It has this verdict for a target.
    Verdict(Target, Outcome),
    /// Its sources say that it builds for this stable ABI.
    Declared(Abi),
    /// It has a wheel with this tag, whether or not it was read.
    Tagged(Tag),
    /// It has native source and a wheel with this tag.
    Ships(Tag),
    /// It has no blocker for the target, and neither declares its ABI nor has a wheel of it.
    CouldBe(Target),
    /// Its code touches members of this structure itself.
    Structure(String),
    /// The same, by who wrote that code: the project itself, else another project that it copies, else a generator. So each
    /// project is under one of the three.
    StructureBy(String, OriginClass),
    /// Its code uses this item, tests and documents apart.
    Item(Kind, String),
    /// It uses what this version of CPython removes.
    Removed(Version),
    /// It uses what this version of CPython deprecates.
    Deprecated(Version),
}

/// The versions of CPython whose removals and deprecations are counted.
pub(crate) const CHANGING: std::ops::RangeInclusive<u8> = 12..=17;

/// Structures and items by their numbers. Only added to.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// By number: names, and names with who wrote the code ([`structure_by`]).
    pub structures: Vec<String>,
    /// By number.
    pub items: Vec<(Kind, String)>,
}

impl fmt::Display for Subject {
    /// The word in addresses and formats: `verdict:abi3-3.11:no-blocker`, `item:api:PyTuple_GET_SIZE`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => f.write_str("native"),
            Self::Verdict(target, outcome) => write!(f, "verdict:{target}:{}", outcome.as_str()),
            Self::Declared(abi) => write!(f, "declared:{}", abi.as_str()),
            Self::Tagged(tag) => write!(f, "tagged:{}", tag.as_str()),
            Self::Ships(tag) => write!(f, "ships:{}", tag.as_str()),
            Self::CouldBe(target) => write!(f, "could-be:{target}"),
            Self::Structure(name) => write!(f, "structure:{name}"),
            Self::StructureBy(name, class) => write!(f, "structure:{}", structure_by(name, *class)),
            Self::Item(kind, name) => write!(f, "item:{}:{name}", kind.as_str()),
            Self::Removed(version) => write!(f, "removed:{version}"),
            Self::Deprecated(version) => write!(f, "deprecated:{version}"),
        }
    }
}

/// The text names nothing that is counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is nothing that is counted: native, verdict:TARGET:VERDICT, declared:abi3, tagged:abi3|abi3t|free-threaded, \
     ships:abi3|abi3t|free-threaded, could-be:TARGET, structure:NAME, \
     structure:NAME:own|generated|vendored, item:KIND:NAME, removed:VERSION, deprecated:VERSION"
)]
pub struct NotASubject(pub String);

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| NotASubject(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Subject> {
    if text == "native" {
        return Some(Subject::Native);
    }
    let (what, of) = text.split_once(':')?;
    let abi = |word: &str| [Abi::Abi3, Abi::Abi3t].into_iter().find(|abi| abi.as_str() == word);
    let tag = |word: &str| Tag::ALL.into_iter().find(|tag| tag.as_str() == word);
    Some(match what {
        "verdict" => {
            let (target, verdict) = of.split_once(':')?;
            let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == verdict)?;
            Subject::Verdict(target.parse().ok()?, outcome)
        }
        "declared" => Subject::Declared(abi(of)?),
        "tagged" => Subject::Tagged(tag(of)?),
        "ships" => Subject::Ships(tag(of)?),
        "could-be" => Subject::CouldBe(of.parse().ok()?),
        "structure" => match of.split_once(':') {
            Some((name, class)) => {
                let class = WRITERS.into_iter().find(|one| one.as_str() == class)?;
                Subject::StructureBy(name.to_owned(), class)
            }
            None => Subject::Structure(of.to_owned()),
        },
        "item" => {
            let (kind, name) = of.split_once(':')?;
            Subject::Item(Kind::ALL.into_iter().find(|one| one.as_str() == kind)?, name.to_owned())
        }
        "removed" => Subject::Removed(changing(of)?),
        "deprecated" => Subject::Deprecated(changing(of)?),
        _ => return None,
    })
}

/// Who may have written the code by which a project touches a structure; the first one that did counts, as in the answers
/// to proposals.
pub const WRITERS: [OriginClass; 3] = [OriginClass::Own, OriginClass::Vendored, OriginClass::Generated];

/// The word of a structure that is touched by code of this class.
pub fn structure_by(name: &str, class: OriginClass) -> String {
    format!("{name}:{}", class.as_str())
}

impl Words {
    /// Adds a structure, with each that may have written the code, by any of these words.
    pub fn learn_structure(&mut self, word: &str) {
        let name = word.split(':').next().unwrap_or_default();
        let all = std::iter::once(name.to_owned()).chain(WRITERS.map(|class| structure_by(name, class)));
        for word in all {
            if !self.structures.contains(&word) {
                self.structures.push(word);
            }
        }
    }

    /// The structures, without who wrote the code.
    pub fn structure_names(&self) -> impl Iterator<Item = &String> {
        self.structures.iter().filter(|word| !word.contains(':'))
    }
}

fn changing(text: &str) -> Option<Version> {
    let version: Version = text.parse().ok()?;
    (version.major() == 3 && CHANGING.contains(&version.minor())).then_some(version)
}

/// The ABI of a target.
pub(crate) const fn abi_of(target: Target) -> Abi {
    match target {
        Target::Abi3(_) => Abi::Abi3,
        Target::Abi3t(_) => Abi::Abi3t,
    }
}

impl Tag {
    /// The tag of an ABI.
    pub(crate) const fn of(abi: Abi) -> Self {
        match abi {
            Abi::Abi3 => Self::Abi3,
            Abi::Abi3t => Self::Abi3t,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_reads_back_from_its_word() {
        for word in [
            "native",
            "verdict:abi3-3.11:no-blocker",
            "verdict:abi3t-3.15:undecided",
            "declared:abi3t",
            "tagged:free-threaded",
            "ships:abi3",
            "could-be:abi3-3.2",
            "structure:PyTypeObject",
            "structure:PyTypeObject:generated",
            "item:member:PyFrameObject.f_code",
            "removed:3.14",
            "deprecated:3.13",
        ] {
            assert_eq!(word.parse::<Subject>().map(|subject| subject.to_string()).as_deref(), Ok(word));
        }
        for wrong in [
            "",
            "verdict",
            "verdict:abi3-3.11:fine",
            "item:PyTuple_GET_SIZE",
            "structure:X:test-or-doc",
            "removed:3.2",
            "removed:2.14",
        ] {
            assert!(wrong.parse::<Subject>().is_err(), "{wrong}");
        }
    }
}
