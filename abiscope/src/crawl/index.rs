//! The index of a deployment: its client, and what all processes know of it together.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use crawler::{ClientConfig, IndexClient, IndexUrl};
use store::{Budget, Store};

use super::budget::SharedBudget;
use crate::cli::IndexArgs;

/// A client that shares its budget and the hosts of files with others.
#[derive(Debug, Clone)]
pub struct Index {
    /// Speaks with it.
    pub client: IndexClient,
    /// How it is called in the database: its address without user and password.
    pub name: String,
    store: Store,
    /// Those that this process knows to be known to all.
    shared_hosts: Arc<Mutex<Option<BTreeSet<String>>>>,
}

impl Index {
    /// The index that the operator or the environment names. `budget`: set for all processes, if this one decides.
    pub async fn open(store: &Store, args: &IndexArgs, budget: Option<Budget>) -> anyhow::Result<Self> {
        let url = IndexUrl::from_environment(args.index_url.as_deref(), &default_index::url())?;
        let name = url.to_string();
        match budget {
            Some(budget) => store.budget_set(&name, budget).await?,
            None => store.budget_set_if_missing(&name).await?,
        }
        let given: BTreeSet<String> =
            args.file_host.iter().map(|host| crawler::file_host(host)).collect::<Result<_, _>>()?;
        let known = if given.is_empty() { store.file_hosts(&name).await? } else { Some(given) };
        let config = ClientConfig {
            contact: args.contact.clone(),
            file_hosts: known,
            wait_between_tries: !args.no_waits,
            ..ClientConfig::default()
        };
        let shared = Arc::new(SharedBudget::new(store.clone(), name.clone()));
        let client = IndexClient::with_budget(url, config, shared).context("preparing the connection to the index")?;
        Ok(Self { client, name, store: store.clone(), shared_hosts: Arc::default() })
    }

    /// Shares the hosts that this process learned from a page, or learns those that another one did. Called after every
    /// page; asks the database only when there is something to share.
    pub async fn share_hosts(&self) -> Result<(), store::Error> {
        let shared = || self.shared_hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hosts) = self.client.file_hosts()
            && shared().as_ref() != Some(&hosts)
        {
            let known = self.store.file_hosts_learned(&self.name, &hosts).await?;
            if known != hosts {
                self.client.set_file_hosts(known.clone());
            }
            *shared() = Some(known);
        }
        Ok(())
    }

    /// Learns the hosts that another process did, where this one knows none.
    pub async fn learn_hosts(&self) -> Result<(), store::Error> {
        if self.client.file_hosts().is_none()
            && let Some(hosts) = self.store.file_hosts(&self.name).await?
        {
            self.client.set_file_hosts(hosts);
        }
        Ok(())
    }
}
