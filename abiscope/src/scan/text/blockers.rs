//! The table of blockers: item, sites, what to write instead, and since when.

use std::io::{self, Write};

use analyzer::{Kind, OriginClass, Report, Use};
use capi::{Alternative, Target};

use crate::output::{self, BOLD, DIM};

/// Rows of the table; the rest is counted.
const ROWS: usize = 20;

/// One item that blocks, with every use of it.
pub struct Blocker<'a> {
    /// As it is printed: `PyTuple_GET_SIZE`, `PyFrameObject.f_code`, `Foo_Type (static type)`.
    pub item: String,
    /// The uses, most sites first.
    pub uses: Vec<&'a Use>,
    /// What to write instead, best first.
    pub instead: Vec<Alternative>,
}

impl Blocker<'_> {
    /// Sites of all uses.
    pub fn sites(&self) -> usize {
        self.uses.iter().map(|u| u.sites.len()).sum()
    }
}

/// The blockers of `target`, most sites first.
pub fn of(report: &Report, target: Target) -> Vec<Blocker<'_>> {
    let Some(verdict) = report.verdicts.iter().find(|verdict| verdict.target == target) else {
        return Vec::new();
    };
    let names = verdict.blocking.iter().map(|name| (name.clone(), blocker(report, name, is_named)));
    let members = verdict.blocking_members.iter().map(|name| (name.clone(), blocker(report, name, is_member)));
    let types =
        verdict.blocking_types.iter().map(|name| (format!("{name} (static type)"), blocker(report, name, is_type)));
    let mut all: Vec<Blocker<'_>> = names
        .chain(members)
        .chain(types)
        .map(|(item, (uses, instead))| Blocker { item, uses, instead })
        .filter(|blocker| !blocker.uses.is_empty())
        .collect();
    all.sort_by(|a, b| b.sites().cmp(&a.sites()).then_with(|| a.item.cmp(&b.item)));
    all
}

fn blocker<'a>(report: &'a Report, name: &str, is: fn(&Use, &str) -> bool) -> (Vec<&'a Use>, Vec<Alternative>) {
    let counted = report.uses.iter().filter(|u| u.origin.class != OriginClass::TestOrDoc);
    let mut uses: Vec<&Use> = counted.filter(|u| is(u, name)).collect();
    uses.sort_by_key(|u| (u.origin.class, std::cmp::Reverse(u.sites.len())));
    let instead = uses.first().map(|u| instead(u)).unwrap_or_default();
    (uses, instead)
}

fn is_named(u: &Use, name: &str) -> bool {
    u.name == name && matches!(u.kind, Kind::Api | Kind::Layout | Kind::InternalHeader)
}

fn is_member(u: &Use, name: &str) -> bool {
    u.kind == Kind::Member && u.item() == name
}

fn is_type(u: &Use, name: &str) -> bool {
    u.kind == Kind::StaticType && u.name == name
}

fn instead(u: &Use) -> Vec<Alternative> {
    match u.kind {
        Kind::StaticType => capi::instead_of_static_types().into_iter().collect(),
        Kind::Member => {
            let member = u.structure.as_deref().and_then(capi::structure).and_then(|s| s.member(&u.name));
            member.map(|member| member.getters.to_vec()).unwrap_or_default()
        }
        _ => capi::item(&u.name).map(|item| item.alternatives.to_vec()).unwrap_or_default(),
    }
}

/// Writes the table.
pub fn write(blockers: &[Blocker<'_>], target: Target, out: &mut impl Write) -> io::Result<()> {
    let shown = &blockers[..blockers.len().min(ROWS)];
    let width = shown.iter().map(|b| b.item.chars().count()).max().unwrap_or(0).max(24);
    let head = format!("{} for {target}", output::counted(blockers.len() as u64, "blocker"));
    writeln!(out, " {BOLD}{head:<width$}  sites  instead{BOLD:#}")?;
    for blocker in shown {
        let sites = output::grouped(blocker.sites() as u64);
        writeln!(out, " {:<width$}  {sites:>5}  {}", blocker.item, alternatives(&blocker.instead))?;
    }
    let hidden = blockers.len() - shown.len();
    if hidden > 0 {
        writeln!(out, " {DIM}… and {hidden} more{DIM:#}")?;
    }
    Ok(())
}

/// `PyTuple_Size (limited since 3.2)`; at most two.
fn alternatives(instead: &[Alternative]) -> String {
    let words = instead.iter().take(2).map(|alternative| match alternative.limited_since {
        Some(since) => format!("{} (limited since {since})", alternative.name),
        None => alternative.name.to_owned(),
    });
    words.collect::<Vec<_>>().join(", ")
}
