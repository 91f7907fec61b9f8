//! Governed credentials: what the ledger knows of each.
//!
//! An [`Identity`] is a value. It is read from the ledger, changed by functions that know nothing of
//! databases, and written back; the ledger refuses it if somebody else wrote meanwhile.

mod facts;
mod id;
mod names;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use facts::Life;
pub use id::{IdentityId, ParseIdentityIdError};

use crate::{Fingerprint, Kind, Verdict, grant::Grant};

/// A governed credential, through all the tokens that it goes through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its name for good.
    pub id: IdentityId,
    /// How often it was written. 0 for one that the ledger does not have yet.
    pub revision: u64,
    /// What people call it: the name it has on the Hub, or one they gave it.
    pub name: String,
    /// What sort of credential it is.
    pub kind: Kind,
    /// Where in its life it is.
    pub state: State,
    /// What is wrong with it beside that.
    pub conditions: BTreeSet<Condition>,
    /// Who answers for it.
    pub ownership: Ownership,
    /// What it is for.
    pub purpose: Purpose,
    /// Its tokens, the oldest first. The last is the current one.
    pub versions: Vec<Version>,
    /// What the Hub said of it last.
    pub standing: Standing,
    /// Where it lies around.
    pub exposure: Exposure,
    /// What all of this comes to.
    pub assessment: Assessment,
    /// When it entered the ledger.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

/// Where in its life an identity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was seen, and nobody has taken it on.
    Discovered,
    /// Somebody answers for it.
    Adopted,
    /// It is known to work and to be needed.
    Active,
    /// A new token is taking the place of the old one.
    Rotating,
    /// Its tokens no longer work.
    Revoked,
    /// It is history.
    Retired,
}

/// What is wrong with an identity, whatever its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Nobody has used it for longer than the policy allows.
    Dormant,
    /// Somebody else has it, or must be taken to.
    Compromised,
}

/// Who answers for an identity.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ownership {
    /// The name of its owner, a person or a team.
    pub owner: Option<String>,
    /// Who answers for it when the owner cannot.
    pub backup: Option<String>,
    /// Who may be its owner, the likeliest first.
    pub suggestions: Vec<Suggestion>,
    /// When somebody last confirmed that it is still needed and rightly described.
    pub attested: Option<Attested>,
}

/// Who may be an owner, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Suggestion {
    /// A name as the evidence has it: an author, an account of the Hub, a team.
    pub owner: String,
    /// What speaks for it, in a sentence without a full stop.
    pub evidence: String,
}

/// A confirmation by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// What an identity is for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Purpose {
    /// In words.
    pub description: Option<String>,
    /// Where it is used, such as `production`, `ci` or `notebook`.
    pub environment: Option<String>,
    /// How much depends on it.
    pub criticality: Criticality,
    /// The models and datasets in production that depend on it, such as `acme/model`.
    pub resources: BTreeSet<String>,
    /// When one of these was last released with it, where releases are recorded.
    pub released_at: Option<Timestamp>,
    /// Words to find it by.
    pub tags: BTreeSet<String>,
    /// Whatever else is worth knowing.
    pub notes: Option<String>,
}

/// How much depends on an identity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Criticality {
    /// Nothing would be missed for long.
    Low,
    /// Nobody said.
    #[default]
    Unknown,
    /// Work would stop.
    Normal,
    /// A model or dataset in production would be lost or poisoned.
    High,
}

/// One token of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The token's public name. None for one that the Hub lists and nobody here has.
    pub fingerprint: Option<Fingerprint>,
    /// The Hub's identifier of it, where the Hub told one.
    pub hub_id: Option<String>,
    /// Its last four characters, by which the Hub names it.
    pub last4: Option<String>,
    /// When it became known.
    pub since: Timestamp,
    /// When it stopped to work or was replaced.
    pub until: Option<Timestamp>,
}

/// What the Hub said of an identity's current token, and what else is known of its use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Whether it is alive.
    pub verdict: Verdict,
    /// The organisation whose list no longer has it, where nothing but that says that it is dead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_from: Option<String>,
    /// When the Hub was last asked, whether or not it answered.
    pub asked_at: Option<Timestamp>,
    /// Whom it speaks for.
    pub account: Option<String>,
    /// The organisation whose list it was taken from.
    pub organisation: Option<String>,
    /// Its role, such as `write`, also where the grant is not known.
    pub role: Option<String>,
    /// What it may do, as the Hub last told.
    pub grant: Option<Grant>,
    /// Who told that, and so how much of it.
    pub told_by: Option<Teller>,
    /// When the current token was made or last rotated.
    pub issued_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, as far as anybody told.
    pub last_used_at: Option<Timestamp>,
}

/// Who tells what a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    /// Whoami, which was shown the token: all of it.
    Whoami,
    /// The list of an organisation's tokens: what concerns that organisation alone.
    Organisation,
    /// The list of a service account's tokens: all of it, but for the names of repositories.
    ServiceAccount,
}

/// Where a token lies around, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Exposure {
    /// Places where it was ever seen.
    pub places: u64,
    /// Places where the last look still found it.
    pub present: u64,
    /// Of these, places where only a git history has it.
    pub in_history: u64,
    /// The ways in which it is kept where it is present, such as `copied`.
    pub keepings: BTreeSet<crate::risk::Keeping>,
    /// The environments it is present in.
    pub environments: BTreeSet<String>,
    /// What it is present in, at most 16: repositories, machines, exports.
    pub sources: BTreeSet<String>,
}

/// What is known of an identity, weighed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Assessment {
    /// When it was weighed.
    pub at: Option<Timestamp>,
    /// From 0, harmless, to 100.
    pub risk: u8,
    /// What the risk is made of.
    pub parts: Vec<Weighed>,
    /// What of the policy it breaks and no waiver covers.
    pub breaches: Vec<Breach>,
    /// What of the policy it breaks with leave.
    pub waived: Vec<Waived>,
    /// What is to be done, the most urgent first.
    pub to_do: Vec<String>,
    /// How soon something is to be done, from 0, nothing to do, upwards.
    pub urgency: u16,
}

/// One part of a risk as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// The factor, such as `scope`.
    pub factor: String,
    /// Its points.
    pub points: u8,
    /// The most points that it can add.
    pub limit: u8,
    /// Why, in a sentence without a full stop.
    pub reason: String,
}

/// A rule of the policy that an identity breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Breach {
    /// The rule, by its key in `bearhug.toml`.
    pub rule: String,
    /// How the policy takes it: `observe`, `warn` or `enforce`.
    pub mode: String,
    /// What is wrong, in a sentence without a full stop.
    pub what: String,
    /// What to do about it, in a sentence without a full stop.
    pub fix: String,
}

/// A breach that a waiver covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// What would count otherwise.
    pub breach: Breach,
    /// Until when the waiver holds.
    pub until: Timestamp,
    /// Who gave it.
    pub by: String,
    /// Why.
    pub reason: String,
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
