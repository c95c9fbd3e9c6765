//! Any input is survived: the fuzzers' bodies on stable, over fixtures that are changed at random.
//!
//! Each body runs for a few seconds and at most so many cases; `ABISCOPE_FUZZ_SECONDS` makes it longer. Cases follow
//! from a seed that is printed when one fails, and `ABISCOPE_FUZZ_SEED` starts with it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use analyzer::any_input;

/// Seconds for each of the five bodies.
const SECONDS: u64 = 4;

/// Cases of each body, however fast they are, unless more time is asked for.
const CASES: u64 = 20_000;

/// Longest input.
const MAX_BYTES: usize = 200_000;

/// Pieces that meet in odd ways.
const PIECES: &[&[u8]] = &[
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"->",
    b".",
    b"::",
    b"=",
    b"==",
    b"&",
    b"*",
    b"?",
    b":",
    b";",
    b",",
    b"\"",
    b"'",
    b"\"\"\"",
    b"\\\n",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"/*",
    b"*/",
    b"//",
    b"#",
    b"##",
    b"R\"(",
    b"%{",
    b"%}",
    b"\n#if X\n",
    b"\n#ifdef Py_LIMITED_API\n",
    b"\n#elif PY_VERSION_HEX >= 0x03090000\n",
    b"\n#else\n",
    b"\n#endif\n",
    b"\n#define M(a) a->b\n",
    b"\n#define Q M(Q)\n",
    b"\n#include \"a.h\"\n",
    b"\nif ",
    b"\ndefine A B\n",
    b"\nendif\n",
    b"PyObject",
    b"PyTypeObject",
    b"Py_TYPE(",
    b"tp_name",
    b"struct",
    b"typedef ",
    b"template<",
    b"operator",
    b"static ",
    b"\ncdef extern from *:\n    ",
    b"\ncdef class A(B):\n    ",
    b"\n    cdef PyTypeObject* t\n",
    b"<PyObject*>",
    b"\nfrom cpython cimport *\n",
    b"\ninclude \"a.pyx\"\n",
    b"{{",
    b"}}",
    b"\n%typemap(in) A (B b) {",
    b"\n%extend A {",
    b"\n%MethodCode\n",
    b"\n%End\n",
    b"set_source('a', ",
    b"Extension('a', define_macros=[('A', '1')]",
    b"ffi::Py_TYPE(",
    b"r#\"",
    b"#[cfg(any(not(Py_3_9), PyPy))]",
    b"'a",
    b"[features]\ndefault = ['default']\n",
    b"\t",
    b"        ",
    b"\"py_limited_api\": ",
    b"py_limited_api=",
    b"(\"Py_LIMITED_API\", ",
    b"-DPy_LIMITED_API=",
    b"--py-limited-api",
    b" if x else ",
    b"cp3",
    b"${{ ",
    b"limited_api: ",
    b"USE_SABI ",
    b"\n[tool.scikit-build]\nwheel.py-api = 'cp312'\n",
    b"\n=== ",
];

/// Numbers that look random: xorshift, the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("below a usize")
    }
}

/// Every fixture, and one text of each build file.
fn seeds() -> Vec<Vec<u8>> {
    let texts = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
        fs::read_dir(folder).expect("the fixtures").map(|entry| entry.expect("an entry").path())
    };
    let mut paths: Vec<_> = texts("fixtures").chain(texts("packages")).filter(|path| path.is_file()).collect();
    paths.sort();
    let mut seeds: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).expect("a text")).collect();
    seeds.push(Vec::new());
    seeds.push(b"[dependencies]\npyo3 = { version = '1', features = ['abi3'] }\n".to_vec());
    seeds.push(b"if(WIN32)\nadd_definitions(-DA=1)\nendif()\n".to_vec());
    seeds
}

/// A fixture, changed a few times.
fn input(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut text = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(8) {
        change(&mut text, random, seeds);
        text.truncate(MAX_BYTES);
    }
    text
}

fn change(text: &mut Vec<u8>, random: &mut Random, seeds: &[Vec<u8>]) {
    let at = random.below(text.len() + 1);
    let length = random.below(40).min(text.len() - at);
    let part = text[at..at + length].to_vec();
    match random.below(9) {
        0 => _ = text.drain(at..at + length),
        1 => _ = text.splice(at..at, part),
        2 => _ = text.splice(at..at, part.repeat(random.below(2_000))),
        3 => _ = text.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied()),
        4 => _ = text.splice(at..at, PIECES[random.below(PIECES.len())].repeat(random.below(3_000))),
        5 => text[at..at + length].fill_with(|| random.next().to_le_bytes()[0]),
        6 => text.truncate(at),
        7 => _ = text.splice(at.., seeds[random.below(seeds.len())].iter().copied()),
        _ => {
            *text =
                text.iter().flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] }).collect();
        }
    }
}

/// Runs `body` on one input after the other.
fn run(body: fn(&[u8]), make: impl Fn(&mut Random, &[Vec<u8>]) -> Vec<u8>) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let longer = asked("ABISCOPE_FUZZ_SECONDS");
    let (cases, end) =
        (longer.map_or(CASES, |_| u64::MAX), Instant::now() + Duration::from_secs(longer.unwrap_or(SECONDS)));
    let first = asked("ABISCOPE_FUZZ_SEED").unwrap_or(1);
    let seeds = seeds();
    for seed in (first..).take_while(|seed| seed - first < cases && Instant::now() < end) {
        let input = make(&mut Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), &seeds);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(&input))) {
            eprintln!("seed {seed}: {:?}", String::from_utf8_lossy(&input[..input.len().min(2_000)]));
            resume_unwind(panic);
        }
    }
}

#[test]
fn the_lexer_survives_any_input() {
    run(any_input::lexer, input);
}

#[test]
fn the_conditions_survive_any_input() {
    run(any_input::conditions, |random, seeds| {
        // Bodies take lines without `#`.
        let text = input(random, seeds);
        text.into_iter().filter(|byte| *byte != b'#').collect()
    });
}

#[test]
fn the_declarations_survive_any_input() {
    run(any_input::declarations, input);
}

#[test]
fn the_analysis_survives_any_input() {
    run(any_input::analysis, |random, seeds| {
        let mut text = vec![random.next().to_le_bytes()[0]];
        text.extend(input(random, seeds));
        text
    });
}

#[test]
fn the_archive_reader_survives_any_input() {
    run(any_input::archive, |random, seeds| {
        let mut archive = tar_of(&input(random, seeds));
        for _ in 0..random.below(5) {
            let at = random.below(archive.len());
            archive[at] = random.next().to_le_bytes()[0];
        }
        archive
    });
}

/// A tar archive of one file.
fn tar_of(text: &[u8]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    builder.append_data(&mut header, "p-1/a.c", text).expect("a name that fits");
    builder.into_inner().expect("a vector takes all")
}

/// Inputs that are hostile in one way each, `n` times and more.
fn extremes(n: usize) -> Vec<(&'static str, Vec<u8>)> {
    let level = |at: u32| format!("#define M{at}(x) M{}(x) + M{}(x)\n", at + 1, at + 1);
    let levels = (0..64).map(level).collect::<Vec<_>>().concat();
    let many = |piece: &str| piece.repeat(n).into_bytes();
    vec![
        ("parentheses", ["(".repeat(10 * n), ")".repeat(10 * n)].concat().into_bytes()),
        ("open parentheses", many("(")),
        ("open braces", many("{")),
        ("closing braces", many("}")),
        ("open brackets", many("x[")),
        ("open ifs", many("\n#if A\n")),
        ("endings", many("\n#endif\n#else\n")),
        ("one long line", "PyObject * x , ".repeat(7 * n).into_bytes()),
        ("one long name", many("Py")),
        ("calls in calls", many("Py_TYPE(o)->")),
        ("casts", many("(PyTypeObject*)")),
        ("Cython casts", many("<PyTypeObject*>")),
        ("not UTF-8", many("\u{e9}").iter().map(|byte| byte ^ 0x80 | 0x80).collect()),
        ("NUL", many("\0Py\0")),
        ("carriage returns", many("cdef PyObject* x\r\n")),
        ("blocks", many("\ncdef class A:\n  def f(self):\n")),
        ("indentation", (0..n.min(600)).flat_map(|at| format!("{}if x:\n", " ".repeat(at)).into_bytes()).collect()),
        ("extern blocks", many("\ncdef extern from *:\n    \"\"\"int x;\"\"\"\n    PyObject* f(int)\n")),
        ("templates", many("template<class T> struct A<T*> : B<T> {")),
        ("levels of macros", format!("{levels}#if M0(1)\nPyObject *x = M0(y);\n#endif\n").into_bytes()),
        (
            "macros",
            (0..n).flat_map(|at| format!("#define A{at} A{}\n#if A{at}\n#endif\n", at + 1).into_bytes()).collect(),
        ),
        ("typemaps", many("%typemap(in) A (PyObject *b) { $1 = b->ob_type; }\n")),
        ("extends", many("%extend A {")),
        ("code", many("%MethodCode\nPy_TYPE(x)\n%End\n")),
        ("sources", many("s = 'a'\nset_source('a', s)\n")),
        (
            "lists",
            [b"m = []\n".to_vec(), many("m += m + [('A', '1')]\n"), b"Extension('a', define_macros=m)".to_vec()]
                .concat(),
        ),
        ("definitions", many("add_definitions(add_definitions(")),
        ("settings", many("    py_limited_api=x,\n")),
        ("macros under conditions", many("if x:\n  m = [('Py_LIMITED_API', x if y else z)]\nx = y\ny = x\n")),
        ("macros in brackets", many("[('Py_LIMITED_API', (")),
        ("flags", many("-DPy_LIMITED_API=${{ --py-limited-api ")),
        ("modules", many("extension_module('a', limited_api: x, ")),
        ("libraries", many("if(A)\npython_add_library(a USE_SABI ")),
        ("steps", many("      - if: x\n        run: --py-limited-api=cp39\n")),
        ("tables", many("[[tool.cibuildwheel.overrides]]\nselect = 'cp39'\nb = ['wheel.py-api=cp39']\n")),
        ("inline tables", many("a={py-limited-api=")),
        ("attributes", many("#[cfg(any(not(all(")),
    ]
}

#[test]
fn hostile_inputs_of_every_sort_are_survived_in_every_language() {
    for (name, text) in extremes(1_000) {
        for which in 0..any_input::PATHS.len() {
            let started = Instant::now();
            any_input::analysis(&[&[u8::try_from(which).expect("few")][..], &text].concat());
            if started.elapsed() > Duration::from_secs(2) {
                println!("{name} in {} took {:?}", any_input::PATHS[which], started.elapsed());
            }
        }
    }
}

/// Not asserted: prints what four times the input costs, which is four times as much where the work is linear.
/// `cargo test --release -p analyzer --test fuzz -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn cost_by_size() {
    let cost = |which: usize, text: &[u8]| {
        let input = [&[u8::try_from(which).expect("few")][..], text].concat();
        let started = Instant::now();
        any_input::analysis(&input);
        started.elapsed().as_secs_f64()
    };
    for (index, (name, small)) in extremes(5_000).into_iter().enumerate() {
        let large = &extremes(20_000)[index].1;
        for (which, path) in any_input::PATHS.iter().enumerate() {
            let (once, more) = (cost(which, &small), cost(which, large));
            if more > 0.2 {
                println!("{name} in {path}: {once:.3} s, four times as much {more:.3} s: × {:.1}", more / once);
            }
        }
    }
}
