//! How a file gives away who wrote it.

use memchr::memmem;

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
}

/// To be filled in by the rows.
pub(super) const MARK: Mark = Mark { by: "", texts: &[], within: 1024, path: "", version: "" };

impl Mark {
    /// `cython 3.1.2` if the file bears the mark, or only `cython` if it tells no version.
    pub(super) fn recognise(&self, file: &SourceFile) -> Option<String> {
        if !self.path.is_empty() && !format!("/{}", file.path).contains(self.path) {
            return None;
        }
        let head = &file.bytes[..file.bytes.len().min(self.within)];
        if !self.texts.iter().all(|text| memmem::find(head, text.as_bytes()).is_some()) {
            return None;
        }
        Some(match self.version_in(head) {
            Some(version) => format!("{} {version}", self.by),
            None => self.by.to_owned(),
        })
    }

    /// The word behind the text that announces the version, if it starts with a digit.
    fn version_in<'a>(&self, head: &'a [u8]) -> Option<&'a str> {
        if self.version.is_empty() {
            return None;
        }
        let rest = &head[memmem::find(head, self.version.as_bytes())? + self.version.len()..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-".contains(byte);
        let end = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        let version = std::str::from_utf8(&rest[..end]).ok()?.trim_end_matches(['.', '-', '+']);
        version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
    }
}
