//! `fake-s3 ADDRESS FOLDER`: an S3 server for trying things on one machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (address, folder) = arguments.next().zip(arguments.next()).context("usage: fake-s3 ADDRESS FOLDER")?;
    let address: SocketAddr =
        address.to_string_lossy().parse().context("an address is wanted, such as 127.0.0.1:9000")?;
    anyhow::ensure!(address.ip().is_loopback(), "only for this machine: give an address of the loopback");
    let address = fake_s3::start(address, &PathBuf::from(folder)).await?;
    eprintln!(
        "AWS_ENDPOINT_URL=http://{address} AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={}",
        fake_s3::ID,
        fake_s3::SECRET
    );
    eprintln!("Blobs: s3://{}", fake_s3::BUCKET);
    std::future::pending().await
}
