//! Public addresses, and a resolver that gives no others.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether anybody on the internet may be meant by this address (IANA's special-purpose registries): not this machine,
/// not a private network, not a metadata service.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast();
    let [a, b, c, _] = address.octets();
    let more = a == 0 // this network
        || (a == 100 && b & 0xc0 == 64) // shared between carriers
        || (a == 192 && b == 0 && c == 0) // protocol assignments
        || (a == 192 && b == 88 && c == 99) // relays of 6to4
        || (a == 198 && b & 0xfe == 18) // benchmarks
        || a >= 240; // reserved
    !special && !more
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = translated(address) {
        return is_public_v4(v4);
    }
    let [first, second, ..] = address.segments();
    let global_unicast = first & 0xe000 == 0x2000;
    let special = matches!(
        (first, second),
        (0x2001, 0..=0x1ff | 0xdb8) // protocol assignments, Teredo; documentation
            | (0x2002, _) // 6to4 holds any IPv4 address
            | (0x3fff, 0..=0xfff) // documentation
    );
    global_unicast && !special
}

/// The IPv4 address that one of a translator (RFC 6052) stands for.
fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [.., w, x, y, z] = address.octets();
    (address.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0]).then(|| Ipv4Addr::new(w, x, y, z))
}

/// A name has no public address.
#[derive(Debug, Clone)]
pub(crate) struct NotPublic(String);

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no public address", self.0)
    }
}

impl std::error::Error for NotPublic {}

/// The system's resolver, keeping only public addresses and the index's own for all but the trusted names. The
/// connection is made to the very addresses checked here, so that a second answer of the name server cannot change them.
#[derive(Debug)]
pub(crate) struct PublicResolver {
    index: Option<String>,
    trusted: BTreeSet<String>,
}

impl PublicResolver {
    /// `index`: the index's host, if it has a name. `trusted`: other hosts that the operator named, such as a proxy.
    /// Both may be wherever they are.
    pub(crate) fn new(index: Option<String>, trusted: impl IntoIterator<Item = String>) -> Self {
        Self { index, trusted: trusted.into_iter().collect() }
    }
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let trusted = self.trusted.contains(&host) || self.index.as_ref() == Some(&host);
        let index = self.index.clone();
        Box::pin(async move {
            let found = lookup(&host).await?;
            if trusted {
                return Ok(Box::new(found.into_iter()) as Addrs);
            }
            let usable = match index {
                // A mirror in a private network serves its files from its own address.
                Some(index) if !found.iter().any(|address| is_public(address.ip())) => {
                    among(found, &lookup(&index).await.unwrap_or_default())
                }
                _ => found.into_iter().filter(|address| is_public(address.ip())).collect(),
            };
            if usable.is_empty() {
                return Err(NotPublic(host).into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}

async fn lookup(host: &str) -> std::io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((host, 0)).await?.collect())
}

/// Those addresses that are the index's own.
fn among(found: Vec<SocketAddr>, own: &[SocketAddr]) -> Vec<SocketAddr> {
    found.into_iter().filter(|address| own.iter().any(|own| own.ip() == address.ip())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_internet_are_public() {
        for text in [
            "1.1.1.1",
            "151.101.0.223",
            "100.128.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "2a04:4e42::223",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn addresses_with_a_special_purpose_are_not() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.19.255.255",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::101:101",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_resolved_only_when_trusted() {
        let name = || "localhost".parse::<Name>().unwrap();
        let refused = PublicResolver::new(None, []).resolve(name()).await.err().unwrap();
        assert_eq!(refused.to_string(), "localhost has no public address");
        assert!(PublicResolver::new(None, ["localhost".to_owned()]).resolve(name()).await.is_ok());
        assert!(PublicResolver::new(Some("localhost".to_owned()), []).resolve(name()).await.is_ok());
    }

    #[test]
    fn a_private_address_is_good_only_if_it_is_the_index_s_own() {
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 0);
        let own = [at("10.0.0.7"), at("fd00::7")];
        assert_eq!(among(vec![at("10.0.0.7"), at("10.0.0.8")], &own), [at("10.0.0.7")]);
        assert!(among(vec![at("127.0.0.1")], &own).is_empty());
    }
}
