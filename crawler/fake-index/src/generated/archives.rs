//! The archives that all generated projects share.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::SdistBuilder;

/// How many different sdists of C there are.
pub(super) const KINDS: usize = 48;

/// Some of the API, so that sdists differ in what they use.
const CALLS: [&str; 12] = [
    "PyList_New(0)",
    "PyDict_New()",
    "PyUnicode_FromString(\"a\")",
    "PyLong_FromLong(1)",
    "PyBytes_FromString(\"b\")",
    "PyTuple_New(2)",
    "PyErr_Occurred()",
    "PyFloat_FromDouble(0.5)",
    "PyUnicode_READY(self)",
    "PyList_GET_SIZE(self)",
    "PyTuple_GET_ITEM(self, 0)",
    "PyImport_ImportModule(\"os\")",
];

/// A file's bytes with their hash.
#[derive(Debug, Clone)]
pub(super) struct Archive {
    pub(super) bytes: Bytes,
    pub(super) sha256: String,
}

#[derive(Debug)]
pub(super) struct Archives {
    c: Vec<Archive>,
    pub(super) python: Archive,
    pub(super) zip: Archive,
    /// What wheels, eggs and installers hold; nobody opens them.
    pub(super) other: Archive,
    pub(super) truncated: Archive,
    pub(super) script: Archive,
    pub(super) wrong_checksum: Archive,
    pub(super) trailing: Archive,
}

impl Archives {
    pub(super) fn new() -> Self {
        let good = c_sdist(0).tar_gz();
        let mut wrong_checksum = good.clone();
        let at = wrong_checksum.len() - 8;
        wrong_checksum[at] ^= 0xff;
        let python = SdistBuilder::new("pkg-1.0").file("PKG-INFO", "Name: pkg\n").file("pkg/a.py", "x = 1\n");
        Self {
            c: (0..KINDS).map(|kind| Archive::of(c_sdist(kind).tar_gz())).collect(),
            python: Archive::of(python.tar_gz()),
            zip: Archive::of(c_sdist(1).zip()),
            other: Archive::of(b"not opened".to_vec()),
            truncated: Archive::of(good[..good.len() / 2].to_vec()),
            script: Archive::of(b"<script>alert(1)</script>".to_vec()),
            wrong_checksum: Archive::of(wrong_checksum),
            trailing: Archive::of([good.as_slice(), b"\0garbage behind the end"].concat()),
        }
    }

    pub(super) fn c(&self, kind: u64) -> &Archive {
        let kinds = self.c.len() as u64;
        &self.c[usize::try_from(kind % kinds).expect("an index of a list")]
    }
}

impl Archive {
    fn of(bytes: Vec<u8>) -> Self {
        let sha256 = format!("{:x}", Sha256::digest(&bytes));
        Self { bytes: bytes.into(), sha256 }
    }
}

fn c_sdist(kind: usize) -> SdistBuilder {
    let calls = (0..4).map(|nth| CALLS[(kind * (nth + 1) + nth * 5) % CALLS.len()]);
    let lines = calls.fold(String::new(), |lines, call| lines + "    (void)" + call + ";\n");
    let code = format!(
        "#include <Python.h>\n\n/* Of kind {kind}. */\nstatic PyObject *\nrun(PyObject *self, PyObject *unused)\n{{\n\
         {lines}    Py_RETURN_NONE;\n}}\n"
    );
    SdistBuilder::new("pkg-1.0").file("PKG-INFO", "Name: pkg\n").file(&format!("src/mod{kind}.c"), code)
}
