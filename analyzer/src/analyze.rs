//! From a source tree to a report.

use std::borrow::Cow;

use crate::assemble::Assembly;
use crate::build::{self, BuildFacts, InSource};
use crate::cython::{self, CythonFile};
use crate::effort::Effort;
use crate::embedded;
use crate::generated::Generated;
use crate::judge::{self, Expansions, Given, Judged, Locals, MemberNames, NearMacros, Project, Resolver};
use crate::lexer::{self, Directive, Names};
use crate::rust;
use crate::scan::{self, FastMap, Guard, Guards, Includes, Package, Regions, Syntax, Unit};
use crate::{Condition, Environment, Language, Report, SourceFile, SourceTree, origin, rules};

/// What is asked of the analyzer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The build asked about, if one is.
    pub environment: Option<Environment>,
    /// How much of the package is looked at.
    pub effort: Effort,
}

/// Analyses the tree. Never fails: what could not be told is in [`Report::problems`].
pub fn analyze(tree: &SourceTree, options: &Options) -> Report {
    let files: Vec<Candidate<'_>> = candidates(tree);
    let mut names = Names::within(options.effort);
    let mut assembly = Assembly::new(tree, options.effort);
    let generated = Generated::of(tree);
    let keywords = cython::Keywords::new(&mut names);
    let cython = cython_files(&files, &mut names);
    let c_files = c_files(&files, &cython, &keywords, &generated, &mut names);
    let build = build::facts(tree);
    let (package, mut guards) = judge_c(&c_files, &build, options.effort, &mut names, &mut assembly);
    let includable: Vec<bool> = c_files.iter().map(|file| file.is_includable).collect();
    let own = cython::Own { package: &package, includable: &includable };
    let (numbers, cython): (Vec<usize>, Vec<CythonFile<'_>>) = cython.into_iter().unzip();
    let judged = cython::judge(&cython, &keywords, &names, &own, &mut guards);
    for ((number, file), mut judged) in numbers.into_iter().zip(&cython).zip(judged) {
        if generated.has_cython(file.path) {
            judged.not_compiled();
        }
        assembly.add(number, file.source, judged, &names, &guards);
    }
    for file in files.iter().filter(|file| file.lexed == lexer::Language::Rust) {
        let tokens = lexer::lex(&file.source.bytes, lexer::Language::Rust, &mut names);
        let judged = rust::judge(&tokens, &names, &mut guards);
        assembly.add(file.number, &file.source.bytes, judged, &names, &guards);
    }
    if names.remaining.is_cut() {
        assembly.note_cut();
    }
    assembly.finish(&build, &generated, *options)
}

/// A file worth lexing.
struct Candidate<'a> {
    /// Its place in the tree.
    number: usize,
    source: &'a SourceFile,
    lexed: lexer::Language,
    /// C, not another language with C inside.
    is_plain: bool,
}

/// C to be judged: a file, or what is C inside one.
struct CFile<'a> {
    /// Its place in the tree.
    number: usize,
    source: &'a SourceFile,
    text: Cow<'a, [u8]>,
    lexed: lexer::Language,
    /// A header, or C inside another language: other files get its text.
    is_includable: bool,
    /// It is compiled as it is; else what is made of it is in the tree too.
    is_compiled: bool,
}

/// Files in which C API names can stand, and headers that may lead to one.
fn candidates(tree: &SourceTree) -> Vec<Candidate<'_>> {
    let has = |bytes: &[u8], text: &[u8], anywhere: bool| {
        let is_start = |at: usize| anywhere || at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        memchr::memmem::find_iter(bytes, text).any(is_start)
    };
    // A header is read as what it is included into.
    let cpp = tree.files.iter().any(|file| matches!(file.language(), Some(Language::Cpp | Language::CppHeader)));
    let candidate = |(number, source): (usize, &'_ SourceFile)| {
        let language = source.language()?;
        let lexed = match language {
            Language::C => lexer::Language::C,
            Language::CHeader | Language::CTemplate | Language::Swig | Language::Python if !cpp => lexer::Language::C,
            language if language.is_c_family() => lexer::Language::Cpp,
            Language::Swig | Language::Sip | Language::Python => lexer::Language::Cpp,
            Language::Cython | Language::CythonInclude => lexer::Language::Cython,
            Language::Rust if rust::may_use(&source.bytes) => lexer::Language::Rust,
            _ => return None,
        };
        let is_header = matches!(language, Language::CHeader | Language::CppHeader);
        let bytes = &source.bytes;
        // `COPY_` is no name of Python's, but a header that defines `NPY_X` may decide an `#if`.
        let anywhere = !matches!(language, Language::C | Language::Cpp);
        let passes = has(bytes, b"Py", anywhere) || has(bytes, b"PY_", anywhere) || is_header && includes_py(bytes);
        passes.then_some((number, lexed, language.is_c_family()))
    };
    let numbered = tree.files.iter().enumerate();
    let passing = numbered.filter_map(|(number, source)| {
        let (number, lexed, is_plain) = candidate((number, source))?;
        Some(Candidate { number, source, lexed, is_plain })
    });
    // Whatever the order of the tree, the analysis has one of its own.
    let mut passing: Vec<Candidate<'_>> = passing.collect();
    passing.sort_by_key(|file| &file.source.path);
    passing
}

/// The Cython files, lexed, with their places in the tree.
fn cython_files<'a>(files: &[Candidate<'a>], names: &mut Names) -> Vec<(usize, CythonFile<'a>)> {
    let cython = files.iter().filter(|file| file.lexed == lexer::Language::Cython);
    let lexed = cython.map(|file| {
        let source = file.source.bytes.as_ref();
        let tokens = lexer::lex(source, lexer::Language::Cython, names);
        (file.number, CythonFile { path: &file.source.path, source, tokens })
    });
    lexed.collect()
}

/// All C: files, and what is C inside files of other languages.
fn c_files<'a>(
    files: &[Candidate<'a>],
    cython: &[(usize, CythonFile<'a>)],
    keywords: &cython::Keywords,
    generated: &Generated,
    names: &mut Names,
) -> Vec<CFile<'a>> {
    let cpp = files.iter().any(|file| file.is_plain && file.lexed == lexer::Language::Cpp);
    let mut cython = cython.iter();
    let found = files.iter().filter_map(|file| {
        let is_cython = file.lexed == lexer::Language::Cython;
        let text = match file {
            _ if is_cython => Cow::Owned(cython::verbatim_c(&cython.next()?.1, keywords)?),
            file if file.is_plain => Cow::Borrowed(file.source.bytes.as_ref()),
            file => Cow::Owned(embedded::c_inside(file.source, names)?),
        };
        let path = file.source.path.as_str();
        let is_made = !file.is_plain && if is_cython { generated.has_cython(path) } else { generated.has(path) };
        let language = file.source.language();
        Some(CFile {
            number: file.number,
            source: file.source,
            text,
            lexed: match file.lexed {
                lexer::Language::Cython if cpp => lexer::Language::Cpp,
                lexer::Language::Cython => lexer::Language::C,
                lexed => lexed,
            },
            is_includable: is_cython || matches!(language, Some(Language::CHeader | Language::CppHeader)),
            is_compiled: !is_made,
        })
    });
    found.collect()
}

/// Whether some `#include` names a file with `py` in it: the way to Python.h may go through such a header.
fn includes_py(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"py").any(|at| {
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        memchr::memmem::find(&bytes[start..at], b"include").is_some()
    })
}

/// Judges all C together; also gives what the package declares, and the conditions so far.
fn judge_c(
    files: &[CFile<'_>],
    build: &BuildFacts,
    effort: Effort,
    names: &mut Names,
    assembly: &mut Assembly<'_>,
) -> (Package, Guards) {
    let sources: Vec<&[u8]> = files.iter().map(|file| &*file.text).collect();
    let paths: Vec<&str> = files.iter().map(|file| file.source.path.as_str()).collect();
    let units: Vec<Unit> = files.iter().map(|file| Unit::new(&file.text, file.lexed, names)).collect();
    let includes = Includes::new(&units, &paths, &sources, &build.folders);
    let mut guards = Guards::default();
    let regions = scan::regions(&units, &paths, &sources, names, &includes, build, &mut guards);
    assembly.defines(defined_abis(files, &units, &includes, &regions, &guards, names));
    let mut package = declarations(&units, &sources, &includes, &regions, names);
    package.tests = paths.iter().map(|path| origin::is_test_or_doc(path)).collect();
    let builds = |text: &str| text.parse().unwrap_or_else(|_| Condition::unknown());
    let debug = guards.number(builds("debug"));
    let mut resolver = Resolver::default();
    let mut member_names = MemberNames::default();
    let mut expansions = Expansions::new(&package, &units);
    let mut project = Project {
        names,
        package: &package,
        units: &units,
        guards: &mut guards,
        resolver: &mut resolver,
        given: Given::default(),
        expansions: &mut expansions,
        member_names: &mut member_names,
        near: NearMacros::default(),
        locals: Locals::default(),
        remaining: FastMap::default(),
        prototypes: hashbrown::HashSet::default(),
        kept: FastMap::default(),
        debug,
        limited: builds("limited"),
        values: FastMap::default(),
        values_asked: 0,
        expansion_left: judge::MAX_EXPANSION,
        findings_left: effort.findings(),
        elsewhere: Vec::new(),
    };
    let mut judged: Vec<Judged> = Vec::with_capacity(units.len());
    for (number, unit) in (0..).zip(&units) {
        let index = judged.len();
        judged.push(judge::judge_file(&mut project, unit, number, &regions[index], sources[index]));
    }
    project.expansions.spread();
    for (number, unit) in (0..).zip(&units) {
        judge::judge_macros(&mut project, unit, number, &mut judged[number as usize]);
    }
    rules::made::add_elsewhere(std::mem::take(&mut project.elsewhere), &mut judged);
    for (file, finding) in judge::named_members(&mut project) {
        judged[file as usize].findings.push(finding);
    }
    let names = &*project.names;
    let guards_so_far = &*project.guards;
    for (file, mut judged) in files.iter().zip(judged) {
        rules::static_type::settle(&mut judged);
        if !file.is_compiled {
            judged.not_compiled();
        }
        assembly.add(file.number, &file.source.bytes, judged, names, guards_so_far);
    }
    drop(expansions);
    (package, guards)
}

/// Where the C asks for a stable ABI. A header that no code of the package includes is for code of others.
fn defined_abis(
    files: &[CFile<'_>],
    units: &[Unit],
    includes: &Includes,
    regions: &[Regions],
    guards: &Guards,
    names: &Names,
) -> Vec<InSource> {
    let mut found = Vec::new();
    if ![&b"Py_LIMITED_API"[..], b"Py_TARGET_ABI3T"].iter().any(|name| names.get(name).is_some()) {
        return found;
    }
    let is_compiled = |file: &u32| {
        let path = files.get(*file as usize).map_or("", |file| &file.source.path);
        !origin::is_test_or_doc(path)
    };
    let reached: std::collections::HashSet<u32> = (0..)
        .zip(units)
        .filter(|(file, _)| is_compiled(file))
        .flat_map(|(file, unit)| {
            let lines = unit.lines.iter().enumerate().filter(|(_, line)| line.directive == Directive::Include);
            lines.flat_map(move |(line, _)| includes.of(file, line).iter().copied())
        })
        .collect();
    for (number, (file, unit)) in (0..).zip(files.iter().zip(units)) {
        let is_header = matches!(file.source.language(), Some(Language::CHeader | Language::CppHeader));
        if !is_header || reached.contains(&number) {
            let condition = |guard| guards.condition(guard).clone();
            let lines = &regions[number as usize].lines;
            build::macro_of_source(unit, &file.text, names, lines, condition, file.number, &mut found);
        }
    }
    found
}

/// Reads the declarations of one file, for the fuzzers.
pub(crate) fn declare_one(source: &[u8], language: lexer::Language) {
    let mut names = Names::default();
    let (units, sources) = ([Unit::new(source, language, &mut names)], [source]);
    let (paths, build) = (["a.c"], BuildFacts::default());
    let includes = Includes::new(&units, &paths, &sources, &build.folders);
    let regions = scan::regions(&units, &paths, &sources, &names, &includes, &build, &mut Guards::default());
    declarations(&units, &sources, &includes, &regions, &names);
}

/// The first pass over every file.
fn declarations(units: &[Unit], sources: &[&[u8]], includes: &Includes, regions: &[Regions], names: &Names) -> Package {
    let mut package = Package::new(includes.reach(units));
    package.assert = names.get(b"assert");
    package.drops.extend(package.assert.map(|assert| (assert, ())));
    for (file, unit) in (0..).zip(units) {
        let regions = &regions[file as usize];
        let internal: Vec<Guard> = internal_includes(unit, sources[file as usize], regions).collect();
        if !internal.is_empty() {
            package.includes_internals(file);
        }
        package.internal_files.extend(internal.into_iter().map(|guard| (file, guard)));
        package.keeps_asserts.extend(scan::undefines_ndebug(unit, file, regions, names));
        scan::collect_macros(unit, sources[file as usize], file, regions, names, &mut package);
        let syntax = Syntax::new(&unit.code, names, unit.cpp);
        scan::collect(unit, file, regions, syntax, &mut package);
    }
    scan::spread_makers(units, names, &mut package);
    scan::spread_member_parameters(units, names, &mut package);
    package
}

/// When a file includes what CPython keeps for itself.
fn internal_includes<'a>(
    unit: &'a Unit,
    source: &'a [u8],
    regions: &'a Regions,
) -> impl Iterator<Item = Guard> + use<'a> {
    let lines = unit.lines.iter().zip(&regions.lines).filter(|(line, _)| line.directive == Directive::Include);
    let internal = lines.filter(move |(line, _)| scan::included(line, source).is_some_and(capi::is_internal_header));
    internal.map(|(_, &guard)| guard)
}
