//! The names of states, conditions, levels and tellers, as output and databases have them.

use super::{Condition, Criticality, State, Teller};

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Discovered,
        Self::Adopted,
        Self::Active,
        Self::Rotating,
        Self::Revoked,
        Self::Retired,
    ];

    /// The name that output and databases use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Discovered => "discovered",
            Self::Adopted => "adopted",
            Self::Active => "active",
            Self::Rotating => "rotating",
            Self::Revoked => "revoked",
            Self::Retired => "retired",
        }
    }
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 2] = [Self::Dormant, Self::Compromised];

    /// The name that output and databases use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dormant => "dormant",
            Self::Compromised => "compromised",
        }
    }
}

impl Criticality {
    /// Every level, from the lowest.
    pub const ALL: [Self; 4] = [Self::Low, Self::Unknown, Self::Normal, Self::High];

    /// The name that output and databases use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Unknown => "unknown",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

impl Teller {
    /// Everybody who tells.
    pub const ALL: [Self; 3] = [Self::Whoami, Self::Organisation, Self::ServiceAccount];

    /// The name that output and databases use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whoami => "whoami",
            Self::Organisation => "organisation",
            Self::ServiceAccount => "service_account",
        }
    }
}
