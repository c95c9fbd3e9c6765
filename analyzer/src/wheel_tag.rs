//! The tags of a wheel, which say for which Pythons it is.

use std::str::FromStr;

use capi::{Target, Version};

use crate::declared::Abi;

/// `cp310-abi3-manylinux_2_28_x86_64`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WheelTag {
    /// `cp310`; several are written `cp310.cp311`.
    pub python: Vec<String>,
    /// `abi3`, `cp313t`, `none`; `abi3.abi3t` are two.
    pub abi: Vec<String>,
    /// `manylinux_2_28_x86_64` and more.
    pub platform: Vec<String>,
}

/// The text has not the three parts of a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no tag of a wheel, such as cp310-abi3-win_amd64")]
pub struct NotAWheelTag(pub String);

impl FromStr for WheelTag {
    type Err = NotAWheelTag;

    /// Reads `cp310-abi3-win_amd64`, or the whole name of a wheel file.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.strip_suffix(".whl").unwrap_or(text);
        let mut parts = name.rsplit('-');
        let mut next = || {
            let part = parts.next().filter(|part| !part.is_empty());
            part.map(|part| part.split('.').map(str::to_owned).collect::<Vec<_>>())
        };
        match (next(), next(), next()) {
            (Some(platform), Some(abi), Some(python)) => Ok(Self { python, abi, platform }),
            _ => Err(NotAWheelTag(text.to_owned())),
        }
    }
}

impl WheelTag {
    /// The stable ABIs that it is for.
    pub fn abis(&self) -> impl Iterator<Item = Abi> {
        [Abi::Abi3, Abi::Abi3t].into_iter().filter(|abi| self.abi.iter().any(|tag| tag == abi.as_str()))
    }

    /// The oldest CPython that it is for.
    pub fn floor(&self) -> Option<Version> {
        let minors = self.python.iter().filter_map(|tag| tag.strip_prefix("cp3")?.parse().ok());
        minors.min().map(|minor| Version::new(3, minor))
    }

    /// Whether it is for one version of CPython without the GIL.
    pub fn is_free_threaded(&self) -> bool {
        self.abi.iter().any(|tag| tag.starts_with("cp3") && tag.ends_with('t'))
    }

    /// The target that it promises, for each of its ABIs.
    pub fn targets(&self) -> impl Iterator<Item = Target> {
        let floor = self.floor();
        self.abis().filter_map(move |abi| match abi {
            Abi::Abi3 => floor.map(Target::Abi3),
            Abi::Abi3t => floor.map(Target::Abi3t),
        })
    }
}

impl std::fmt::Display for WheelTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.python.join("."), self.abi.join("."), self.platform.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_from_themselves_and_from_names_of_files() {
        for text in ["cp310-abi3-win_amd64", "psutil-7.2.2-cp310-abi3-win_amd64.whl", "a-1-1-cp310-abi3-win_amd64.whl"]
        {
            let tag: WheelTag = text.parse().expect("a tag");
            assert_eq!(tag.to_string(), "cp310-abi3-win_amd64");
            assert_eq!(tag.targets().map(|target| target.to_string()).collect::<Vec<_>>(), ["abi3-3.10"]);
        }
        let both: WheelTag = "cp315-abi3.abi3t-manylinux_2_17_x86_64.manylinux2014_x86_64".parse().expect("a tag");
        assert_eq!(both.abis().collect::<Vec<_>>(), [Abi::Abi3, Abi::Abi3t]);
        assert_eq!(both.floor(), Some(Version::new(3, 15)));
        let own: WheelTag = "cp313-cp313t-win_amd64".parse().expect("a tag");
        assert!(own.is_free_threaded() && own.abis().next().is_none());
        let pure: WheelTag = "py3-none-any".parse().expect("a tag");
        assert_eq!(pure.floor(), None);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "cp310", "cp310-abi3", "--", "a-.whl"] {
            assert!(text.parse::<WheelTag>().is_err(), "{text:?}");
        }
    }
}
