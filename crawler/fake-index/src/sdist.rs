//! Sdists made in memory.

/// Builds the bytes of an sdist whose entries all lie in one top folder.
#[derive(Debug, Clone)]
pub struct SdistBuilder {
    top: String,
    files: Vec<(String, Vec<u8>)>,
}

impl SdistBuilder {
    /// An sdist with the top folder `top`, such as `demo-1.0`.
    pub fn new(top: &str) -> Self {
        Self { top: top.to_owned(), files: Vec::new() }
    }

    /// Adds a file below the top folder.
    #[must_use]
    pub fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.push((format!("{}/{path}", self.top), content.as_ref().to_vec()));
        self
    }

    /// As `.tar.gz`; the same files always give the same bytes.
    pub fn tar_gz(&self) -> Vec<u8> {
        unimplemented!()
    }

    /// As `.zip`.
    pub fn zip(&self) -> Vec<u8> {
        unimplemented!()
    }
}
