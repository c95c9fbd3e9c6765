//! What people see: pages and the JSON API, over the store.

/// Every route of the public listener.
pub fn router(store: store::Store) -> axum::Router {
    let _ = store;
    axum::Router::new()
}

/// Serves every page on `listener` until `shutdown` resolves; requests under way are finished.
pub async fn serve(
    listener: tokio::net::TcpListener,
    store: store::Store,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(store))
        .with_graceful_shutdown(shutdown)
        .await
}
