//! Which member names tell their structure without a type.
//!
//! The rule: the name has one of CPython's own family prefixes, and a single structure owns it. Members that
//! only 2.7 had do not contest a Python 3 owner (2.7 spelled the object head out in each structure), and an
//! inner structure does not contest the outer one (`_PyLongValue.lv_tag` is `PyLongObject.long_value.lv_tag`).
//! Members that only internal headers have neither own a name nor contest one.
//! Families with names that other C code uses as well are left out: `m_` (C++ members), `d_` (`dirent`),
//! `st_` (`stat`), `gc_`, `in_`, `cl_`; of `m_` only `m_ml` is CPython's alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Facts, Member};

const FAMILIES: [&str; 22] = [
    "ag_", "am_", "bf_", "co_", "cr_", "curexc_", "f_", "func_", "gi_", "ht_", "im_", "lv_", "ma_", "ml_", "mm_",
    "mp_", "nb_", "ob_", "sq_", "tb_", "tp_", "wr_",
];

/// The structure that each distinctive member name belongs to.
pub(crate) fn owners(facts: &Facts) -> BTreeMap<&str, &str> {
    let mut three: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut two: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let inner = inner_structures(facts);
    for member in &facts.members {
        let name = last(member);
        if !is_family(name) || member.internal.is_some() || inner.contains(member.structure.as_str()) {
            continue;
        }
        let only_two = member.public.as_deref() == Some("2.7");
        let owners = if only_two { &mut two } else { &mut three };
        owners.entry(name).or_default().insert(&member.structure);
    }
    for (name, structures) in two {
        three.entry(name).or_insert(structures);
    }
    three
        .into_iter()
        .filter(|(_, structures)| structures.len() == 1)
        .filter_map(|(name, structures)| structures.first().map(|structure| (name, *structure)))
        .collect()
}

/// The last component of a member's name.
pub(crate) fn last(member: &Member) -> &str {
    member.name.rsplit('.').next().unwrap_or(&member.name)
}

fn is_family(name: &str) -> bool {
    name == "m_ml" || FAMILIES.iter().any(|prefix| name.starts_with(prefix))
}

/// Structures that are the type of a member whose own members the data lists as `outer.inner`.
fn inner_structures(facts: &Facts) -> BTreeSet<&str> {
    let spelled_out: BTreeSet<(&str, &str)> = facts
        .members
        .iter()
        .filter_map(|member| Some((member.structure.as_str(), member.name.split_once('.')?.0)))
        .collect();
    facts
        .members
        .iter()
        .filter(|member| spelled_out.contains(&(member.structure.as_str(), member.name.as_str())))
        .map(|member| member.c_type.as_str())
        .collect()
}
