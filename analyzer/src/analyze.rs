//! From a source tree to a report.

use std::collections::HashSet;

use crate::assemble::Assembly;
use crate::judge::{self, Expansions, Judged, MemberNames, Project, Resolver};
use crate::lexer::{self, Directive, Names};
use crate::scan::{self, FastMap, Guards, Includes, Package, Regions, Syntax, Unit};
use crate::verdict::stem;
use crate::{Environment, Language, Report, SourceFile, SourceTree, rules};

/// What is asked of the analyzer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The build asked about, if one is.
    pub environment: Option<Environment>,
}

/// Analyses the tree. Never fails: what could not be told is in [`Report::problems`].
pub fn analyze(tree: &SourceTree, options: &Options) -> Report {
    let files: Vec<Candidate<'_>> = candidates(tree);
    let mut names = Names::default();
    let mut assembly = Assembly::new(tree);
    let is_c = |file: &&SourceFile| matches!(file.language(), Some(Language::C | Language::Cpp));
    let generated: HashSet<&str> = tree.files.iter().filter(is_c).map(|file| stem(&file.path)).collect();
    for file in files.iter().filter(|file| file.lexed == lexer::Language::Cython) {
        let tokens = lexer::lex(&file.source.bytes, file.lexed, &mut names);
        let mut judged = rules::cython::check(&tokens, &names, &file.source.bytes);
        if generated.contains(stem(&file.source.path)) {
            // What is compiled is the C that Cython made of it.
            judged.findings.iter_mut().for_each(|finding| finding.expanded = false);
        }
        assembly.add(file.number, &file.source.bytes, judged, &names, &Guards::default());
    }
    let c_files: Vec<&Candidate<'_>> = files.iter().filter(|file| file.lexed != lexer::Language::Cython).collect();
    judge_c(&c_files, &mut names, &mut assembly);
    assembly.finish(tree, *options)
}

/// A file worth lexing.
struct Candidate<'a> {
    /// Its place in the tree.
    number: usize,
    source: &'a SourceFile,
    lexed: lexer::Language,
}

/// Files in which C API names can stand, and headers that may lead to one.
fn candidates(tree: &SourceTree) -> Vec<Candidate<'_>> {
    let has = |bytes: &[u8], text: &[u8]| memchr::memmem::find(bytes, text).is_some();
    // A header is read as what it is included into.
    let cpp = tree.files.iter().any(|file| matches!(file.language(), Some(Language::Cpp | Language::CppHeader)));
    let candidate = |(number, source): (usize, &'_ SourceFile)| {
        let language = source.language()?;
        let lexed = match language {
            Language::C => lexer::Language::C,
            Language::CHeader | Language::CTemplate if !cpp => lexer::Language::C,
            Language::Cpp | Language::CHeader | Language::CppHeader | Language::CTemplate => lexer::Language::Cpp,
            Language::Cython | Language::CythonInclude => lexer::Language::Cython,
            _ => return None,
        };
        let is_header = matches!(language, Language::CHeader | Language::CppHeader);
        let bytes = &source.bytes;
        let passes = has(bytes, b"Py") || has(bytes, b"PY_") || is_header && includes_py(bytes);
        passes.then_some((number, lexed))
    };
    let numbered = tree.files.iter().enumerate();
    let passing = numbered.filter_map(|(number, source)| {
        let (number, lexed) = candidate((number, source))?;
        Some(Candidate { number, source, lexed })
    });
    // Whatever the order of the tree, the analysis has one of its own.
    let mut passing: Vec<Candidate<'_>> = passing.collect();
    passing.sort_by_key(|file| &file.source.path);
    passing
}

/// Whether some `#include` names a file with `py` in it: the way to Python.h may go through such a header.
fn includes_py(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"py").any(|at| {
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        memchr::memmem::find(&bytes[start..at], b"include").is_some()
    })
}

fn judge_c(files: &[&Candidate<'_>], names: &mut Names, assembly: &mut Assembly<'_>) {
    let sources: Vec<&[u8]> = files.iter().map(|file| file.source.bytes.as_slice()).collect();
    let paths: Vec<&str> = files.iter().map(|file| file.source.path.as_str()).collect();
    let units: Vec<Unit> = files.iter().map(|file| Unit::new(&file.source.bytes, file.lexed, names)).collect();
    let includes = Includes::new(&units, &paths, &sources);
    let mut guards = Guards::default();
    let regions = scan::regions(&units, &paths, &sources, names, &includes, &mut guards);
    let package = declarations(&units, &sources, &includes, &regions, names);
    let mut resolver = Resolver::default();
    let mut arguments = FastMap::default();
    let (mut free, mut member_names) = (FastMap::default(), MemberNames::default());
    let mut expansions = Expansions::new(&package, &units);
    let mut project = Project {
        names,
        package: &package,
        units: &units,
        guards: &mut guards,
        resolver: &mut resolver,
        arguments: &mut arguments,
        free: &mut free,
        expansions: &mut expansions,
        member_names: &mut member_names,
        remaining: FastMap::default(),
        values: FastMap::default(),
        values_asked: 0,
        expansion_left: judge::MAX_EXPANSION,
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
    let guards = &*project.guards;
    for ((file, source), mut judged) in files.iter().zip(&sources).zip(judged) {
        rules::static_type::settle(&mut judged);
        assembly.add(file.number, source, judged, names, guards);
    }
}

/// The first pass over every file.
fn declarations(units: &[Unit], sources: &[&[u8]], includes: &Includes, regions: &[Regions], names: &Names) -> Package {
    let mut package = Package::new(includes.reach(units));
    for (file, unit) in (0..).zip(units) {
        let regions = &regions[file as usize];
        if includes_internals(unit, sources[file as usize]) {
            package.includes_internals(file);
        }
        scan::collect_macros(unit, sources[file as usize], file, regions, names, &mut package);
        let syntax = Syntax::new(&unit.code, names, unit.cpp);
        scan::collect(unit, file, regions, syntax, &mut package);
    }
    scan::spread_makers(units, names, &mut package);
    scan::spread_member_parameters(units, names, &mut package);
    package
}

/// Whether a file includes what CPython keeps for itself.
fn includes_internals(unit: &Unit, source: &[u8]) -> bool {
    let lines = unit.lines.iter().filter(|line| line.directive == Directive::Include);
    let mut headers = lines.filter_map(|line| scan::included(line, source));
    headers.any(capi::is_internal_header)
}
