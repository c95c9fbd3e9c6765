//! Halves of puts into a folder that were killed: `ab/abcdef…#1`, which no listing shows.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A half of a blob.
#[derive(Debug)]
pub(crate) struct Leftover {
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
}

/// The halves in a folder of blobs that were last written to before `before`.
pub(super) fn find(folder: &Path, before: SystemTime) -> io::Result<Vec<Leftover>> {
    let mut found = Vec::new();
    for prefix in std::fs::read_dir(folder)? {
        let prefix = prefix?;
        if !prefix.file_type()?.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(prefix.path())? {
            let file = file?;
            if !file.file_name().to_str().is_some_and(is_leftover) {
                continue;
            }
            // It may have become a blob since it was listed.
            let Ok(about) = file.metadata() else { continue };
            if about.is_file() && about.modified()? <= before {
                found.push(Leftover { path: file.path(), size: about.len() });
            }
        }
    }
    Ok(found)
}

fn is_leftover(name: &str) -> bool {
    let Some((key, number)) = name.split_once('#') else { return false };
    key.parse::<crate::Sha256>().is_ok() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_old_halves_of_blobs_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let key = crate::Sha256::of(b"x").to_string();
        let prefix = dir.path().join(&key[..2]);
        std::fs::create_dir(&prefix).unwrap();
        for name in [format!("{key}#1"), format!("{key}#12"), key.clone(), format!("{key}#x"), "notes#1".to_owned()] {
            std::fs::write(prefix.join(name), "abc").unwrap();
        }
        let now = SystemTime::now();
        assert!(find(dir.path(), now - Duration::from_hours(1)).unwrap().is_empty());
        let mut names: Vec<_> = find(dir.path(), now + Duration::from_hours(1)).unwrap();
        names.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(names.iter().map(|half| half.size).collect::<Vec<_>>(), [3, 3]);
        assert!(names[0].path.ends_with(format!("{key}#1")) && names[1].path.ends_with(format!("{key}#12")));
    }
}
