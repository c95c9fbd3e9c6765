//! Fetching a list from where the operator says it is.

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Client, redirect};
use url::Url;

use super::{MOST_BYTES, NotATopList, TopList};
use crate::body::Chunks;
use crate::counts::Counts;
use crate::exchange::Exchange;
use crate::outcome::put_off;
use crate::pace::Pace;
use crate::tries::with_tries;
use crate::trouble::Trouble;
use crate::trust::Refused;
use crate::{ClientConfig, IndexUrl};

/// Why a list could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopListFailure {
    /// The address cannot be used: why.
    #[error("the list of downloads cannot be fetched: {0}")]
    Address(String),
    /// It could not be fetched: what happened last.
    #[error("the list of downloads could not be fetched: {0}; try again later, or give a file")]
    Fetch(String),
    /// It is something else.
    #[error(transparent)]
    Content(#[from] NotATopList),
}

impl TopList {
    /// Fetches a list. The address is trusted as the operator gives it, by https or from this machine; redirects stay on
    /// https. `config` gives the contact, the patience and whether failed requests wait.
    pub async fn fetch(url: &str, config: &ClientConfig) -> Result<Self, TopListFailure> {
        // The rules for the address of an index are those for any that an operator gives.
        let given = IndexUrl::parse(url.split('?').next().unwrap_or_default());
        let given = given.map_err(|_| TopListFailure::Address("give an https address, or a file".to_owned()))?;
        let url: Url = url.trim().parse().map_err(|error| TopListFailure::Address(format!("{error}")))?;
        let client = client(&given, config).map_err(|error| TopListFailure::Fetch(error.to_string()))?;
        let admit =
            |hop: Url| if hop.scheme() == "https" || given.is_origin_of(&hop) { Ok(hop) } else { refused(&hop) };
        let (pace, counts) = (Pace::new(config.requests_per_second, 1), Counts::default());
        let accept = HeaderValue::from_static("application/json, */*;q=0.1");
        let exchange = Exchange { client: &client, budget: &pace, accept, admit: &admit, counts: &counts };
        let attempt = || async {
            let answered = exchange.get(url.clone(), &HeaderMap::new()).await?;
            let mut body = Vec::new();
            let too_large = || Trouble::TooLarge(format!("it has more than {MOST_BYTES} bytes"));
            Chunks::new(answered.response, config.patience)
                .append_to(&mut body, MOST_BYTES, too_large, &|_| ())
                .await?;
            Ok(body)
        };
        let body = with_tries(config.wait_between_tries, attempt).await;
        let body = body.map_err(|(trouble, _)| TopListFailure::Fetch(put_off(trouble).0))?;
        Ok(Self::read(body.as_slice())?)
    }
}

fn client(given: &IndexUrl, config: &ClientConfig) -> Result<Client, reqwest::Error> {
    let builder = Client::builder()
        .user_agent(crate::client::user_agent(config.contact.as_deref()))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(config.patience.connect)
        .read_timeout(config.patience.idle_read)
        .timeout(config.patience.total);
    if given.is_loopback() { builder.no_proxy() } else { builder }.build()
}

fn refused(hop: &Url) -> Result<Url, Refused> {
    Err(Refused(format!("it leads to {}, which is not https", hop.host_str().unwrap_or_default())))
}
