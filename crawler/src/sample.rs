//! The sample of projects that are fetched although their wheels say that they are pure.

use packaging::ProjectName;

/// What the prefilter misses is measured by fetching some of the projects it leaves out: optional C behind a `none-any`
/// wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PureSample {
    /// No project.
    Nobody,
    /// One project in a hundred, always the same ones: [`store::in_pure_sample`].
    OneInAHundred,
    /// Every project.
    Everybody,
}

impl PureSample {
    /// Whether the project is in the sample.
    pub fn contains(self, name: &ProjectName) -> bool {
        match self {
            Self::Nobody => false,
            Self::OneInAHundred => store::in_pure_sample(name),
            Self::Everybody => true,
        }
    }
}
