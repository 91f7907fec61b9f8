//! How a client behaves.

use std::{fmt, sync::Arc, time::Duration};

use crate::{endpoint::Endpoint, pacing::Pace};

/// How a client behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The Hub to ask.
    pub endpoint: Endpoint,
    /// Who asks, for the Hub's logs, such as `bearhug/0.1`.
    pub user_agent: String,
    /// The proxy on the way. The environment is not read.
    pub proxy: Option<Proxy>,
    /// How long to wait for it.
    pub times: Times,
    /// The longest answer in bytes, unless an operation says otherwise.
    pub longest_answer: usize,
    /// How fast to ask.
    pub pace: Pace,
    /// How long an answer of whoami counts as known.
    pub whoami_memory: Duration,
    /// Who is told of waits for the Hub's limits.
    pub waits: WaitNotice,
}

/// Somebody to tell how long a request has to wait for the Hub's limits, before it does. The client's
/// own pace is no such wait.
#[derive(Clone)]
pub struct WaitNotice(Arc<dyn Fn(Duration) + Send + Sync>);

impl WaitNotice {
    /// Has a function called at each wait.
    pub fn to(told: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self(Arc::new(told))
    }

    pub(crate) fn give(&self, wait: Duration) {
        (self.0)(wait);
    }
}

impl Default for WaitNotice {
    /// Nobody is told.
    fn default() -> Self {
        Self::to(|_| ())
    }
}

impl fmt::Debug for WaitNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WaitNotice")
    }
}

/// A proxy that connections to the Hub go through. What is encrypted stays so.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its address, as `HTTPS_PROXY` gives it.
    pub address: String,
    /// The hosts that are reached without it, as `NO_PROXY` lists them.
    pub exceptions: String,
}

/// How long to wait for the Hub.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// For a connection.
    pub connect: Duration,
    /// For the next piece of an answer.
    pub idle: Duration,
    /// For one whole answer.
    pub whole: Duration,
    /// Before the first repetition of a read that failed; each further one waits twice as long.
    pub backoff: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            whole: Duration::from_mins(1),
            backoff: Duration::from_millis(200),
        }
    }
}

impl Settings {
    /// Settings for a Hub that is neither near nor far.
    pub fn new(endpoint: Endpoint, user_agent: String) -> Self {
        Self {
            endpoint,
            user_agent,
            proxy: None,
            times: Times::default(),
            longest_answer: 8 << 20,
            pace: Pace::default(),
            whoami_memory: Duration::from_mins(5),
            waits: WaitNotice::default(),
        }
    }
}
