//! `abiscope scan`: sdists and folders on this machine, without network and database.

mod inputs;
mod jsonl;
mod memory;
mod text;

use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

use analyzer::{ArchiveError, Effort, FolderOptions, Limits, Options, Report, SourceTree};

use crate::cli::{ScanArgs, ScanFormat};
use crate::exit::{self, Exit};

use memory::Memory;

/// What one PATH gave: the printed report, and a complaint if something of it could not be read.
struct Scanned {
    printed: Vec<u8>,
    complaints: Vec<String>,
}

/// Scans every PATH and prints the reports in the order of the paths.
pub fn run(args: &ScanArgs) -> anyhow::Result<Exit> {
    let mut stdout = stdout(args.format);
    let memory = Memory::default();
    let mut all_read = true;
    inputs::in_order(
        &args.paths,
        |path| scan_one(path, args, &memory),
        |scanned: Scanned| {
            stdout.write_all(&scanned.printed)?;
            for complaint in &scanned.complaints {
                all_read = false;
                exit::complain(complaint);
            }
            Ok(())
        },
    )?;
    stdout.flush()?;
    Ok(if all_read { Exit::Done } else { Exit::InputFailed })
}

/// Where results go: text without its colours if nobody can see them, data as it is.
fn stdout(format: ScanFormat) -> Box<dyn Write> {
    match format {
        ScanFormat::Text => Box::new(anstream::stdout().lock()),
        ScanFormat::Json | ScanFormat::Jsonl => Box::new(io::stdout().lock()),
    }
}

fn scan_one(path: &Path, args: &ScanArgs, memory: &Memory) -> Scanned {
    let started = Instant::now();
    let name = path.display().to_string();
    let mut printed = Vec::new();
    let (tree, report) = match analysed(path, args, memory) {
        Ok(analysed) => analysed,
        Err(reason) => {
            if args.format == ScanFormat::Jsonl {
                jsonl::write_problem(&name, &reason, &mut printed).expect(IN_MEMORY);
            }
            return Scanned { printed, complaints: vec![format!("{name}: {reason}")] };
        }
    };
    let complaints = tree.skipped.iter().map(|(file, reason)| format!("{name}: {file}: {reason}")).collect();
    let took = started.elapsed();
    match args.format {
        ScanFormat::Text => text::write(&report, &tree, took, &mut printed),
        ScanFormat::Json => json(&report, &mut printed),
        ScanFormat::Jsonl => jsonl::write(&report, args.on.as_ref(), took, &mut printed),
    }
    .expect(IN_MEMORY);
    Scanned { printed, complaints }
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
