//! `cargo xtask score`: the analyzer's findings beside what a compiler saw, in figures.
//!
//! The facts are in `analyzer/truth/`, whose README says how they were made and what counts. The analyzer's output is
//! judged as it is printed: through the lines of `scan --format jsonl`.

mod facts;
mod findings;
mod goals;
mod judge;
mod lines;
mod misses;
mod page;
mod run;
mod scan;
mod sheet;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod truth;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use rayon::prelude::*;

use self::judge::{Known, judge};
use self::misses::Explanations;
use self::run::Run;
use self::truth::Truth;
use crate::workspace;

/// What `cargo xtask score` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct ScoreArgs {
    /// Folder with the sdists of corpus/packages.json; those that the truth is about are scanned.
    #[arg(value_name = "SDISTS_DIR", required_unless_present = "judge")]
    sdists: Option<PathBuf>,
    /// Judge this output of `abiscope scan --on platform=linux --format jsonl` instead of scanning.
    #[arg(long, value_name = "FILE", conflicts_with = "sdists")]
    judge: Option<PathBuf>,
    /// Only these packages; analyzer/SCORE.md is left as it is.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    packages: Vec<String>,
    /// Write what was judged to this file.
    #[arg(long, value_name = "FILE")]
    findings: Option<PathBuf>,
    /// Write every miss and false alarm to this file, as JSON Lines.
    #[arg(long, value_name = "FILE")]
    misses: Option<PathBuf>,
}

/// Runs the command. The page is kept only if the analyzer was run over every package of the truth.
pub(crate) fn run(args: &ScoreArgs) -> anyhow::Result<()> {
    let analyzer = workspace::root().join("analyzer");
    let mut truths = wanted(truths(&analyzer.join("truth"))?, &args.packages)?;
    let all = truths.len();
    if let Some(folder) = &args.sdists {
        truths.retain(|truth| folder.join(&truth.sdist).exists());
        ensure!(!truths.is_empty(), "{} has none of the sdists asked for", folder.display());
    }
    let lines = lines(args, &truths)?;
    let run = judge_all(&truths, &lines, &facts::read(&analyzer.join("truth/_cpython_names.json.gz"))?)?;
    println!("{}", page::figures(&run));
    write_asked_for(args, &run, &lines)?;
    if args.judge.is_some() || !args.packages.is_empty() {
        return Ok(());
    }
    ensure!(truths.len() == all, "SCORE.md is left as it is: of {all} sdists {} are in the folder", truths.len());
    keep(&run, &analyzer)
}

/// Judges every package.
fn judge_all(truths: &[Truth], lines: &[u8], known: &Known) -> anyhow::Result<Run> {
    let found = findings::read(lines, truths)?;
    Ok(Run::new(truths.iter().zip(&found).map(|(truth, found)| judge(truth, found, known)).collect()))
}

/// Writes `SCORE.md`, with the explanations.
fn keep(run: &Run, analyzer: &Path) -> anyhow::Result<()> {
    let explanations = Explanations::read(&analyzer.join("score-misses.toml"))?;
    let groups = misses::group(run.misses(), &explanations);
    for explanation in explanations.unneeded(&groups) {
        eprintln!("score-misses.toml explains what is no longer there: {explanation}");
    }
    let page = analyzer.join("SCORE.md");
    std::fs::write(&page, page::page(run, &groups)).with_context(|| format!("writing {}", page.display()))?;
    println!("{}: {} rows of misses", page.display(), groups.len());
    Ok(())
}

/// The truth about every package, by name.
fn truths(folder: &Path) -> anyhow::Result<Vec<Truth>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    let is_package = |name: &str| name.ends_with(".json.gz") && !name.starts_with('_');
    paths.retain(|path| path.file_name().is_some_and(|name| is_package(&name.to_string_lossy())));
    paths.sort();
    paths.iter().map(|path| Truth::read(path)).collect()
}

/// Those that were asked for: all, if none was named.
fn wanted(mut truths: Vec<Truth>, names: &[String]) -> anyhow::Result<Vec<Truth>> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', '.'], "");
    if let Some(name) = names.iter().find(|name| !truths.iter().any(|truth| plain(&truth.package) == plain(name))) {
        bail!("there is no truth about {name} in analyzer/truth");
    }
    truths.retain(|truth| names.is_empty() || names.iter().any(|name| plain(&truth.package) == plain(name)));
    Ok(truths)
}

/// What the analyzer says, one record a line.
fn lines(args: &ScoreArgs, truths: &[Truth]) -> anyhow::Result<Vec<u8>> {
    if let Some(file) = &args.judge {
        return std::fs::read(file).with_context(|| format!("reading {}", file.display()));
    }
    let folder = args.sdists.as_deref().unwrap_or(Path::new("."));
    let lines = truths.par_iter().map(|truth| scan::lines(&folder.join(&truth.sdist)));
    Ok(lines.collect::<anyhow::Result<Vec<_>>>()?.concat())
}

fn write_asked_for(args: &ScoreArgs, run: &Run, lines: &[u8]) -> anyhow::Result<()> {
    if let Some(path) = &args.findings {
        std::fs::write(path, lines).with_context(|| format!("writing {}", path.display()))?;
    }
    if let Some(path) = &args.misses {
        let mut misses = Vec::new();
        for miss in run.misses() {
            serde_json::to_writer(&mut misses, miss)?;
            misses.push(b'\n');
        }
        std::fs::write(path, misses).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}
