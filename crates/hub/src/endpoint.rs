//! Where the Hub answers, which is the only place that a token is sent to.

use std::{fmt, net::IpAddr};

use reqwest::Url;

/// The scheme, host and port of a Hub, and the path that its API starts at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
}

/// Why an address is none that a token may be sent to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// It cannot be read as an address.
    #[error("it is not an address such as https://huggingface.co")]
    Unreadable,
    /// It is of another protocol.
    #[error("the Hub is asked over https, not {0}")]
    Scheme(String),
    /// Everybody between here and there could read the token.
    #[error("a token would travel to {0} unencrypted")]
    Plain(String),
    /// It holds a user name or a password, a query or a fragment, which an endpoint has no use for.
    #[error("it holds more than a host and a path")]
    Decorated,
}

/// Whether a token may travel unencrypted to another machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plaintext {
    /// Only to this machine itself.
    LoopbackOnly,
    /// The user insists: to whatever host the endpoint names.
    Anywhere,
}

impl Endpoint {
    /// Reads an endpoint as `HF_ENDPOINT` gives it.
    ///
    /// # Errors
    ///
    /// If it is no address that a token may be sent to.
    pub fn parse(endpoint: &str, plaintext: Plaintext) -> Result<Self, EndpointError> {
        let base = Url::parse(endpoint.trim()).map_err(|_| EndpointError::Unreadable)?;
        let host = base.host_str().ok_or(EndpointError::Unreadable)?;
        match base.scheme() {
            "https" => {}
            "http" if plaintext == Plaintext::Anywhere || is_loopback(host) => {}
            "http" => return Err(EndpointError::Plain(host.to_owned())),
            other => return Err(EndpointError::Scheme(other.to_owned())),
        }
        let has_login = !base.username().is_empty() || base.password().is_some();
        if has_login || base.query().is_some() || base.fragment().is_some() {
            return Err(EndpointError::Decorated);
        }
        Ok(Self { base })
    }

    /// Whether requests to it are encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// The address of something below it. No segment can lead elsewhere: what is not a plain name is
    /// escaped, and `.` and `..` have no address.
    pub(crate) fn address(&self, segments: &[&str], query: &[(&str, String)]) -> Option<Url> {
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return None;
        }
        let mut address = self.base.clone();
        address.path_segments_mut().ok()?.pop_if_empty().extend(segments);
        if !query.is_empty() {
            address.query_pairs_mut().extend_pairs(query);
        }
        Some(address)
    }

    /// What a server's `Location` or `Link` leads to, seen from the page that named it, if that is
    /// still here. Otherwise the name of the foreign origin.
    pub(crate) fn follow(&self, page: &Url, reference: &str) -> Result<Url, String> {
        let mut target = page.join(reference).map_err(|_| "no address".to_owned())?;
        if target.origin() != self.base.origin() {
            return Err(name_of(&target));
        }
        // A login in an address becomes an `Authorization` header in most clients. The server that
        // wrote it does not decide who we are.
        let _ = target.set_username("").and_then(|()| target.set_password(None));
        target.set_fragment(None);
        Ok(target)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.as_str().trim_end_matches('/'))
    }
}

/// How an error names the origin of an address: without path, query or login.
fn name_of(address: &Url) -> String {
    let name = address.origin().ascii_serialization();
    if name == "null" { format!("{}:", address.scheme()) } else { name.chars().take(200).collect() }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    // Other names below `.localhost` are whatever the resolver makes of them.
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub() -> Endpoint {
        Endpoint::parse("https://hub.example/", Plaintext::LoopbackOnly).expect("an endpoint")
    }

    #[test]
    fn a_token_travels_encrypted_or_stays_on_the_machine() {
        for good in [
            "https://huggingface.co",
            "https://huggingface.co/",
            " https://mirror.example:8443/hf/ ",
            "http://localhost:8080",
            "http://127.0.0.1:9",
            "http://[::1]:9",
        ] {
            assert!(Endpoint::parse(good, Plaintext::LoopbackOnly).is_ok(), "{good}");
        }
        let refused: [(&str, EndpointError); 8] = [
            ("http://huggingface.co", EndpointError::Plain("huggingface.co".to_owned())),
            (
                "http://localhost.evil.example",
                EndpointError::Plain("localhost.evil.example".into()),
            ),
            ("http://hub.localhost", EndpointError::Plain("hub.localhost".to_owned())),
            ("http://128.0.0.1", EndpointError::Plain("128.0.0.1".to_owned())),
            ("ftp://huggingface.co", EndpointError::Scheme("ftp".to_owned())),
            ("huggingface.co", EndpointError::Unreadable),
            ("https://user@huggingface.co", EndpointError::Decorated),
            ("https://huggingface.co/?next=x", EndpointError::Decorated),
        ];
        for (bad, why) in refused {
            assert_eq!(Endpoint::parse(bad, Plaintext::LoopbackOnly), Err(why), "{bad}");
        }
        assert!(Endpoint::parse("http://hub.internal", Plaintext::Anywhere).is_ok());
    }

    #[test]
    fn no_segment_leads_out_of_the_api() {
        let address = hub().address(&["api", "models", "a/../../b", "x%2Fy?z#"], &[]).expect("one");
        assert_eq!(
            address.as_str(),
            "https://hub.example/api/models/a%2F..%2F..%2Fb/x%252Fy%3Fz%23"
        );
        for bad in ["", ".", ".."] {
            assert_eq!(hub().address(&["api", bad], &[]), None, "{bad:?}");
        }
    }

    #[test]
    fn a_reference_is_followed_at_home_only() {
        let page = hub().address(&["api", "models"], &[]).expect("an address");
        let at_home = hub().follow(&page, "https://me:secret@hub.example/api/models?cursor=2#x");
        assert_eq!(at_home.expect("at home").as_str(), "https://hub.example/api/models?cursor=2");
        for (away, name) in [
            ("https://evil.example/api/models", "https://evil.example"),
            ("//evil.example/x", "https://evil.example"),
            ("http://hub.example/api", "http://hub.example"),
            ("https://hub.example:8443/", "https://hub.example:8443"),
            ("https://hub.example.evil.example/", "https://hub.example.evil.example"),
            ("file:///etc/passwd", "file:"),
        ] {
            assert_eq!(hub().follow(&page, away), Err(name.to_owned()));
        }
    }
}
