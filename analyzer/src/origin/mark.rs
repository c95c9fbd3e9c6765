//! How a file gives away who wrote it.

use memchr::memmem::Finder;

use crate::SourceFile;

/// A row of the tables: all that is given must hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Who wrote it, in lower case.
    pub(super) by: &'static str,
    /// Texts that stand in the first bytes of the file.
    pub(super) texts: &'static [&'static str],
    /// How many first bytes those are. Short where the same words occur as data in other people's files.
    pub(super) within: usize,
    /// A part of the path, with a `/` put before it: `/pybind11/` is a folder, `/sip.h` the start of a file name.
    pub(super) path: &'static str,
    /// What stands before the version, if the file tells it.
    pub(super) version: &'static str,
    /// What else must hold of the file.
    pub(super) also: fn(&SourceFile) -> bool,
}

/// To be filled in by the rows.
pub(super) const MARK: Mark = Mark { by: "", texts: &[], within: 1024, path: "", version: "", also: |_| true };

/// A row made ready for searching. Building a searcher costs more than a search in the head of a file.
#[derive(Debug)]
pub(super) struct Recogniser {
    mark: &'static Mark,
    texts: Vec<Finder<'static>>,
    version: Finder<'static>,
}

impl Recogniser {
    pub(super) fn new(mark: &'static Mark) -> Self {
        let texts = mark.texts.iter().map(|text| Finder::new(text.as_bytes())).collect();
        Self { mark, texts, version: Finder::new(mark.version.as_bytes()) }
    }

    /// `cython 3.1.2` if the file bears the mark, or only `cython` if it tells no version.
    pub(super) fn recognise(&self, file: &SourceFile) -> Option<String> {
        let Mark { by, within, path, .. } = *self.mark;
        if !path.is_empty() && !file.path.contains(path) && !file.path.starts_with(&path[1..]) {
            return None;
        }
        let head = &file.bytes[..file.bytes.len().min(within)];
        if !self.texts.iter().all(|text| text.find(head).is_some()) || !(self.mark.also)(file) {
            return None;
        }
        Some(match self.version_in(head) {
            Some(version) => format!("{by} {version}"),
            None => by.to_owned(),
        })
    }

    /// The word behind the text that announces the version, if it starts with a digit.
    fn version_in<'a>(&self, head: &'a [u8]) -> Option<&'a str> {
        if self.mark.version.is_empty() {
            return None;
        }
        let rest = &head[self.version.find(head)? + self.mark.version.len()..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-".contains(byte);
        let end = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        let version = std::str::from_utf8(&rest[..end]).ok()?.trim_end_matches(['.', '-', '+']);
        version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
    }
}
