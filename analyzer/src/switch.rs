//! What a release would ship if it switched to one abi3 wheel for each platform.

use std::collections::BTreeMap;

use capi::Version;
use serde::Serialize;

use crate::{Abi, WheelTag};

/// The wheels of a release beside those that it would need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Switch {
    /// The level of the limited API that it would switch to: the oldest CPython that then gets a wheel.
    pub level: Version,
    /// Wheels that it has.
    pub before: usize,
    /// Wheels that it would have.
    pub after: usize,
    /// The same for each platform, by its name.
    pub platforms: Vec<PlatformWheels>,
    /// The CPython versions below the level that have wheels of their own and would get none, oldest first.
    pub dropped: Vec<Version>,
    /// Wheels that stay because abi3 does not stand for them: of other interpreters, of free-threaded builds (their own
    /// and abi3t), and those without native code.
    pub kept: usize,
}

/// One platform's wheels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlatformWheels {
    /// `Linux (glibc) x86_64`: platform tags that differ in the system's version only are one.
    pub platform: String,
    /// Python and ABI tags: `cp39-cp39`.
    pub before: Vec<String>,
    /// The same after the switch.
    pub after: Vec<String>,
}

/// What becomes of one wheel.
enum Fate {
    /// The new wheel stands for it.
    Replaced,
    /// It is for a CPython below the level, and goes.
    Dropped(Version),
    /// It stays.
    Kept,
}

/// What switching to abi3 at `level` does to `wheels`; `None` if there are none for CPython that it would replace.
pub fn switch(wheels: &[WheelTag], level: Version) -> Option<Switch> {
    let mut by_platform: BTreeMap<String, Vec<&WheelTag>> = BTreeMap::new();
    for wheel in wheels {
        by_platform.entry(platform(wheel)).or_default().push(wheel);
    }
    let mut switch =
        Switch { level, before: wheels.len(), after: 0, platforms: Vec::new(), dropped: Vec::new(), kept: 0 };
    let mut replaced = 0;
    for (platform, wheels) in by_platform {
        let mut after = Vec::new();
        for wheel in &wheels {
            match fate(wheel, level) {
                Fate::Replaced => replaced += 1,
                Fate::Dropped(version) => switch.dropped.push(version),
                Fate::Kept => after.push(pair(wheel)),
            }
        }
        switch.kept += after.len();
        if wheels.iter().any(|wheel| matches!(fate(wheel, level), Fate::Replaced)) {
            after.insert(0, format!("cp3{}-abi3", level.minor()));
        }
        switch.after += after.len();
        switch.platforms.push(PlatformWheels { platform, before: sorted(&wheels), after });
    }
    switch.platforms.sort_by_key(|one| one.platform.to_lowercase());
    switch.dropped.sort_unstable();
    switch.dropped.dedup();
    (replaced > 0).then_some(switch)
}

fn fate(wheel: &WheelTag, level: Version) -> Fate {
    let Some(version) = wheel.floor() else { return Fate::Kept };
    let stays = |abi: &String| abi == "none" || abi == Abi::Abi3t.as_str();
    if wheel.is_free_threaded() || wheel.abi.iter().any(stays) {
        return Fate::Kept;
    }
    let is_stable = wheel.abis().next().is_some();
    if is_stable || version >= level { Fate::Replaced } else { Fate::Dropped(version) }
}

fn pair(wheel: &WheelTag) -> String {
    format!("{}-{}", wheel.python.join("."), wheel.abi.join("."))
}

/// By interpreter and version, `cp39` before `cp310`.
fn sorted(wheels: &[&WheelTag]) -> Vec<String> {
    let mut wheels: Vec<(Option<Version>, String)> = wheels.iter().map(|wheel| (wheel.floor(), pair(wheel))).collect();
    wheels.sort_by(|one, other| (one.0.is_none(), one).cmp(&(other.0.is_none(), other)));
    wheels.into_iter().map(|(_, pair)| pair).collect()
}

/// The system and the processor of a wheel, without the system's version: `macosx_11_0_arm64` is `macOS arm64`.
fn platform(wheel: &WheelTag) -> String {
    let tag = wheel.platform.first().map_or("", String::as_str);
    let mut parts = tag.split('_');
    let first = parts.next().unwrap_or_default();
    let system = match first {
        "any" => return "any".to_owned(),
        "win32" => return "Windows 32-bit".to_owned(),
        "win" => "Windows",
        "macosx" => "macOS",
        first if first.starts_with("manylinux") || first == "linux" => "Linux (glibc)",
        first if first.starts_with("musllinux") => "Linux (musl)",
        other => other,
    };
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let processor: Vec<&str> = parts.skip_while(is_number).collect();
    format!("{system} {}", processor.join("_")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wheels(tags: &[&str]) -> Vec<WheelTag> {
        tags.iter().map(|tag| tag.parse().expect("a tag")).collect()
    }

    fn to(level: &str, tags: &[&str]) -> Option<Switch> {
        switch(&wheels(tags), level.parse().expect("a version"))
    }

    #[test]
    fn wheels_of_one_platform_become_one_and_what_no_abi3_stands_for_stays() {
        let found = to(
            "3.11",
            &[
                "cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64",
                "cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64",
                "cp311-cp311-manylinux_2_28_x86_64",
                "cp314-cp314-manylinux_2_28_x86_64",
                "cp314-cp314t-manylinux_2_28_x86_64",
                "pp311-pypy311_pp73-manylinux_2_28_x86_64",
                "cp311-cp311-win_amd64",
            ],
        )
        .expect("wheels to replace");
        assert_eq!((found.before, found.after, found.kept), (7, 4, 2));
        assert_eq!(found.dropped, [Version::new(3, 9), Version::new(3, 10)]);
        let linux = &found.platforms[0];
        assert_eq!(linux.platform, "Linux (glibc) x86_64");
        assert_eq!(linux.before[..2], ["cp39-cp39", "cp310-cp310"]);
        assert_eq!(linux.after, ["cp311-abi3", "cp314-cp314t", "pp311-pypy311_pp73"]);
        assert_eq!(found.platforms[1].platform, "Windows amd64");
    }

    #[test]
    fn what_is_abi3_already_is_one_wheel_and_abi3t_stays_beside_it() {
        let tags = ["cp38-abi3-win_amd64", "cp313-cp313t-win_amd64", "cp315-abi3.abi3t-win_amd64"];
        let found = to("3.8", &tags).expect("a wheel to replace");
        assert_eq!(found.platforms[0].after, ["cp38-abi3", "cp313-cp313t", "cp315-abi3.abi3t"]);
        assert_eq!((found.before, found.after), (3, 3));
    }

    #[test]
    fn without_wheels_for_one_cpython_there_is_nothing_to_switch() {
        assert_eq!(to("3.11", &[]), None);
        assert_eq!(to("3.11", &["py3-none-any", "pp311-pypy311_pp73-win_amd64"]), None);
        assert_eq!(to("3.11", &["cp39-cp39-win_amd64"]), None, "all below the level");
    }

    #[test]
    fn platforms_are_told_apart_by_system_and_processor_only() {
        for (tag, expected) in [
            ("cp311-cp311-macosx_10_9_universal2", "macOS universal2"),
            ("cp311-cp311-musllinux_1_2_aarch64", "Linux (musl) aarch64"),
            ("cp311-cp311-manylinux1_i686", "Linux (glibc) i686"),
            ("cp311-cp311-win32", "Windows 32-bit"),
            ("cp311-cp311-android_21_arm64_v8a", "android arm64_v8a"),
            ("py3-none-any", "any"),
        ] {
            assert_eq!(platform(&tag.parse().expect("a tag")), expected);
        }
    }
}
