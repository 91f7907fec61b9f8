//! What a broker is told.

use std::{sync::Arc, time::Duration};

use http::{Uri, uri::Scheme};

/// What a broker is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the Hub is: a scheme and an authority, with nothing after them.
    pub upstream: Upstream,
    /// Where clients find the broker, in the same form, if that is not what their `Host` says.
    pub public: Option<Arc<str>>,
    /// How long the head of a request may take to come, and for how long a connection is kept that nobody
    /// uses.
    pub head: Duration,
    /// For how long a body may stand still, either way.
    pub idle: Duration,
    /// How long the Hub may think about a request that it has in full.
    pub answer: Duration,
    /// How many connections there may be at once.
    pub connections: usize,
}

impl Settings {
    /// What suits most: heads within 30 seconds, bodies that move once a minute, answers within 5 minutes,
    /// since a commit of thousands of files takes its time, and 4,096 connections.
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            public: None,
            head: Duration::from_secs(30),
            idle: Duration::from_mins(1),
            answer: Duration::from_mins(5),
            connections: 4_096,
        }
    }
}

/// Where the Hub is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream(Arc<str>);

impl Upstream {
    /// Takes an address such as `https://huggingface.co`: a scheme and an authority without a password. Plain
    /// HTTP carries a token in the clear, which is for whoever gives the address to weigh.
    pub fn new(address: &str) -> Option<Self> {
        let address = address.trim_end_matches('/');
        let uri: Uri = address.parse().ok()?;
        let is_http = [Scheme::HTTP, Scheme::HTTPS].iter().any(|known| uri.scheme() == Some(known));
        let authority = uri.authority()?;
        let is_bare = uri.path().len() <= 1 && uri.query().is_none();
        (is_http && is_bare && !authority.as_str().contains('@')).then(|| Self(address.into()))
    }

    /// The address, without a slash at its end.
    pub fn address(&self) -> &Arc<str> {
        &self.0
    }
}
