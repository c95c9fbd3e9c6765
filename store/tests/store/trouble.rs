//! Disks that are full and stores that are gone: nothing claims what is not there, and the work can be done again.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use sqlx::PgPool;
use store::{Blobs, Error, FileId, FileState, Run, Sha256, Store};
use tokio::sync::{Notify, Semaphore};

use crate::world::{page, report, sdist, tree, url};

/// A store whose puts fail while it is told to, and whose deletes wait until they may go on.
#[derive(Debug)]
struct Moody {
    inner: Arc<InMemory>,
    fails: AtomicBool,
    /// Told of every delete that begins.
    deleting: Arc<Notify>,
    /// Closed to let all deletes go on.
    gate: Arc<Semaphore>,
}

impl Default for Moody {
    fn default() -> Self {
        Self {
            inner: Arc::default(),
            fails: AtomicBool::new(false),
            deleting: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
        }
    }
}

impl fmt::Display for Moody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a store with moods")
    }
}

#[async_trait]
impl ObjectStore for Moody {
    async fn put_opts(&self, key: &Key, bytes: PutPayload, options: PutOptions) -> Result<PutResult> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(object_store::Error::Generic { store: "moody", source: "503 Slow Down".into() });
        }
        self.inner.put_opts(key, bytes, options).await
    }

    async fn put_multipart_opts(&self, key: &Key, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(key, options).await
    }

    async fn get_opts(&self, key: &Key, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(key, options).await
    }

    fn delete_stream(&self, keys: BoxStream<'static, Result<Key>>) -> BoxStream<'static, Result<Key>> {
        let (inner, deleting, gate) = (self.inner.clone(), self.deleting.clone(), self.gate.clone());
        let delete = move |key: Key| {
            let (inner, deleting, gate) = (inner.clone(), deleting.clone(), gate.clone());
            async move {
                deleting.notify_one();
                assert!(gate.acquire().await.is_err(), "the gate is only ever closed");
                inner.delete(&key).await.map(|()| key)
            }
        };
        keys.and_then(delete).boxed()
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

async fn connected(pool: &PgPool, blobs: Blobs) -> Store {
    Store::migrate(&url(pool)).await.unwrap();
    Store::connect(&url(pool), blobs).await.unwrap()
}

async fn listed(store: &Store, archive: &Bytes) -> FileId {
    let mut page = page("spam");
    page.releases[0].files[0] = sdist("spam", "1.0", archive);
    store.project_recorded(&page).await.unwrap();
    store.selected_file(&page.name, &page.releases[0].version).await.unwrap().unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_store_that_fails_leaves_no_claim_and_the_same_call_works_later(pool: PgPool) {
    let moody = Arc::new(Moody::default());
    let store = connected(&pool, Blobs::over(moody.clone())).await;
    let archive = Bytes::from_static(b"an archive");
    let file = listed(&store, &archive).await;
    moody.fails.store(true, Ordering::Relaxed);
    let before = store.digest().await.unwrap();
    let failed = store.file_fetched(file, archive.clone()).await.unwrap_err();
    assert!(matches!(failed, Error::BlobsGone(_)) && failed.is_passing(), "{failed:?}");
    assert_eq!(store.digest().await.unwrap(), before);

    moody.fails.store(false, Ordering::Relaxed);
    store.file_fetched(file, archive).await.unwrap();
    moody.fails.store(true, Ordering::Relaxed);
    let before = store.digest().await.unwrap();
    let failed = store.file_analysed(file, &tree(), &report("spam", Vec::new())).await.unwrap_err();
    assert!(failed.is_passing(), "{failed:?}");
    assert_eq!(store.digest().await.unwrap(), before);
    assert_eq!(store.file_state(file).await.unwrap(), FileState::Fetched);
    moody.fails.store(false, Ordering::Relaxed);
    store.file_analysed(file, &tree(), &report("spam", Vec::new())).await.unwrap();
    assert!(store.source_tree(file).await.unwrap().is_some());
}

/// The sweep has decided on an old blob that nobody names when a worker puts it again and is about to name it.
#[sqlx::test(migrations = "../migrations")]
async fn what_is_named_while_a_sweep_deletes_it_is_there_in_the_end(pool: PgPool) {
    let moody = Arc::new(Moody::default());
    let blobs = Blobs::over(moody.clone());
    let store = connected(&pool, blobs.clone()).await;
    let archive = Bytes::from_static(b"an archive");
    let file = listed(&store, &archive).await;
    blobs.put(archive.clone()).await.unwrap();

    let sweep = tokio::spawn({
        let store = store.clone();
        async move { store.orphans_swept(Duration::ZERO, Run::Real).await }
    });
    moody.deleting.notified().await;
    let worker = tokio::spawn({
        let (store, archive) = (store.clone(), archive.clone());
        async move { store.file_fetched(file, archive).await }
    });
    // Time for the worker to get as far as it can.
    tokio::time::sleep(Duration::from_millis(500)).await;
    moody.gate.close();
    assert_eq!(sweep.await.unwrap().unwrap().count, 1, "it was deleted");
    worker.await.unwrap().unwrap();
    assert_eq!(store.file_state(file).await.unwrap(), FileState::Fetched);
    assert_eq!(store.file_bytes(file).await.unwrap(), Some(archive), "and is there");
}

/// A file system of a few kilobytes; taken away with the value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this user may not mount one.
    fn mounted(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=128k", "tmpfs"]).arg(at).output();
        mount.is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

/// Where mounting is not permitted, the test above is what is left of this one.
#[sqlx::test(migrations = "../migrations")]
async fn a_full_disk_leaves_no_claim_no_half_blob_and_loses_nothing(pool: PgPool) {
    let place = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mounted(&place.path().join("disk")) else {
        eprintln!("no small disk: this user may not mount one");
        return;
    };
    let blobs = Blobs::folder(&disk.0).unwrap();
    let store = connected(&pool, blobs.clone()).await;
    let archive = Bytes::from((0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect::<Vec<_>>());
    let file = listed(&store, &archive).await;
    let kept = blobs.put(Bytes::from_static(b"here before")).await.unwrap();
    let before = store.digest().await.unwrap();
    let failed = store.file_fetched(file, archive.clone()).await.unwrap_err();
    assert!(matches!(failed, Error::BlobsFull(_)) && failed.is_passing(), "{failed:?}");
    assert_eq!(store.digest().await.unwrap(), before);
    let left: Vec<Sha256> = blobs.list().map_ok(|entry| entry.key).try_collect().await.unwrap();
    assert_eq!(left, [kept], "no half of the archive is taken for a blob");
    let small = blobs.put(Bytes::from(vec![1; 50_000])).await;
    assert!(small.is_ok(), "the room of the failed put is free again: {small:?}");
    // The operator makes room.
    let more = Command::new("mount").args(["-o", "remount,size=8m"]).arg(&disk.0).status().unwrap();
    assert!(more.success());
    store.file_fetched(file, archive.clone()).await.unwrap();
    assert_eq!(store.file_bytes(file).await.unwrap().unwrap(), archive);
    store.close().await;
}
