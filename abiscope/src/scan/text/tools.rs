//! Tools that cannot make what is asked for, and what solves it.

use std::io::{self, Write};

use anstyle::AnsiColor;

use crate::output::{self, DIM};
use crate::scan::Scan;

/// Writes each tool that stands in the way of a target asked about, once.
pub fn write(scan: &Scan<'_>, out: &mut impl Write) -> io::Result<()> {
    let style = AnsiColor::Magenta.on_default();
    for (remedy, target) in scan.blocking_tools() {
        let name = format!("{} {}", remedy.tool, remedy.seen.join(", "));
        writeln!(out, " {style}◆ {}{style:#} blocks {target}", name.trim_end())?;
        for line in output::wrapped(remedy.advice, output::width().min(100).saturating_sub(4)) {
            writeln!(out, "    {DIM}{line}{DIM:#}")?;
        }
    }
    Ok(())
}
