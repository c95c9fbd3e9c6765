//! The index that the survey of the browser tests is made from. `browser/tests/` knows these projects by their names.

use std::time::Duration;

use fake_index::{FakeIndex, Fault, SdistBuilder};

/// What is surveyed before the first page is opened: single releases first, then the releases that stand.
pub(crate) const SURVEYS: [&[&str]; 2] = [
    &["stringlib==1.0", "stringlib==1.1"],
    &["stringlib", "tidy", "plain", "by-tags", "lazy", "bindings", "damaged", HOSTILE],
];

/// As long as a name gets, in words that nobody can break.
const HOSTILE: &str =
    "hostile-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Paths are foreign text, too: markup, a script, a change of direction, and length.
const HOSTILE_PATH: &str = "src/<img src=x onerror=window.hit=1>/\u{202e}c.eno/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"'.c";

/// Read only when a page asks for them; each journey has one of its own.
const UNREAD: &[&str] = &["asked-by-mouse", "asked-without-scripts"];

/// For how long an archive of theirs is on its way: long enough to see the page that says so.
const ON_ITS_WAY: Duration = Duration::from_secs(8);

pub(crate) fn index() -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    stringlib(&index);
    let add =
        |name: &str, sdist: SdistBuilder| drop(index.add(name).sdist("1.0", &sdist).uploaded("2026-03-01T09:00:00Z"));
    add("tidy", sdist("tidy", "1.0").file("tidy.c", include_str!("sources/tidy.c")).file("setup.py", LIMITED));
    add("plain", sdist("plain", "1.0").file("plain.py", "answer = 42\n"));
    add("lazy", sdist("lazy", "1.0").file("lazy.pyx", include_str!("sources/lazy.pyx")).file("setup.py", CYTHON));
    add("bindings", sdist("bindings", "1.0").file("bindings.cpp", include_str!("sources/bindings.cpp")));
    // Characters that turn text around stand in no file of ours.
    let source = include_str!("sources/hostile.c").replace("TURN", "\u{202e}\u{2066}").replace("BACK", "\u{2069}");
    let hostile = SdistBuilder::new("hostile-1.0").file(HOSTILE_PATH, source);
    add(HOSTILE, hostile);
    index.add("damaged").file("damaged-1.0.tar.gz", b"<html>not an archive</html>");
    index.add("by-tags").file("by_tags-1.0-py3-none-any.whl", b"PK\x05\x06");
    for name in UNREAD {
        add(name, sdist(name, "1.0").file("one.c", include_str!("sources/scanner.c")));
        let file = format!("/files/{name}/{}-1.0.tar.gz", name.replace('-', "_"));
        index.fault(&file, Fault::Stall(ON_ITS_WAY), 1);
    }
    // Always being read: its page never answers.
    add("never-read", sdist("never-read", "1.0"));
    index.fault("/simple/never-read/", Fault::Status(503), Fault::ALWAYS);
    index
}

/// Own, generated and vendored code, three releases, and wheels that promise what the code does not keep.
fn stringlib(index: &FakeIndex) {
    let own = include_str!("sources/scanner.c");
    let release =
        |version: &str| sdist("stringlib", version).file("stringlib/scanner.c", own).file("setup.py", LIMITED);
    let project = index.add("stringlib").sdist("1.0", &release("1.0")).uploaded("2024-05-06T07:08:09Z");
    let with_generated = release("1.1").file("stringlib/_fast.c", include_str!("sources/generated.c"));
    let project = project.sdist("1.1", &with_generated).uploaded("2025-05-06T07:08:09Z").yanked("broken on Windows");
    let whole = release("2.0")
        .file("stringlib/_fast.c", include_str!("sources/generated.c"))
        .file("stringlib/pythoncapi_compat.h", include_str!("sources/pythoncapi_compat.h"));
    let project = project.sdist("2.0", &whole).uploaded("2026-05-06T07:08:09Z").requires_python(">=3.9");
    let wheel = "stringlib-2.0-cp311-abi3-manylinux_2_17_x86_64.whl";
    project.file(wheel, b"PK\x05\x06").uploaded("2026-05-06T07:09:10Z");
}

fn sdist(name: &str, version: &str) -> SdistBuilder {
    let info = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    SdistBuilder::new(&format!("{}-{version}", name.replace('-', "_"))).file("PKG-INFO", info)
}

/// Asks for the stable ABI.
const LIMITED: &str = "\
from setuptools import Extension, setup

setup(
    ext_modules=[Extension('one', ['one.c'], define_macros=[('Py_LIMITED_API', '0x030B0000')], py_limited_api=True)],
    options={'bdist_wheel': {'py_limited_api': 'cp311'}},
)
";

/// Makes C when it is built.
const CYTHON: &str = "\
from Cython.Build import cythonize
from setuptools import setup

setup(ext_modules=cythonize('lazy.pyx'))
";
