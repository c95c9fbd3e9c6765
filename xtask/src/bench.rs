//! `cargo xtask bench`: the cost of a scan beside the physical limit, decompressing the same files, in one run.

mod linear;
mod search;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use nix::sys::resource::{Usage, UsageWho, getrusage};

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Folder with the sdists of corpus/packages.json
    #[arg(value_name = "DIR")]
    pub sdists: PathBuf,
    /// The program to measure: build it first with `cargo build --release`
    #[arg(long, default_value = "target/release/abiscope")]
    pub program: PathBuf,
    /// Pairs of runs
    #[arg(long, default_value_t = 5)]
    pub runs: usize,
    /// Measure source search instead, over the survey of these sdists in this data directory; needs `rg`
    #[arg(long, value_name = "DIR")]
    pub search: Option<PathBuf>,
}

/// CPU seconds of one run, user and system.
#[derive(Debug, Clone, Copy)]
struct Cost(f64);

/// Prints CPU seconds of `scan --format json`, of `gzip -dc` and of a bare libdeflate, the median of the paired
/// ratios, and how the cost grows with the input.
pub fn run(args: &BenchArgs) -> anyhow::Result<()> {
    if let Some(data) = &args.search {
        return search::run(args, data);
    }
    let sdists = sdists(&args.sdists)?;
    let gzipped: Vec<PathBuf> = sdists.iter().filter(|path| is_gzip(path)).cloned().collect();
    let bytes: u64 = sdists.iter().map(|path| fs::metadata(path).map_or(0, |m| m.len())).sum();
    ensure!(args.program.exists(), "{} is missing: cargo build --release", args.program.display());
    println!(
        "{} sdists, {:.1} MB; {} pairs of runs, CPU seconds (user + system)",
        sdists.len(),
        megabytes(bytes),
        args.runs
    );
    let (mut scans, mut gzips, mut bares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..args.runs {
        scans.push(child(Command::new(&args.program).args(["scan", "--format", "json"]).args(&sdists))?);
        gzips.push(child(Command::new("gzip").arg("-dc").args(&gzipped))?);
        bares.push(libdeflate(&gzipped)?);
    }
    for (name, costs) in [("abiscope scan --format json", &scans), ("gzip -dc", &gzips), ("bare libdeflate", &bares)] {
        println!("  {name:<28} median {:.2} s", median(costs.iter().map(|cost| cost.0)));
    }
    let ratio = |other: &[Cost]| median(scans.iter().zip(other).map(|(scan, other)| scan.0 / other.0));
    println!("  scan / gzip -dc              median of paired ratios {:.2}", ratio(&gzips));
    println!("  scan / bare libdeflate       median of paired ratios {:.2}", ratio(&bares));
    println!("  peak memory of a scan        {:.0} MB, all its threads at work", peak_of_children()?);
    linear::run(&sdists, args)
}

fn sdists(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let list = fs::read_to_string("corpus/packages.json").context("run it at the top of the repository")?;
    let packages: Vec<serde_json::Value> = serde_json::from_str(&list).context("reading corpus/packages.json")?;
    let names = packages.iter().filter_map(|package| package["file"].as_str());
    let sdists: Vec<PathBuf> = names.map(|name| folder.join(name)).collect();
    if let Some(missing) = sdists.iter().find(|path| !path.exists()) {
        anyhow::bail!("{} is missing: put the archives of corpus/packages.json there", missing.display());
    }
    Ok(sdists)
}

fn is_gzip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "gz" || ending == "tgz")
}

/// Runs a command, its output thrown away, and returns what it cost.
fn child(command: &mut Command) -> anyhow::Result<Cost> {
    let before = cpu(getrusage(UsageWho::RUSAGE_CHILDREN)?);
    let status = command.stdout(Stdio::null()).status().with_context(|| format!("running {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(Cost(cpu(getrusage(UsageWho::RUSAGE_CHILDREN)?).saturating_sub(before).as_secs_f64()))
}

/// Decompresses every file in this process: no tar, no pipe, nothing but the inflating.
fn libdeflate(files: &[PathBuf]) -> anyhow::Result<Cost> {
    let mut total = Duration::ZERO;
    let mut decompressor = libdeflater::Decompressor::new();
    for path in files {
        let mut packed = Vec::new();
        File::open(path)?.read_to_end(&mut packed)?;
        let size = packed.last_chunk::<4>().map_or(0, |size| u32::from_le_bytes(*size));
        let mut unpacked = vec![0; size as usize];
        let before = cpu(getrusage(UsageWho::RUSAGE_SELF)?);
        decompressor
            .gzip_decompress(&packed, &mut unpacked)
            .with_context(|| format!("inflating {}", path.display()))?;
        total += cpu(getrusage(UsageWho::RUSAGE_SELF)?).saturating_sub(before);
    }
    Ok(Cost(total.as_secs_f64()))
}

/// User and system.
pub(crate) fn cpu(usage: Usage) -> Duration {
    let time = |value: nix::sys::time::TimeVal| {
        Duration::from_secs(value.tv_sec().unsigned_abs()) + Duration::from_micros(value.tv_usec().unsigned_abs())
    };
    time(usage.user_time()) + time(usage.system_time())
}

fn peak_of_children() -> anyhow::Result<f64> {
    let kilobytes = getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss();
    Ok(megabytes(kilobytes.unsigned_abs() * 1024))
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_value() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
        assert!(median(std::iter::empty()).is_nan());
    }
}
