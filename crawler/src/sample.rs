//! The sample of projects that are fetched although their wheels say that they are pure.

use packaging::ProjectName;
use store::Sha256;

/// Of 65,536: one in a hundred.
const DRAWN: u16 = 655;

/// What the prefilter misses is measured by fetching some of the projects it leaves out: optional C behind a `none-any`
/// wheel. Chance decides, but always the same way: a project is in the sample or it is not, whoever asks and whenever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PureSample {
    /// No project.
    Nobody,
    /// One project in a hundred, by a hash of its name.
    OneInAHundred,
    /// Every project.
    Everybody,
}

impl PureSample {
    /// Whether the project is in the sample.
    pub fn contains(self, name: &ProjectName) -> bool {
        match self {
            Self::Nobody => false,
            Self::OneInAHundred => {
                let [high, low, ..] = *Sha256::of(name.as_str().as_bytes()).as_bytes();
                u16::from_be_bytes([high, low]) < DRAWN
            }
            Self::Everybody => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_about_a_hundredth_and_always_the_same_one() {
        let names = (0..20_000).map(|number| format!("project-{number}").parse().unwrap());
        let drawn: Vec<ProjectName> = names.filter(|name| PureSample::OneInAHundred.contains(name)).collect();
        assert!((150..250).contains(&drawn.len()), "{}", drawn.len());
        assert!(drawn.iter().all(|name| PureSample::OneInAHundred.contains(name)));
        assert!(drawn.iter().all(|name| PureSample::Everybody.contains(name) && !PureSample::Nobody.contains(name)));
    }
}
