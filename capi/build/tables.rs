//! The generated source: one static table for each kind of fact, and their indexes.

mod items;
mod others;
mod structures;

use crate::facts::Facts;

/// The whole of the generated file.
pub(crate) fn rust(facts: &Facts) -> Result<String, String> {
    let mut source = String::with_capacity(4 << 20);
    source.push_str(&items::items(facts)?);
    source.push_str(&items::changes(facts)?);
    source.push_str(&structures::structures(facts)?);
    source.push_str(&others::reads(facts)?);
    source.push_str(&others::lvalues(facts)?);
    source.push_str(&others::headers(facts)?);
    source.push_str(&others::compat(facts)?);
    source.push_str(&others::tracking(facts));
    source.push_str(&others::roles(facts)?);
    source.push_str(&others::returns(facts));
    Ok(source)
}

/// `pub(crate) static NAME: [TYPE; n] = […];`, one entry a line.
fn table(name: &str, of: &str, entries: &[String]) -> String {
    format!("pub(crate) static {name}: [{of}; {}] = [\n{}\n];\n", entries.len(), entries.join(",\n"))
}
