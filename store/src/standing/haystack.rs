//! Many names, searched as one text.

use memchr::memmem;

/// Names in small letters, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Haystack {
    text: String,
    /// Where each name ends, and the line break behind it begins.
    ends: Vec<u32>,
}

impl Haystack {
    /// Of names in their order. A name with a line break is searched without it.
    pub(crate) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut made = Self::default();
        for name in names {
            for c in name.chars().filter(|c| *c != '\n') {
                made.text.extend(c.to_lowercase());
            }
            made.ends.push(u32::try_from(made.text.len()).unwrap_or(u32::MAX));
            made.text.push('\n');
        }
        made
    }

    /// The places of the names that contain `part`, in whatever case, in their order; every place for an empty part.
    pub(crate) fn containing(&self, part: &str) -> Vec<usize> {
        let part = part.to_lowercase();
        if part.is_empty() {
            return (0..self.ends.len()).collect();
        }
        if part.contains('\n') {
            return Vec::new();
        }
        let finder = memmem::Finder::new(&part);
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(at) = self.text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
            let place = self.ends.partition_point(|end| (*end as usize) < from + at);
            found.push(place);
            // On with the next name.
            from = self.ends.get(place).map_or(self.text.len(), |end| *end as usize + 1);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_part_is_found_in_whatever_case_and_never_across_names() {
        let names = Haystack::of(["PyList_New", "Py", "LISTA", "Ärger"].into_iter());
        assert_eq!(names.containing("list"), [0, 2]);
        assert_eq!(names.containing("ä"), [3]);
        assert_eq!(names.containing("pylista"), [0; 0]);
        assert_eq!(names.containing("\n"), [0; 0]);
        assert_eq!(names.containing(""), [0, 1, 2, 3]);
        assert!(Haystack::of(std::iter::empty()).containing("a").is_empty());
    }

    proptest! {
        #[test]
        fn it_finds_what_looking_at_each_name_finds(names in proptest::collection::vec("[abA_é]{0,6}", 0..20), part in "[abé]{1,3}") {
            let found = Haystack::of(names.iter().map(String::as_str)).containing(&part);
            let each: Vec<usize> = (0..names.len()).filter(|n| names[*n].to_lowercase().contains(&part)).collect();
            prop_assert_eq!(found, each);
        }
    }
}
