//! Blobs in S3, or in what speaks its language.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::prefix::PrefixStore;
use object_store::{ClientConfigKey, ClientOptions, RetryConfig};
use url::{Host, Url};

use super::Blobs;
use super::place::S3Address;
use crate::Error;

/// For one request, its body included: 256 MiB, the largest sdist, at 1 MB/s.
const TIMEOUT: Duration = Duration::from_mins(5);
/// For all tries of a request. Short, because the job that fails with it is tried again later anyway.
const ALL_TRIES: Duration = Duration::from_mins(1);
/// Tries after the first one.
const RETRIES: usize = 4;

/// The bucket, with endpoint, region and credentials from the environment as other tools read them: `AWS_ENDPOINT_URL`,
/// `AWS_ENDPOINT_URL_S3`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
/// `AWS_ALLOW_HTTP`, ….
pub(super) fn open(address: &S3Address) -> Result<Blobs, Error> {
    with(AmazonS3Builder::from_env(), address)
}

/// As [`open`], from what `builder` knows already.
pub(super) fn with(builder: AmazonS3Builder, address: &S3Address) -> Result<Blobs, Error> {
    let is_plain = is_plain_and_allowed(&builder)?;
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: ALL_TRIES, ..RetryConfig::default() };
    let options = ClientOptions::new().with_timeout(TIMEOUT).with_allow_http(is_plain);
    let bucket = builder.with_bucket_name(&address.bucket).with_client_options(options).with_retry(retry).build()?;
    if address.prefix.is_empty() {
        return Ok(Blobs::over(Arc::new(bucket)));
    }
    Ok(Blobs::over(Arc::new(PrefixStore::new(bucket, address.prefix.as_str()))))
}

/// Whether the endpoint is plain http: on this machine, or where the operator says that the network between is nobody
/// else's (`AWS_ALLOW_HTTP=true`), as the one inside a composition of containers. What goes over it then is archives,
/// which anybody may have, and signatures of requests; never the secret key. What comes back is held against its hash.
fn is_plain_and_allowed(builder: &AmazonS3Builder) -> Result<bool, Error> {
    let key = |key| builder.get_config_value(&key).filter(|value| !value.is_empty());
    let Some(text) = key(AmazonS3ConfigKey::S3Endpoint).or_else(|| key(AmazonS3ConfigKey::Endpoint)) else {
        return Ok(false);
    };
    let is_allowed = key(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp)).is_some_and(|word| word == "true");
    let refused = |why: &str| Error::BlobsMisconfigured(format!("the endpoint {text:?} {why}"));
    let url = Url::parse(&text).map_err(|_| refused("is not a URL"))?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(false),
        "http" if is_loopback || is_allowed => Ok(true),
        "http" => Err(refused(
            "is plain http, which is only for this machine: use https, or set AWS_ALLOW_HTTP=true on a network of your own",
        )),
        _ => Err(refused("is neither https nor http")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(endpoint: &str, allow_http: bool) -> Result<Blobs, Error> {
        let builder = AmazonS3Builder::new().with_endpoint(endpoint).with_allow_http(allow_http);
        with(builder, &S3Address { bucket: "survey".to_owned(), prefix: String::new() })
    }

    #[test]
    fn plain_http_is_only_for_this_machine() {
        for endpoint in ["https://s3.example", "http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost:9000"] {
            assert!(opened(endpoint, false).is_ok(), "{endpoint}");
        }
        for endpoint in ["http://s3.example", "http://192.0.2.1:9000", "http://127.0.0.1.example", "ftp://x", "store"] {
            let refused = opened(endpoint, false).unwrap_err();
            assert!(matches!(refused, Error::BlobsMisconfigured(_)) && !refused.is_passing(), "{endpoint}: {refused}");
        }
    }

    #[test]
    fn an_operator_may_say_that_a_network_is_his_own() {
        assert!(opened("http://s3:8333", true).is_ok());
        assert!(opened("http://s3:8333", false).unwrap_err().to_string().contains("AWS_ALLOW_HTTP=true"));
        assert!(opened("ftp://s3", true).is_err(), "plain http is all that it allows");
    }
}
