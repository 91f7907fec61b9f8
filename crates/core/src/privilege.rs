//! What a credential may do beside what it was seen doing.
//!
//! The broker's events say what was done; the grant says what could be. Between them is what could be
//! taken away without anybody noticing.

use crate::{
    grant::Grant,
    need::Need,
    rights::Right,
    scope::{Access, Scope},
};

/// What a grant allows, beside what was seen done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The smallest scope that covers what was seen.
    pub needed: Scope,
    /// What a fine-grained token for that needs.
    pub need: Need,
    /// What the grant allows beyond it, in a stable order.
    pub excess: Vec<Excess>,
    /// What was seen and does not follow from the grant: it was refused, or the grant has changed.
    pub unexplained: Scope,
}

/// A right that was not used to the full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// What is allowed.
    pub right: Right,
    /// What of it was seen. Empty if nothing.
    pub used: Scope,
}

impl Usage {
    /// Compares a grant with the accesses that were seen. None if none was seen, since then nothing is
    /// known of what is needed.
    pub fn of(grant: &Grant, seen: &[Access]) -> Option<Self> {
        let needed: Scope = seen.iter().cloned().collect();
        if needed.is_empty() {
            return None;
        }
        let rights = grant.rights();
        let allowed: Scope = rights.iter().map(|right| right.access.clone()).collect();
        let is_explained = |access: &&Access| allowed.iter().any(|allowed| allowed.implies(access));
        let unexplained = needed.iter().filter(|access| !is_explained(access)).cloned().collect();
        let excess = rights.into_iter().filter_map(|right| Excess::of(right, &needed)).collect();
        Some(Self { need: Need::of(&needed, grant), needed, excess, unexplained })
    }
}

impl Excess {
    fn of(right: Right, needed: &Scope) -> Option<Self> {
        let used: Scope = needed.iter().filter_map(|access| access.meet(&right.access)).collect();
        let is_used_up = used.iter().any(|access| access.implies(&right.access));
        (!is_used_up).then_some(Self { right, used })
    }
}
