//! The sample of projects that are fetched although their wheels say that they are pure.

use packaging::ProjectName;
use store::Sha256;

/// What the prefilter misses is measured by fetching some of the projects it leaves out: optional C behind a `none-any`
/// wheel. Chance decides, but always the same way: a project is in the sample of a salt or it is not, whoever asks and
/// whenever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PureSample {
    salt: String,
    /// Of ten thousand projects.
    share: u64,
}

impl PureSample {
    /// No project.
    pub const fn none() -> Self {
        Self { salt: String::new(), share: 0 }
    }

    /// One project in a hundred. Another salt gives another hundredth.
    pub fn one_percent(salt: &str) -> Self {
        Self::of(100, salt)
    }

    /// So many of ten thousand projects.
    pub fn of(in_ten_thousand: u16, salt: &str) -> Self {
        Self { salt: salt.to_owned(), share: u64::from(in_ten_thousand) }
    }

    /// Whether the project is in the sample.
    pub fn contains(&self, name: &ProjectName) -> bool {
        let hash = Sha256::of(format!("{}\0{name}", self.salt).as_bytes());
        let number = hash.as_bytes()[..8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        number % 10_000 < self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<ProjectName> {
        (0..20_000).map(|number| format!("project-{number}").parse().unwrap()).collect()
    }

    #[test]
    fn it_holds_about_a_hundredth_and_always_the_same_one() {
        let sample = |salt: &str| {
            let sample = PureSample::one_percent(salt);
            names().into_iter().filter(|name| sample.contains(name)).collect::<Vec<_>>()
        };
        assert!((150..250).contains(&sample("a").len()), "{}", sample("a").len());
        assert_eq!(sample("a"), sample("a"));
        assert_ne!(sample("a"), sample("b"));
    }

    #[test]
    fn it_may_hold_none_and_all() {
        assert!(names().iter().all(|name| !PureSample::none().contains(name)));
        assert!(names().iter().all(|name| PureSample::of(10_000, "a").contains(name)));
    }
}
