use proptest::prelude::*;

use super::*;

type Texts = Vec<(String, Vec<u8>)>;

fn packed(texts: &Texts) -> Vec<u8> {
    write(texts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))).unwrap()
}

fn open(pack: &[u8]) -> Result<Index, PackError> {
    Index::read(pack, pack.len() as u64)
}

fn fetch<'a>(pack: &'a [u8], span: &Span) -> &'a [u8] {
    let at = |offset: u64| usize::try_from(offset).unwrap();
    &pack[at(span.blob.start)..at(span.blob.end)]
}

fn whole(pack: &[u8], index: &Index, name: &str) -> Option<Vec<u8>> {
    let span = index.whole(name)?;
    Some(index.bytes(&span, fetch(pack, &span)).unwrap())
}

fn lines(pack: &[u8], index: &Index, name: &str, from: u32, to: u32) -> Vec<Vec<u8>> {
    let span = index.lines(name, from, to).unwrap();
    let bytes = index.bytes(&span, fetch(pack, &span)).unwrap();
    span.cut_lines(&bytes, from, to).into_iter().map(<[u8]>::to_vec).collect()
}

fn expected_lines(bytes: &[u8], from: u32, to: u32) -> Vec<Vec<u8>> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let all: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    all.into_iter().skip(from as usize - 1).take((to - from + 1) as usize).collect()
}

/// Texts of which some fill several frames.
fn texts() -> impl Strategy<Value = Texts> {
    let text = (prop::collection::vec(any::<u8>(), 0..60), 1_usize..20_000)
        .prop_map(|(bytes, times)| [bytes.repeat(times), b"\n".to_vec()].concat());
    let short = prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200);
    prop::collection::vec(prop_oneof![text, short], 0..8)
        .prop_map(|all| all.into_iter().enumerate().map(|(i, bytes)| (format!("src/{i}.c"), bytes)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_text_comes_back_alone(texts in texts()) {
        let pack = packed(&texts);
        let index = open(&pack).unwrap();
        prop_assert_eq!(index.names().count(), texts.len());
        for (name, bytes) in &texts {
            prop_assert_eq!(&whole(&pack, &index, name).unwrap(), bytes);
        }
        prop_assert!(index.whole("src/none.c").is_none());
    }

    #[test]
    fn lines_are_those_of_the_text(texts in texts(), from in 1_u32..40_000, more in 0_u32..7) {
        let pack = packed(&texts);
        let index = open(&pack).unwrap();
        for (name, bytes) in &texts {
            for from in [1, 2, from % 7 + 1, from] {
                prop_assert_eq!(lines(&pack, &index, name, from, from + more), expected_lines(bytes, from, from + more));
            }
        }
    }

    #[test]
    fn bytes_that_are_no_pack_are_refused(bytes: Vec<u8>, lengths: (u32, u32)) {
        prop_assert!(open(&bytes).is_err());
        let ending = [bytes.as_slice(), &lengths.0.to_le_bytes(), &lengths.1.to_le_bytes(), &MAGIC].concat();
        prop_assert!(open(&ending).is_err());
    }

    /// An index that lies is refused, or what it leads to is; nothing panics.
    #[test]
    fn a_lying_index_never_panics(
        frames in prop::collection::vec((0_u32..60, any::<u32>()), 0..4),
        entries in prop::collection::vec(("[ab]", prop_oneof![0_u64..300_000, any::<u64>()], any::<u64>()), 0..4),
        line: u32,
    ) {
        let index = serde_json::to_vec(&(&frames, &entries)).unwrap();
        let packed = zstd::bulk::compress(&index, 1).unwrap();
        let body: usize = frames.iter().map(|(length, _)| *length as usize).sum();
        let lengths = [packed.len(), index.len()].map(|length| u32::try_from(length).unwrap().to_le_bytes()).concat();
        let pack = [MAGIC.as_slice(), &vec![0; body], &packed, &lengths, &MAGIC].concat();
        if let Ok(index) = open(&pack) {
            for span in ["a", "b"].into_iter().flat_map(|name| [index.whole(name), index.lines(name, line, line.saturating_add(6))]) {
                let Some(span) = span else { continue };
                if let Ok(bytes) = index.bytes(&span, fetch(&pack, &span)) {
                    let _ = span.cut_lines(&bytes, line, line.saturating_add(6));
                }
            }
        }
    }

    #[test]
    fn a_flipped_byte_is_noticed(texts in texts(), at: prop::sample::Index) {
        let mut pack = packed(&texts);
        let at = at.index(pack.len());
        pack[at] ^= 0x10;
        if let Ok(index) = open(&pack) {
            for (name, bytes) in &texts {
                let Some(span) = index.whole(name) else { continue };
                if let Ok(read) = index.bytes(&span, fetch(&pack, &span)) {
                    prop_assert_eq!(&read, bytes);
                }
            }
        }
    }
}

#[test]
fn an_empty_pack_is_a_pack() {
    let pack = packed(&Vec::new());
    assert!(open(&pack).unwrap().whole("a").is_none());
}

#[test]
fn a_line_deep_in_a_large_file_costs_one_or_two_frames() {
    let text: Vec<u8> = (1..=400_000).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
    let pack = packed(&vec![("a.c".to_owned(), b"x".to_vec()), ("b.c".to_owned(), text)]);
    let index = open(&pack).unwrap();
    assert_eq!(lines(&pack, &index, "b.c", 300_000, 300_001), [b"line 300000", b"line 300001"]);
    assert!(index.lines("b.c", 300_000, 300_001).unwrap().frames.len() <= 2);
    assert!(index.whole("b.c").unwrap().frames.len() > 10);
}
