//! Cython's utility code in headers of their own, which modules share (`common_utility_include_dir`): no banner, but a name
//! that is the SHA-256 of what is in them, `CIntFromPy_impl_0b89….h` (`put_or_include` in Cython's `Code.py`).
//!
//! Nobody writes such a name by hand; and a header that was changed afterwards has another hash, so it is the project's own.

use sha2::{Digest as _, Sha256};

use crate::SourceFile;

/// What stands before the hash: a piece of C that declares or defines.
const PARTS: [&str; 3] = ["_proto", "_impl", "_export"];

/// Whether the file is such a header.
pub(super) fn holds(file: &SourceFile) -> bool {
    hash_in(&file.path).is_some_and(|hash| hash == format!("{:x}", Sha256::digest(&file.bytes)))
}

/// The hash in the name of a file, if it is named like one.
fn hash_in(path: &str) -> Option<&str> {
    let (name, hash) = path.strip_suffix(".h")?.rsplit_once('_')?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_hash && PARTS.iter().any(|part| name.ends_with(part))).then_some(hash)
}

#[cfg(test)]
mod tests {
    use crate::OriginClass;
    use crate::origin::origin_of;
    use crate::origin::tests::file;

    const CODE: &str = "static CYTHON_INLINE int __Pyx_PyInt_As_int(PyObject *x) {\n    return Py_SIZE(x);\n}\n";
    const HASH: &str = "096a3fba0e600b080380702a3021932b067d89d95e47af6ffb5ef87bce25e580";

    fn origin(path: &str, code: &str) -> (OriginClass, Option<String>) {
        let origin = origin_of(&file(path, code));
        (origin.class, origin.by)
    }

    #[test]
    fn a_header_that_is_named_after_its_content_is_cythons() {
        let generated = (OriginClass::Generated, Some("cython".to_owned()));
        for part in ["impl", "proto"] {
            assert_eq!(origin(&format!("src/shared/CIntFromPy_{part}_{HASH}.h"), CODE), generated, "{part}");
        }
    }

    #[test]
    fn any_other_header_is_the_projects_own() {
        let own = (OriginClass::Own, None);
        assert_eq!(origin(&format!("src/CIntFromPy_impl_{HASH}.h"), &format!("{CODE} ")), own, "changed by hand");
        assert_eq!(origin(&format!("src/CIntFromPy_{HASH}.h"), CODE), own, "no piece that Cython has");
        assert_eq!(origin(&format!("src/CIntFromPy_impl_{HASH}.c"), CODE), own, "no header");
        assert_eq!(origin("src/CIntFromPy_impl_f5f4.h", CODE), own, "no hash");
    }
}
