//! Sdists made in memory.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

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
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
        for (path, content) in &self.files {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            archive.append_data(&mut header, path, content.as_slice()).expect("writing to memory");
        }
        let compressed = archive.into_inner().expect("writing to memory");
        compressed.finish().expect("writing to memory")
    }

    /// As `.zip`; the same files always give the same bytes.
    pub fn zip(&self) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        for (path, content) in &self.files {
            archive.start_file(path.as_str(), options).expect("the paths of a test differ");
            archive.write_all(content).expect("writing to memory");
        }
        archive.finish().expect("writing to memory").into_inner()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn demo() -> SdistBuilder {
        SdistBuilder::new("demo-1.0")
            .file("PKG-INFO", "Name: demo\n")
            .file(&format!("{}/demo.c", "deep".repeat(30)), "#include <Python.h>\n")
    }

    #[test]
    fn a_tar_gz_reads_back_and_is_the_same_each_time() {
        let bytes = demo().tar_gz();
        assert_eq!(bytes, demo().tar_gz());
        let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(bytes.as_slice()));
        let contents: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut text = String::new();
                entry.unwrap().read_to_string(&mut text).unwrap();
                text
            })
            .collect();
        assert_eq!(contents, ["Name: demo\n", "#include <Python.h>\n"]);
    }

    #[test]
    fn a_zip_reads_back_and_is_the_same_each_time() {
        let bytes = demo().zip();
        assert_eq!(bytes, demo().zip());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        let mut entry = archive.by_name("demo-1.0/PKG-INFO").unwrap();
        entry.read_to_string(&mut text).unwrap();
        assert_eq!(text, "Name: demo\n");
    }
}
