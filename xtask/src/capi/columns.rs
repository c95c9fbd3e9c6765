//! A version's columns: from headers, or from the committed data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use capi::{Item, ItemKind, Version};
use serde_json::json;

use super::declarations::{Declared, declarations};
use super::lexer::{Lexed, lex};
use super::preprocess::preprocess;

/// What one version's public headers have.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) names: BTreeMap<String, Row>,
    /// Members of structures, `Structure.member`.
    pub(super) members: BTreeSet<String>,
    /// What functions return, of those that return a pointer to a structure of the data.
    pub(super) returns: BTreeMap<String, String>,
}

/// One name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) kind: ItemKind,
    pub(super) header: String,
    /// Visible in limited mode at the headers' own level.
    pub(super) limited: bool,
}

/// Kinds from the one that decides down, as in [`capi::Item::kind`].
const PRECEDENCE: [ItemKind; 9] = [
    ItemKind::Function,
    ItemKind::InlineFunction,
    ItemKind::FunctionMacro,
    ItemKind::Data,
    ItemKind::Structure,
    ItemKind::Enum,
    ItemKind::Typedef,
    ItemKind::EnumConstant,
    ItemKind::ObjectMacro,
];

impl Columns {
    /// Reads the headers, in a normal build and in limited mode.
    pub(super) fn from_headers(headers: &Path, version: Version) -> anyhow::Result<Self> {
        let headers =
            headers.canonicalize().with_context(|| format!("{}: no such folder of headers", headers.display()))?;
        let folder = headers.to_string_lossy();
        let text = preprocess(&headers, None)?;
        let lexed = lex(&text, &folder);
        let declared = declarations(&lexed.tokens);
        let limited = if version >= Version::OLDEST_LIMITED {
            let text = preprocess(&headers, Some(version))?;
            let lexed = lex(&text, &folder);
            let declared = declarations(&lexed.tokens);
            rows(&lexed, &declared).into_keys().collect()
        } else {
            BTreeSet::new()
        };
        let mut names = rows(&lexed, &declared);
        for (name, row) in &mut names {
            row.limited = limited.contains(name);
        }
        Ok(Self { names, members: known_members(&declared, version), returns: known_returns(&declared) })
    }

    /// Works the columns out from the committed data.
    pub(super) fn from_facts(version: Version) -> Self {
        let present = |item: &&Item| {
            let shown = item.public.is_some_and(|public| public.contains(version));
            let gap = !item.history.is_empty() && item.history.iter().all(|(range, _)| !range.contains(version));
            shown && !gap && item.ifdef.is_none_or(|guard| guard.starts_with("HAVE_") || guard.starts_with("PY_HAVE_"))
        };
        let names = capi::items()
            .iter()
            .chain(capi::noise())
            .filter(present)
            .map(|item| {
                let limited = item.limited_since.is_some_and(|since| since <= version)
                    && item.limited_last.is_none_or(|last| version <= last);
                let row = Row { kind: item.kind_at(version), header: item.header.to_owned(), limited };
                (item.name.to_owned(), row)
            })
            .collect();
        let members = capi::structures()
            .iter()
            .flat_map(|structure| structure.members.iter().map(move |member| (structure, member)))
            .filter(|(_, member)| member.public.is_some_and(|public| public.contains(version)))
            .map(|(structure, member)| format!("{}.{}", structure.name, member.name))
            .collect();
        Self { names, members, returns: BTreeMap::new() }
    }

    /// The columns in numbers.
    pub(super) fn counts(&self) -> String {
        let limited = self.names.values().filter(|row| row.limited).count();
        format!("{} names, {limited} of them in limited mode, {} members", self.names.len(), self.members.len())
    }

    /// The columns as JSON Lines: names, then members, then return types.
    pub(super) fn json_lines(&self) -> anyhow::Result<String> {
        let mut lines = String::new();
        let mut push = |value: serde_json::Value| -> anyhow::Result<()> {
            lines.push_str(&serde_json::to_string(&value)?);
            lines.push('\n');
            Ok(())
        };
        for (name, row) in &self.names {
            push(
                json!({"name": name, "kind": format!("{:?}", row.kind), "header": row.header, "limited": row.limited}),
            )?;
        }
        for member in &self.members {
            push(json!({ "member": member }))?;
        }
        for (name, c_type) in &self.returns {
            push(json!({"name": name, "returns": c_type}))?;
        }
        Ok(lines)
    }
}

fn rows(lexed: &Lexed<'_>, declared: &Declared) -> BTreeMap<String, Row> {
    let mut kinds: BTreeMap<&str, Vec<(ItemKind, &str)>> = BTreeMap::new();
    for (name, of) in &declared.names {
        kinds.entry(name).or_default().extend(of.iter().map(|(kind, header)| (*kind, header.as_str())));
    }
    for (name, definition) in lexed.macros.iter().filter(|(name, of)| !is_left_out(name, of.header)) {
        let kind = if definition.takes_arguments { ItemKind::FunctionMacro } else { ItemKind::ObjectMacro };
        kinds.entry(name).or_default().push((kind, definition.header));
    }
    let row = |of: &[(ItemKind, &str)]| {
        let (kind, header) = PRECEDENCE.iter().find_map(|kind| of.iter().find(|(k, _)| k == kind))?;
        let header = (*header).to_owned();
        Some(Row { kind: *kind, header, limited: false })
    };
    kinds.into_iter().filter_map(|(name, of)| Some((name.to_owned(), row(&of)?))).collect()
}

/// What the platform said to `configure`, and include guards: the data holds neither.
fn is_left_out(name: &str, header: &str) -> bool {
    header == "pyconfig.h" || name.ends_with("_H") || name.ends_with("_H_")
}

/// Members of the structures that the data knows.
fn known_members(declared: &Declared, version: Version) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for structure in capi::structures() {
        if structure.public.is_none_or(|public| !public.contains(version)) {
            continue;
        }
        let names = [structure.name].into_iter().chain(structure.aliases.iter().copied());
        if let Some(members) = names.into_iter().find_map(|name| declared.structures.get(name)) {
            all.extend(members.iter().map(|member| format!("{}.{}", structure.name, member.name)));
        }
    }
    all
}

/// Return types that are pointers to structures of the data, with the structure's own name for its tag.
fn known_returns(declared: &Declared) -> BTreeMap<String, String> {
    let known = |c_type: &str| {
        let pointee = c_type.trim_end_matches([' ', '*']);
        let name = pointee.trim_start_matches("const ").trim_start_matches("struct ");
        let stars = c_type.matches('*').count();
        (stars > 0).then(|| {
            capi::structure(name).filter(|s| s.public.is_some()).map(|s| format!("{} {}", s.name, "*".repeat(stars)))
        })?
    };
    let all = declared.returns.iter();
    all.filter_map(|(name, c_type)| Some((name.clone(), known(c_type)?))).collect()
}
