//! What values mean: those of the macros, and those of wheel tags.

use capi::Version;

use crate::declared::{Abi, Says};

/// What a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) says: Says,
    /// The level that a compiler or tool takes it for.
    pub(super) floor: Option<Version>,
    /// The stable ABI that it is about; `None` for what is about Python in general.
    pub(super) abi: Option<Abi>,
}

impl Reading {
    pub(super) const fn of(says: Says) -> Self {
        Self { says, floor: None, abi: Some(Abi::Abi3) }
    }

    pub(super) const fn from(floor: Version) -> Self {
        Self { floor: Some(floor), ..Self::of(Says::On) }
    }

    const fn mistake(floor: Option<Version>) -> Self {
        Self { floor, ..Self::of(Says::Mistake) }
    }
}

/// Python's headers take every value below this for 3.2: they ask for `Py_LIMITED_API+0 >= 0x03030000` and so on.
const FIRST_ASKED: u64 = 0x0303_0000;

/// What a compiler makes of `Py_LIMITED_API` with this value.
pub(super) fn limited_api(text: &str) -> Reading {
    let text = bare(text);
    if text.is_empty() {
        return Reading::mistake(Some(Version::OLDEST_LIMITED));
    }
    if let Some(version) = packed(text) {
        return version;
    }
    if is_decimal_version(text) {
        // A floating constant is no integer: `#if` refuses it.
        return Reading::mistake(None);
    }
    match number(text) {
        Some(value) => of_number(value),
        None if text.starts_with(|c: char| c.is_ascii_digit()) => Reading::mistake(None),
        None => Reading::of(Says::Varies),
    }
}

/// What a compiler makes of `Py_TARGET_ABI3T` with this value.
pub(super) fn abi3t(text: &str) -> Reading {
    let reading = limited_api(text);
    let is_early = reading.floor.is_some_and(|floor| floor < FIRST_ABI3T);
    let says = if is_early { Says::Mistake } else { reading.says };
    Reading { says, abi: Some(Abi::Abi3t), ..reading }
}

/// PEP 803: abi3t begins with this version.
pub(super) const FIRST_ABI3T: Version = Version::new(3, 15);

fn of_number(value: u64) -> Reading {
    let (major, minor) = (value >> 24, value >> 16 & 0xff);
    let (Ok(major), Ok(minor)) = (u8::try_from(major), u8::try_from(minor)) else {
        return Reading::mistake(None);
    };
    if value < FIRST_ASKED {
        // 0x03020000 says what it means.
        let oldest = Version::OLDEST_LIMITED;
        return if (major, minor) == (3, 2) { Reading::from(oldest) } else { Reading::mistake(Some(oldest)) };
    }
    let version = Version::new(major, minor);
    if major != 3 || version > Version::NEWEST {
        return Reading::mistake(Some(version));
    }
    Reading::from(version)
}

/// The version that was meant where digits of the minor version were written as hexadecimal ones: `0x03100000` is 3.16
/// and reads like 3.10.
pub(crate) fn meant(value: &str) -> Option<Version> {
    let value = number(bare(value))?;
    let (major, digits) = (value >> 24, value >> 16 & 0xff);
    let minor = (digits >> 4) * 10 + (digits & 0xf);
    let is_decimal = digits >= 0x10 && digits & 0xf < 10;
    let version = Version::new(3, u8::try_from(minor).ok()?);
    (major == 3 && is_decimal && version <= Version::NEWEST).then_some(version)
}

/// `Py_PACK_VERSION(3,15)`, and CPython's own version.
fn packed(text: &str) -> Option<Reading> {
    let inside = text.strip_prefix("Py_PACK_VERSION").or_else(|| text.strip_prefix("_Py_PACK_VERSION"));
    if let Some(inside) = inside {
        let inside = inside.trim().strip_prefix('(')?.split(')').next()?;
        let mut parts = inside.split(',').map(|part| part.trim().parse::<u8>());
        let version = Version::new(parts.next()?.ok()?, parts.next()?.ok()?);
        return Some(Reading::from(version));
    }
    text.contains("PY_VERSION_HEX").then_some(Reading::of(Says::Varies))
}

/// Without quotes, parentheses, comments and the letters that C allows behind a number.
fn bare(text: &str) -> &str {
    let text = text.split("/*").next().unwrap_or_default();
    let text = text.split("//").next().unwrap_or_default();
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'))
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')'))
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim_end_matches(['u', 'U', 'l', 'L']);
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    hex.map_or_else(|| text.parse().ok(), |digits| u64::from_str_radix(&digits.replace('_', ""), 16).ok())
}

/// `3.10`
fn is_decimal_version(text: &str) -> bool {
    let parts = text.split_once('.');
    parts.is_some_and(|(major, minor)| {
        !major.is_empty() && [major, minor].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// What `cp310` means as the tag of a wheel; what is worked out only when it is built varies.
pub(super) fn tag(text: &str) -> Reading {
    let text = text.trim();
    if text.contains(['{', '$', '%', '+', '(']) || text.is_empty() {
        return Reading::of(Says::Varies);
    }
    let mut oldest: Option<Reading> = None;
    for part in text.split('.') {
        let Some(reading) = one_tag(part) else { return Reading::mistake(None) };
        if oldest.is_none_or(|known| reading.floor < known.floor) {
            oldest = Some(reading);
        }
    }
    oldest.unwrap_or(Reading::mistake(None))
}

fn one_tag(text: &str) -> Option<Reading> {
    let digits = text.strip_prefix("cp3")?;
    let (digits, is_free_threaded) = digits.strip_suffix('t').map_or((digits, false), |digits| (digits, true));
    let version = Version::new(3, digits.parse().ok()?);
    let is_early = is_free_threaded && version < FIRST_ABI3T;
    let says = if is_early { Says::Mistake } else { Says::On };
    Some(Reading { says, floor: Some(version), abi: Some(abi_of(is_free_threaded)) })
}

/// A version as meson and CMake write it: `3.10`.
pub(super) fn version(text: &str) -> Reading {
    let text = text.trim().trim_matches(['\'', '"']);
    match text.parse::<Version>() {
        Ok(version) if version >= Version::OLDEST_LIMITED => Reading::from(version),
        Ok(_) => Reading::mistake(None),
        // `3.10.0`, which CMake understands.
        Err(_) => match text.rsplit_once('.').and_then(|(version, _)| version.parse().ok()) {
            Some(version) => Reading::from(version),
            None => Reading::of(Says::Varies),
        },
    }
}

/// What an abi3 feature of `PyO3` means: `abi3`, `abi3-py39`, `abi3t-py315`. `None` if it is another.
pub(super) fn feature(text: &str) -> Option<Reading> {
    let rest = text.strip_prefix("abi3")?;
    let (rest, is_free_threaded) = rest.strip_prefix('t').map_or((rest, false), |rest| (rest, true));
    let floor = match rest.strip_prefix("-py3") {
        Some(minor) => Some(Version::new(3, minor.parse().ok()?)),
        None if rest.is_empty() => None,
        None => return None,
    };
    // Without a version it is that of the Python that builds.
    let says = if floor.is_some() { Says::On } else { Says::Varies };
    Some(Reading { says, floor, abi: Some(abi_of(is_free_threaded)) })
}

const fn abi_of(is_free_threaded: bool) -> Abi {
    if is_free_threaded { Abi::Abi3t } else { Abi::Abi3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(reading: Reading) -> String {
        let floor = reading.floor.map_or("-".to_owned(), |floor| floor.to_string());
        format!("{} {floor}", reading.says.as_str())
    }

    #[test]
    fn values_of_the_macro_mean_what_the_headers_make_of_them() {
        for (text, expected) in [
            ("0x030A0000", "on 3.10"),
            ("0x030a00f0", "on 3.10"),
            ("\"0x03060000\"", "on 3.6"),
            ("0x30f0000", "on 3.15"),
            ("(0x03090000)", "on 3.9"),
            ("0x03080000UL /* 3.8 */", "on 3.8"),
            ("50987008", "on 3.10"),
            ("Py_PACK_VERSION(3, 15)", "on 3.15"),
            ("0x03020000", "on 3.2"),
            ("", "mistake 3.2"),
            ("1", "mistake 3.2"),
            ("3", "mistake 3.2"),
            ("310", "mistake 3.2"),
            ("0x030B", "mistake 3.2"),
            ("0x03000000", "mistake 3.2"),
            ("0x03100000", "mistake 3.16"),
            ("0x030B00000", "mistake 48.176"),
            ("0x0x03", "mistake -"),
            ("3.10", "mistake -"),
            ("PY_VERSION_HEX", "varies -"),
            ("PY_VERSION_HEX & 0xffff0000", "varies -"),
            ("LIMITED", "varies -"),
            ("hex(x)", "varies -"),
        ] {
            assert_eq!(told(limited_api(text)), expected, "{text}");
        }
    }

    #[test]
    fn digits_that_were_meant_as_decimal_ones_are_known() {
        for (text, expected) in [
            ("0x03100000", Some("3.10")),
            ("0x03110000", Some("3.11")),
            ("0x030A0000", None),
            ("0x03200000", None),
            ("0x031A0000", None),
            ("x", None),
        ] {
            assert_eq!(meant(text).map(|version| version.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn tags_and_versions_and_features_are_read() {
        for (text, expected) in [
            ("cp310", "on 3.10"),
            ("cp36", "on 3.6"),
            ("cp38.cp39", "on 3.8"),
            ("cp315t", "on 3.15"),
            ("cp313t", "mistake 3.13"),
            ("cp3{minor}", "varies -"),
            ("310", "mistake -"),
            ("cp3.10", "mistake -"),
            ("py3", "mistake -"),
        ] {
            assert_eq!(told(tag(text)), expected, "{text}");
        }
        for (text, expected) in [("'3.10'", "on 3.10"), ("3.11.0", "on 3.11"), ("3.1", "mistake -"), ("v", "varies -")]
        {
            assert_eq!(told(version(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("abi3", Some("varies -")),
            ("abi3-py39", Some("on 3.9")),
            ("abi3t-py315", Some("on 3.15")),
            ("abi3-auto", None),
            ("extension-module", None),
        ] {
            assert_eq!(feature(text).map(told).as_deref(), expected, "{text}");
        }
        assert_eq!(told(abi3t("0x030e0000")), "mistake 3.14");
        assert_eq!(told(abi3t("0x030f0000")), "on 3.15");
    }

    #[test]
    fn odd_texts_do_no_harm() {
        for text in
            ["0x", "0xffffffffffffffffff", "\u{e4}", "cp3", "cp399999", "abi3-py3", "Py_PACK_VERSION(", ".", "''"]
        {
            limited_api(text);
            abi3t(text);
            meant(text);
            tag(text);
            version(text);
            feature(text);
        }
    }
}
