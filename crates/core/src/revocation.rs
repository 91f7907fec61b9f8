//! What became of a credential that somebody wanted dead, and how that is known.

use core::time::Duration;

use jiff::Timestamp;

use crate::{Fingerprint, Kind};

/// How a credential stands with the Hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The Hub lets it in.
    Alive,
    /// The Hub lets it in, but not to the organisation in question.
    CutOff,
    /// The Hub does not know it: revoked, deleted or never issued.
    Unknown,
    /// It has expired.
    Expired,
    /// It could not be asked, for this reason.
    Untold(String),
}

impl Standing {
    /// The name that output uses.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Alive => "alive",
            Self::CutOff => "cut_off",
            Self::Unknown => "unknown_to_the_hub",
            Self::Expired => "expired",
            Self::Untold(_) => "untold",
        }
    }

    /// Whether the Hub said that the credential opens nothing.
    pub fn is_dead(&self) -> bool {
        matches!(self, Self::Unknown | Self::Expired)
    }
}

/// One question about a credential and the Hub's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// How it stands.
    pub standing: Standing,
    /// Whom it speaks for, where it is alive.
    pub account: Option<String>,
    /// The Hub's id for the request.
    pub request_id: Option<String>,
}

/// What became of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was done: this is what would be.
    Planned,
    /// It was alive, or not asked about, and is dead by the Hub's word.
    Revoked,
    /// It is cut off from the organisation by the Hub's word.
    CutOff,
    /// There was nothing left to revoke.
    AlreadyGone,
    /// The Hub took the request and lets the credential in all the same.
    StillAlive,
    /// The Hub took the request, and how the credential stands could not be asked.
    Unproven(String),
    /// The Hub did not take the request, for this reason, so the credential may be alive.
    NotSent(String),
}

impl Outcome {
    /// The name that output uses.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Revoked => "revoked",
            Self::CutOff => "cut_off",
            Self::AlreadyGone => "already_gone",
            Self::StillAlive => "still_alive",
            Self::Unproven(_) => "unproven",
            Self::NotSent(_) => "not_sent",
        }
    }

    /// Whether the credential is known to be out of use.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Revoked | Self::CutOff | Self::AlreadyGone)
    }

    /// Why it is no success, where there is more to say than its name.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Unproven(reason) | Self::NotSent(reason) => Some(reason),
            _ => None,
        }
    }
}

/// A credential's end, with what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The credential's public name.
    pub fingerprint: Fingerprint,
    /// What sort of credential it is.
    pub kind: Kind,
    /// The value as reports print it.
    pub redacted: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How it stood before, if that was asked.
    pub before: Option<Check>,
    /// The Hub's id for the request that revoked it.
    pub revoked_by: Option<String>,
    /// How it stood after.
    pub after: Option<Check>,
    /// From sending the revocation to the answer that proved the end: it died no later than that.
    pub proved_within: Option<Duration>,
    /// What an organisation lists that it may be, where that is more than one.
    pub namesakes: Vec<Namesake>,
}

/// A credential that an organisation lists and that may be the one to cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    /// The Hub's identifier.
    pub id: String,
    /// Whose it is.
    pub owner: Option<String>,
    /// Its name.
    pub display_name: Option<String>,
    /// When it was made, or last rotated.
    pub created_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// Why a credential of this kind cannot be revoked by its value, if so.
pub fn obstacle(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Lease => Some("a lease is bearhug's own, and the Hub does not know it"),
        Kind::S3AccessKeyId => Some("it is the public half of a pair, which opens nothing alone"),
        Kind::S3SecretKey | Kind::S3SessionToken => {
            Some("the Hub revokes access tokens: end S3 credentials where they were made")
        }
        Kind::OauthAppSecret => {
            Some("the Hub revokes access tokens: reset the secret in the application's settings")
        }
        _ => None,
    }
}

/// What goes on working for a time although the credential is dead, in sentences.
pub fn remnants(kinds: impl IntoIterator<Item = Kind>) -> Vec<&'static str> {
    let mut words = vec![
        "Xet tokens that were issued for it open the storage of their repository until they expire, \
         within the hour.",
        "Presigned download and upload addresses that it obtained work until they expire, mostly \
         within the hour.",
    ];
    let is_oauth = |kind| {
        matches!(
            kind,
            Kind::OauthAccessToken | Kind::OauthRefreshToken | Kind::TrustedPublisherToken
        )
    };
    if kinds.into_iter().any(is_oauth) {
        words.push(
            "An OAuth grant is a family: its other access and refresh tokens live on until the user \
             withdraws the application's access, in the settings under Connected Apps.",
        );
    }
    words.push(
        "What was done with it while it lived stays done: commits, copies, and further tokens that \
         an account with such rights made.",
    );
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hubs_word_is_success() {
        for (outcome, expected) in [
            (Outcome::Revoked, true),
            (Outcome::AlreadyGone, true),
            (Outcome::CutOff, true),
            (Outcome::Planned, false),
            (Outcome::StillAlive, false),
            (Outcome::Unproven(String::new()), false),
            (Outcome::NotSent(String::new()), false),
        ] {
            assert_eq!(outcome.is_success(), expected, "{}", outcome.name());
        }
        assert!(!Standing::Untold(String::new()).is_dead());
    }

    #[test]
    fn a_family_is_told_of_only_where_there_is_one() {
        assert_eq!(remnants([Kind::UserToken]).len(), 3);
        assert_eq!(remnants([Kind::UserToken, Kind::OauthAccessToken]).len(), 4);
    }
}
