//! Whether CPython has the names that a proposal gives.

use std::collections::BTreeSet;

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

/// Names for people: those that a `*` stands for in one word, `every member of PyFrameObject`.
pub(crate) fn shortened(mut names: Vec<&str>) -> Vec<String> {
    let mut words = Vec::new();
    let lvalues = pep_674();
    if lvalues.iter().all(|name| names.contains(&name.as_str())) {
        names.retain(|name| !lvalues.iter().any(|known| known == name));
        words.push(format!("the {} macros of PEP 674", lvalues.len()));
    }
    let structures: BTreeSet<&str> = names.iter().filter_map(|name| Some(name.split_once('.')?.0)).collect();
    for structure in structures {
        let all = members(&format!("{structure}.*")).unwrap_or_default();
        if all.len() > 1 && all.iter().all(|name| names.contains(&name.as_str())) {
            names.retain(|name| name.split_once('.').is_none_or(|(of, _)| of != structure));
            words.push(format!("every member of {structure}"));
        }
    }
    words.extend(names.into_iter().map(str::to_owned));
    words
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_star_stands_for_reads_back_as_it_is() {
        for structure in capi::structures() {
            for name in known(Sort::Member, &format!("{}.*", structure.name)).unwrap() {
                assert_eq!(known(Sort::Member, &name), Ok(vec![name.clone()]));
            }
        }
    }

    #[test]
    fn what_a_star_stands_for_is_told_in_a_word() {
        let frame = known(Sort::Member, "PyFrameObject.*").unwrap();
        let lvalues = known(Sort::Lvalue, "*").unwrap();
        let told = |names: &[&[String]]| shortened(names.concat().iter().map(String::as_str).collect());
        let one = ["PyObject.ob_type".to_owned()];
        assert_eq!(told(&[&frame, &one]), ["every member of PyFrameObject", "PyObject.ob_type"]);
        assert_eq!(told(&[&frame[1..]]), frame[1..], "one is missing");
        assert_eq!(told(&[&lvalues]), [format!("the {} macros of PEP 674", lvalues.len())]);
        assert_eq!(told(&[&lvalues[1..]]), lvalues[1..]);
        assert!(told(&[]).is_empty());
    }
}
