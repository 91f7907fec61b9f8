//! Addresses from which a lease may be used.

use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};

/// A block of addresses in CIDR notation (RFC 4632 §3.1): `10.1.0.0/16`, `2001:db8::/32`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    /// The first address, with nothing set after the prefix.
    first: IpAddr,
    /// How many leading bits all of its addresses share.
    prefix: u8,
}

/// An address as the bits that networks compare, with their number. IPv4 addresses in IPv6's clothes
/// (`::ffff:10.0.0.1`) are IPv4 addresses, since that is how dual-stack sockets show them.
fn bits(address: IpAddr) -> (u128, u8) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    }
}

fn mask(prefix: u8) -> u128 {
    u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0)
}

impl Network {
    /// Whether an address is in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let ((own, width), (other, other_width)) = (bits(self.first), bits(address));
        width == other_width && (own ^ other) & mask(self.prefix) == 0
    }

    /// Whether all of another network's addresses are in it.
    pub fn implies(&self, other: &Self) -> bool {
        self.prefix <= other.prefix && self.holds(other.first)
    }
}

/// The text is no network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseNetworkError;

impl fmt::Display for ParseNetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a network is an address, or one with the length of its prefix and nothing set after it, \
             such as 10.1.0.0/16 or 2001:db8::/32",
        )
    }
}

impl std::error::Error for ParseNetworkError {}

impl FromStr for Network {
    type Err = ParseNetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ParseNetworkError)?;
        let first = address.to_canonical();
        let (set, width) = bits(first);
        let prefix = match prefix {
            None => width,
            Some(digits) if first == address => digits.parse().map_err(|_| ParseNetworkError)?,
            // The length would count bits that an IPv4 address does not have.
            Some(_) => return Err(ParseNetworkError),
        };
        if prefix > width || set & !mask(prefix) != 0 {
            return Err(ParseNetworkError);
        }
        Ok(Self { first, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

impl TryFrom<String> for Network {
    type Error = ParseNetworkError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// The answers are those of Python's `ipaddress`.
    #[test]
    fn an_address_is_in_its_network() {
        let cases = [
            ("10.1.0.0/16", "10.1.255.255", true),
            ("10.1.0.0/16", "10.2.0.0", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "::1", true),
            ("::/0", "10.0.0.1", false),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::", false),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.0", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
        ];
        for (text, address, is_in) in cases {
            assert_eq!(network(text).holds(address.parse().unwrap()), is_in, "{text} {address}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/",
            "::ffff:10.0.0.0/8",
        ] {
            assert_eq!(text.parse::<Network>(), Err(ParseNetworkError), "{text}");
        }
        assert_eq!(network("10.0.0.0/8").to_string(), "10.0.0.0/8");
        assert_eq!(network("::1").to_string(), "::1/128");
    }

    #[test]
    fn a_network_holds_its_parts() {
        assert!(network("10.0.0.0/8").implies(&network("10.1.0.0/16")));
        assert!(!network("10.1.0.0/16").implies(&network("10.0.0.0/8")));
        assert!(!network("::/0").implies(&network("10.0.0.0/8")));
    }
}
