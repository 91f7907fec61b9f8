//! What the Hub means when it says no.
//!
//! It answers with a status, a code in `X-Error-Code` and a sentence, which is in `X-Error-Message` and
//! in the body as `{"error": "…"}`. Often only the sentence tells one case from another. Those known
//! here are from <https://huggingface.co/docs/hub/enterprise-tokens-management>, from what
//! `huggingface_hub` compares with, and from what other clients were seen to get.

use std::fmt;

/// A request that the Hub understood and turned down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it comes down to.
    pub reason: Reason,
    /// The HTTP status.
    pub status: u16,
    /// The Hub's code for it, such as `RepoNotFound`, or an OAuth error code such as `invalid_grant`.
    pub code: Option<String>,
    /// The Hub's own sentence, shortened, without control characters and without any token.
    pub text: String,
}

/// Why the Hub says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// It does not know the token: that was revoked, deleted, mistyped or never issued, which it does
    /// not tell apart.
    UnknownToken,
    /// The token has expired.
    ExpiredToken,
    /// It, or something on the way to it, asks for a login and does not say that the token is bad.
    Unauthenticated,
    /// The organisation takes fine-grained tokens only, or has not approved this one.
    OrgPolicy,
    /// The organisation's administrator revoked the token there.
    OrgRevoked,
    /// The repository is gated, and the account was not let in.
    Gated,
    /// The repository was disabled.
    Disabled,
    /// The token may not do this.
    Permission,
    /// There is no such repository, or the token may not know of it.
    Repository,
    /// The repository has no such revision.
    Revision,
    /// The repository has no such file.
    Entry,
    /// There is nothing there.
    NotFound,
    /// It costs money that the account does not have.
    Payment,
    /// Anything else.
    Other,
}

impl Reason {
    /// What it means, in a sentence without a full stop.
    pub fn words(self) -> &'static str {
        match self {
            Self::UnknownToken => "the Hub does not know this token",
            Self::ExpiredToken => "the token has expired",
            Self::Unauthenticated => "the Hub asks for a valid token",
            Self::OrgPolicy => "the organisation's policy keeps this token out",
            Self::OrgRevoked => "the organisation revoked this token's access",
            Self::Gated => "the repository is gated, and the account was not let in",
            Self::Disabled => "the repository was disabled",
            Self::Permission => "the token may not do this",
            Self::Repository => "the repository does not exist, or the token may not know of it",
            Self::Revision => "the repository has no such revision",
            Self::Entry => "the repository has no such file",
            Self::NotFound => "there is nothing at this address",
            Self::Payment => "the account has no credit for this",
            Self::Other => "the Hub refuses",
        }
    }

    fn of(status: u16, code: Option<&str>, text: &str) -> Self {
        match code {
            Some("RepoNotFound") => return Self::Repository,
            Some("RevisionNotFound") => return Self::Revision,
            Some("EntryNotFound") => return Self::Entry,
            Some("GatedRepo") => return Self::Gated,
            _ => {}
        }
        let says = |part: &str| text.contains(part);
        match status {
            // Whatever else says 401, a proxy or a login page for one, says nothing about the token: only
            // the Hub's own two sentences do, as a whole.
            401 if text == "Invalid credentials in Authorization header" => Self::UnknownToken,
            401 if text.starts_with("User Access Token \"") && text.ends_with("\" is expired") => {
                Self::ExpiredToken
            }
            401 => Self::Unauthenticated,
            402 => Self::Payment,
            403 if says("organization token policy") => Self::OrgPolicy,
            403 if says("revoked by the organization") => Self::OrgRevoked,
            403 if says("Access to this resource is disabled") => Self::Disabled,
            403 => Self::Permission,
            404 => Self::NotFound,
            _ => Self::Other,
        }
    }
}

impl Refusal {
    /// Reads a refusal from its parts, as a client may have logged them.
    pub fn new(status: u16, code: Option<&str>, text: &str) -> Self {
        let reason = Reason::of(status, code, text);
        Self { reason, status, code: code.map(str::to_owned), text: text.to_owned() }
    }

    /// Whether it is a clear no to what was asked. The other refusals have other causes: a request that
    /// was not understood, an address that is not served, a proxy on the way.
    pub fn is_a_no(&self) -> bool {
        match self.reason {
            Reason::OrgPolicy
            | Reason::OrgRevoked
            | Reason::Gated
            | Reason::Disabled
            | Reason::Permission
            | Reason::Repository => true,
            Reason::UnknownToken
            | Reason::ExpiredToken
            | Reason::Unauthenticated
            | Reason::Revision
            | Reason::Entry
            | Reason::NotFound
            | Reason::Payment
            | Reason::Other => false,
        }
    }

    /// Whether it says what the token may do, and not what stands in its way at the moment: an owner lets
    /// in whom a gate keeps out, somebody signs in, a firewall is told better.
    pub fn is_lasting(&self) -> bool {
        match self.reason {
            Reason::OrgRevoked | Reason::Repository => true,
            // Whatever else says 403 says so in other words.
            Reason::Permission => ["permission", "rights"].iter().any(|w| self.text.contains(w)),
            _ => false,
        }
    }

    /// Whether it is the token itself that the Hub turns down, wherever it is shown.
    pub fn is_about_the_token(&self) -> bool {
        matches!(self.reason, Reason::UnknownToken | Reason::ExpiredToken)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason.words())?;
        match (self.text.is_empty(), &self.code) {
            (false, _) => write!(f, ": {}", self.text),
            (true, Some(code)) => write!(f, ": {code}"),
            (true, None) => write!(f, ": status {}", self.status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_documented_cases_apart() {
        let cases: [(u16, Option<&str>, &str, Reason); 14] = [
            (401, None, "Invalid credentials in Authorization header", Reason::UnknownToken),
            (401, None, "User Access Token \"ci\" is expired", Reason::ExpiredToken),
            (401, None, "Invalid username or password.", Reason::Unauthenticated),
            (401, None, "Your session is expired", Reason::Unauthenticated),
            (401, None, "unauthorized", Reason::Unauthenticated),
            (
                401,
                None,
                "Gateway: Invalid credentials in Authorization header",
                Reason::Unauthenticated,
            ),
            (
                403,
                None,
                "Due to the organization token policy, your token needs to be approved by the \
                 organization before you can access this resource.",
                Reason::OrgPolicy,
            ),
            (
                403,
                None,
                "Your token has been revoked by the organization administrator, you can no longer \
                 access organization resources. Please contact them for more information.",
                Reason::OrgRevoked,
            ),
            (403, Some("GatedRepo"), "Access to model a/b is restricted.", Reason::Gated),
            (403, None, "Access to this resource is disabled.", Reason::Disabled),
            (
                403,
                None,
                "This authentication method does not have sufficient permissions",
                Reason::Permission,
            ),
            (401, Some("RepoNotFound"), "Repository not found", Reason::Repository),
            (404, None, "Sorry, we can't find the page you are looking for.", Reason::NotFound),
            (418, None, "", Reason::Other),
        ];
        for (status, code, text, reason) in cases {
            assert_eq!(Refusal::new(status, code, text).reason, reason, "{status} {text}");
        }
    }

    #[test]
    fn what_passes_is_not_lasting() {
        let lasting = |status, text| Refusal::new(status, None, text).is_lasting();
        assert!(lasting(403, "You don't have the required permissions to perform this action."));
        for text in [
            "Request blocked by firewall",
            "You must authenticate with the SSO of the organization acme.",
            "Access to this resource is disabled.",
        ] {
            assert!(!lasting(403, text), "{text}");
        }
    }
}
