//! Who the holder of a lease is.

use std::collections::BTreeSet;

use bearhug_core::{
    lease::Lease,
    scope::{Action, Name},
};
use http::{Response, StatusCode};
use serde_json::json;

use super::reply;
use crate::exchange::Body;

/// The answer to `GET /api/whoami-v2`: what clients read of it, said of the lease and not of whoever lent it
/// (the Hub's OpenAPI description, 2026-08-18). `hf auth whoami` prints `name` and the names of `orgs`,
/// `huggingface_hub` takes `name` as the namespace of new repositories, and `auth.accessToken.role` tells
/// whether anything can be changed.
pub(super) fn whoami(lease: &Lease) -> Response<Body> {
    let changes = |action: Action| !matches!(action, Action::Read | Action::Infer);
    let is_writing = lease.terms.scope.iter().any(|access| changes(access.action));
    let owners: BTreeSet<&Name> =
        lease.terms.scope.iter().filter_map(|access| access.resource.owner()).collect();
    let orgs: Vec<_> = owners
        .into_iter()
        .map(|owner| {
            json!({
                "type": "org",
                "id": id(owner.as_str()),
                "name": owner.as_str(),
                "fullname": owner.as_str(),
                "email": null,
                "canPay": false,
                "periodEnd": null,
                "isEnterprise": false,
                "avatarUrl": "",
                "roleInOrg": if is_writing { "write" } else { "read" },
            })
        })
        .collect();
    let answer = json!({
        "type": "user",
        "id": id(&lease.id.to_string()),
        "name": lease.account.as_ref().unwrap_or(&lease.workload),
        "fullname": lease.workload,
        "email": null,
        "emailVerified": false,
        "canPay": false,
        "periodEnd": null,
        "isPro": false,
        "avatarUrl": "",
        "orgs": orgs,
        "auth": {
            "type": "access_token",
            "accessToken": {
                "displayName": lease.id.short(),
                "role": if is_writing { "write" } else { "read" },
                "createdAt": lease.created_at.to_string(),
            },
            "expiresAt": lease.expires_at.to_string(),
        },
    });
    reply(StatusCode::OK, &answer)
}

/// What stands in for one of the Hub's own identifiers, which are 24 hexadecimal digits.
fn id(name: &str) -> String {
    let digest = <sha2::Sha256 as sha2::Digest>::digest(name.as_bytes());
    data_encoding::HEXLOWER.encode(&digest).chars().take(24).collect()
}
