//! Running the analyzer over sdists.

use std::path::Path;

use analyzer::{Environment, Limits, Options, Platform};
use anyhow::Context as _;

/// What the compiler that made the truth ran on.
const ENVIRONMENT: Environment =
    Environment { python: None, platform: Some(Platform::Linux), limited: None, abi3t: false };

/// The findings about one sdist: the lines of `abiscope scan --on platform=linux --format jsonl` but its summary.
pub(super) fn lines(sdist: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = std::fs::read(sdist).with_context(|| format!("reading {}", sdist.display()))?;
    let name = sdist.file_name().unwrap_or_default().to_string_lossy();
    let tree = analyzer::read_sdist(&name, &bytes, &Limits::default())
        .with_context(|| format!("unpacking {}", sdist.display()))?;
    let report = analyzer::analyze(&tree, &Options { environment: Some(ENVIRONMENT), ..Options::default() });
    let mut lines = Vec::new();
    for record in analyzer::records(&report, Some(&ENVIRONMENT)) {
        serde_json::to_writer(&mut lines, &record)?;
        lines.push(b'\n');
    }
    Ok(lines)
}
