//! A request, before it has an address.

use bearhug_core::Token;
use data_encoding::BASE64;
use reqwest::{Method, header::HeaderValue};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    error::Unsendable,
    pacing::{Caller, Lane},
    redaction::redacted,
};

/// As whom a request is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Login<'a> {
    /// As anybody.
    Nobody,
    /// As the holder of a token.
    Bearer(&'a Token),
    /// As an OAuth application (RFC 6749, section 2.3.1).
    Application { id: &'a str, secret: &'a Token },
}

impl Login<'_> {
    /// The header, marked so that nothing prints it.
    #[expect(clippy::disallowed_methods, reason = "authenticates a request to the configured Hub")]
    pub(crate) fn header(self) -> Option<Result<HeaderValue, Unsendable>> {
        let text = match self {
            Self::Nobody => return None,
            Self::Bearer(token) => Zeroizing::new(format!("Bearer {}", token.expose_secret())),
            Self::Application { id, secret } => {
                let pair = Zeroizing::new(format!("{id}:{}", secret.expose_secret()));
                Zeroizing::new(format!("Basic {}", *Zeroizing::new(BASE64.encode(pair.as_bytes()))))
            }
        };
        Some(HeaderValue::from_str(&text).map_err(|_| Unsendable::Token).map(|mut value| {
            value.set_sensitive(true);
            value
        }))
    }

    /// Whose share of the Hub's limits is used.
    pub(crate) fn caller(self) -> Caller {
        match self {
            Self::Bearer(token) => Some(token.fingerprint()),
            Self::Nobody | Self::Application { .. } => None,
        }
    }

    fn secret(&self) -> Option<&Token> {
        match self {
            Self::Nobody => None,
            Self::Bearer(token) | Self::Application { secret: token, .. } => Some(token),
        }
    }
}

/// The content of a request. It may hold secrets, so it is erased after use.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) kind: &'static str,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// A request, before it has an address.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    pub(crate) segments: Vec<&'a str>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) login: Login<'a>,
    pub(crate) content: Option<Content>,
    pub(crate) lane: Lane,
    /// Whether doing it twice is as good as doing it once.
    pub(crate) is_repeatable: bool,
    /// The longest answer, if not the client's.
    pub(crate) longest_answer: Option<usize>,
    /// The tokens it carries beside the login. A hostile answer might repeat them.
    pub(crate) carries: &'a [&'a Token],
}

impl<'a> Request<'a> {
    /// A request without content.
    pub(crate) fn new(method: Method, segments: &[&'a str], login: Login<'a>) -> Self {
        let is_repeatable = method == Method::GET || method == Method::HEAD;
        Self {
            method,
            segments: segments.to_vec(),
            query: Vec::new(),
            login,
            content: None,
            lane: Lane::Api,
            is_repeatable,
            longest_answer: None,
            carries: &[],
        }
    }

    /// A request to read something.
    pub(crate) fn get(segments: &[&'a str], token: &'a Token) -> Self {
        Self::new(Method::GET, segments, Login::Bearer(token))
    }

    /// Adds a parameter to the address, if it has a value.
    pub(crate) fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// Takes JSON as content.
    pub(crate) fn json(mut self, content: &impl Serialize) -> Result<Self, Unsendable> {
        let bytes = serde_json::to_vec(content).map_err(|_| Unsendable::Content)?;
        let bytes = Zeroizing::new(bytes);
        self.content = Some(Content { kind: "application/json", bytes });
        Ok(self)
    }

    /// The path, as errors name it.
    pub(crate) fn path(&self) -> String {
        format!("/{}", self.segments.join("/"))
    }

    /// A text of the Hub without the tokens in it.
    pub(crate) fn redacted(&self, text: &str) -> String {
        redacted(text, self.login.secret().into_iter().chain(self.carries.iter().copied()))
    }

    /// Whether a text holds a token.
    pub(crate) fn reveals(&self, text: &str) -> bool {
        self.redacted(text) != text
    }

    /// A text of the Hub as it can be shown: short, without control characters and without tokens.
    pub(crate) fn presentable(&self, text: &str) -> String {
        let text = self.redacted(text);
        text.chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}
