//! What is in the tree of the C that generators write: what is compiled is that, not its sources.

use std::collections::HashSet;

use crate::verdict::stem;
use crate::{Language, OriginClass, SourceFile, SourceTree, origin};

/// Files that include each other beyond this are not followed.
const MAX_ROUNDS: usize = 8;

/// Which sources have their C in the tree.
#[derive(Debug)]
pub(crate) struct Generated {
    /// See [`stems`].
    stems: HashSet<String>,
    /// The C of every Cython module is there, and with it that of all they cimport.
    all_cython: bool,
}

impl Generated {
    pub(crate) fn of(tree: &SourceTree) -> Self {
        let stems = stems(tree);
        let mut modules = tree.files.iter().filter(|file| file.language() == Some(Language::Cython)).filter(|file| {
            // Tests are compiled on their own, if at all.
            origin::origin_of(file).class != OriginClass::TestOrDoc
        });
        let has_c = |file: &SourceFile| stems.contains(stem(&file.path));
        let all_cython = modules.next().is_some_and(has_c) && modules.all(has_c);
        Self { stems, all_cython }
    }

    /// Whether the C that is made of the file is in the tree; SWIG writes `x_wrap.c` from `x.i`.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.stems.contains(stem(path)) || self.stems.contains(&format!("{}_wrap", stem(path)))
    }

    /// The same for Cython: what modules include goes into their C.
    pub(crate) fn has_cython(&self, path: &str) -> bool {
        self.all_cython || self.stems.contains(stem(path))
    }
}

/// The paths, without endings, of the files that have C or C++ beside them, and of the Cython files that these include:
/// `a.pyx` says `include "b.pxi"`, and `a.c` has the code of both.
fn stems(tree: &SourceTree) -> HashSet<String> {
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
