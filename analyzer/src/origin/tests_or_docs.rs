//! Tests, examples and documents.

/// Folders, in lower case. Not `sample`, `bench` or `spec`, which packages also give to code that they ship.
const FOLDERS: [&str; 14] = [
    "test",
    "tests",
    "testing",
    "testsuite",
    // Meson's, which many projects carry along.
    "test cases",
    "doc",
    "docs",
    "example",
    "examples",
    "_examples",
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
];

/// Whether a folder on the path says so. File names never do: a module called `_tests.c` is compiled and installed
/// with the package more often than not.
pub(crate) fn holds(path: &str) -> bool {
    let Some((folders, _)) = path.rsplit_once('/') else {
        return false;
    };
    folders.split('/').any(|folder| FOLDERS.iter().any(|name| folder.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn only_a_folder_makes_a_test() {
        for path in
            ["tests/a.c", "src/pkg/tests/a.c", "Demo/a.c", "Doc/ext/a.c", "a/testing/b/c.h", "meson/test cases/1 a/a.c"]
        {
            assert!(holds(path), "{path}");
        }
        for path in [
            "tests.c",
            "src/_tests.c",
            "src/test_a.c",
            "src/contest/a.c",
            "src/tests_util/a.c",
            "src/_testing/a.c",
            "src/sample/a.c",
        ] {
            assert!(!holds(path), "{path}");
        }
    }
}
