//! Where the Hub is, and where clients find the broker that stands before it.

use url::{ParseError, Position, Url};

/// Names of the Hub itself. Clients send what they take for a token to any of them
/// (`huggingface_hub` 2.4.0, `utils/_http.py`, `_HUB_ORIGINS`), and mirrors write them into addresses. So
/// they are the upstream, whatever it is called: no lease goes there.
const HUB_NAMES: [&str; 3] = ["huggingface.co", "www.huggingface.co", "hf.co"];

/// Where the Hub is, and where clients find the broker.
#[derive(Debug)]
pub(super) struct Places<'a> {
    upstream: Url,
    broker: &'a str,
}

impl<'a> Places<'a> {
    /// The origin that requests are sent on to, and the broker's own as clients know it, both without a
    /// slash at the end. There are none if the Hub's is no address.
    pub(super) fn new(upstream: &str, broker: &'a str) -> Option<Self> {
        Some(Self { upstream: Url::parse(upstream).ok()?, broker })
    }

    /// The same place at the broker, if a reference leads to the Hub by its full address. What is
    /// relative leads to the broker as it is.
    pub(super) fn turned(&self, reference: &str) -> Option<String> {
        let address = self.at_hub(reference)?;
        Some(format!("{}{}", self.broker, &address[Position::BeforePath..]))
    }

    /// The path and query at the Hub, if a reference leads there by its full address.
    pub(super) fn path_at_hub(&self, reference: &str) -> Option<String> {
        let address = self.at_hub(reference)?;
        Some(address[Position::BeforePath..Position::AfterQuery].to_owned())
    }

    /// A reference as clients would read it, if it names the Hub. They take much for an address that is
    /// none: `https:/\hf.co`, or one with tabs.
    fn at_hub(&self, reference: &str) -> Option<Url> {
        let address = match Url::parse(reference) {
            Ok(address) => address,
            Err(ParseError::RelativeUrlWithoutBase) if names_a_host(reference) => {
                self.upstream.join(reference).ok()?
            }
            Err(_) => return None,
        };
        self.is_hub(&address).then_some(address)
    }

    fn is_hub(&self, address: &Url) -> bool {
        let Some(host) = address.host_str().map(|host| host.trim_end_matches('.')) else {
            return false;
        };
        let has_own_port = address.port().is_some() || self.upstream.port().is_some();
        let is_same_port = !has_own_port
            || address.port_or_known_default() == self.upstream.port_or_known_default();
        matches!(address.scheme(), "http" | "https")
            && (self.upstream.host_str() == Some(host) && is_same_port
                || address.port().is_none() && HUB_NAMES.contains(&host))
    }
}

/// Whether a relative reference has a host (RFC 3986 §4.2, "network-path reference"), as browsers read it.
fn names_a_host(reference: &str) -> bool {
    let mut characters = reference.trim_start().chars().filter(|c| !"\t\r\n".contains(*c));
    let mut is_slash = || characters.next().is_some_and(|c| c == '/' || c == '\\');
    is_slash() && is_slash()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_hub_lead_to_the_broker_and_no_others() {
        let places = Places::new("https://huggingface.co", "http://127.0.0.1:8080").unwrap();
        for (reference, expected) in [
            ("https://huggingface.co/a/b?c=%2F&d[]=e#f", Some("/a/b?c=%2F&d[]=e#f")),
            ("https://huggingface.co", Some("/")),
            ("HTTPS://HuggingFace.CO:443/x", Some("/x")),
            ("http://huggingface.co/x", Some("/x")),
            ("https://huggingface.co./x", Some("/x")),
            ("https://hf.co/x", Some("/x")),
            ("https://user:word@huggingface.co/x", Some("/x")),
            ("//huggingface.co/x", Some("/x")),
            ("\\\\huggingface.co/x", Some("/x")),
            ("/\t/huggingface.co/x", Some("/x")),
            ("https:/\\huggingface.co/x", Some("/x")),
            ("https://hugging\tface.co/x", Some("/x")),
            ("https://huggingface.co/a%2Fb/%2e%2e%2f", Some("/a%2Fb/%2e%2e%2f")),
            ("/api/resolve-cache/models/a/b", None),
            ("?cursor=x", None),
            ("", None),
            ("https://huggingface.co.evil.example/x", None),
            ("https://evil.example/https://huggingface.co/", None),
            ("https://huggingface.co@evil.example/", None),
            ("https://cas-bridge.xethub.hf.co/x", None),
            ("https://huggingface.co:8443/x", None),
            ("ftp://huggingface.co/x", None),
            ("a text about https://huggingface.co/x", None),
        ] {
            let expected = expected.map(|rest| format!("http://127.0.0.1:8080{rest}"));
            assert_eq!(places.turned(reference), expected, "{reference}");
        }
    }

    #[test]
    fn another_port_of_the_same_host_is_another_place() {
        let places = Places::new("http://127.0.0.1:5000", "https://broker.example").unwrap();
        for (reference, expected) in [
            ("http://127.0.0.1:5000/x", Some("https://broker.example/x")),
            ("http://127.0.0.1:5001/x", None),
            ("http://127.0.0.1/x", None),
            ("https://huggingface.co/x", Some("https://broker.example/x")),
            ("https://huggingface.co:5000/x", None),
        ] {
            assert_eq!(places.turned(reference).as_deref(), expected, "{reference}");
        }
    }
}
