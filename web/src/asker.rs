//! Who asks for work, and how often they may. Addresses are kept in memory only, and forgotten within minutes.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::app::App;

/// How often one thing may be asked for: so many at once, then one in so long.
struct Limits {
    each_at_once: u32,
    each_one_in: Duration,
    /// The same for all clients of this process together.
    all_at_once: u32,
    all_one_in: Duration,
}

const LOOK_UPS: Limits = Limits {
    each_at_once: 20,
    each_one_in: Duration::from_secs(20),
    all_at_once: 100,
    all_one_in: Duration::from_millis(100),
};

/// What is made for programs, and what costs as much as they like.
const READS: Limits = Limits {
    each_at_once: 100,
    each_one_in: Duration::from_millis(100),
    all_at_once: 2000,
    all_one_in: Duration::from_millis(5),
};

impl Limits {
    // A period of zero would be no quota; none of these is.
    fn quota(at_once: u32, one_in: Duration) -> Quota {
        let quota = Quota::with_period(one_in).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        quota.allow_burst(NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN))
    }
}

/// Addresses that may be remembered before those that did not ask lately are let go.
const REMEMBERED: usize = 1000;

/// Who asks, as far as that can be told: the address, of IPv6 the network that one client has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asker(IpAddr);

impl FromRequestParts<App> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let told = app.config().client_header.as_ref().and_then(|name| told(&parts.headers, name.as_str()));
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        Ok(Self(network(told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))))
    }
}

/// The last address of the header: the one that the proxy next to us wrote. Those before it anybody can make up.
fn told(headers: &HeaderMap, name: &str) -> Option<IpAddr> {
    let last = headers.get_all(name).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

impl Asker {
    /// Whether it is this machine: a proxy that does not tell for whom it asks, or the operator.
    pub(crate) fn is_here(self) -> bool {
        self.0.is_loopback() || self.0.is_unspecified()
    }
}

/// A client has a whole network of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// How often whoever may ask.
pub(crate) struct Askers {
    each: DefaultKeyedRateLimiter<IpAddr>,
    all: DefaultDirectRateLimiter,
    clock: DefaultClock,
}

impl Askers {
    /// Those who look projects up.
    pub(crate) fn looking_up() -> Self {
        Self::new(&LOOK_UPS)
    }

    /// Those who read what is made for programs.
    pub(crate) fn reading() -> Self {
        Self::new(&READS)
    }

    fn new(limits: &Limits) -> Self {
        Self {
            each: RateLimiter::keyed(Limits::quota(limits.each_at_once, limits.each_one_in)),
            all: RateLimiter::direct(Limits::quota(limits.all_at_once, limits.all_one_in)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one; an error says how long to wait for the next one.
    pub(crate) fn ask(&self, asker: Asker) -> Result<(), Duration> {
        if self.each.len() > REMEMBERED {
            self.each.retain_recent();
        }
        let wait = |no: NotUntil<_>| no.wait_time_from(self.clock.now());
        self.each.check_key(&asker.0).map_err(wait)?;
        self.all.check().map_err(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(address: &str) -> Asker {
        Asker(network(address.parse().expect("an address")))
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        assert_eq!(asker("2001:db8:1:2:3::4"), asker("2001:db8:1:2:ffff::"));
        assert_ne!(asker("2001:db8:1:2::"), asker("2001:db8:1:3::"));
        assert_eq!(asker("::ffff:192.0.2.1"), asker("192.0.2.1"));
    }

    #[test]
    fn only_the_address_that_the_next_proxy_wrote_counts() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "10.0.0.1, made-up".parse().expect("a header"));
        assert_eq!(told(&headers, "x-forwarded-for"), None);
        headers.append("x-forwarded-for", "10.0.0.1, 192.0.2.7".parse().expect("a header"));
        assert_eq!(told(&headers, "x-forwarded-for"), Some("192.0.2.7".parse().expect("an address")));
        headers.append("x-forwarded-for", "[2001:db8::1]:4711".parse().expect("a header"));
        assert_eq!(told(&headers, "x-forwarded-for"), Some("2001:db8::1".parse().expect("an address")));
        assert_eq!(told(&headers, "x-real-ip"), None);
    }
}
