//! `abiscope scan`: sdists and folders on this machine, without network and database.

mod blockers;
mod inputs;
mod jsonl;
mod markdown;
mod memory;
#[cfg(test)]
mod samples;
mod sarif;
mod source;
mod text;

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use analyzer::{ArchiveError, Effort, Environment, FolderOptions, Limits, Options, Remedy, Report, SourceTree};
use capi::{Target, Version};

use crate::cli::{ScanArgs, ScanFormat};
use crate::exit::{self, Exit};

use memory::Memory;
use source::Lines;

/// The targets of the first lines where none is asked for.
const NEWEST: [Target; 2] = [Target::Abi3(Version::NEWEST), Target::Abi3t(Version::NEWEST)];

/// What a format prints of one PATH.
#[derive(Debug)]
struct Scan<'a> {
    report: &'a Report,
    /// Its lines of source.
    lines: Lines<'a>,
    /// The build asked about.
    on: Option<&'a Environment>,
    /// The targets whose verdicts are told.
    targets: &'a [Target],
    /// Of them, those whose blockers are listed: what is missing from the newest abi3 is missing from all, so without
    /// `--target` it stands for them.
    listed: &'a [Target],
    took: Duration,
}

impl Scan<'_> {
    /// The file or folder, without the way to it.
    fn name(&self) -> String {
        let path = Path::new(&self.report.sdist);
        path.file_name().map_or_else(|| self.report.sdist.clone(), |name| name.to_string_lossy().into_owned())
    }

    /// The tools that stand in the way of a target asked about, each once, with the first such target.
    fn blocking_tools(&self) -> Vec<(Remedy, Target)> {
        let mut found: Vec<(Remedy, Target)> = Vec::new();
        for &target in self.targets {
            let blocking = analyzer::remedies(&self.report.tools, target).into_iter().filter(|remedy| remedy.blocks);
            for remedy in blocking {
                if found.iter().all(|(known, _)| known.tool != remedy.tool) {
                    found.push((remedy, target));
                }
            }
        }
        found
    }
}

/// What one PATH gave.
struct Scanned {
    printed: Vec<u8>,
    /// What of it could not be read.
    complaints: Vec<String>,
    /// What else there is to say on stderr.
    remarks: Vec<String>,
    /// One of its verdicts is one that the caller wants to fail on.
    failed: bool,
}

/// Scans every PATH and prints the reports in the order of the paths.
pub fn run(args: &ScanArgs) -> anyhow::Result<Exit> {
    let mut stdout = stdout(args.format);
    let memory = Memory::default();
    let (mut all_read, mut failed, mut between) = (true, false, sarif::HEAD);
    inputs::in_order(
        &args.paths,
        |path| scan_one(path, args, &memory),
        |scanned: Scanned| {
            if args.format == ScanFormat::Sarif {
                stdout.write_all(between)?;
                between = sarif::BETWEEN;
            }
            stdout.write_all(&scanned.printed)?;
            failed |= scanned.failed;
            all_read &= scanned.complaints.is_empty();
            scanned.complaints.iter().for_each(|complaint| exit::complain(complaint));
            scanned.remarks.iter().for_each(|remark| exit::remark(remark));
            Ok(())
        },
    )?;
    if args.format == ScanFormat::Sarif {
        stdout.write_all(sarif::FOOT)?;
    }
    stdout.flush()?;
    Ok(match (all_read, failed) {
        (false, _) => Exit::InputFailed,
        (true, true) => Exit::VerdictFailed,
        (true, false) => Exit::Done,
    })
}

/// Where results go: text without its colours if nobody can see them, data as it is.
fn stdout(format: ScanFormat) -> Box<dyn Write> {
    match format {
        ScanFormat::Text => Box::new(anstream::stdout().lock()),
        ScanFormat::Json | ScanFormat::Jsonl | ScanFormat::Sarif | ScanFormat::Markdown => {
            Box::new(io::stdout().lock())
        }
    }
}

fn scan_one(path: &Path, args: &ScanArgs, memory: &Memory) -> Scanned {
    let started = Instant::now();
    let name = path.display().to_string();
    let (tree, report) = match analysed(path, args, memory) {
        Ok(analysed) => analysed,
        Err(reason) => return unread(&name, &reason, args.format),
    };
    let complaints = tree.skipped.iter().map(|(file, reason)| format!("{name}: {file}: {reason}")).collect();
    let scan = Scan {
        report: &report,
        lines: Lines::of(&tree),
        on: args.on.as_ref(),
        targets: if args.target.is_empty() { &NEWEST } else { &args.target },
        listed: if args.target.is_empty() { &NEWEST[..1] } else { &args.target },
        took: started.elapsed(),
    };
    let (mut printed, mut remarks) = (Vec::new(), Vec::new());
    match args.format {
        ScanFormat::Text => text::write(&scan, &mut printed),
        ScanFormat::Json => json(&report, &mut printed),
        ScanFormat::Jsonl => jsonl::write(&scan, &mut printed),
        ScanFormat::Markdown => markdown::write(&scan, &mut printed),
        ScanFormat::Sarif => sarif::write(&scan, &mut printed)
            .map(|merged| remarks.extend(merged.map(|merged| format!("{name}: {merged}")))),
    }
    .expect(IN_MEMORY);
    Scanned { failed: fails(&scan, args), printed, complaints, remarks }
}

fn unread(name: &str, reason: &str, format: ScanFormat) -> Scanned {
    let mut printed = Vec::new();
    match format {
        ScanFormat::Jsonl => jsonl::write_problem(name, reason, &mut printed).expect(IN_MEMORY),
        ScanFormat::Sarif => sarif::write_problem(name, reason, &mut printed).expect(IN_MEMORY),
        ScanFormat::Text | ScanFormat::Json | ScanFormat::Markdown => {}
    }
    Scanned { printed, complaints: vec![format!("{name}: {reason}")], remarks: Vec::new(), failed: false }
}

/// Whether a verdict is one of `--fail-on`: of the targets asked about, else of the newest abi3.
fn fails(scan: &Scan<'_>, args: &ScanArgs) -> bool {
    let asked = scan.report.verdicts.iter().filter(|verdict| scan.listed.contains(&verdict.target));
    asked.into_iter().any(|verdict| args.fail_on.iter().any(|word| word.outcome() == verdict.verdict))
}

/// Reads and analyses one PATH. One that is too large to share the memory with others does it alone, from the start.
fn analysed(path: &Path, args: &ScanArgs, memory: &Memory) -> Result<(SourceTree, Report), String> {
    let analysed = |effort| {
        let tree = read(path, args.no_ignore)?;
        let report = analyzer::analyze(&tree, &Options { environment: args.on, effort });
        Ok((tree, report))
    };
    let share = memory.take(memory::share_of(path));
    let first: Result<(SourceTree, Report), String> = analysed(Effort::Ordinary);
    if !first.as_ref().is_ok_and(|(_, report)| report.is_cut()) {
        return first;
    }
    drop((first, share));
    let _all = memory.take(memory::ALL);
    analysed(Effort::Full)
}

const IN_MEMORY: &str = "writing to memory does not fail";

fn json(report: &Report, out: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, report)?;
    out.write_all(b"\n")
}

fn read(path: &Path, no_ignore: bool) -> Result<SourceTree, String> {
    let limits = Limits::default();
    if path.is_dir() {
        let options = FolderOptions { no_ignore };
        return analyzer::read_folder(path, options, &limits).map_err(|error| error.to_string());
    }
    analyzer::read_sdist_file(path, &limits).map_err(|error| match error.get_ref() {
        Some(of_archive) if of_archive.is::<ArchiveError>() => of_archive.to_string(),
        _ => missing(path, &error),
    })
}

fn missing(path: &Path, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound && path.extension().is_none() {
        return "no such file or folder (to fetch a project from PyPI: abiscope survey NAME)".to_owned();
    }
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "not readable: permission denied".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
impl<'a> Scan<'a> {
    /// As without options.
    fn sample(report: &'a Report, tree: &'a SourceTree) -> Self {
        let lines = Lines::of(tree);
        Self { report, lines, on: None, targets: &NEWEST, listed: &NEWEST[..1], took: Duration::ZERO }
    }
}
