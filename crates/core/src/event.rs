//! What happened, as it is recorded for good.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identity::IdentityId;

/// Something that happened, before the ledger gave it its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// When, to the microsecond.
    pub at: Timestamp,
    /// What sort of thing.
    pub kind: EventKind,
    /// Who made it happen: a user of this computer, a job, bearhug itself.
    pub actor: String,
    /// The identity that it concerns.
    pub identity: Option<IdentityId>,
    /// The particulars: what changed, from what to what, and why. Never a token.
    pub details: BTreeMap<String, String>,
}

/// An event in its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place, from 1, without gaps.
    pub seq: u64,
    /// What happened.
    pub happening: Happening,
    /// SHA-256 over the hash of the event before it and everything above.
    pub hash: [u8; 32],
}

/// Declares the sorts of events with their names.
macro_rules! kinds {
    ($( $(#[$doc:meta])* $variant:ident = $name:literal, )+) => {
        /// What sort of thing happened.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind {
            $( $(#[$doc])* #[serde(rename = $name)] $variant, )+
            /// A sort that this version does not know, by the name that a newer one gave it.
            #[serde(untagged)]
            Other(String),
        }

        impl EventKind {
            /// Every sort that is known.
            pub const ALL: &[Self] = &[$( Self::$variant, )+];

            /// The name that output and databases use. It never changes once released.
            pub fn name(&self) -> &str {
                match self {
                    $( Self::$variant => $name, )+
                    Self::Other(name) => name,
                }
            }

            /// The sort that has a name.
            pub fn named(name: &str) -> Self {
                match name {
                    $( $name => Self::$variant, )+
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

kinds! {
    /// A token was seen that no identity had.
    Discovered = "identity.discovered",
    /// Somebody took an identity on.
    Adopted = "identity.adopted",
    /// An identity moved from one state to another.
    Moved = "identity.moved",
    /// A condition was found or is over.
    Condition = "identity.condition",
    /// An identity got another token.
    Versioned = "identity.versioned",
    /// Who answers for an identity changed.
    Assigned = "identity.assigned",
    /// What an identity is for was described anew.
    Described = "identity.described",
    /// Something was released with an identity.
    Released = "identity.released",
    /// Somebody confirmed an identity.
    Attested = "identity.attested",
    /// The Hub told something new of an identity: another grant, another verdict.
    Drifted = "identity.drifted",
    /// A token was seen in new places.
    Sighted = "identity.sighted",
    /// A token is no longer where it was.
    Cleared = "identity.cleared",
    /// An identity breaks a rule, or no longer does.
    Judged = "policy.judged",
    /// Leave was given to break a rule for a while, or withdrawn.
    Waived = "policy.waived",
    /// An owner entered the ledger, changed, or left.
    Owner = "owner.changed",
    /// A scan was recorded.
    Scanned = "scan.recorded",
    /// The Hub was asked about what the ledger holds.
    Census = "census.taken",
    /// A lease was handed out in place of a token.
    Lent = "lease.issued",
    /// A request with a lease was let through.
    Allowed = "request.allowed",
    /// A request was refused by the broker.
    Denied = "request.denied",
}
