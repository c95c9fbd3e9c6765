//! What a search of the sources costs beside `rg -z` over the same sdists, and its index beside their analysis.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::{BenchArgs, Cost, child, median, megabytes};

/// Selective ones first, then what the index does not help with.
const PATTERNS: [&str; 8] = [
    r"ob_type\s*=[^=]",
    "PyUnicode_READY",
    r"\btp_print\b",
    "(?i)todo.*free.?thread",
    "PyFrameObject|f_localsplus",
    r"return\s+NULL;",
    r"^\s*Py_DECREF\(",
    r"[A-Z]\w+\s*\*\*\w",
];

/// Prints the ratios. `data` is a data directory with a survey of the sdists.
pub fn run(args: &BenchArgs, data: &Path) -> anyhow::Result<()> {
    // Whatever archives there are: the survey fetches none of pure projects.
    let entries = std::fs::read_dir(&args.sdists)?.collect::<Result<Vec<_>, _>>()?;
    let sdists: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    ensure!(args.program.exists(), "{} is missing: cargo build --release", args.program.display());
    let search = |extra: &[&str]| {
        let mut command = Command::new(&args.program);
        command.arg("search").args(extra).args(["--format", "json", "--data-dir"]).arg(data);
        command.stderr(Stdio::null());
        command
    };
    // Keeps the private Postgres up, so that no run waits for its start.
    let mut serve = Command::new(&args.program)
        .args(["serve", "--listen", "127.0.0.1:0", "--jobs", "0", "--data-dir"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("starting serve")?;
    let measured = measured(args, &search, &sdists);
    serve.kill()?;
    serve.wait()?;
    measured
}

fn measured(args: &BenchArgs, search: &dyn Fn(&[&str]) -> Command, sdists: &[PathBuf]) -> anyhow::Result<()> {
    // The first one indexes and waits for Postgres.
    child(&mut search(&["nowhere"]))?;
    let least = |command: &dyn Fn() -> Command| -> anyhow::Result<f64> {
        let costs = (0..args.runs).map(|_| child(&mut command())).collect::<anyhow::Result<Vec<Cost>>>()?;
        Ok(costs.iter().map(|cost| cost.0).fold(f64::INFINITY, f64::min))
    };
    println!("least of {} runs; CPU seconds of the whole command, milliseconds of the search itself", args.runs);
    println!("  {:<28} {:>9} {:>9} {:>9} {:>9} {:>9}", "pattern", "lines", "search ms", "CPU", "rg -z CPU", "ratio");
    let mut ratios = Vec::new();
    for pattern in PATTERNS {
        let ours = least(&|| search(&[pattern]))?;
        let rg = least(&|| {
            let mut rg = Command::new("rg");
            rg.args(["-z", "-a", "-c", pattern]).args(sdists);
            rg
        })?;
        let (mut lines, mut wall) = (0, f64::INFINITY);
        for _ in 0..args.runs {
            let output = search(&[pattern]).output()?;
            let found: serde_json::Value = serde_json::from_slice(&output.stdout).context("reading the answer")?;
            lines = found["lines"].as_u64().unwrap_or(0);
            wall = wall.min(found["seconds"].as_f64().unwrap_or(f64::NAN) * 1e3);
        }
        println!("  {pattern:<28} {lines:>9} {wall:>9.1} {ours:>9.2} {rg:>9.2} {:>9.1}", rg / ours);
        ratios.push(rg / ours);
    }
    println!("  rg -z / search               median {:.1}", median(ratios.into_iter()));
    let index = least(&|| search(&["--rebuild"]))?;
    let scan = least(&|| {
        let mut scan = Command::new(&args.program);
        scan.args(["scan", "--format", "json"]).args(sdists);
        scan
    })?;
    println!("  making the index             {index:.2} s, a scan {scan:.2} s: ratio {:.2}", index / scan);
    let said = search(&["--rebuild"]).stderr(Stdio::piped()).output()?;
    print!("  {}", String::from_utf8_lossy(&said.stderr));
    let archives: u64 = sdists.iter().map(|path| std::fs::metadata(path).map_or(0, |m| m.len())).sum();
    println!("  sdists                       {:.1} MB", megabytes(archives));
    Ok(())
}
