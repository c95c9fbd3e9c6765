//! Reading sdists: tar in its compressions, and zip, in memory and under limits.

mod compressed;
mod error;
mod format;
mod meter;
mod room;
mod tar_file;
#[cfg(test)]
mod tests;
mod whole;
mod zip_file;

use std::fs::File;
use std::io;
use std::path::Path;

pub use error::ArchiveError;
use format::Format;
pub(crate) use format::stem;

use crate::collector::Collector;
use crate::{Limits, SourceTree};

/// Reads the sdist `bytes` whose file name is `name` (its ending says the format).
///
/// Keeps native and build files only. Drains tar archives to their end, so that a broken checksum is seen; of a zip
/// only the files that are kept are decoded. Declared sizes are never believed: limits count decoded bytes.
pub fn read_sdist(name: &str, bytes: &[u8], limits: &Limits) -> Result<SourceTree, ArchiveError> {
    let format = Format::of(name)?;
    let mut collector = Collector::for_archive(limits);
    let decoded = match format {
        Format::TarGz => match whole::gunzip(bytes, limits) {
            Some(decoded) => tar_file::read_whole(decoded, bytes.len(), &mut collector, limits),
            None => tar_file::read_compressed::<compressed::Gzip>(bytes, &mut collector, limits),
        },
        Format::TarBz2 => tar_file::read_compressed::<compressed::Bzip2>(bytes, &mut collector, limits),
        Format::TarXz => tar_file::read_compressed::<compressed::Xz>(bytes, &mut collector, limits),
        Format::Tar => tar_file::read_plain(bytes, &mut collector, limits),
        Format::Zip => zip_file::read(bytes, &mut collector, limits),
    }?;
    if collector.entries() == 0 {
        return Err(ArchiveError::Damaged("it holds no files at all".to_owned()));
    }
    Ok(collector.finish(name, decoded))
}

/// Reads the sdist in this file, as [`read_sdist`] does. What is wrong with the archive is an `io::Error` around
/// [`ArchiveError`], as in [`crate::read_folder`].
pub fn read_sdist_file(path: &Path, limits: &Limits) -> io::Result<SourceTree> {
    let name = path.display().to_string();
    let tree = room::with_content(&mut File::open(path)?, |bytes| read_sdist(&name, bytes, limits))?;
    tree.map_err(io::Error::from)
}
