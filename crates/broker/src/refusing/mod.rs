//! What a client is told when its request is refused.
//!
//! A refusal is an answer of the broker's own, in the form that the client at hand shows to people:
//! `huggingface_hub` prints `X-Error-Message` and the `error` of a JSON object, git prints bodies of plain
//! text, git-lfs the `message` of its own media type.

mod words;

use std::sync::Arc;

use bearhug_core::{Fingerprint, lease::Lease, lending::Denial};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::{
    Form,
    book::Barred,
    exchange::{Body, full},
    routes::Refusal,
};

/// What `huggingface_hub` tells from a repository that is not there, which it makes of every other 401 on the
/// path of one (`hf_raise_for_status` in its `utils/_http.py`, 0.24 and later).
const INVALID_CREDENTIALS: &str = "Invalid credentials in Authorization header";

/// Why a request is refused.
#[derive(Debug, Clone)]
pub(crate) enum No {
    /// It came without a credential.
    Nobody,
    /// What it came with is no lease that is known here.
    Stranger,
    /// It came with a token.
    Token(Fingerprint),
    /// Its lease does not allow it.
    Denied(Denial, Arc<Lease>),
    /// No lease allows it.
    Refused(Refusal),
    /// It is not as a request must be. The text says how, without a full stop.
    Malformed(&'static str),
    /// What it asks of the broker itself cannot be done.
    Unfit(String),
    /// Its body did not come.
    Stalled,
    /// There is no such thing here.
    Nothing,
    /// The decision could not be written down.
    Unwritten,
    /// The vault has no token for it.
    Tokenless(String),
    /// The Hub cannot be reached, or broke off.
    HubFailed,
    /// The Hub took too long.
    HubStalled,
    /// The answer is larger than what can be made fit.
    Oversized,
    /// The Hub does not take the token.
    TokenRefused(Arc<Lease>),
}

impl From<Barred> for No {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::Unknown => Self::Stranger,
            Barred::Denied(denial, lease) => Self::Denied(denial, lease),
        }
    }
}

impl No {
    /// The status of the answer. What is over for good is no status that clients try again: they would
    /// stall for minutes on an upload whose lease has ended. What may be repaired meanwhile, where nothing
    /// has happened yet, is one.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Nobody
            | Self::Stranger
            | Self::Denied(Denial::Revoked(_) | Denial::Expired(_), _) => StatusCode::UNAUTHORIZED,
            Self::Token(_)
            | Self::Denied(..)
            | Self::TokenRefused(_)
            | Self::Tokenless(_)
            | Self::Refused(Refusal::Unknown | Refusal::NeverLent) => StatusCode::FORBIDDEN,
            Self::Refused(Refusal::Ambiguous(_)) | Self::Malformed(_) | Self::Unfit(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Refused(Refusal::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Stalled => StatusCode::REQUEST_TIMEOUT,
            Self::Nothing => StatusCode::NOT_FOUND,
            // The disk may have room again in a moment, and nothing was forwarded.
            Self::Unwritten => StatusCode::SERVICE_UNAVAILABLE,
            Self::HubFailed | Self::Oversized => StatusCode::BAD_GATEWAY,
            Self::HubStalled => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// The answer to a client that speaks a form.
    pub(crate) fn answer(&self, form: Form) -> Response<Body> {
        let (status, sentence) = (self.status(), self.sentence());
        let (kind, body) = match form {
            Form::Git => ("text/plain; charset=utf-8", format!("{sentence}\n")),
            Form::Lfs => {
                ("application/vnd.git-lfs+json", json!({ "message": sentence }).to_string())
            }
            Form::Api | Form::Content => {
                ("application/json; charset=utf-8", json!({ "error": sentence }).to_string())
            }
        };
        let mut answer = Response::new(full(body));
        *answer.status_mut() = status;
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let is_challenge = status == StatusCode::UNAUTHORIZED;
        let message = if is_challenge { INVALID_CREDENTIALS } else { sentence.as_str() };
        if let Ok(message) = HeaderValue::from_str(&ascii(message)) {
            headers.insert("x-error-message", message);
        }
        if is_challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge(form));
        }
        answer
    }
}

/// What a client is to come with (RFC 9110 §11.6.1).
pub(crate) fn challenge(form: Form) -> HeaderValue {
    HeaderValue::from_static(match form {
        Form::Git | Form::Lfs => "Basic realm=\"bearhug\"",
        Form::Api | Form::Content => "Bearer realm=\"bearhug\"",
    })
}

/// A text as it may stand in a header.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect()
}
