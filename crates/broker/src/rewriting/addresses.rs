//! Members of JSON that hold the address of what was made, or of where to go on.

use serde_json::Value;

use super::Context;

/// The operations whose answers have such members (`tests/hub-openapi.json`).
const OPERATIONS: [&str; 6] = [
    "repo.create",
    "repo.move",
    "repo.duplicate",
    "repo.commit",
    "bucket.create",
    "discussion.open",
];

/// The members: the address of a repository, a commit, a pull request or a discussion, and of the route
/// that renews a token for Xet's store.
const MEMBERS: [&str; 4] = ["url", "commitUrl", "pullRequestUrl", "refreshUrl"];

/// Whether answers to an operation have them.
pub(super) fn are_in_answers_to(operation: &str) -> bool {
    OPERATIONS.contains(&operation)
}

/// Turns them to the broker.
pub(super) fn rewrite(context: &Context, value: &mut Value) {
    let Some(places) = context.places() else { return };
    for name in MEMBERS {
        let Some(Value::String(address)) = value.get_mut(name) else { continue };
        if let Some(turned) = places.turned(address) {
            *address = turned;
        }
    }
}
