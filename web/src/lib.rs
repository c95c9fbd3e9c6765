//! What people see: pages and the JSON API, over the store.

/// Every route of the public listener.
pub fn router(store: store::Store) -> axum::Router {
    let _ = store;
    axum::Router::new()
}
