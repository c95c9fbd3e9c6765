//! Cython's sources whose C is in the tree: what is compiled is that, not they.

use std::collections::HashSet;

use crate::verdict::stem;
use crate::{Language, SourceTree};

/// Files that include each other beyond this are not followed.
const MAX_ROUNDS: usize = 8;

/// The paths, without endings, of the files that have C or C++ beside them, and of the Cython files that these include:
/// `a.pyx` says `include "b.pxi"`, and `a.c` has the code of both.
pub(crate) fn stems(tree: &SourceTree) -> HashSet<String> {
    let is_c = |language| matches!(language, Some(Language::C | Language::Cpp));
    let with_c = tree.files.iter().filter(|file| is_c(file.language()));
    let mut stems: HashSet<String> = with_c.map(|file| stem(&file.path).to_owned()).collect();
    for _ in 0..MAX_ROUNDS {
        let cython = tree.files.iter().filter(|file| {
            matches!(file.language(), Some(Language::Cython | Language::CythonInclude))
                && stems.contains(stem(&file.path))
        });
        let included: Vec<String> = cython.flat_map(|file| included(&file.path, &file.bytes)).collect();
        let before = stems.len();
        stems.extend(included);
        if stems.len() == before {
            break;
        }
    }
    stems
}

/// The files that `include "…"` at the beginning of a line names, without endings.
fn included(path: &str, bytes: &[u8]) -> Vec<String> {
    let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
    let lines = memchr::memmem::find_iter(bytes, b"include").filter_map(|at| {
        let starts = at.checked_sub(1).is_none_or(|before| bytes[before] == b'\n');
        let rest = bytes.get(at + b"include".len()..).filter(|_| starts)?.trim_ascii_start();
        let quote = *rest.first().filter(|quote| matches!(quote, b'"' | b'\''))?;
        let end = rest.iter().skip(1).position(|&byte| byte == quote || byte == b'\n')?;
        let name = std::str::from_utf8(&rest[1..=end]).ok()?;
        Some(stem(&format!("{folder}{}", name.trim_start_matches("./"))).to_owned())
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceFile;

    #[test]
    fn what_a_cython_file_with_its_c_in_the_tree_includes_is_generated_too() {
        let file =
            |path: &str, text: &str| SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec().into() };
        let files = vec![
            file("p/a.c", ""),
            file("p/a.pyx", "# include \"no.pxi\"\ninclude \"./b.pyx\"\n  include 'c.pxi'\n"),
            file("p/b.pyx", "include 'd.pxi'\n"),
            file("p/d.pxi", ""),
            file("p/e.pyx", "include \"f.pxi\"\n"),
        ];
        let stems = stems(&SourceTree { files, ..SourceTree::default() });
        for (path, expected) in [("p/a", true), ("p/b", true), ("p/d", true), ("p/e", false), ("p/f", false)] {
            assert_eq!(stems.contains(path), expected, "{path}");
        }
    }
}
