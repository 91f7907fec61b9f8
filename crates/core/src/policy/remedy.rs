//! What to do, in words that name commands.

use crate::identity::Identity;

/// How its current token is ended.
pub(crate) fn revoke(identity: &Identity) -> String {
    let is_at_hand = identity.versions.last().is_some_and(|version| version.fingerprint.is_some());
    if is_at_hand {
        "end it with `bearhug revoke`".to_owned()
    } else {
        "have it ended in the Hub's settings, since nobody here has its value".to_owned()
    }
}

/// How it gets another token.
pub(crate) fn replace(identity: &Identity) -> String {
    format!("replace it with `bearhug token add - --replaces {}`", identity.id.short())
}
