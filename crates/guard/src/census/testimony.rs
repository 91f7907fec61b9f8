//! What the Hub says of a credential now.

use bearhug_core::{
    Fingerprint, Kind, Token,
    grant::{FineGrained, Grant, OrgRole},
    identity::{Suggestion, Version},
};
use jiff::Timestamp;

/// All that the Hub said of one credential in a census.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Testimony {
    /// When it was asked.
    pub at: Timestamp,
    /// What it said when it was shown the value, where that is at hand.
    pub shown: Option<Shown>,
    /// What its lists say, one for each organisation that was asked.
    pub lists: Vec<Word>,
}

impl Testimony {
    /// Nothing so far.
    pub fn new(at: Timestamp) -> Self {
        Self { at, shown: None, lists: Vec::new() }
    }
}

/// What whoami said of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The value's public name.
    pub fingerprint: Fingerprint,
    /// What sort of credential it is.
    pub kind: Kind,
    /// What may be shown of it.
    pub redacted: String,
    /// Its last four characters.
    pub last4: String,
    /// What was said.
    pub said: Said,
}

impl Shown {
    /// What was said of a token.
    pub fn of(token: &Token, said: Said) -> Self {
        Self {
            fingerprint: token.fingerprint(),
            kind: token.kind(),
            redacted: token.redacted(),
            last4: token.last4(),
            said,
        }
    }

    /// The token as a version of an identity, which became known at a moment.
    pub fn version(&self, since: Timestamp) -> Version {
        Version {
            fingerprint: Some(self.fingerprint),
            hub_id: None,
            last4: Some(self.last4.clone()),
            since,
            until: None,
        }
    }

    /// Whether the Hub takes it.
    pub fn is_alive(&self) -> bool {
        matches!(self.said, Said::Alive(_) | Said::KeptOut)
    }
}

/// An answer of whoami, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The Hub takes the token, which may do this.
    Alive(Box<Grant>),
    /// The Hub knows the token, and does not tell what it may do: an organisation keeps it out.
    KeptOut,
    /// The Hub does not know it: it was revoked, deleted, or never issued.
    Unknown,
    /// It has expired.
    Expired,
    /// Nobody knows what the Hub says. That says nothing about the token.
    Nothing,
}

/// What an organisation's lists say of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// It is there.
    Listed(Box<Entry>),
    /// It was, and the list, which is complete, has it no more.
    Missing {
        /// The organisation.
        organisation: String,
    },
    /// The organisation, whose list of members is complete, no longer has its account.
    Left {
        /// The organisation.
        organisation: String,
    },
}

/// A token as an organisation lists it. What the list does not tell is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The organisation.
    pub organisation: String,
    /// Whether it belongs to a service account. Then all that it may do is told.
    pub is_service: bool,
    /// The Hub's identifier, which stays when the token gets a new value.
    pub hub_id: String,
    /// Its last four characters.
    pub last4: Option<String>,
    /// Whose it is.
    pub account: Option<String>,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Its role, such as `write`.
    pub role: Option<String>,
    /// When it was made, or last got a new value.
    pub issued_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// What the administrators decided on it: `pending`, `approved`, `denied` or `revoked`.
    pub approval: Option<String>,
    /// What it may do in the organisation, if it is fine-grained.
    pub fine_grained: Option<FineGrained>,
    /// The role of its account in the organisation.
    pub member: Option<OrgRole>,
    /// Who may own it, the likeliest first.
    pub suggestions: Vec<Suggestion>,
}
