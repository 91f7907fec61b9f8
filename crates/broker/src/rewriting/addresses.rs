//! Members of JSON that hold the address of what was made, or of where to go on.

use serde_json::Value;

use super::{Context, handed_out::xet_token};
use crate::book::Outliving;

/// The operations whose answers have such members (`tests/hub-openapi.json`), or a token for Xet's store.
const OPERATIONS: [&str; 8] = [
    "repo.create",
    "repo.move",
    "repo.duplicate",
    "repo.commit",
    "bucket.create",
    "discussion.open",
    "xet.read",
    "xet.write",
];

/// The members: the address of a repository, a commit, a pull request or a discussion, and of the route
/// that renews a token for Xet's store.
const MEMBERS: [&str; 4] = ["url", "commitUrl", "pullRequestUrl", "refreshUrl"];

/// Whether answers to an operation have them.
pub(super) fn are_in_answers_to(operation: &str) -> bool {
    OPERATIONS.contains(&operation)
}

/// Turns them to the broker, and notes a token for Xet's store.
pub(super) fn rewrite(context: &Context, value: &mut Value, handed_out: &mut Vec<Outliving>) {
    let has_token = value.get("accessToken").is_some();
    let expiry = value.get("exp").and_then(Value::as_i64).filter(|_| has_token);
    handed_out.extend(expiry.and_then(|expiry| xet_token(context, expiry)));
    let Some(places) = context.places() else { return };
    for name in MEMBERS {
        let Some(Value::String(address)) = value.get_mut(name) else { continue };
        if let Some(turned) = places.turned(address) {
            *address = turned;
        }
    }
}
