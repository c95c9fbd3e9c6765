//! Which files of the package include which.
//!
//! A name is looked for beside the including file, then in the include folders that the build names, then as the end of
//! any path in the package: folders that are worked out while building are not known.

use std::collections::BTreeSet;

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use crate::Language;
use crate::lexer::Directive;

use super::package::{FastMap, FileId};
use super::unit::{Unit, included};

/// Files with the same ending that one include may mean.
const MAX_CANDIDATES: usize = 4;

/// Files included by more than these have no context in common worth the work.
const MAX_INCLUDERS: usize = 32;
/// Pairs of a file and one whose text it has; the largest of real packages has 14,000. Beyond, only files that are included
/// directly count.
const MAX_REACH: usize = 2_000_000;

/// The includes of a package.
#[derive(Debug, Default)]
pub(crate) struct Includes {
    /// The files meant by a line, by file and line number.
    lines: FastMap<(FileId, usize), Vec<FileId>>,
    /// Every file after those that it includes, as far as there is such an order.
    pub(crate) order: Vec<FileId>,
}

impl Includes {
    /// Reads the includes of all `units`, whose `paths` and `sources` are in the same order; `folders` are the include
    /// folders that the build names.
    pub(crate) fn new(units: &[Unit], paths: &[&str], sources: &[&[u8]], folders: &BTreeSet<String>) -> Self {
        let mut by_name: FastMap<&str, Vec<FileId>> = FastMap::default();
        let paths = &built_names(paths);
        for (path, file) in paths.iter().zip(0..) {
            by_name.entry(file_name(path)).or_default().push(file);
        }
        let mut includes = Self::default();
        for (unit, file) in units.iter().zip(0..) {
            for (number, line) in unit.lines.iter().enumerate() {
                if line.directive == Directive::Include
                    && let Some(name) = included(line, sources[file as usize])
                {
                    let found = find(name, paths[file as usize], paths, &by_name, folders);
                    if !found.is_empty() {
                        includes.lines.insert((file, number), found);
                    }
                }
            }
        }
        includes.order = includes.sorted(units);
        includes
    }

    /// The files that line `number` of `file` includes.
    pub(crate) fn of(&self, file: FileId, number: usize) -> &[FileId] {
        self.lines.get(&(file, number)).map_or(&[], Vec::as_slice)
    }

    fn direct(&self, units: &[Unit]) -> Vec<Vec<FileId>> {
        let lines = units.iter().zip(0..).map(|(unit, file)| {
            let numbers = 0..unit.lines.len();
            numbers.flat_map(|number| self.of(file, number).iter().copied()).collect()
        });
        lines.collect()
    }

    /// Depth first, with a stack of our own: inclusion may be as deep as there are files.
    fn sorted(&self, units: &[Unit]) -> Vec<FileId> {
        let direct = self.direct(units);
        let mut order = Vec::with_capacity(units.len());
        let mut seen = vec![false; units.len()];
        for root in 0..units.len() {
            let mut stack = vec![(root, 0)];
            if std::mem::replace(&mut seen[root], true) {
                continue;
            }
            while let Some((file, next)) = stack.pop() {
                if let Some(&child) = direct[file].get(next) {
                    stack.push((file, next + 1));
                    if !std::mem::replace(&mut seen[child as usize], true) {
                        stack.push((child as usize, 0));
                    }
                } else {
                    order.push(u32::try_from(file).unwrap_or(u32::MAX));
                }
            }
        }
        order
    }

    /// For each file, all files whose text it has.
    pub(crate) fn reach(&self, units: &[Unit]) -> Vec<HashSet<FileId, FxBuildHasher>> {
        let direct = self.direct(units);
        let mut left = MAX_REACH;
        let mut one = |root: usize| {
            let mut reached = HashSet::default();
            let mut waiting = vec![u32::try_from(root).unwrap_or(u32::MAX)];
            while let Some(file) = waiting.pop() {
                if reached.insert(file) && left > 0 {
                    left -= 1;
                    waiting.extend(&direct[file as usize]);
                }
            }
            reached
        };
        let mut reach: Vec<_> = (0..units.len()).map(&mut one).collect();
        self.add_context(&direct, left, &mut reach);
        reach
    }

    /// What a file is included into is in force in it too, as far as all that include it agree.
    fn add_context(&self, direct: &[Vec<FileId>], mut left: usize, reach: &mut [HashSet<FileId, FxBuildHasher>]) {
        let mut includers: Vec<Vec<usize>> = vec![Vec::new(); direct.len()];
        for (file, included) in direct.iter().enumerate() {
            for &inner in included {
                includers[inner as usize].push(file);
            }
        }
        // Backwards, files that include come before those that are included.
        for &file in self.order.iter().rev() {
            let Some((&first, others)) = includers[file as usize].split_first() else {
                continue;
            };
            if others.len() > MAX_INCLUDERS {
                continue;
            }
            let mut common = reach[first].clone();
            common.retain(|seen| others.iter().all(|&other| reach[other].contains(seen)));
            left = left.saturating_sub(common.len());
            if left == 0 {
                return;
            }
            reach[file as usize].extend(common);
        }
    }
}

/// The paths under which files are included: a template without its last ending, unless that file is there too.
fn built_names<'a>(paths: &[&'a str]) -> Vec<&'a str> {
    let existing: HashSet<&str, FxBuildHasher> = paths.iter().copied().collect();
    let built = paths.iter().map(|path| match Language::of(path) {
        Some(Language::CTemplate) => {
            let built = path.rfind('.').map_or(*path, |dot| &path[..dot]);
            if existing.contains(built) { path } else { built }
        }
        _ => *path,
    });
    built.collect()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The files that `name` may mean in the file at `from`.
fn find(
    name: &str,
    from: &str,
    paths: &[&str],
    by_name: &FastMap<&str, Vec<FileId>>,
    folders: &BTreeSet<String>,
) -> Vec<FileId> {
    let name = name.trim_start_matches("./");
    let Some(candidates) = by_name.get(file_name(name)) else {
        return Vec::new();
    };
    let folder = from.rfind('/').map_or("", |slash| &from[..=slash]);
    let beside = candidates.iter().find(|&&file| paths[file as usize].strip_prefix(folder) == Some(name));
    if let Some(&file) = beside {
        return vec![file];
    }
    if candidates.len() > 1 {
        let is_named = |path: &str| {
            path.strip_suffix(name).is_some_and(|folder| match folder.strip_suffix('/') {
                Some(folder) => folders.contains(folder),
                None => folder.is_empty() && folders.contains(folder),
            })
        };
        let named = candidates.iter().copied().filter(|&file| is_named(paths[file as usize]));
        let named: Vec<FileId> = named.take(MAX_CANDIDATES).collect();
        if !named.is_empty() {
            return named;
        }
    }
    // `../x.h` and `pkg/x.h` match by what is left without the way up.
    let tail = name.rsplit("../").next().unwrap_or(name);
    let ends = |path: &str| path.strip_suffix(tail).is_some_and(|head| head.is_empty() || head.ends_with('/'));
    let matching = candidates.iter().copied().filter(|&file| ends(paths[file as usize]));
    matching.take(MAX_CANDIDATES).collect()
}
