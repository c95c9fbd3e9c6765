//! The analyzer's words in columns, and back.

use analyzer::{Access, Accesses, Kind, OriginClass, Outcome};
use capi::Target;

use crate::{Error, FileState, ProjectState, ReleaseState};

pub(crate) fn kind(word: &str) -> Result<Kind, Error> {
    Kind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| unknown("kind of finding", word))
}

pub(crate) fn outcome(word: &str) -> Result<Outcome, Error> {
    Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word).ok_or_else(|| unknown("verdict", word))
}

pub(crate) fn origin_class(word: &str) -> Result<OriginClass, Error> {
    OriginClass::ALL.into_iter().find(|class| class.as_str() == word).ok_or_else(|| unknown("class of origin", word))
}

pub(crate) fn target(word: &str) -> Result<Target, Error> {
    word.parse().map_err(|_| unknown("target", word))
}

pub(crate) fn project_state(word: &str) -> Result<ProjectState, Error> {
    ProjectState::from_word(word).ok_or_else(|| unknown("state of a project", word))
}

pub(crate) fn release_state(word: &str) -> Result<ReleaseState, Error> {
    ReleaseState::from_word(word).ok_or_else(|| unknown("state of a release", word))
}

pub(crate) fn file_state(word: &str) -> Result<FileState, Error> {
    FileState::from_word(word).ok_or_else(|| unknown("state of a file", word))
}

/// The column `uses.access`: one bit for each access, the first of [`Access::ALL`] being 1.
pub(crate) fn access_bits(accesses: Accesses) -> i16 {
    accesses.iter().map(|access| 1 << access as i16).sum()
}

/// From the column `uses.access`.
pub(crate) fn accesses(bits: i16) -> Accesses {
    Access::ALL.into_iter().filter(|access| bits & 1 << *access as i16 != 0).fold(Accesses::default(), Accesses::with)
}

fn unknown(what: &str, word: &str) -> Error {
    Error::Damaged(format!("{word:?} is not a {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for k in Kind::ALL {
            assert_eq!(kind(k.as_str()).unwrap(), k);
        }
        for o in Outcome::ALL {
            assert_eq!(outcome(o.as_str()).unwrap(), o);
        }
        for class in OriginClass::ALL {
            assert_eq!(origin_class(class.as_str()).unwrap(), class);
        }
        assert!(kind("verdict").is_err());
        assert!(outcome("compatible").is_err());
    }

    #[test]
    fn every_set_of_accesses_reads_back_from_its_bits() {
        for bits in 0..32 {
            assert_eq!(access_bits(accesses(bits)), bits);
        }
        assert_eq!(accesses(0b10001).to_string(), "read+offset");
    }
}
