//! The risk of how long a credential has lived, and of how it can be ended.

use jiff::{SignedDuration, Timestamp};

use super::Severity;
use crate::{
    grant::{Credential, Grant, Plan},
    identity::Identity,
};

/// What is known of a credential's beginning and end.
pub(super) struct Lifetime {
    begins: Begin,
    expires_at: Option<Timestamp>,
    ends: End,
}

/// When a credential became what it is.
enum Begin {
    /// The program that holds it renews it.
    Renewed,
    /// Then.
    At(Timestamp),
    /// Nobody told. It was there already at this moment, if at any.
    Untold(Option<Timestamp>),
}

/// How a credential is ended before its time.
enum End {
    /// By its owner, or by whoever has its value.
    ByHand,
    /// Besides, administrators can keep it from all that it reaches beside its owner's own.
    Cut,
    /// By the user who let an application in.
    Withdrawn,
    /// Where its application was set up.
    Application,
}

impl Lifetime {
    pub(super) fn of_grant(grant: &Grant) -> Self {
        let begins = match &grant.credential {
            Credential::AccessToken(token) => {
                token.created_at.map_or(Begin::Untold(None), Begin::At)
            }
            Credential::Session(_) | Credential::App(_) => Begin::Renewed,
        };
        let ends = match &grant.credential {
            Credential::AccessToken(_) if can_be_cut(grant) => End::Cut,
            Credential::AccessToken(_) => End::ByHand,
            Credential::Session(_) => End::Withdrawn,
            Credential::App(_) => End::Application,
        };
        Self { begins, expires_at: grant.expires_at, ends }
    }

    /// As of its grant, completed by what lists and the ledger itself tell.
    pub(super) fn of_identity(identity: &Identity) -> Self {
        let standing = &identity.standing;
        let known_since = identity.versions.last().map(|version| version.since);
        let unknown = || {
            let ends = if standing.organisation.is_some() { End::Cut } else { End::ByHand };
            Self { begins: Begin::Untold(known_since), expires_at: None, ends }
        };
        let granted = standing.grant.as_ref().map_or_else(unknown, Self::of_grant);
        let begins = match (granted.begins, standing.issued_at) {
            (Begin::At(_) | Begin::Untold(_), Some(issued_at)) => Begin::At(issued_at),
            (Begin::Untold(_), None) => Begin::Untold(known_since),
            (begins, _) => begins,
        };
        Self { begins, expires_at: standing.expires_at.or(granted.expires_at), ends: granted.ends }
    }

    pub(super) fn rotation(&self, now: Timestamp) -> Severity {
        if let Some(expires_at) = self.expires_at {
            let left = days(expires_at.duration_since(now));
            if left < 30 {
                return Severity::new(0, format!("it expires by itself within {} days", left + 1));
            }
        }
        match self.begins {
            Begin::Renewed => {
                Severity::new(250, "it is renewed by the program that holds it, when is not told")
            }
            Begin::At(issued_at) => {
                let age = days(now.duration_since(issued_at));
                Severity::new(of_age(age), format!("it was made or rotated {}", ago(age)))
            }
            Begin::Untold(Some(since)) => {
                let age = days(now.duration_since(since));
                let reason = format!("its age is not told, and it was first seen {}", ago(age));
                Severity::new(of_age(age).max(UNTOLD), reason)
            }
            Begin::Untold(None) => Severity::new(UNTOLD, "its age is not told"),
        }
    }

    pub(super) fn revocation(&self, now: Timestamp) -> Severity {
        let hours = self.expires_at.map(|at| at.duration_since(now).as_hours());
        let (severity, reason) = match (&self.ends, hours) {
            (_, Some(..=0)) => (100, "it ends by itself within the hour"),
            (_, Some(..=24)) => (300, "it ends by itself within a day"),
            (End::Cut, _) => (
                600,
                "an organisation's administrators can cut its access there; elsewhere it ends by \
                 hand, or by reporting its value",
            ),
            (End::ByHand, _) => (
                750,
                "it ends by hand, or by reporting its value, and only a person makes the next one",
            ),
            (End::Withdrawn, _) => {
                (750, "it ends when the user removes the application, which is done by hand")
            }
            (End::Application, _) => (750, "it ends where its application was set up, by hand"),
        };
        Severity::new(severity, reason)
    }
}

const UNTOLD: u16 = 500;

fn of_age(days: i64) -> u16 {
    match days {
        ..=30 => 0,
        31..=90 => 250,
        91..=180 => 500,
        181..=365 => 750,
        _ => Severity::WORST,
    }
}

fn days(duration: SignedDuration) -> i64 {
    duration.as_hours().max(0) / 24
}

fn ago(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

/// Whether all it reaches beside its owner's own is of organisations that may revoke single
/// tokens, which Enterprise plans allow
/// (<https://huggingface.co/docs/hub/enterprise-tokens-management>).
fn can_be_cut(grant: &Grant) -> bool {
    let may_cut = |plan: &Option<Plan>| matches!(plan, Some(Plan::Enterprise | Plan::Plus));
    !grant.orgs.is_empty() && grant.orgs.iter().all(|org| may_cut(&org.plan))
}
