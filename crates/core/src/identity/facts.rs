//! What follows from what is known of an identity.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Identity, Ownership, Standing, State, Version};
use crate::{Verdict, grant::Credential};

impl Version {
    /// What it is called in words: by its fingerprint, or as the Hub calls it. Never a token.
    pub fn label(&self) -> String {
        match (&self.fingerprint, &self.last4, &self.hub_id) {
            (Some(fingerprint), ..) => fingerprint.to_string(),
            (None, Some(last4), _) => format!("…{last4}"),
            (None, None, Some(id)) => id.clone(),
            (None, None, None) => "unknown".to_owned(),
        }
    }

    /// Whether this is known to be the same token.
    pub fn is_same_token(&self, other: &Self) -> bool {
        if let (Some(one), Some(two)) = (self.fingerprint, other.fingerprint) {
            return one == two;
        }
        // The Hub keeps the identifier when it gives a token a new value.
        let names = |version: &Self| version.hub_id.clone().zip(version.last4.clone());
        names(self).is_some() && names(self) == names(other)
    }
}

impl Ownership {
    /// The owner, if they are still there.
    pub(crate) fn present_owner(&self, leavers: &BTreeSet<String>) -> Option<&str> {
        self.owner.as_deref().filter(|name| !leavers.contains(*name))
    }

    /// The backup owner, if they are still there and are not the owner as well.
    pub(crate) fn present_backup(&self, leavers: &BTreeSet<String>) -> Option<&str> {
        let backup = self.backup.as_deref().filter(|name| !leavers.contains(*name));
        backup.filter(|name| self.owner.as_deref() != Some(*name))
    }

    /// Those who should answer for it and left, the owner first.
    pub(crate) fn absent(&self, leavers: &BTreeSet<String>) -> Vec<&str> {
        let backup = self.backup.as_deref().filter(|name| self.owner.as_deref() != Some(*name));
        let all = self.owner.as_deref().into_iter().chain(backup);
        all.filter(|name| leavers.contains(*name)).collect()
    }
}

impl Standing {
    /// Stops to believe that the token is alive, since something was done to end it. No list brings
    /// it back after that.
    pub(crate) fn disbelieve(&mut self) {
        self.missing_from = None;
        if matches!(self.verdict, Verdict::Active | Verdict::BlockedByOrg) {
            self.verdict = Verdict::Unverified;
        }
    }
}

/// Whether an identity can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Life {
    /// It no longer works.
    Dead,
    /// Nobody said that it does not.
    Presumed,
    /// The Hub said that it works.
    Alive,
}

impl Identity {
    /// Whether its current token works at a moment, as far as anybody knows. The Hub's word counts
    /// more than the ledger's state: a token that was revoked here and let in there is alive, until
    /// the end that the Hub told.
    pub fn life(&self, now: Timestamp) -> Life {
        if self.expires_at().is_some_and(|end| end <= now) {
            return Life::Dead;
        }
        match (self.standing.verdict, self.state) {
            (Verdict::Active | Verdict::BlockedByOrg, _) => Life::Alive,
            (Verdict::Inactive | Verdict::Expired, _) | (_, State::Revoked | State::Retired) => {
                Life::Dead
            }
            (Verdict::Unverified | Verdict::Unavailable, _) => Life::Presumed,
        }
    }

    /// The name of its role, where that is known.
    pub fn role(&self) -> Option<&str> {
        let granted = self.standing.grant.as_ref().and_then(|grant| match &grant.credential {
            Credential::AccessToken(token) => Some(token.role.name()),
            Credential::Session(_) | Credential::App(_) => None,
        });
        granted.or(self.standing.role.as_deref())
    }

    /// When its current token was made or last rotated, where that is known.
    pub fn issued_at(&self) -> Option<Timestamp> {
        let granted = self.standing.grant.as_ref().and_then(|grant| match &grant.credential {
            Credential::AccessToken(token) => token.created_at,
            Credential::Session(_) | Credential::App(_) => None,
        });
        self.standing.issued_at.or(granted)
    }

    /// When its current token ends by itself, where that is known.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let granted = self.standing.grant.as_ref().and_then(|grant| grant.expires_at);
        self.standing.expires_at.or(granted)
    }
}
