//! The figures about trends: which series each shows. What comes of them is in `figured`.

use analyzer::Abi;
use capi::{Target, Version};
use trends::{Scope, Series, Subject, Tag, Toolchain};

use crate::bars;
use crate::words::Mark;

mod figured;

pub(crate) use figured::{Figured, Weight, changes_address, places};

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    /// The verdicts for a target.
    Verdicts,
    /// Who declares a stable ABI, ships wheels of one, or could.
    Stable,
    /// Who stands in the way of opaque structures.
    Structures,
    /// What extensions are made with.
    Toolchains,
    /// Who uses what versions of CPython remove.
    Removals,
    /// Who uses what versions of CPython deprecate.
    Deprecations,
}

/// What a figure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) target: Target,
    pub(crate) scope: Scope,
}

/// One line of a figure.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) label: String,
    pub(crate) subject: Subject,
    pub(crate) scope: Scope,
    /// How it is drawn; of others the lines are numbered.
    mark: Option<Mark>,
}

/// The versions of CPython whose removals and deprecations are drawn.
const VERSIONS: [Version; 5] =
    [Version::new(3, 12), Version::new(3, 13), Version::new(3, 14), Version::new(3, 15), Version::new(3, 16)];

impl Figure {
    /// Every one, in the order of the page.
    pub(crate) const ALL: [Self; 6] =
        [Self::Verdicts, Self::Stable, Self::Structures, Self::Toolchains, Self::Removals, Self::Deprecations];

    /// The word in addresses.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Verdicts => "verdicts",
            Self::Stable => "stable-abi",
            Self::Structures => "structures",
            Self::Toolchains => "toolchains",
            Self::Removals => "removals",
            Self::Deprecations => "deprecations",
        }
    }

    /// Whether it is about a target.
    pub(crate) const fn has_target(self) -> bool {
        matches!(self, Self::Verdicts | Self::Stable)
    }

    /// Its title.
    pub(crate) fn title(self, asked: Asked) -> String {
        let Asked { target, .. } = asked;
        match self {
            Self::Verdicts => format!("Verdicts for {target}"),
            Self::Stable => format!("Who builds for a stable ABI, and who could for {target}"),
            Self::Structures => "Who touches the structures that CPython means to hide first".to_owned(),
            Self::Toolchains => "What extensions are made with".to_owned(),
            Self::Removals => "Who uses what a version of CPython removes".to_owned(),
            Self::Deprecations => "Who uses what a version of CPython deprecates".to_owned(),
        }
    }

    /// What is counted, in a sentence.
    pub(crate) fn definition(self) -> &'static str {
        match self {
            Self::Verdicts => {
                "Of the projects whose release of that day has native source: what the analyzer of today says about its code."
            }
            Self::Stable => {
                "Declared: the sources say that they are built for it. Wheels: the release has one with the tag. Could: no \
                 blocker found, and neither declared nor in wheels. A project counts for each that is true of it."
            }
            Self::Structures => {
                "Projects whose code touches members of the structure itself, not only through macros; tests and documents \
                 are left out."
            }
            Self::Toolchains => {
                "Projects with native source by the tools that their sources show; one may use several."
            }
            Self::Deprecations => {
                "Projects whose code, as that version would compile it, uses a name that it was the first to deprecate."
            }
            Self::Removals => {
                "Projects whose code, as that version would compile it, uses a name that it no longer has or is announced \
                 not to have. Code under a version check does not count where the check leaves it out."
            }
        }
    }

    /// Its lines.
    pub(crate) fn wanted(self, asked: Asked) -> Vec<Wanted> {
        let Asked { target, scope } = asked;
        let line = |label: &str, subject: Subject| Wanted::one(label.to_owned(), subject, scope);
        match self {
            Self::Verdicts => bars::PARTS
                .into_iter()
                .map(|outcome| {
                    let mark = Mark::from(outcome);
                    Wanted { mark: Some(mark), ..line(mark.word(), Subject::Verdict(target, outcome)) }
                })
                .collect(),
            Self::Stable => vec![
                line(&format!("could, {target}"), Subject::CouldBe(target)),
                line("declares abi3", Subject::Declared(Abi::Abi3)),
                line("abi3 wheels", Subject::Ships(Tag::Abi3)),
                line("abi3t wheels", Subject::Ships(Tag::Abi3t)),
                line("cp3xt wheels", Subject::Ships(Tag::FreeThreaded)),
            ],
            Self::Structures => {
                let names = crate::pages::FIRST_STRUCTURES.into_iter();
                names.map(|name| line(name, Subject::Structure(name.to_owned()))).collect()
            }
            Self::Toolchains => {
                let toolchains = Toolchain::ALL.iter();
                toolchains
                    .map(|toolchain| Wanted {
                        scope: Scope::Toolchain(*toolchain),
                        ..line(toolchain.name(), Subject::Native)
                    })
                    .collect()
            }
            Self::Removals => {
                VERSIONS.map(|version| line(&format!("removed in {version}"), Subject::Removed(version))).into()
            }
            Self::Deprecations => {
                VERSIONS.map(|version| line(&format!("deprecated in {version}"), Subject::Deprecated(version))).into()
            }
        }
    }
}

impl Figure {
    /// The series that it is made of.
    pub(crate) fn series(self, asked: Asked) -> impl Iterator<Item = (Subject, Scope)> {
        let lines = self.wanted(asked).into_iter().map(|wanted| (wanted.subject, wanted.scope));
        lines.chain([whole(asked)])
    }

    /// Put together of them; `None` if one is not there.
    pub(crate) fn of(self, asked: Asked, known: impl Fn(&Subject, Scope) -> Option<Series>) -> Option<Figured> {
        let with = |wanted: Wanted| {
            let series = known(&wanted.subject, wanted.scope)?;
            Some((wanted, series))
        };
        let (subject, scope) = whole(asked);
        Some(Figured {
            id: self.as_str().to_owned(),
            title: self.title(asked),
            definition: self.definition().to_owned(),
            is_stacked: self == Self::Verdicts,
            is_one: false,
            lines: self.wanted(asked).into_iter().map(with).collect::<Option<_>>()?,
            whole: known(&subject, scope)?,
        })
    }
}

/// What everything else is out of.
pub(crate) fn whole(asked: Asked) -> (Subject, Scope) {
    (Subject::Native, asked.scope)
}

impl Wanted {
    /// A subject by itself.
    pub(crate) fn one(label: String, subject: Subject, scope: Scope) -> Self {
        Self { label, subject, scope, mark: None }
    }
}

#[cfg(test)]
mod tests;
