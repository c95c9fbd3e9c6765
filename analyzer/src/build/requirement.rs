//! Requirements as build files state them (PEP 508), as far as tools are concerned.

/// A name and what is asked of its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement {
    /// Normalised: lower case, `-` between words.
    pub(super) name: String,
    /// Such as `>=3.0,<3.1`, without spaces; empty if anything will do.
    pub(super) versions: String,
}

impl Requirement {
    /// Reads `Cython[x] >=3.0, <3.1 ; python_version < '3.13'`. Anything else is `None`: a sentence is no requirement.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.split_once(';').map_or(text, |(before, _)| before).trim();
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        let rest = match rest.trim_start().strip_prefix('[') {
            Some(extras) => extras.split_once(']')?.1,
            None => rest,
        };
        let versions: String = rest.chars().filter(|c| !c.is_whitespace() && !"()".contains(*c)).collect();
        let operators = ["<", ">", "==", "!=", "~=", "@"];
        if name.is_empty() || !(versions.is_empty() || operators.iter().any(|known| versions.starts_with(known))) {
            return None;
        }
        Some(Self { name: name.to_ascii_lowercase().replace(['_', '.'], "-"), versions })
    }

    /// Whether no version from `major.minor` on is allowed.
    pub(super) fn ends_below(&self, minimum: (u32, u32)) -> bool {
        self.versions.split(',').any(|clause| clause_ends_below(clause, minimum))
    }
}

/// Whether a version, as far as its first two numbers tell, is below.
pub(super) fn is_below(version: &str, minimum: (u32, u32)) -> bool {
    numbers(version).is_some_and(|(major, minor)| (major, minor.unwrap_or(0)) < minimum)
}

fn clause_ends_below(clause: &str, minimum: (u32, u32)) -> bool {
    let at = clause.find(|c: char| !"<>=!~".contains(c)).unwrap_or(clause.len());
    let (operator, version) = clause.split_at(at);
    let Some((major, minor)) = numbers(version) else {
        return false;
    };
    match operator {
        // `<3.1` and `<3.1.0` exclude 3.1; `<3.1.2` does not.
        "<" => (major, minor.unwrap_or(0)) < minimum || is_exactly(version, minimum),
        "==" if minor.is_none() && version.ends_with(".*") => major < minimum.0,
        "<=" | "==" | "===" => (major, minor.unwrap_or(0)) < minimum,
        // `~=3.0.2` stays in 3.0; `~=3.0` stays in 3.
        "~=" if version.matches('.').count() >= 2 => (major, minor.unwrap_or(0)) < minimum,
        "~=" => major < minimum.0,
        _ => false,
    }
}

fn is_exactly(version: &str, (major, minor): (u32, u32)) -> bool {
    let Some(rest) = version.strip_prefix(&format!("{major}.{minor}")) else {
        return false;
    };
    // `.0`, `.0a1`, `.dev0`: nothing of the patch level but zeros.
    let patch = rest.split(|c: char| c.is_ascii_alphabetic()).next().unwrap_or_default();
    !rest.starts_with(|c: char| c.is_ascii_digit()) && patch.bytes().all(|byte| matches!(byte, b'.' | b'0'))
}

fn numbers(version: &str) -> Option<(u32, Option<u32>)> {
    let mut parts = version.split('.');
    let major = leading_number(parts.next()?)?;
    Some((major, parts.next().and_then(leading_number)))
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read_and_sentences_are_not() {
        for (text, name, versions) in [
            ("Cython", "cython", ""),
            ("Cython >=3.0, <3.1 ; python_version < '3.13'", "cython", ">=3.0,<3.1"),
            ("pybind11[global]~=2.6", "pybind11", "~=2.6"),
            ("scikit_build.core>=0.5", "scikit-build-core", ">=0.5"),
            ("numpy (>=1.20)", "numpy", ">=1.20"),
            ("cython @ file:///x", "cython", "@file:///x"),
        ] {
            let expected = Requirement { name: name.to_owned(), versions: versions.to_owned() };
            assert_eq!(Requirement::parse(text), Some(expected), "{text}");
        }
        for text in ["", "Cython is needed", "cython/utility", "a[b", "{name}", "cython = Cython.Main:run"] {
            assert_eq!(Requirement::parse(text), None, "{text}");
        }
    }

    #[test]
    fn pins_below_a_version_are_told_from_those_that_allow_it() {
        let below = |versions: &str| Requirement::parse(&format!("Cython{versions}")).unwrap().ends_below((3, 1));
        for versions in [
            "<3.1",
            "<3",
            ">=0.29,<3",
            "<3.1.0",
            "<3.1.0a1",
            "==3.0.11",
            "==0.29.*",
            "==3.0.*",
            "~=3.0.2",
            "<=3.0.99",
            "~=0.29",
            ">=3,<3.1.dev0",
            "===3.0.1",
        ] {
            assert!(below(versions), "{versions}");
        }
        for versions in
            ["", ">=3.0", "<4", "<3.1.2", "<=3.1", "==3.*", "~=3.0", "==3.1.2", "!=3.0.2", "<3.10", "@file:///x"]
        {
            assert!(!below(versions), "{versions}");
        }
    }
}
