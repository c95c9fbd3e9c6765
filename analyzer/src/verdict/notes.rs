//! What does not decide a verdict and is worth knowing beside it.

use std::collections::BTreeSet;

use capi::{Item, ItemKind, Target, Version};
use serde::Serialize;

use crate::condition::{Truth, World};
use crate::report::{Access, Kind};
use crate::{Environment, OriginClass, Report, Use};

use super::blockers;

/// One thing to know about an item at a target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// The item, as in `blocking` and `blocking_members`.
    pub name: String,
    /// What there is to know.
    pub note: NoteKind,
    /// The level from which it is no longer so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Version>,
}

/// The sorts of note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// The headers show it, but the manifest of the stable ABI promises it only from a later level on: an older
    /// interpreter may lack the symbol.
    NotPromised,
    /// Exported for old binaries; not to be used from source.
    ExportedOnly,
    /// The headers show it, but its name is private.
    Private,
    /// It blocks where the newest headers are used instead of the target's.
    BlocksWithNewestHeaders,
    /// It blocks with the target's headers only, not with the newest.
    BlocksWithOwnHeadersOnly,
    /// `PyType_Spec.itemsize` other than 0 has no counterpart in the free-threaded stable ABI.
    VariableSize,
}

/// The notes about `target`, sorted. `on` is the environment that the report was made for.
pub fn notes(report: &Report, target: Target, on: Option<Environment>) -> Vec<Note> {
    let world = |headers| World { platform: on.and_then(|on| on.platform), ..World::for_target(headers, target) };
    let (own, newest) = (world(target.version()), world(Version::NEWEST));
    let mut found = BTreeSet::new();
    let counted = report.uses.iter().filter(|found| found.origin.class != OriginClass::TestOrDoc);
    for one in counted {
        let lives = one.condition.eval(&own) != Truth::False;
        if lives {
            found.extend(about(one, target));
        }
        if !one.condition.is_always() {
            found.extend(newest_differs(one, target, lives, &newest));
        }
    }
    found.into_iter().collect()
}

/// What is to be said about a use that is live.
fn about(found: &Use, target: Target) -> Option<Note> {
    let note = |note, until| Note { name: found.item(), note, until };
    match found.kind {
        Kind::Api => {
            let item = capi::item(&found.name).filter(|item| item.is_limited_at(target.version()))?;
            if item.exported_only {
                return Some(note(NoteKind::ExportedOnly, None));
            }
            if item.private {
                return Some(note(NoteKind::Private, None));
            }
            let promised = item.manifest.filter(|&since| since > target.version() && is_symbol(item, target))?;
            Some(note(NoteKind::NotPromised, Some(promised)))
        }
        Kind::Member => {
            let sets = found.access.iter().any(|access| matches!(access, Access::Init | Access::Write));
            let is_size = found.name == "itemsize" && found.structure.as_deref() == Some("PyType_Spec");
            (target.is_free_threaded() && sets && is_size).then(|| note(NoteKind::VariableSize, None))
        }
        _ => None,
    }
}

/// Whether using the name at the target needs the symbol when the extension is loaded: macros and inline functions are
/// compiled in.
fn is_symbol(item: &Item, target: Target) -> bool {
    matches!(item.kind_at(target.version()), ItemKind::Function | ItemKind::Data)
}

/// Whether it makes a difference for a use which headers are used.
fn newest_differs(found: &Use, target: Target, lives: bool, newest: &World) -> Option<Note> {
    let lives_then = found.condition.eval(newest) != Truth::False;
    if lives == lives_then || !blockers::blocks(found, target) {
        return None;
    }
    let note = if lives { NoteKind::BlocksWithOwnHeadersOnly } else { NoteKind::BlocksWithNewestHeaders };
    Some(Note { name: found.item(), note, until: None })
}
