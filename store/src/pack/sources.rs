//! A source tree as a pack, and back: what is analysed again later is what was analysed first, byte for byte.

use analyzer::{SourceFile, SourceTree, TreeFlag};
use serde::{Deserialize, Serialize};

use super::{Index, PackError, write};

/// The text that holds what a tree is besides its files. No path of a tree starts with `/`.
const ABOUT: &str = "/tree.json";

/// What a tree is besides its files and its name.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    entries: u64,
    decoded_bytes: u64,
    flags: Vec<TreeFlag>,
    skipped: Vec<(String, String)>,
}

/// Packs a tree. Its name is not in the pack: a file's row has it.
pub(crate) fn tree_packed(tree: &SourceTree) -> Result<Vec<u8>, PackError> {
    let about = About {
        entries: tree.entries,
        decoded_bytes: tree.decoded_bytes,
        flags: tree.flags.clone(),
        skipped: tree.skipped.clone(),
    };
    let about = serde_json::to_vec(&about).map_err(|error| PackError(error.to_string()))?;
    let files = tree.files.iter().map(|file| (file.path.as_str(), file.bytes.as_ref()));
    write(files.chain([(ABOUT, about.as_slice())]))
}

/// Whether a pack holds all that a tree is, and not the files alone, as those of before.
pub(crate) fn is_whole(pack: &[u8]) -> Result<bool, PackError> {
    Ok(Index::read(pack, pack.len() as u64)?.names().last() == Some(ABOUT))
}

/// The tree of a whole pack; `None` if it was packed by an abiscope that kept the files alone.
pub(crate) fn tree_of(name: &str, pack: &[u8]) -> Result<Option<SourceTree>, PackError> {
    let index = Index::read(pack, pack.len() as u64)?;
    if index.names().last() != Some(ABOUT) {
        return Ok(None);
    }
    let mut texts = index.all(pack)?;
    let Some((_, about)) = texts.pop() else { return Ok(None) };
    let about: About = serde_json::from_slice(&about).map_err(|error| PackError(error.to_string()))?;
    let files = texts.into_iter().map(|(path, bytes)| SourceFile { path: path.to_owned(), bytes });
    Ok(Some(SourceTree {
        name: name.to_owned(),
        files: files.collect(),
        entries: about.entries,
        decoded_bytes: about.decoded_bytes,
        flags: about.flags,
        skipped: about.skipped,
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flags() -> impl Strategy<Value = Vec<TreeFlag>> {
        proptest::sample::subsequence(vec![TreeFlag::Trailing, TreeFlag::GlobalPax, TreeFlag::OddNames], 0..=3)
    }

    fn trees() -> impl Strategy<Value = SourceTree> {
        let text = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            (any::<u8>(), 1_usize..900_000).prop_map(|(byte, times)| vec![byte; times]),
        ];
        let files = prop::collection::btree_map("[a-c\\\\x0-9]{1,4}/[a-c]{1,3}[.]c", text, 0..6);
        let skipped = prop::collection::vec((".{0,9}", ".{0,9}"), 0..3);
        (files, any::<u64>(), any::<u64>(), flags(), skipped).prop_map(
            |(files, entries, decoded_bytes, flags, skipped)| SourceTree {
                name: "spam-1.0.tar.gz".to_owned(),
                files: files.into_iter().map(|(path, bytes)| SourceFile { path, bytes: bytes.into() }).collect(),
                entries,
                decoded_bytes,
                flags,
                skipped,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_tree_comes_back_as_it_was(tree in trees()) {
            let pack = tree_packed(&tree).unwrap();
            prop_assert!(is_whole(&pack).unwrap());
            prop_assert_eq!(tree_of(&tree.name, &pack).unwrap(), Some(tree));
        }

        #[test]
        fn bytes_that_are_no_pack_are_refused(bytes: Vec<u8>) {
            prop_assert!(tree_of("x.tar.gz", &bytes).is_err());
        }
    }

    #[test]
    fn a_pack_of_files_alone_is_told_apart() {
        let pack = write([("a.c", b"int x;".as_slice())]).unwrap();
        assert!(!is_whole(&pack).unwrap());
        assert_eq!(tree_of("x.tar.gz", &pack).unwrap(), None);
    }
}
