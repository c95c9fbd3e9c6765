//! The condition of a whole file: when something that is compiled includes it, and for which platform it is.

use crate::Condition;
use crate::lexer::Directive;

use super::guards::{Guard, Guards, Regions};
use super::includes::Includes;
use super::unit::Unit;

/// Folders and last words of file names that say for which platform a file is compiled. The build chooses such files,
/// so the preprocessor does not have to.
const PLATFORMS: [(&str, &str); 14] = [
    ("aix", "platform == other"),
    ("bsd", "platform == other"),
    ("darwin", "platform == macos"),
    ("freebsd", "platform == other"),
    ("linux", "platform == linux"),
    ("macos", "platform == macos"),
    ("macosx", "platform == macos"),
    ("netbsd", "platform == other"),
    ("openbsd", "platform == other"),
    ("osx", "platform == macos"),
    ("solaris", "platform == other"),
    ("sunos", "platform == other"),
    ("win32", "platform == windows"),
    ("windows", "platform == windows"),
];

/// Narrows the conditions along each file by the condition of the file: a header that is only included below Python 3
/// has no line above.
pub(super) fn narrow(
    units: &[Unit],
    paths: &[&str],
    includes: &Includes,
    guards: &mut Guards,
    regions: &mut [Regions],
) {
    let mut whole: Vec<Option<Guard>> = vec![None; units.len()];
    // Files come after those that they include, so backwards each file is complete before it is asked about.
    for &file in includes.order.iter().rev() {
        let file = file as usize;
        let own = guards.number(platform(paths[file]));
        let base = guards.both(whole[file].unwrap_or(Guard::ALWAYS), own);
        whole[file] = Some(base);
        regions[file].narrow(base, guards);
        for (number, line) in units[file].lines.iter().enumerate() {
            if line.directive == Directive::Include {
                let here = regions[file].lines[number];
                for &included in includes.of(u32::try_from(file).unwrap_or(u32::MAX), number) {
                    let known = whole[included as usize].unwrap_or(Guard::NEVER);
                    whole[included as usize] = Some(guards.either(known, here));
                }
            }
        }
    }
}

/// The platform that a path names.
fn platform(path: &str) -> Condition {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    let last = stem.rsplit(['_', '-']).next().unwrap_or(stem);
    let find = |word: &str| PLATFORMS.iter().find(|(name, _)| *name == word).map(|(_, condition)| *condition);
    let said = folders.split('/').rev().find_map(find).or_else(|| find(last));
    said.and_then(|text| text.parse().ok()).unwrap_or_else(Condition::always)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_name_a_platform_say_so() {
        assert_eq!(platform("pkg/arch/windows/disk.c").to_string(), "platform == windows");
        assert_eq!(platform("src/_util_linux.c").to_string(), "platform == linux");
        assert_eq!(platform("src/freebsd/a.c").to_string(), "platform == other");
        assert!(platform("src/windowing.c").is_always());
        assert!(platform("src/linuxy/a.c").is_always());
    }
}
