//! Names close to one that is not known.

/// Names of items and members that look most like `name`, best first, at most `count`; none if nothing is close.
pub fn similar(name: &str, count: usize) -> Vec<String> {
    let length = name.chars().count();
    let mut close: Vec<(f64, String)> = candidates(name)
        .filter(|candidate| may_be_close(name, length, candidate))
        .map(|candidate| (closeness(name, &candidate), candidate))
        .filter(|(score, _)| *score >= CLOSE)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    close.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// From here on two names are called close; 1 is the same.
const CLOSE: f64 = 0.75;

/// Whether they can be close at all, by their lengths: comparing takes as long as these multiplied, and a name that somebody
/// sends may be of any.
fn may_be_close(wanted: &str, length: usize, candidate: &str) -> bool {
    let longer = length.max(candidate.len());
    let is_bare_member = !wanted.contains('.') && candidate.contains('.');
    // Each letter that one has more costs a step: with more than a quarter of the longer one nothing is close.
    4 * length.abs_diff(candidate.len()) <= longer || is_bare_member && length < candidate.len()
}

/// Letters count, their case a little. A bare member name is close to the member: `tp_name` is mostly asked for so.
fn closeness(wanted: &str, candidate: &str) -> f64 {
    if let Some((_, member)) = candidate.split_once('.')
        && !wanted.contains('.')
        && member == wanted
    {
        return 1.0;
    }
    let like = strsim::normalized_damerau_levenshtein;
    0.7 * like(&wanted.to_ascii_lowercase(), &candidate.to_ascii_lowercase()) + 0.3 * like(wanted, candidate)
}

/// Items, and members if the name looks like one.
fn candidates(name: &str) -> impl Iterator<Item = String> {
    let members = crate::structures().iter().filter(|structure| structure.public.is_some()).flat_map(|structure| {
        structure.members.iter().map(move |member| format!("{}.{}", structure.name, member.name))
    });
    let items = crate::items().iter().filter(|item| item.public.is_some()).map(|item| item.name.to_owned());
    let is_member = name.contains('.');
    items.filter(move |_| !is_member).chain(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_over_by_its_length_would_not_have_been_close() {
        for name in ["PyTuple_GETITEM", "tp_nam", "tp_name", "Py", "PyFrameObject.f_cod", "", "ßßßß", &"Py_".repeat(40)]
        {
            let length = name.chars().count();
            let passed_over = candidates(name).filter(|candidate| !may_be_close(name, length, candidate));
            let close: Vec<String> = passed_over.filter(|candidate| closeness(name, candidate) >= CLOSE).collect();
            assert!(close.is_empty(), "{name}: {close:?}");
        }
    }

    #[test]
    fn a_name_of_any_length_is_compared_with_few() {
        let long = "a".repeat(100_000);
        assert_eq!(candidates(&long).filter(|candidate| may_be_close(&long, long.len(), candidate)).count(), 0);
    }
}
