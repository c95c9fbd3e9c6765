//! Blobs: bytes keyed by their hash, in a local folder or in S3.
//!
//! A put is plain and idempotent: the key is the hash, so writing again writes the same, and no store needs to know
//! conditional puts. A blob is there whole or not at all; rows name it only after its put has returned.

mod leftovers;
mod place;
mod s3;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt};

use crate::blocking::compute;
use crate::{Error, Sha256};

pub(crate) use leftovers::Leftover;
pub use place::{BlobPlace, NotABlobPlace, S3Address};

/// The object store. A put is idempotent: the key is the hash.
#[derive(Debug, Clone)]
pub struct Blobs {
    inner: Arc<dyn ObjectStore>,
    /// The folder, if they are in one.
    folder: Option<Arc<Path>>,
}

/// A blob as a listing tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobEntry {
    /// Its key.
    pub key: Sha256,
    /// Bytes.
    pub size: u64,
    /// When it was last put, by the clock of the store.
    pub put_at: DateTime<Utc>,
}

impl Blobs {
    /// The blobs at `place`. Nothing is asked of an S3 store yet: one that is not there is an error of the first call.
    pub fn open(place: &BlobPlace) -> Result<Self, Error> {
        match place {
            BlobPlace::Folder(path) => Self::folder(path),
            BlobPlace::S3(address) => s3::open(address),
        }
    }

    /// A local folder, made if it is not there; each put is on disk before it returns.
    pub fn folder(path: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(path)
            .map_err(|source| trouble(format!("{} cannot be made: {source}", path.display()).into()))?;
        // Without fsync a put can vanish with the power, and Postgres would claim a blob that is not there.
        let folder = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self { inner: Arc::new(folder), folder: Some(path.into()) })
    }

    /// In memory, for tests: gone with the process.
    pub fn in_memory() -> Self {
        Self::over(Arc::new(InMemory::new()))
    }

    /// Over a store that somebody else made.
    pub fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self { inner: store, folder: None }
    }

    /// Puts `bytes`, returns their key. Overwrites: a damaged blob is healed by putting it again.
    pub async fn put(&self, bytes: Bytes) -> Result<Sha256, Error> {
        let key = compute(|| Sha256::of(&bytes));
        self.put_as(key, bytes).await?;
        Ok(key)
    }

    /// Puts `bytes`, of which `key` is the hash: computed before, and not again.
    pub(crate) async fn put_as(&self, key: Sha256, bytes: Bytes) -> Result<(), Error> {
        self.inner.put(&path(key), bytes.into()).await?;
        Ok(())
    }

    /// The bytes of a key, verified against it.
    pub async fn get(&self, key: Sha256) -> Result<Option<Bytes>, Error> {
        let Some(bytes) = self.fetch(key, None).await?.map(|(bytes, _)| bytes) else {
            return Ok(None);
        };
        if compute(|| Sha256::of(&bytes)) != key {
            return Err(Error::Damaged(format!(
                "blob {key} holds other bytes than its name says; remove it and fetch again"
            )));
        }
        Ok(Some(bytes))
    }

    /// Whether there is a blob of this key. Its bytes are not looked at.
    pub async fn has(&self, key: Sha256) -> Result<bool, Error> {
        Ok(self.entry(key).await?.is_some())
    }

    /// The blob as a listing would tell it; `None` if it is not there.
    pub(crate) async fn entry(&self, key: Sha256) -> Result<Option<BlobEntry>, Error> {
        match self.inner.head(&path(key)).await {
            Ok(object) => Ok(entry(&object)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every blob, in no order. What lies there under another name than a key is not ours, and passed over.
    pub fn list(&self) -> BoxStream<'static, Result<BlobEntry, Error>> {
        let entries = self.inner.list(None).map_err(Error::from);
        entries.try_filter_map(async |object| Ok(entry(&object))).boxed()
    }

    /// Removes a blob. One that is not there is gone already.
    pub async fn delete(&self, key: Sha256) -> Result<(), Error> {
        match self.inner.delete(&path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What puts that were killed before `before` left in a folder; an S3 store keeps none of it.
    pub(crate) async fn leftovers(&self, before: DateTime<Utc>) -> Result<Vec<Leftover>, Error> {
        let Some(folder) = self.folder.clone() else { return Ok(Vec::new()) };
        let found = tokio::task::spawn_blocking(move || leftovers::find(&folder, before.into())).await;
        let found = found.map_err(|source| object_store::Error::JoinError { source })?;
        Ok(found.map_err(|error| trouble(error.into()))?)
    }

    /// The last `count` bytes, or all if there are fewer, and the size of the whole. Not verified.
    pub(crate) async fn tail(&self, key: Sha256, count: usize) -> Result<Option<(Bytes, u64)>, Error> {
        self.fetch(key, Some(GetRange::Suffix(count as u64))).await
    }

    /// A part of a blob. Not verified.
    pub(crate) async fn part(&self, key: Sha256, range: std::ops::Range<u64>) -> Result<Bytes, Error> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        Ok(self.inner.get_range(&path(key), range).await?)
    }

    /// Parts of a blob, in the order asked. Not verified.
    pub(crate) async fn parts(&self, key: Sha256, ranges: &[std::ops::Range<u64>]) -> Result<Vec<Bytes>, Error> {
        let asked: Vec<_> = ranges.iter().filter(|range| !range.is_empty()).cloned().collect();
        if asked.is_empty() {
            return Ok(vec![Bytes::new(); ranges.len()]);
        }
        let mut found = self.inner.get_ranges(&path(key), &asked).await?.into_iter();
        let part = |range: &std::ops::Range<u64>| if range.is_empty() { None } else { found.next() };
        Ok(ranges.iter().map(part).map(Option::unwrap_or_default).collect())
    }

    async fn fetch(&self, key: Sha256, range: Option<GetRange>) -> Result<Option<(Bytes, u64)>, Error> {
        match self.inner.get_opts(&path(key), GetOptions { range, ..GetOptions::default() }).await {
            Ok(found) => {
                let size = found.meta.size;
                Ok(Some((found.bytes().await?, size)))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Trouble with a folder of blobs.
fn trouble(source: Box<dyn std::error::Error + Send + Sync>) -> object_store::Error {
    object_store::Error::Generic { store: "LocalFileSystem", source }
}

/// `ab/abcdef…`: no folder with a million files.
fn path(key: Sha256) -> object_store::path::Path {
    let key = key.to_string();
    object_store::path::Path::from_iter([&key[..2], &key])
}

fn entry(object: &ObjectMeta) -> Option<BlobEntry> {
    let key = object.location.filename()?.parse().ok()?;
    let is_ours = path(key) == object.location;
    is_ours.then_some(BlobEntry { key, size: object.size, put_at: object.last_modified })
}
