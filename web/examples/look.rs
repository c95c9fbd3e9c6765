//! Serves the sample world on loopback, so that pages can be looked at without Postgres:
//! `cargo run -p web --example look`, then open the address it prints.

#[path = "../tests/world/mod.rs"]
mod world;

use std::sync::Arc;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8018".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, web::router_over(Arc::new(world::World::new()))).await
}
