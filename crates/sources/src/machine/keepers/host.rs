//! The hosts that tokens are kept for.

use ureq::http::Uri;

/// A host, as credentials are filed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// `https` or `http`.
    pub(super) protocol: String,
    /// Its name.
    pub(super) name: String,
    /// Its port, if it is not the usual one.
    pub(super) port: Option<u16>,
}

impl Host {
    /// The host of an endpoint, as `HF_ENDPOINT` names one: `https://hub.example.org:8443/path`.
    /// None if it is no such address.
    pub fn of(endpoint: &str) -> Option<Self> {
        let address: Uri = endpoint.trim().parse().ok()?;
        let protocol = address.scheme_str().filter(|scheme| matches!(*scheme, "https" | "http"))?;
        // The name becomes an argument of other programs, which no token may become.
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        let name = address.host().filter(|name| name.bytes().all(is_plain))?;
        let name = Some(name).filter(|name| !name.is_empty() && !name.starts_with('-'))?;
        let (protocol, name) = (protocol.to_owned(), name.to_owned());
        Some(Self { protocol, name, port: address.port_u16() })
    }

    /// The hosts of the Hub, and one more.
    pub(super) fn all(another: Option<&Self>) -> Vec<Self> {
        let https = |name: &str| Self { protocol: "https".into(), name: name.into(), port: None };
        let mut hosts = vec![https("huggingface.co"), https("hf.co")];
        hosts.extend(another.filter(|host| !hosts.contains(host)).cloned());
        hosts
    }

    /// The name with the port, as git files by.
    pub(super) fn with_port(&self) -> String {
        self.port.map_or_else(|| self.name.clone(), |port| format!("{}:{port}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_has_a_host_and_nothing_else_of_it_is_kept() {
        for (endpoint, protocol, host) in [
            ("https://huggingface.co", "https", "huggingface.co"),
            ("https://user:word@hub.example.org:8443/a/b?c", "https", "hub.example.org:8443"),
            (" http://localhost:8080/ \n", "http", "localhost:8080"),
        ] {
            let found = Host::of(endpoint).unwrap();
            assert_eq!((found.protocol.as_str(), found.with_port().as_str()), (protocol, host));
        }
        let token = format!("https://hf_{}", "x".repeat(34));
        for bad in ["", "hub", "ftp://a", "https://", "https://a\nhost=b", "https://-s/", &token] {
            assert_eq!(Host::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_host_of_the_hub_is_asked_for_once() {
        let own = Host::of("https://hf.co").unwrap();
        assert_eq!(Host::all(Some(&own)).len(), 2);
        assert_eq!(Host::all(Host::of("https://hub.example.org").as_ref()).len(), 3);
    }
}
