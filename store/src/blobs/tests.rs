//! One law for every kind of store: in memory, a folder, an S3 server on loopback.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

use object_store::aws::AmazonS3Builder;
use tempfile::TempDir;

use super::*;

/// An S3 server, and the folder of its buckets.
async fn s3_server() -> (SocketAddr, TempDir) {
    let root = tempfile::tempdir().unwrap();
    let address = fake_s3::start((Ipv4Addr::LOCALHOST, 0).into(), root.path()).await.unwrap();
    (address, root)
}

fn s3_blobs(server: SocketAddr, place: &str, secret: &str) -> Result<Blobs, Error> {
    let BlobPlace::S3(address) = place.parse().unwrap() else { panic!("{place} is no S3 address") };
    let builder = AmazonS3Builder::new()
        .with_endpoint(format!("http://{server}"))
        .with_access_key_id(fake_s3::ID)
        .with_secret_access_key(secret);
    s3::with(builder, &address)
}

async fn keys(blobs: &Blobs) -> BTreeSet<Sha256> {
    blobs.list().map_ok(|entry| entry.key).try_collect().await.unwrap()
}

async fn keeps_the_law(blobs: &Blobs) {
    let before = Utc::now() - chrono::TimeDelta::minutes(1);
    let key = blobs.put(Bytes::from_static(b"hello")).await.unwrap();
    assert_eq!(blobs.put(Bytes::from_static(b"hello")).await.unwrap(), key);
    assert_eq!(blobs.get(key).await.unwrap().unwrap(), "hello");
    assert!(blobs.has(key).await.unwrap());
    assert_eq!(blobs.tail(key, 3).await.unwrap().unwrap(), (Bytes::from_static(b"llo"), 5));
    assert_eq!(blobs.part(key, 1..3).await.unwrap(), "el");
    assert_eq!(blobs.part(key, 2..2).await.unwrap(), "");

    let other = blobs.put(Bytes::from(vec![7; 100_000])).await.unwrap();
    let empty = blobs.put(Bytes::new()).await.unwrap();
    assert_eq!(blobs.get(empty).await.unwrap().unwrap(), "");
    assert_eq!(keys(blobs).await, BTreeSet::from([key, other, empty]));
    let entries: Vec<BlobEntry> = blobs.list().try_collect().await.unwrap();
    let listed = entries.iter().find(|entry| entry.key == other).unwrap();
    assert_eq!(listed.size, 100_000);
    assert!(listed.put_at > before, "{}", listed.put_at);

    let never = Sha256::of(b"never put");
    assert!(blobs.get(never).await.unwrap().is_none());
    assert!(blobs.tail(never, 3).await.unwrap().is_none());
    assert!(!blobs.has(never).await.unwrap());
    blobs.delete(other).await.unwrap();
    blobs.delete(other).await.unwrap();
    assert!(blobs.get(other).await.unwrap().is_none());
    assert_eq!(keys(blobs).await, BTreeSet::from([key, empty]));
}

#[tokio::test]
async fn memory_keeps_the_law() {
    keeps_the_law(&Blobs::in_memory()).await;
}

// Both kinds of runtime: hashing says so to the one that has other threads to move work to.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_keeps_the_law_in_the_layout_of_old() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&BlobPlace::Folder(dir.path().to_owned())).unwrap();
    keeps_the_law(&blobs).await;
    let text = Sha256::of(b"hello").to_string();
    assert!(dir.path().join(&text[..2]).join(&text).is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_keeps_the_law() {
    let (server, _root) = s3_server().await;
    keeps_the_law(&s3_blobs(server, "s3://survey", fake_s3::SECRET).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_prefixes_of_a_bucket_do_not_see_each_other() {
    let (server, root) = s3_server().await;
    let (one, two) = (s3_blobs(server, "s3://survey/one", fake_s3::SECRET).unwrap(), "s3://survey/two");
    let two = s3_blobs(server, two, fake_s3::SECRET).unwrap();
    keeps_the_law(&one).await;
    assert!(keys(&two).await.is_empty());
    let text = Sha256::of(b"hello").to_string();
    assert!(root.path().join("survey/one").join(&text[..2]).join(&text).is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_not_passing_and_a_server_that_is_gone_is() {
    let (server, _root) = s3_server().await;
    let denied = s3_blobs(server, "s3://survey", "wrong").unwrap().put(Bytes::from_static(b"x")).await.unwrap_err();
    assert!(matches!(denied, Error::Blobs(_)) && !denied.is_passing(), "{denied:?}");
    // Port 1 of the loopback: nothing listens there.
    let nobody = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let gone =
        s3_blobs(nobody, "s3://survey", fake_s3::SECRET).unwrap().put(Bytes::from_static(b"x")).await.unwrap_err();
    assert!(matches!(gone, Error::BlobsGone(_)) && gone.is_passing(), "{gone:?}");
}

#[tokio::test]
async fn what_is_not_named_like_a_key_is_not_listed() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::folder(dir.path()).unwrap();
    let key = blobs.put(Bytes::from_static(b"hello")).await.unwrap();
    let text = key.to_string();
    std::fs::write(dir.path().join("README"), "not ours").unwrap();
    std::fs::write(dir.path().join(&text), "a key in the wrong folder").unwrap();
    std::fs::write(dir.path().join(&text[..2]).join(format!("{text}#1")), "half a put that was killed").unwrap();
    assert_eq!(keys(&blobs).await, BTreeSet::from([key]));
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
