//! An S3 server for tests: on loopback, over a folder whose folders are the buckets. Signatures are checked.
//!
//! It is a library and a program (`cargo run -p fake-s3 -- ADDRESS FOLDER`), so that roles can be run by hand without
//! containers. Not for anybody's data.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, anyhow};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;

/// The one account's AWS_ACCESS_KEY_ID.
pub const ID: &str = "fake-id";
/// The one account's AWS_SECRET_ACCESS_KEY.
pub const SECRET: &str = "fake-secret";
/// The bucket that is there from the start.
pub const BUCKET: &str = "survey";

/// Serves the buckets in `folder` until the end of the runtime; answers where. Port 0: a free one.
pub async fn start(address: SocketAddr, folder: &Path) -> anyhow::Result<SocketAddr> {
    std::fs::create_dir_all(folder.join(BUCKET)).context("making the bucket")?;
    let files = s3s_fs::FileSystem::new(folder).map_err(|error| anyhow!("opening the folder: {error:?}"))?;
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(ID, SECRET));
    let service = service.build();
    let listener = TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
    let address = listener.local_addr().context("asking for the address")?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await
            });
        }
    });
    Ok(address)
}

/// As [`start`], on a free port of the loopback and a thread of its own, until the process ends.
pub fn start_in_thread(folder: &Path) -> anyhow::Result<SocketAddr> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("making a runtime")?;
    let address = runtime.block_on(start((Ipv4Addr::LOCALHOST, 0).into(), folder))?;
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    Ok(address)
}
