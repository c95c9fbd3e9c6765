//! Blobs: bytes keyed by their hash.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, local::LocalFileSystem};

use crate::blocking::compute;
use crate::{Error, Sha256};

/// The object store. A put is idempotent: the key is the hash.
#[derive(Debug, Clone)]
pub struct Blobs {
    inner: Arc<dyn ObjectStore>,
}

impl Blobs {
    /// A local folder, made if it is not there; each put is on disk before it returns.
    pub fn folder(path: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(path).map_err(|source| object_store::Error::Generic {
            store: "LocalFileSystem",
            source: format!("{} cannot be made: {source}", path.display()).into(),
        })?;
        // Without fsync a put can vanish with the power, and Postgres would claim a blob that is not there.
        let folder = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self { inner: Arc::new(folder) })
    }

    /// Puts `bytes`, returns their key. Overwrites: a damaged blob is healed by putting it again.
    pub async fn put(&self, bytes: Bytes) -> Result<Sha256, Error> {
        let key = compute(|| Sha256::of(&bytes));
        self.inner.put(&path(key), bytes.into()).await?;
        Ok(key)
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

/// `ab/abcdef…`: no folder with a million files.
fn path(key: Sha256) -> object_store::path::Path {
    let key = key.to_string();
    object_store::path::Path::from_iter([&key[..2], &key])
}

#[cfg(test)]
mod tests {
    use super::*;

    // Both kinds of runtime: hashing says so to the one that has other threads to move work to.
    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_put_twice_is_there_once_and_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(dir.path()).unwrap();
        let key = blobs.put(Bytes::from_static(b"hello")).await.unwrap();
        assert_eq!(blobs.put(Bytes::from_static(b"hello")).await.unwrap(), key);
        assert_eq!(blobs.get(key).await.unwrap().unwrap(), "hello");
        let text = key.to_string();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(dir.path().join(&text[..2]).join(&text).is_file());
        assert_eq!(blobs.tail(key, 3).await.unwrap().unwrap(), (Bytes::from_static(b"llo"), 5));
        assert_eq!(blobs.tail(key, 30).await.unwrap().unwrap(), (Bytes::from_static(b"hello"), 5));
        assert_eq!(blobs.part(key, 1..3).await.unwrap(), "el");
    }

    #[tokio::test]
    async fn a_blob_that_is_not_there_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(dir.path()).unwrap();
        assert!(blobs.get(Sha256::of(b"never put")).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_damaged_blob_is_an_error_until_it_is_put_again() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::folder(dir.path()).unwrap();
        let key = blobs.put(Bytes::from_static(b"hello")).await.unwrap();
        let text = key.to_string();
        std::fs::write(dir.path().join(&text[..2]).join(&text), "hullo").unwrap();
        assert!(matches!(blobs.get(key).await, Err(Error::Damaged(_))));
        blobs.put(Bytes::from_static(b"hello")).await.unwrap();
        assert!(blobs.get(key).await.unwrap().is_some());
    }
}
