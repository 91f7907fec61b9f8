//! The head of a request, made fit for the Hub.

use bearhug_core::{Token, lease::LeaseId};
use data_encoding::BASE64;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Uri,
    header::{self, Entry},
    request::Parts,
};
use secrecy::{ExposeSecret, zeroize::Zeroizing};

use super::Body;
use crate::{Form, Upstream};

/// What concerns one connection only (RFC 9110 §7.6.1), the credential of somebody else, or what a client
/// would say of itself that only a proxy can know, or to make another request of this one. Who pays for a request is none of the client's choice,
/// so what bills an organisation goes too.
const STRIPPED: &[&str] = &[
    "authorization",
    "cf-connecting-ip",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "true-client-ip",
    "upgrade",
    "via",
    "x-admin-token",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-hf-bill-to",
    "x-method-override",
    "x-real-ip",
];
/// As [`STRIPPED`], by how names start.
const STRIPPED_FAMILIES: &[&str] =
    &["proxy-", "x-forwarded-", "x-http-method", "x-original-", "x-rewrite-"];

/// Whether a header concerns this side of the broker only.
pub(super) fn is_stripped(name: &HeaderName) -> bool {
    let name = name.as_str();
    STRIPPED.contains(&name) || STRIPPED_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Takes out what `Connection` names (RFC 9110 §7.6.1).
pub(super) fn strip_named(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
}

/// A request that is to go out.
#[derive(Debug)]
pub(crate) struct Outgoing<'a> {
    /// The Hub.
    pub(crate) upstream: &'a Upstream,
    /// The path with its query, as the client sent it.
    pub(crate) target: &'a str,
    /// What form it has.
    pub(crate) form: Form,
    /// The lease that it came with.
    pub(crate) lease: LeaseId,
    /// The token, where the request is to have one.
    pub(crate) token: Option<&'a Token>,
}

impl Outgoing<'_> {
    /// The request as the Hub gets it. There is none if what the client asks for is no path.
    pub(crate) fn request(&self, parts: &Parts, body: Body) -> Option<Request<Body>> {
        let uri: Uri = format!("{}{}", self.upstream.address(), self.target).parse().ok()?;
        // Whatever the parser made of it, the Hub gets the path and the query that were decided about.
        let is_same = uri.path_and_query().is_some_and(|sent| sent.as_str() == self.target);
        let mut request =
            Request::builder().method(parts.method.clone()).uri(uri).body(body).ok()?;
        let headers = request.headers_mut();
        *headers = parts.headers.clone();
        strip_named(headers);
        let stripped: Vec<_> = headers.keys().filter(|name| is_stripped(name)).cloned().collect();
        for name in stripped {
            headers.remove(name);
        }
        // What is rewritten and scrubbed has to be read.
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        self.sign(headers);
        if let Some(token) = self.token {
            headers.insert(header::AUTHORIZATION, authorization(token, self.form)?);
        }
        is_same.then_some(request)
    }

    /// Says in the user agent under which lease a request came, since that is what the Hub's audit log
    /// keeps.
    fn sign(&self, headers: &mut HeaderMap) {
        let own = format!("bearhug/{}; lease={}", env!("CARGO_PKG_VERSION"), self.lease.short());
        match headers.entry(header::USER_AGENT) {
            Entry::Occupied(mut sent) => {
                let signed = [sent.get().as_bytes(), b" ", own.as_bytes()].concat();
                if let Ok(signed) = HeaderValue::from_bytes(&signed) {
                    sent.insert(signed);
                }
            }
            Entry::Vacant(none) => {
                if let Ok(own) = HeaderValue::from_str(&own) {
                    none.insert(own);
                }
            }
        }
    }
}

/// The credential as the Hub takes it: git's own protocol is Basic, and everything else Bearer, git-lfs
/// included.
#[expect(clippy::disallowed_methods, reason = "the token is sent to the Hub that it is for")]
fn authorization(token: &Token, form: Form) -> Option<HeaderValue> {
    let text = Zeroizing::new(match form {
        Form::Git => {
            let pair = Zeroizing::new(format!("user:{}", token.expose_secret()));
            format!("Basic {}", BASE64.encode(pair.as_bytes()))
        }
        _ => format!("Bearer {}", token.expose_secret()),
    });
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
