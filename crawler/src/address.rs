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

/// The system's resolver, keeping only public addresses of all but the trusted names. The connection is made to the
/// very addresses checked here, so that a second answer of the name server cannot change them.
#[derive(Debug)]
pub(crate) struct PublicResolver {
    trusted: BTreeSet<String>,
}

impl PublicResolver {
    /// `trusted`: hosts that the operator named (the index, a proxy), wherever they are.
    pub(crate) fn new(trusted: impl IntoIterator<Item = String>) -> Self {
        Self { trusted: trusted.into_iter().collect() }
    }
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let trusted = self.trusted.contains(&host);
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let usable: Vec<SocketAddr> = found.filter(|address| trusted || is_public(address.ip())).collect();
            if usable.is_empty() {
                return Err(NotPublic(host).into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
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
        let refused = PublicResolver::new([]).resolve(name()).await.err().unwrap();
        assert_eq!(refused.to_string(), "localhost has no public address");
        assert!(PublicResolver::new(["localhost".to_owned()]).resolve(name()).await.is_ok());
    }
}
