//! How often the members of structures are touched that CPython makes opaque.

use std::io::{self, Write};

use crate::output;
use crate::scan::Scan;

/// Structures in the line.
const NAMED: usize = 4;

/// Writes one line: those touched most by the code itself, then through macros; nothing if none is.
pub fn write(scan: &Scan<'_>, width: usize, out: &mut impl Write) -> io::Result<()> {
    let mut touched: Vec<_> = scan.report.structures.iter().collect();
    touched.sort_by_key(|(_, counts)| std::cmp::Reverse((counts.api_level, counts.abi_level)));
    let parts: Vec<String> = touched
        .iter()
        .take(NAMED)
        .map(|(name, counts)| match (counts.api_level, counts.abi_level) {
            (0, inside) => format!("{name} (macros {inside})"),
            (itself, 0) => format!("{name} {itself}"),
            (itself, inside) => format!("{name} {itself} (macros {inside})"),
        })
        .collect();
    if parts.is_empty() {
        return Ok(());
    }
    let more = touched.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let line = format!("{}{more}", parts.join(", "));
    for (i, line) in output::wrapped(&line, output::width().saturating_sub(width + 2).max(40)).iter().enumerate() {
        writeln!(out, "{:<width$}  {line}", if i == 0 { "touches" } else { "" })?;
    }
    Ok(())
}
