//! Network security of an organisation: from which addresses it may be used, and what its people may use.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// An organisation's network security, in the form of its endpoint. Of these, `enforceIpRestriction` and
/// `ipRanges` have an effect on the local Hub; the rest is kept and shown.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "the endpoint has these switches")]
pub struct NetworkSecurity {
    /// Whether people on the organisation's network must be signed in.
    pub enforce_auth: bool,
    /// Whether only addresses of `ip_ranges` reach the organisation.
    pub enforce_ip_restriction: bool,
    /// Whether its addresses have higher rate limits.
    pub high_rate_limits: bool,
    /// Ranges in CIDR notation.
    pub ip_ranges: Vec<String>,
    /// What people on the network cannot use.
    pub blocked_contents: Vec<ContentRule>,
    /// What they can use all the same.
    pub allowed_contents: Vec<ContentRule>,
    /// Whether metadata of blocked repositories is shown.
    pub keep_repos_metadata_visible: bool,
}

/// Some contents of the Hub.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContentRule {
    /// A kind of repository, or `*`.
    pub resource: String,
    /// An account or a repository.
    pub scope: String,
}

impl NetworkSecurity {
    /// Whether a request from that address may use the organisation.
    pub(crate) fn admits(&self, ip: Option<IpAddr>) -> bool {
        !self.enforce_ip_restriction
            || ip.is_some_and(|ip| self.ip_ranges.iter().any(|range| contains(range, ip)))
    }
}

/// Whether a range in CIDR notation (RFC 4632) is one, and contains the address.
fn contains(range: &str, ip: IpAddr) -> bool {
    let Some((network, bits)) = parse_range(range) else { return false };
    let (network, ip, width) = match (network, ip) {
        (IpAddr::V4(network), IpAddr::V4(ip)) => {
            (network.to_bits().into(), ip.to_bits().into(), 32)
        }
        (IpAddr::V6(network), IpAddr::V6(ip)) => (network.to_bits(), ip.to_bits(), 128),
        _ => return false,
    };
    let difference: u128 = network ^ ip;
    difference.checked_shr(width - bits).unwrap_or(0) == 0
}

/// The network and the length of its prefix.
pub(crate) fn parse_range(range: &str) -> Option<(IpAddr, u32)> {
    let (network, bits) = range.split_once('/')?;
    let network: IpAddr = network.parse().ok()?;
    let width = if network.is_ipv4() { 32 } else { 128 };
    let bits = bits.parse().ok().filter(|bits| *bits <= width)?;
    Some((network, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_contain_what_shares_their_prefix() {
        let inside = |range, ip: &str| contains(range, ip.parse().unwrap());
        assert!(inside("10.1.0.0/16", "10.1.255.3"));
        assert!(!inside("10.1.0.0/16", "10.2.0.0"));
        assert!(inside("0.0.0.0/0", "203.0.113.9"));
        assert!(inside("127.0.0.1/32", "127.0.0.1"));
        assert!(inside("2001:db8::/32", "2001:db8:1::1"));
        assert!(inside("::/0", "2001:db8::1"));
        for nonsense in ["10.0.0.0", "10.0.0.0/33", "::/0", "x/8"] {
            assert!(!inside(nonsense, "10.0.0.1"), "{nonsense}");
        }
    }
}
