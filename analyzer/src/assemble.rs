//! From findings, file by file, to the report: sites counted together, in an order that nothing else decides.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::build::{BuildFacts, InSource};
use crate::condition::{Truth, World};
use crate::effort::Effort;
use crate::generated::Generated;
use crate::judge::{Finding, Judged, Name, Part};
use crate::lexer::Names;
use crate::report::{Accesses, Certainty, Kind};
use crate::scan::Guards;
use crate::verdict::{self, Facts};
use crate::{Condition, Environment, Options, Origin, Problem, Report, Site, SourceTree, TreeFacts, Use};
use crate::{build, content, origin, structures};

/// What makes two sites one use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    kind: Kind,
    name: String,
    structure: Option<&'static str>,
    path: Option<&'static str>,
    access: Accesses,
    origin: Origin,
    condition: Condition,
    certainty: Certainty,
    /// In which builds it counts.
    part: Part<Condition>,
}

/// A site whose file is told by its place in the tree.
#[derive(Debug, Clone, Copy)]
struct Place {
    file: usize,
    line: u32,
    column: u32,
    expansions: u32,
}

/// A report in the making.
pub(crate) struct Assembly<'a> {
    origins: Vec<Origin>,
    tree: &'a SourceTree,
    uses: HashMap<Key, Vec<Place>, FxBuildHasher>,
    unresolved: BTreeMap<String, u64>,
    /// When an `#error` ends the build.
    errors: Vec<Condition>,
    /// Macros that ask for a stable ABI, as the C defines them.
    in_source: Vec<InSource>,
    /// Findings that still have room.
    room: usize,
    /// Not everything was looked at.
    is_cut: bool,
}

impl<'a> Assembly<'a> {
    /// An empty one for `tree`.
    pub(crate) fn new(tree: &'a SourceTree, effort: Effort) -> Self {
        Self {
            origins: origin::origins(tree),
            tree,
            uses: HashMap::default(),
            unresolved: BTreeMap::new(),
            errors: Vec::new(),
            in_source: Vec::new(),
            room: effort.findings(),
            is_cut: false,
        }
    }

    /// Adds what one file gave.
    pub(crate) fn add(&mut self, file: usize, source: &[u8], judged: Judged, names: &Names, guards: &Guards) {
        for (name, count) in judged.unresolved {
            *self.unresolved.entry(name).or_default() += count;
        }
        if self.origins[file].class != crate::OriginClass::TestOrDoc {
            self.errors.extend(judged.errors.iter().map(|&guard| guards.condition(guard).clone()));
        }
        let mut findings = judged.findings;
        self.is_cut |= findings.len() > self.room;
        findings.truncate(self.room);
        self.room -= findings.len();
        findings.sort_by_key(|finding| finding.offset);
        let mut lines = LineCounter::new(source);
        // Few groups have many sites: what makes a group is put into words once.
        let mut groups: HashMap<Finding, Vec<Place>, FxBuildHasher> = HashMap::default();
        for finding in findings {
            let (line, column) = lines.position(finding.offset as usize);
            let place = Place { file, line, column, expansions: finding.expansions };
            groups.entry(Finding { offset: 0, expansions: 0, ..finding }).or_default().push(place);
        }
        for (finding, sites) in groups {
            let key = self.key(file, source, &finding, names, guards);
            self.uses.entry(key).or_default().extend(sites);
        }
    }

    /// Not everything of the package was looked at.
    pub(crate) fn note_cut(&mut self) {
        self.is_cut = true;
    }

    /// Macros that the C defines and that ask for a stable ABI.
    pub(crate) fn defines(&mut self, found: Vec<InSource>) {
        self.in_source = found;
    }

    fn key(&self, file: usize, source: &[u8], finding: &Finding, names: &Names, guards: &Guards) -> Key {
        let name = match finding.name {
            Name::Known(name) => name.to_owned(),
            Name::Own(sym) => names.text(sym).into_owned(),
            Name::Text(from, to) => {
                let text = source.get(from as usize..to as usize).unwrap_or_default();
                String::from_utf8_lossy(text).into_owned()
            }
        };
        Key {
            kind: finding.kind,
            name,
            structure: finding.structure,
            path: finding.path,
            access: finding.access,
            origin: self.origins[file].clone(),
            condition: guards.condition(finding.guard).clone(),
            certainty: finding.certainty,
            part: finding.part.map(|guard| guards.condition(guard).clone()),
        }
    }

    /// The report.
    pub(crate) fn finish(self, build: &BuildFacts, generated: &Generated, options: Options) -> Report {
        let tree = self.tree;
        let (files, found) = self.uses(options.environment.as_ref());
        let tools = build::tools(tree, &self.origins, build);
        let needed = counted(&found, Part::needed);
        let seen = counted(&found, Part::compiled);
        let missing = found.iter().filter_map(|(found, part)| narrowed(found, part.missing.as_ref()?));
        let missing: Vec<Use> = missing.collect();
        let facts = Facts {
            uses: &needed,
            missing: &missing,
            errors: &self.errors,
            tools: &tools,
            tree,
            origins: &self.origins,
            generated,
            is_cut: self.is_cut,
            environment: options.environment,
        };
        let verdicts = verdict::verdicts(&facts);
        let structures = structures::count(&seen, options.environment.as_ref());
        let uses = merged(found.into_iter().map(|(found, _)| found));
        let declarations = build::declarations(tree, &self.origins, &self.in_source, &uses, &files);
        Report {
            schema_version: crate::SCHEMA_VERSION,
            analyzer_version: crate::ANALYZER_VERSION.to_owned(),
            capi_version: capi::DATA_VERSION.to_owned(),
            sdist: tree.name.clone(),
            tree: TreeFacts::of(tree),
            structures,
            floor: verdict::floor(&verdicts),
            tools,
            declarations,
            contents: content::hashes(tree, &files),
            files,
            uses,
            verdicts,
            unresolved: self.unresolved,
            problems: problems(tree, self.is_cut),
        }
    }

    /// The files that have sites, and the uses, both sorted.
    fn uses(&self, environment: Option<&Environment>) -> (Vec<String>, Vec<(Use, Part<Condition>)>) {
        let mut has_sites = vec![false; self.tree.files.len()];
        self.uses.values().flatten().for_each(|site| has_sites[site.file] = true);
        let mut numbers: Vec<usize> = (0..has_sites.len()).filter(|&number| has_sites[number]).collect();
        numbers.sort_unstable_by_key(|&number| (&self.tree.files[number].path, number));
        let mut places = vec![0; self.tree.files.len()];
        numbers.iter().zip(0..).for_each(|(&number, place)| places[number] = place);
        let files = numbers.iter().map(|&number| self.tree.files[number].path.clone()).collect();
        let mut keys: Vec<&Key> = self.uses.keys().collect();
        keys.sort_unstable();
        let world = environment.map(World::from);
        let uses = keys.into_iter().map(|key| {
            let sites = self.uses.get(key).into_iter().flatten();
            let sites = sites.map(|&Place { file, line, column, expansions }| Site {
                file: places[file],
                line,
                column,
                expansions,
            });
            (make_use(key, sites.collect(), world.as_ref()), key.part.clone())
        });
        (files, uses.collect())
    }
}

/// The uses that count in the builds that `part` gives, or wherever they are kept.
fn counted(found: &[(Use, Part<Condition>)], part: fn(&Part<Condition>) -> Option<&Condition>) -> Vec<Cow<'_, Use>> {
    let count = |(found, of)| match part(of) {
        Some(condition) => narrowed(found, condition).map(Cow::Owned),
        None => Some(Cow::Borrowed(found)),
    };
    found.iter().filter_map(|(found, part)| count((found, part))).collect()
}

/// A use as of the builds of `condition`.
fn narrowed(found: &Use, condition: &Condition) -> Option<Use> {
    (!condition.is_never()).then(|| Use { condition: condition.clone(), ..found.clone() })
}

fn make_use(key: &Key, mut sites: Vec<Site>, world: Option<&World>) -> Use {
    sites.sort_unstable();
    sites.dedup();
    let active = world.and_then(|world| match key.condition.eval(world) {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    });
    Use {
        kind: key.kind,
        name: key.name.clone(),
        structure: key.structure.map(str::to_owned),
        member_path: key.path.map(str::to_owned),
        access: key.access,
        origin: key.origin.clone(),
        condition: key.condition.clone(),
        active,
        certainty: key.certainty,
        sites,
    }
}

/// Joins neighbours that differ in nothing but their sites.
fn merged(uses: impl Iterator<Item = Use>) -> Vec<Use> {
    let mut merged: Vec<Use> = Vec::new();
    for found in uses {
        match merged.last_mut() {
            Some(last) if same(last, &found) => {
                last.sites.extend(found.sites);
                last.sites.sort_unstable();
            }
            _ => merged.push(found),
        }
    }
    merged
}

fn same(a: &Use, b: &Use) -> bool {
    let key = |of: &Use| (of.kind, of.access, of.certainty);
    key(a) == key(b)
        && (&a.name, &a.structure, &a.member_path) == (&b.name, &b.structure, &b.member_path)
        && (&a.origin, &a.condition) == (&b.origin, &b.condition)
}

fn problems(tree: &SourceTree, is_cut: bool) -> Vec<Problem> {
    let cut = is_cut.then(|| Problem { path: None, message: crate::report::CUT.to_owned() });
    let skipped =
        tree.skipped.iter().map(|(path, reason)| Problem { path: Some(path.clone()), message: reason.clone() });
    let mut problems: Vec<Problem> = skipped.chain(cut).collect();
    problems.sort();
    problems
}

/// Turns ascending offsets into lines and columns, reading the source once.
struct LineCounter<'a> {
    source: &'a [u8],
    line: u32,
    line_start: usize,
    /// No line ends between the line's start and here.
    read: usize,
}

impl<'a> LineCounter<'a> {
    fn new(source: &'a [u8]) -> Self {
        Self { source, line: 1, line_start: 0, read: 0 }
    }

    fn position(&mut self, offset: usize) -> (u32, u32) {
        while let Some(step) = memchr::memchr(b'\n', self.source.get(self.read..offset).unwrap_or_default()) {
            self.read += step + 1;
            self.line_start = self.read;
            self.line += 1;
        }
        self.read = self.read.max(offset);
        let column = offset.saturating_sub(self.line_start) + 1;
        (self.line, u32::try_from(column).unwrap_or(u32::MAX))
    }
}
