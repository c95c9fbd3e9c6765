//! The build that is asked about: `scan --on`.

use std::str::FromStr;

use capi::Version;

/// A build environment; `None` means "any". Reads `python=3.13,platform=linux,limited=3.11,abi3t`, every part optional.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Environment {
    /// The CPython whose headers are used.
    pub python: Option<Version>,
    /// The platform.
    pub platform: Option<Platform>,
    /// `Py_LIMITED_API`.
    pub limited: Option<Version>,
    /// `Py_TARGET_ABI3T` is set.
    pub abi3t: bool,
}

/// An operating system, as far as extensions care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Platform {
    Linux,
    Windows,
    MacOs,
}

/// Why a text is not an environment: the whole sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnEnvironment(pub String);

/// The first Python that can be built for the free-threaded stable ABI (PEP 803).
const FIRST_ABI3T: Version = Version::new(3, 15);

impl FromStr for Environment {
    type Err = NotAnEnvironment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut environment = Self::default();
        let mut seen = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
            if seen.contains(&name) {
                return Err(NotAnEnvironment(format!("{name} is given twice in {text:?}")));
            }
            seen.push(name);
            environment.set(name, value)?;
        }
        environment.check()?;
        Ok(environment)
    }
}

impl Environment {
    fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), NotAnEnvironment> {
        match (name, value) {
            ("python", Some(value)) => self.python = Some(version(name, value)?),
            ("limited", Some(value)) => self.limited = Some(version(name, value)?),
            ("platform", Some(value)) => self.platform = Some(platform(value)?),
            ("abi3t", None) => self.abi3t = true,
            ("abi3t", Some(_)) => return Err(NotAnEnvironment("abi3t takes no value: write just abi3t".to_owned())),
            ("python" | "limited" | "platform", None) => {
                let example = if name == "platform" { "linux" } else { "3.13" };
                return Err(NotAnEnvironment(format!("{name} needs a value, such as {name}={example}")));
            }
            _ => {
                return Err(NotAnEnvironment(format!(
                    "{name:?} is not part of an environment: try python=3.13, platform=linux, limited=3.11 or abi3t"
                )));
            }
        }
        Ok(())
    }

    /// Refuses what no build can be.
    fn check(self) -> Result<(), NotAnEnvironment> {
        if let Some(python) = self.python.filter(|&python| self.abi3t && python < FIRST_ABI3T) {
            return Err(NotAnEnvironment(format!(
                "abi3t exists from Python {FIRST_ABI3T} on, so it cannot be asked about with python={python}"
            )));
        }
        if let Some(limited) = self.limited.filter(|&limited| self.abi3t && limited < FIRST_ABI3T) {
            return Err(NotAnEnvironment(format!(
                "abi3t implies limited={FIRST_ABI3T} or later, so it cannot be asked about with limited={limited}"
            )));
        }
        match (self.python, self.limited) {
            (Some(python), Some(limited)) if limited > python => Err(NotAnEnvironment(format!(
                "limited={limited} needs the headers of Python {limited} or later, not python={python}"
            ))),
            (_, Some(limited)) if limited < Version::OLDEST_LIMITED => Err(NotAnEnvironment(format!(
                "the limited API begins with Python {}, so limited={limited} does not exist",
                Version::OLDEST_LIMITED
            ))),
            _ => Ok(()),
        }
    }
}

fn version(name: &str, value: &str) -> Result<Version, NotAnEnvironment> {
    let version: Version =
        value.parse().map_err(|_| NotAnEnvironment(format!("{name}={value}: not a CPython version such as 3.13")))?;
    let known = version == Version::new(2, 7) || version.major() == 3 && version <= Version::NEWEST;
    if known {
        return Ok(version);
    }
    Err(NotAnEnvironment(format!(
        "{name}={value}: this program knows the C API of CPython 2.7 and 3.0 to {}",
        Version::NEWEST
    )))
}

fn platform(value: &str) -> Result<Platform, NotAnEnvironment> {
    match value {
        "linux" => Ok(Platform::Linux),
        "windows" => Ok(Platform::Windows),
        "macos" => Ok(Platform::MacOs),
        _ => Err(NotAnEnvironment(format!("platform={value}: try linux, windows or macos"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Environment, String> {
        text.parse().map_err(|error: NotAnEnvironment| error.0)
    }

    #[test]
    fn every_part_is_optional() {
        assert_eq!(read(""), Ok(Environment::default()));
        assert_eq!(
            read("python=3.13, platform=windows,limited=3.11"),
            Ok(Environment {
                python: Some(Version::new(3, 13)),
                platform: Some(Platform::Windows),
                limited: Some(Version::new(3, 11)),
                abi3t: false,
            })
        );
        assert_eq!(read("abi3t,python=3.15").map(|e| e.abi3t), Ok(true));
    }

    #[test]
    fn contradictions_are_refused_with_the_reason() {
        for (text, reason) in [
            ("abi3t,python=3.14", "abi3t exists from Python 3.15"),
            ("abi3t,limited=3.11", "abi3t implies limited=3.15"),
            ("python=3.10,limited=3.11", "needs the headers of Python 3.11"),
            ("limited=3.1", "begins with Python 3.2"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_answered_with_what_can() {
        for (text, reason) in [
            ("pyhton=3.13", "try python=3.13"),
            ("python", "python needs a value"),
            ("python=three", "not a CPython version"),
            ("python=3.99", "knows the C API"),
            ("platform=beos", "linux, windows or macos"),
            ("abi3t=yes", "takes no value"),
            ("python=3.13,python=3.12", "given twice"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
