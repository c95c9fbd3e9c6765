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
    let mut world = world::World::new();
    // Without a worker, what is looked up waits for one.
    if std::env::args().nth(2).as_deref() == Some("nobody") {
        world.workers_silent = Some(400);
    }
    let config = web::Config { sampled: |_| true, ..web::Config::default() };
    axum::serve(listener, web::router_over(Arc::new(world), config)).await
}
