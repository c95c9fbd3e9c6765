//! Where an index keeps its files.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::query_scalar;

use crate::{Error, Store};

impl Store {
    /// The hosts beyond its own from which files of `index` may come; `None` until they are known.
    pub async fn file_hosts(&self, index: &str) -> Result<Option<BTreeSet<String>>, Error> {
        let hosts = query_scalar!("SELECT host FROM file_hosts WHERE index = $1", index).fetch_all(&self.pool).await?;
        Ok((!hosts.is_empty()).then(|| hosts.into_iter().collect()))
    }

    /// The same of every index.
    pub(crate) async fn all_file_hosts(&self) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let rows =
            sqlx::query!("SELECT index, host FROM file_hosts ORDER BY index, host").fetch_all(&self.pool).await?;
        let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows {
            hosts.entry(row.index).or_default().push(row.host);
        }
        Ok(hosts)
    }

    /// Takes note of the hosts that were learned, unless some are known already; returns those that hold from now on.
    pub async fn file_hosts_learned(&self, index: &str, hosts: &BTreeSet<String>) -> Result<BTreeSet<String>, Error> {
        let hosts: Vec<String> = hosts.iter().cloned().collect();
        let mut tx = self.pool.begin().await?;
        // Of two that learn at once the second one waits here, and then sees what the first one wrote.
        sqlx::query!("LOCK TABLE file_hosts IN SHARE ROW EXCLUSIVE MODE").execute(&mut *tx).await?;
        sqlx::query!(
            "INSERT INTO file_hosts (index, host) SELECT $1, unnest($2::text[])
             WHERE NOT EXISTS (SELECT FROM file_hosts WHERE index = $1)",
            index,
            &hosts,
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(self.file_hosts(index).await?.unwrap_or_default())
    }
}
