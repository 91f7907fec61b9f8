//! Every refusal, in the Hub's words: status, `X-Error-Code`, `X-Error-Message` and the body's `error`.
//!
//! Texts and codes are those of the Hub's documentation and of what its clients look for
//! (`huggingface_hub`'s `utils/_http.py`). The crate's README names those nobody outside has seen.

use std::fmt;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::RepoName;

/// The header by which clients tell refusals apart.
pub(crate) const ERROR_CODE: HeaderName = HeaderName::from_static("x-error-code");
/// The header that repeats the body's text, for answers to `HEAD`.
pub(crate) const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-error-message");

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct Denial {
    status: StatusCode,
    code: Option<&'static str>,
    message: String,
    more: Map<String, Value>,
    headers: Vec<(HeaderName, String)>,
}

impl Denial {
    /// A refusal with a text of the caller's.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: None, message: message.into(), more: Map::new(), headers: Vec::new() }
    }

    /// The same refusal with an `X-Error-Code`.
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// The same refusal with another member in its body.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// The same refusal with another header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same refusal, asking for credentials as git and git-lfs need before they send any.
    #[must_use]
    pub fn with_challenge(self) -> Self {
        let challenge = r#"Basic realm="Authentication required", charset="UTF-8""#;
        self.with_header(header::WWW_AUTHENTICATE, challenge)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The text.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// 401: the credential is malformed, unknown or revoked, which the Hub does not tell apart.
    pub fn invalid_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Invalid credentials in Authorization header")
    }

    /// 401: the credential was known and its time is over.
    pub fn expired(name: &str) -> Self {
        let message = format!("User Access Token \"{name}\" is expired");
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 401: something that takes a credential was asked for without one.
    pub fn anonymous() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Invalid username or password.")
    }

    /// 404, or 401 for those without a credential: there is no such repository, or none to be seen.
    pub fn repo_not_found(is_anonymous: bool) -> Self {
        let denial = if is_anonymous {
            Self::anonymous()
        } else {
            Self::new(StatusCode::NOT_FOUND, "Repository not found")
        };
        denial.with_code("RepoNotFound")
    }

    /// 404: the repository has no such revision.
    pub fn revision_not_found(revision: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Invalid rev id: {revision}"))
            .with_code("RevisionNotFound")
    }

    /// 404: the revision has no such file.
    pub fn entry_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Entry not found").with_code("EntryNotFound")
    }

    /// 403, or 401 for those without a credential: the repository is gated.
    pub fn gated(repo: &RepoName, is_anonymous: bool) -> Self {
        let what = format!("Access to {} {} is restricted", repo.kind.singular(), repo.id());
        let denial = if is_anonymous {
            let advice =
                "You must have access to it and be authenticated to access it. Please log in.";
            Self::new(StatusCode::UNAUTHORIZED, format!("{what}. {advice}"))
        } else {
            let advice =
                format!("Visit https://huggingface.co/{} to ask for access.", repo.web_path());
            let message = format!("{what} and you are not in the authorized list. {advice}");
            Self::new(StatusCode::FORBIDDEN, message)
        };
        denial.with_code("GatedRepo")
    }

    /// 403: the Hub has disabled the resource.
    pub fn disabled() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Access to this resource is disabled.")
    }

    /// 403: the organisation's policy does not accept this token, or not yet.
    pub fn token_policy() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Due to the organization token policy, your token needs to be approved by the \
             organization before you can access this resource.",
        )
    }

    /// 403: an administrator took this token's access to the organisation away.
    pub fn revoked_by_organization() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Your token has been revoked by the organization administrator, you can no longer \
             access organization resources. Please contact them for more information.",
        )
    }

    /// 403: the organisation wants a sign-on of its own first.
    pub fn sso(organization: &str) -> Self {
        let message = format!(
            "You must authenticate with the SSO of the organization {organization} before you can \
             access this resource."
        );
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 403: the organisation demands a second factor that the account has not set up.
    pub fn mfa(organization: &str) -> Self {
        let message = format!(
            "The organization {organization} requires two-factor authentication. Enable it before \
             you can access this resource."
        );
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 403: the caller's address is not among the organisation's.
    pub fn ip(organization: &str) -> Self {
        let message = format!(
            "The organization {organization} does not allow access to this resource from your IP \
             address."
        );
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 403: the credential lacks the right, on something it can see.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "You don't have the required permissions to perform this action on this resource.",
        )
    }

    /// 403: nothing may be created in this namespace with this credential.
    pub fn cannot_create(repo: &RepoName) -> Self {
        let message = format!(
            "You don't have the rights to create a {} under the namespace \"{}\"",
            repo.kind.singular(),
            repo.namespace
        );
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 400: the request makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 404: there is no such thing, other than a repository.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 409: there is one of that name already.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// 429: too many requests in the current window, which ends in `seconds`.
    pub fn rate_limited(seconds: u64) -> Self {
        let message = format!("We had to rate limit you. Retry in {seconds} seconds.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, message)
            .with_header(header::RETRY_AFTER, seconds.to_string())
    }

    /// 500: the local Hub itself failed.
    pub fn internal(cause: &dyn std::error::Error) -> Self {
        let message = format!("Internal Error - {cause}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status.as_u16(), self.message)
    }
}

impl std::error::Error for Denial {}

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        let mut body = self.more;
        body.insert("error".to_owned(), json!(self.message));
        let mut response = (self.status, Json(Value::Object(body))).into_response();
        let headers = response.headers_mut();
        if let Some(code) = self.code {
            headers.insert(ERROR_CODE, HeaderValue::from_static(code));
        }
        let message = (ERROR_MESSAGE, self.message);
        for (name, value) in self.headers.into_iter().chain([message]) {
            let visible: String = value.chars().filter(|c| (' '..='~').contains(c)).collect();
            if let Ok(value) = HeaderValue::try_from(visible) {
                headers.insert(name, value);
            }
        }
        response
    }
}
