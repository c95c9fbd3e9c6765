//! Explanations on a terminal.

use std::io::{self, Write};

use capi::{Alternative, Explanation, Tier, Version};

use super::topics::Topic;
use crate::output::{self, BOLD, DIM};

/// Writes an item.
pub fn item(explained: &Explanation, out: &mut impl Write) -> io::Result<()> {
    let Explanation { name, what, header, limited, .. } = explained;
    writeln!(out, "{BOLD}{name}{BOLD:#}  {what}, {limited}  {DIM}{header}{DIM:#}")?;
    tiers(explained, out)?;
    writeln!(out)?;
    for sentence in &explained.why {
        paragraph(sentence, out)?;
    }
    if explained.instead.is_empty() && explained.hints.is_empty() {
        return Ok(());
    }
    if !explained.instead.is_empty() {
        writeln!(out, "\n{BOLD}Instead{BOLD:#}")?;
        let width = explained.instead.iter().map(|one| one.name.len()).max().unwrap_or(0);
        for one in &explained.instead {
            writeln!(out, "  {:<width$}  {}", one.name, one.availability())?;
        }
    }
    for hint in &explained.hints {
        paragraph(hint, out)?;
    }
    Ok(())
}

/// Writes an item as one JSON object on a line.
pub fn json(explained: &Explanation, out: &mut impl Write) -> io::Result<()> {
    let instead = |one: &Alternative| {
        serde_json::json!({
            "name": one.name, "since": one.since, "limited_since": one.limited_since, "compat_below": one.compat_below,
        })
    };
    let tiers: serde_json::Map<String, serde_json::Value> =
        explained.tiers.iter().map(|(version, tier)| (version.to_string(), tier.as_str().into())).collect();
    let value = serde_json::json!({
        "name": explained.name,
        "what": explained.what,
        "header": explained.header,
        "limited": explained.limited,
        "tiers": tiers,
        "why": explained.why,
        "instead": explained.instead.iter().map(instead).collect::<Vec<_>>(),
        "hints": explained.hints,
        "capi_version": capi::DATA_VERSION,
    });
    writeln!(out, "{value}")
}

/// Writes a topic.
pub fn topic(topic: &Topic, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#}", topic.name)?;
    topic.text.iter().try_for_each(|text| paragraph(text, out))
}

/// `2.7–3.9 public · 3.10–3.15 limited`.
fn tiers(explained: &Explanation, out: &mut impl Write) -> io::Result<()> {
    let mut runs: Vec<(Version, Version, Tier)> = Vec::new();
    for (version, tier) in &explained.tiers {
        match runs.last_mut() {
            Some((_, last, before)) if before == tier => *last = *version,
            _ => runs.push((*version, *version, *tier)),
        }
    }
    let words = runs.iter().map(|(first, last, tier)| {
        let word = tier.as_str();
        if first == last { format!("{first} {word}") } else { format!("{first}–{last} {word}") }
    });
    writeln!(out, "{DIM}{}{DIM:#}", words.collect::<Vec<_>>().join(" · "))
}

fn paragraph(text: &str, out: &mut impl Write) -> io::Result<()> {
    let width = output::width().min(100);
    output::wrapped(text, width).iter().try_for_each(|line| writeln!(out, "{line}"))
}
