//! What to write instead of a use.

use capi::Alternative;

use crate::Kind;

/// What is written instead of `item`, used in this way, best first; empty where nothing is known. `writes`: a member is
/// assigned to, not read.
pub fn instead(kind: Kind, item: &str, writes: bool) -> Vec<Alternative> {
    match kind {
        Kind::Api | Kind::Layout => of_item(item),
        Kind::Lvalue => capi::lvalue_macro(item).map_or_else(Vec::new, |known| known.setters.to_vec()),
        Kind::Member => of_member(item, writes).unwrap_or_default(),
        Kind::StaticType => capi::instead_of_static_types().into_iter().collect(),
        Kind::ModuleDef | Kind::InternalHeader | Kind::ExportHook => Vec::new(),
    }
}

/// What the limited API has instead; else what replaced it in the plain API, where the limited one has that, too.
fn of_item(name: &str) -> Vec<Alternative> {
    let direct = capi::item(name).map_or(&[][..], |item| item.alternatives);
    if !direct.is_empty() {
        return direct.to_vec();
    }
    let change = capi::change(name).filter(|change| !change.replacement_is_guess);
    let replacement = change.map_or(&[][..], |change| change.replacement);
    replacement.iter().filter(|one| one.limited_since.is_some()).copied().collect()
}

/// A setter if it is written and there is one, else what reads it: a getter says at least where to look.
fn of_member(item: &str, writes: bool) -> Option<Vec<Alternative>> {
    let (structure, member) = item.split_once('.')?;
    let member = capi::structure(structure)?.member(member)?;
    Some(if writes && !member.setters.is_empty() { member.setters } else { member.getters }.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(kind: Kind, item: &str, writes: bool) -> Vec<&'static str> {
        instead(kind, item, writes).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn what_is_written_gets_a_setter_and_what_is_read_a_getter() {
        assert_eq!(names(Kind::Member, "PyVarObject.ob_size", false), ["Py_SIZE"]);
        assert_eq!(names(Kind::Member, "PyVarObject.ob_size", true), ["Py_SET_SIZE"]);
        assert_eq!(names(Kind::Lvalue, "Py_SIZE", true), ["Py_SET_SIZE"]);
        assert_eq!(names(Kind::StaticType, "Foo_Type", false), ["PyType_FromSpec"]);
    }

    #[test]
    fn a_name_without_an_alternative_gets_its_replacement_only_if_the_limited_api_has_that() {
        assert_eq!(names(Kind::Api, "PyTuple_GET_ITEM", false), ["PyTuple_GetItem"]);
        for item in capi::items().iter().filter(|item| item.alternatives.is_empty()) {
            assert!(
                instead(Kind::Api, item.name, false).iter().all(|one| one.limited_since.is_some()),
                "{}",
                item.name
            );
        }
    }
}
