//! The Postgres server of a run: one of its own, or the one that `ABISCOPE_TEST_DATABASE_URL` names.

use anyhow::Context as _;
use private_postgres::{Step, Throwaway};
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection, PgPool};

use crate::workspace;

/// Names a server to use instead of one of the run's own. `DATABASE_URL` is not asked: it may be somebody's data.
pub(crate) const OVERRIDE: &str = "ABISCOPE_TEST_DATABASE_URL";

/// A server for the time of a run.
#[derive(Debug)]
pub(crate) enum Database {
    /// Somebody else's, at this address.
    Given(String),
    /// Started for the run.
    Own(Throwaway),
}

impl Database {
    /// The server that is given, or one of the run's own.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        match given() {
            Some(url) => Ok(Self::Given(url)),
            None => Self::start().await,
        }
    }

    /// A server of the run's own, empty.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let server = Throwaway::start(&tell).await.context("cannot start a Postgres server for this run")?;
        Ok(Self::Own(server))
    }

    /// The address to connect to.
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Given(url) => url,
            Self::Own(server) => server.url(),
        }
    }

    /// Applies `migrations/` as files: the crate that embeds them need not compile. The queue's come from its library.
    pub(crate) async fn migrate(&self) -> anyhow::Result<()> {
        let migrator = Migrator::new(workspace::root().join("migrations")).await.context("cannot read migrations/")?;
        let mut connection = PgConnection::connect(self.url()).await.context("cannot connect to the server")?;
        migrator.run(&mut connection).await.context("cannot migrate an empty database")?;
        connection.close().await.context("cannot close the connection")?;
        let pool = PgPool::connect(self.url()).await.context("cannot connect to the server")?;
        graphile_worker_migrations::migrate(pool.clone(), "graphile_worker")
            .await
            .context("cannot migrate the queue")?;
        pool.close().await;
        Ok(())
    }

    /// Ends the server, if it is the run's own.
    pub(crate) async fn close(self) {
        if let Self::Own(server) = self {
            server.stop().await;
        }
    }
}

/// The address of the server to use instead of one of the run's own, if one is named.
pub(crate) fn given() -> Option<String> {
    std::env::var(OVERRIDE).ok().filter(|url| !url.is_empty())
}

/// Says what is being done with the server.
pub(crate) fn tell(step: Step) {
    match step {
        Step::Downloading(url) => eprintln!("xtask: there is no Postgres on this machine; downloading {url}"),
        Step::Downloaded { .. } | Step::Joined => {}
        Step::Initialising => eprintln!("xtask: making a Postgres server for this run"),
        Step::Starting => eprintln!("xtask: starting it"),
    }
}
