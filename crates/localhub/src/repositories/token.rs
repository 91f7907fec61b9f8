//! `GET /api/{T}/{id}/jwt`: a token for one repository, which services beside the Hub accept.

use serde_json::json;

use super::call::{Answer, Call, answer};
use crate::{Access, Denial, RepoKind};

/// How long a token that writes lasts at most, in seconds.
const WRITING: i64 = 600;
/// How long another does.
const READING: i64 = 3600;
/// How long one for a space does.
const SPACE: i64 = 86_400;

/// Signs a token that lasts as long as is asked for, within the Hub's bounds.
pub(super) fn issue(call: &Call) -> Answer {
    let writes = call.request.flag("write");
    call.demand(if writes { Access::Write } else { Access::Download })?;
    let most = match (writes, call.repo.kind) {
        (true, _) => WRITING,
        (false, RepoKind::Space) => SPACE,
        (false, _) => READING,
    };
    let wish = call.request.param("expires_in").and_then(|seconds| seconds.parse().ok());
    let now = call.world.clock.now().as_second();
    let until = now.saturating_add(wish.unwrap_or(most).clamp(1, most));
    let token = call.world.keys.hub().sign(&json!({
        "iss": call.world.origins.hub,
        "sub": format!("/{}/{}", call.repo.kind.plural(), call.repo.id()),
        "permissions": { "repo.content.read": true, "repo.write": writes },
        "iat": now,
        "exp": until,
    }));
    let token = token.map_err(|error| Denial::internal(&error))?;
    let token = format!("hf_jwt_{token}");
    answer(json!({ "accessToken": format!("Bearer {token}"), "token": token, "exp": until }))
}
