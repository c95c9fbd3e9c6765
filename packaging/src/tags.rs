//! The compatibility tags of a wheel (PEP 425), as written.

use std::fmt;

/// The tags of a wheel's file name, as written: tags that nobody knows yet are kept too.
///
/// Each part may be a set joined by dots: `py2.py3`, `abi3.abi3t`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelTags {
    /// `cp311`, `py2.py3`.
    pub python: String,
    /// `abi3`, `none`, `abi3.abi3t`.
    pub abi: String,
    /// `manylinux_2_17_x86_64`, `any`.
    pub platform: String,
}

impl WheelTags {
    /// Reads the text that [`fmt::Display`] prints: `cp311-abi3-manylinux_2_17_x86_64`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(str::to_owned);
        let (python, abi, platform) = (parts.next()?, parts.next()?, parts.next()?);
        let complete = [&python, &abi, &platform].iter().all(|part| !part.is_empty());
        (complete && !platform.contains('-')).then_some(Self { python, abi, platform })
    }

    /// Nothing in the wheel depends on an ABI or a platform.
    pub fn is_pure(&self) -> bool {
        self.is_abi_none() && self.platform.split('.').all(|tag| tag == "any")
    }

    /// No extension module is declared: pure Python, or a bundled binary.
    pub fn is_abi_none(&self) -> bool {
        self.abi.split('.').all(|tag| tag == "none")
    }

    /// Promises the stable ABI (PEP 384).
    pub fn is_abi3(&self) -> bool {
        self.has_abi("abi3")
    }

    /// Promises the stable ABI of free-threaded builds (PEP 803).
    pub fn is_abi3t(&self) -> bool {
        self.has_abi("abi3t")
    }

    /// Runs on free-threaded builds: `abi3t`, or an ABI of one version such as `cp313t`.
    pub fn is_free_threaded(&self) -> bool {
        self.is_abi3t() || self.abi.split('.').any(is_versioned_free_threaded)
    }

    fn has_abi(&self, wanted: &str) -> bool {
        self.abi.split('.').any(|tag| tag == wanted)
    }
}

/// `cp313t`; debug builds (`cp313td`) too.
fn is_versioned_free_threaded(tag: &str) -> bool {
    let flags = tag.strip_prefix("cp").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    matches!(flags, Some("t" | "td"))
}

impl fmt::Display for WheelTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.python, self.abi, self.platform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &str) -> WheelTags {
        WheelTags::parse(text).unwrap()
    }

    #[test]
    fn only_none_and_any_together_are_pure() {
        assert!(tags("py3-none-any").is_pure());
        assert!(tags("py2.py3-none-any").is_pure());
        assert!(!tags("py3-none-manylinux_2_17_x86_64").is_pure());
        assert!(tags("py3-none-manylinux_2_17_x86_64").is_abi_none());
        assert!(!tags("cp311-abi3-any").is_pure());
        assert!(!tags("cp311-cp311-win_amd64").is_abi_none());
    }

    #[test]
    fn stable_abis_are_told_apart() {
        let both = tags("cp315-abi3.abi3t-manylinux_2_28_x86_64");
        assert!(both.is_abi3() && both.is_abi3t() && both.is_free_threaded());
        let old = tags("cp311-abi3-win_amd64");
        assert!(old.is_abi3() && !old.is_abi3t() && !old.is_free_threaded());
        let new = tags("cp315-abi3t-win_amd64");
        assert!(!new.is_abi3() && new.is_abi3t());
    }

    #[test]
    fn free_threaded_abis_end_in_t() {
        assert!(tags("cp313-cp313t-win_amd64").is_free_threaded());
        assert!(tags("cp315-cp315td-win_amd64").is_free_threaded());
        for near_miss in ["cp313-cp313-win_amd64", "cp27-cp27mu-linux", "py3-none-any", "cp313-abi3-any"] {
            assert!(!tags(near_miss).is_free_threaded(), "{near_miss}");
        }
    }

    #[test]
    fn printed_tags_read_back_and_incomplete_ones_do_not() {
        assert_eq!(tags("xy9-future-moon").to_string(), "xy9-future-moon");
        for text in ["", "py3", "py3-none", "py3--any", "py3-none-any-extra"] {
            assert_eq!(WheelTags::parse(text), None, "{text}");
        }
    }
}
