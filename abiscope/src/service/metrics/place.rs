//! Where metrics are told, as an operator says it.

use std::net::SocketAddr;
use std::str::FromStr;

/// An address, or nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: nothing is counted.
    Off,
    /// On this address.
    At(SocketAddr),
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" | "" => Ok(Self::Off),
            _ => text.parse().map(Self::At).map_err(|_| "give an address such as 127.0.0.1:8018, or `off`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_off() {
        assert_eq!("off".parse(), Ok(Place::Off));
        assert_eq!("127.0.0.1:8018".parse(), Ok(Place::At(([127, 0, 0, 1], 8018).into())));
        for wrong in ["8018", "localhost:8018", "on"] {
            assert!(wrong.parse::<Place>().is_err_and(|why| why.contains("off")), "{wrong}");
        }
    }
}
