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

/// What is told where no use was recorded, in a sentence without a full stop.
pub const NOTHING_SEEN: &str =
    "nothing is known of what it is used for, since no use of it was recorded";

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
    /// Compares a grant with the accesses that were seen. None if none was seen: see [`NOTHING_SEEN`].
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        grant::{EntityKind, Role},
        rights::samples::{a_grant, fine, scoped, token},
    };

    fn seen(texts: &[&str]) -> Vec<Access> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn told(usage: &Usage) -> Vec<String> {
        let line = |excess: &Excess| format!("{} but {}", excess.right.access, excess.used);
        usage.excess.iter().map(line).collect()
    }

    #[test]
    fn nothing_seen_is_nothing_known() {
        assert_eq!(Usage::of(&token(Role::Write), &[]), None);
    }

    #[test]
    fn what_was_not_used_to_the_full_is_excess() {
        let grant = fine(vec![
            scoped(EntityKind::Model, Some("acme/a"), &["repo.content.read"]),
            scoped(EntityKind::Dataset, Some("acme/train"), &["repo.content.read", "repo.write"]),
        ]);
        let usage = Usage::of(&grant, &seen(&["read:acme/a", "read:datasets/acme/train"])).unwrap();
        assert_eq!(usage.needed.to_string(), "read:acme/a read:datasets/acme/train");
        assert!(told(&usage).iter().all(|line| line.contains("datasets/acme/train but read:")));
        assert!(!usage.excess.is_empty());
        assert!(usage.unexplained.is_empty());
        assert_eq!(usage.need.repositories.len(), 2);

        let all = Usage::of(&grant, &seen(&["read:acme/a", "manage:datasets/acme/train"])).unwrap();
        assert_eq!(told(&all), [""; 0]);
    }

    #[test]
    fn what_the_grant_does_not_explain_is_set_apart() {
        let grant = fine(vec![scoped(EntityKind::Model, Some("acme/a"), &["repo.content.read"])]);
        let usage = Usage::of(&grant, &seen(&["write:acme/a", "read:acme/a"])).unwrap();
        assert_eq!(usage.unexplained.to_string(), "write:acme/a");
        assert_eq!(usage.needed.to_string(), "write:acme/a");
    }

    fn an_access() -> impl Strategy<Value = Access> {
        let texts = ["read:acme/a", "write:acme/b", "read:acme/*", "manage:alice/x", "jobs:acme"];
        prop::sample::select(seen(&texts))
    }

    proptest! {
        #[test]
        fn what_is_needed_covers_what_was_seen_and_no_more(
            grant in a_grant(), seen in prop::collection::vec(an_access(), 1..6)
        ) {
            let usage = Usage::of(&grant, &seen).unwrap();
            let all: Scope = seen.iter().cloned().collect();
            prop_assert!(usage.needed.implies(&all) && all.implies(&usage.needed));
            for excess in &usage.excess {
                prop_assert!(all.implies(&excess.used), "{excess:?}");
                prop_assert!(!all.iter().any(|access| access.implies(&excess.right.access)));
            }
            let kept = grant.rights().len() - usage.excess.len();
            let covered = |right: &&Right| all.iter().any(|access| access.implies(&right.access));
            prop_assert_eq!(grant.rights().iter().filter(covered).count(), kept);
        }
    }
}
