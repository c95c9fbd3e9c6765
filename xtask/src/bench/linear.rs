//! Whether the cost grows with the bytes and no faster: the same sources once, twice and four times in one sdist.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow};

use super::{BenchArgs, child, median};

/// How often the sources stand in the archive.
const TIMES: [u32; 3] = [1, 2, 4];

/// Sdists larger than this would make a fourfold archive that is refused.
const MAX_SIZE: u64 = 6_000_000;

/// Scans multiples of the largest sdists below the limit and prints CPU seconds for each.
pub(super) fn run(sdists: &[PathBuf], args: &BenchArgs) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    println!("\nthe same sources once, twice and four times in one archive, CPU seconds");
    for sdist in largest(sdists) {
        let name = sdist.file_name().unwrap_or_default().to_string_lossy();
        let mut costs = Vec::new();
        for times in TIMES {
            let archive = folder.path().join(format!("multiple-{times}.0.tar.gz"));
            multiply(sdist, times, &archive)?;
            let scan = || child(Command::new(&args.program).args(["scan", "--format", "json"]).arg(&archive));
            let runs = (0..args.runs).map(|_| scan().map(|cost| cost.0)).collect::<anyhow::Result<Vec<f64>>>()?;
            costs.push(median(runs.into_iter()));
        }
        let [once, .., fourfold] = costs[..] else { continue };
        let each: Vec<String> = costs.iter().map(|cost| format!("{cost:.2}")).collect();
        println!("  {name:<28} {}; four times the bytes cost {:.2} times as much", each.join(", "), fourfold / once);
    }
    Ok(())
}

/// The three largest that are small enough.
fn largest(sdists: &[PathBuf]) -> Vec<&PathBuf> {
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let mut small: Vec<&PathBuf> = sdists.iter().filter(|path| size(path) < MAX_SIZE).collect();
    small.sort_by_key(|path| std::cmp::Reverse(size(path)));
    small.truncate(3);
    small
}

/// Writes an sdist in which the native files of another stand several times, each time in a folder of their own.
fn multiply(sdist: &Path, times: u32, into: &Path) -> anyhow::Result<()> {
    let packed = std::fs::read(sdist)?;
    let tree = analyzer::read_sdist(&sdist.to_string_lossy(), &packed, &analyzer::Limits::default())
        .map_err(|error| anyhow!("{}: {error}", sdist.display()))?;
    let file = std::fs::File::create(into).context("writing the multiple")?;
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::default()));
    for copy in 0..times {
        for source in &tree.files {
            let mut header = tar::Header::new_gnu();
            header.set_size(source.bytes.len() as u64);
            header.set_mode(0o644);
            let name = format!("multiple-{times}.0/copy{copy}/{}", source.path);
            archive.append_data(&mut header, name, source.bytes.as_ref())?;
        }
    }
    archive.into_inner()?.finish()?;
    Ok(())
}
