//! What an identity is called.

use bearhug_core::{
    grant::{Credential, Grant},
    identity::{Identity, Teller, Version},
};

/// Has the name of an identity follow the one on the Hub, unless somebody here gave it another.
pub(super) fn follow(before: &Identity, after: &mut Identity) {
    let is_unnamed = before.versions.last().is_some_and(|token| is_label(&before.name, token));
    let is_new = before.standing.grant.is_none() && is_unnamed;
    let of = |grant: &Option<Grant>, call: Call| grant.as_ref().and_then(call);
    let was = |call: Call| of(&before.standing.grant, call).as_ref() == Some(&before.name);
    let calls: [Call; 2] = [with_account, plain];
    let is_service = after.standing.told_by == Some(Teller::ServiceAccount);
    let first: Call = if is_service { with_account } else { plain };
    let call = calls.into_iter().find(|call| was(*call)).or(is_new.then_some(first));
    if let Some(name) = call.and_then(|call| of(&after.standing.grant, call)) {
        after.name = name;
    }
}

/// Whether a name says no more than which token it is, so that nobody gave it.
fn is_label(name: &str, token: &Version) -> bool {
    let end = token.last4.as_ref().map(|last4| format!("…{last4}"));
    name == token.label() || end.is_some_and(|end| name.ends_with(&end))
}

type Call = fn(&Grant) -> Option<String>;

/// As its owner calls it.
pub(super) fn plain(grant: &Grant) -> Option<String> {
    let Credential::AccessToken(token) = &grant.credential else { return None };
    (!token.display_name.is_empty()).then(|| token.display_name.clone())
}

/// As its owner calls it, with the account in front: many service accounts have an `API Token`.
pub(super) fn with_account(grant: &Grant) -> Option<String> {
    plain(grant).map(|name| format!("{}: {name}", grant.account.name))
}
