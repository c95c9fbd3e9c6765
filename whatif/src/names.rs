//! Whether CPython has the names that a proposal gives.

/// What sort of name a field wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A function, macro, type, datum or constant.
    Item,
    /// `Structure.member`, or `Structure.*`.
    Member,
    /// A structure.
    Structure,
    /// A macro that could once be assigned to, or `*`.
    Lvalue,
    /// An item of the limited API.
    Limited,
}

/// The names that `name` stands for; the error is a sentence with what comes close.
pub(crate) fn known(sort: Sort, name: &str) -> Result<Vec<String>, String> {
    let one = |known: bool, what: &str| if known { Ok(vec![name.to_owned()]) } else { Err(unknown(name, what)) };
    match sort {
        Sort::Item => one(capi::item(name).is_some(), "no item of CPython's C API"),
        Sort::Limited => {
            one(capi::item(name).is_some_and(|item| item.limited_since.is_some()), "no item of the limited API")
        }
        Sort::Structure => one(capi::structure(name).is_some(), "no structure of CPython's"),
        Sort::Lvalue if name == "*" => Ok(pep_674()),
        Sort::Lvalue => one(capi::lvalue_macro(name).is_some(), "no macro that could be assigned to"),
        Sort::Member => members(name),
    }
}

fn pep_674() -> Vec<String> {
    let listed = capi::lvalue_macros().iter().filter(|known| known.pep674);
    listed.map(|known| known.name.to_owned()).collect()
}

fn members(name: &str) -> Result<Vec<String>, String> {
    let wrong = || unknown(name, "no member of a structure of CPython's, written Structure.member");
    let (structure, member) = name.split_once('.').ok_or_else(wrong)?;
    let structure = capi::structure(structure).ok_or_else(wrong)?;
    if member == "*" {
        return Ok(structure.members.iter().map(|member| format!("{}.{}", structure.name, member.name)).collect());
    }
    let found = structure.member(member).ok_or_else(wrong)?;
    Ok(vec![format!("{}.{}", structure.name, found.name)])
}

fn unknown(name: &str, what: &str) -> String {
    let close: Vec<String> = capi::similar(name, 4).into_iter().filter(|close| close != name).take(3).collect();
    match close.as_slice() {
        [] => format!("{name:?} is {what}"),
        close => format!("{name:?} is {what}; did you mean {}?", close.join(" or ")),
    }
}
