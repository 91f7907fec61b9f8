//! Why a question to the Hub has no answer.

use std::{error::Error as _, fmt, time::Duration};

use crate::refusal::Refusal;

/// Why a question to the Hub has no answer. Its text names the request by method, path and the Hub's
/// id for it; it holds neither a token nor the query of an address.
#[derive(Debug, thiserror::Error)]
#[error("{problem} ({asked})")]
pub struct Error {
    /// What was asked.
    pub asked: Box<Asked>,
    /// What came of it.
    #[source]
    pub problem: Problem,
}

/// A request, as errors and proofs name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The HTTP method.
    pub method: String,
    /// The path of the address.
    pub path: String,
    /// The Hub's id for the request (`X-Request-Id`), by which its staff can find it.
    pub request_id: Option<String>,
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        self.request_id.iter().try_for_each(|id| write!(f, ", request id {id}"))
    }
}

/// What came of a request that was not fulfilled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The Hub says no.
    #[error("{0}")]
    Refused(Refusal),
    /// The Hub wants to be left alone for longer than the patience lasts.
    #[error("the Hub limits how often it is asked, and can be asked again in {} seconds", seconds(*.wait))]
    RateLimited {
        /// How long until it can be asked again.
        wait: Duration,
    },
    /// Nobody can tell what the Hub says: it could not be asked, or what came back is no answer.
    #[error("{0}")]
    NoAnswer(NoAnswer),
    /// The request was not sent, because the Hub would not understand it.
    #[error("{0}")]
    Unsendable(Unsendable),
}

/// Why it is not known what the Hub says. None of this says anything about a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoAnswer {
    /// No connection, or one that broke.
    #[error("the Hub could not be reached: {0}")]
    Unreachable(String),
    /// It took too long.
    #[error("the Hub did not answer in time")]
    TimedOut,
    /// The Hub has trouble of its own.
    #[error("the Hub failed with status {0}")]
    Failed(u16),
    /// It is a refusal, but not in the Hub's words: a proxy or a login page may have written it.
    #[error("something between here and the Hub answered with status {0}")]
    NotTheHub(u16),
    /// It cannot be read.
    #[error("the answer is not what the Hub documents: {0}")]
    Nonsense(String),
    /// It is longer than any answer should be.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// It leads to another origin, which was not asked.
    #[error("the answer leads to another place, {0}, where nothing was sent")]
    Elsewhere(String),
    /// It leads on and on.
    #[error("the answers lead on without end")]
    Endless,
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsendable {
    /// A name of something cannot be part of an address.
    #[error("a name is empty or consists of dots")]
    Name,
    /// A token holds characters that no token of the Hub has.
    #[error("the token holds characters that cannot be sent")]
    Token,
    /// Whoami has no answer for such a credential, be it alive or dead.
    #[error("{0}")]
    NoQuestion(&'static str),
    /// The Hub takes up to 200 characters to revoke, and signed tokens are longer.
    #[error("the Hub revokes values of up to 200 characters, and this one has {0}")]
    TooLongToRevoke(usize),
    /// The content could not be written as JSON.
    #[error("the content of the request cannot be written")]
    Content,
}

impl Error {
    pub(crate) fn new(asked: &Asked, problem: Problem) -> Self {
        Self { asked: Box::new(asked.clone()), problem }
    }

    /// The Hub's refusal, if it refused.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.problem {
            Problem::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the Hub turned the token itself down. Anything else leaves open whether it is alive.
    pub fn rejects_token(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_about_the_token)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<NoAnswer> for Problem {
    fn from(reason: NoAnswer) -> Self {
        Self::NoAnswer(reason)
    }
}

impl From<Unsendable> for Problem {
    fn from(reason: Unsendable) -> Self {
        Self::Unsendable(reason)
    }
}

impl From<reqwest::Error> for NoAnswer {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        // The address may hold a query, which has no place in an error.
        let error = error.without_url();
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(deeper) = source {
            words = format!("{words}: {deeper}");
            source = deeper.source();
        }
        Self::Unreachable(words)
    }
}

impl From<serde_json::Error> for NoAnswer {
    /// Keeps where the mistake is. What stands there could be a secret.
    fn from(error: serde_json::Error) -> Self {
        let what = match error.classify() {
            serde_json::error::Category::Data => "a field is missing or of another type",
            serde_json::error::Category::Eof => "it ends in the middle",
            _ => "it is no JSON",
        };
        Self::Nonsense(format!("{what}, line {} column {}", error.line(), error.column()))
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
