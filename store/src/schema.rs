//! The schema: connecting, migrating, and refusing what this binary does not know.

use crate::{Blobs, Error, Store};

impl Store {
    /// Connects to the database at `url` and checks that its schema is the one this binary knows.
    pub async fn connect(url: &str, blobs: Blobs) -> Result<Self, Error> {
        let _ = (url, blobs);
        unimplemented!()
    }

    /// Brings the database at `url` to this binary's schema, from whatever older one, an empty one included.
    /// Returns how many migrations were applied.
    pub async fn migrate(url: &str) -> Result<usize, Error> {
        let _ = url;
        unimplemented!()
    }
}
