//! Proxies of the environment.

use url::Url;

/// The hosts of the proxies that the operator set. Through a proxy it is the proxy that resolves names, and its own host
/// may well be in a private network.
pub(crate) fn hosts() -> Vec<String> {
    let names = ["http_proxy", "https_proxy", "all_proxy"];
    let set = names.iter().flat_map(|name| [std::env::var(name), std::env::var(name.to_uppercase())]);
    set.flatten().filter_map(|value| host(&value)).collect()
}

/// A proxy may be written without a scheme.
fn host(value: &str) -> Option<String> {
    let with_scheme = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    Url::parse(&with_scheme).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_with_and_without_a_scheme() {
        assert_eq!(host("http://me:secret@proxy.example:3128/").as_deref(), Some("proxy.example"));
        assert_eq!(host("proxy.example:3128").as_deref(), Some("proxy.example"));
        assert_eq!(host(""), None);
    }
}
