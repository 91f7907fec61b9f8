//! Whether a credential may use jobs and inference endpoints, asked without using them.

use std::sync::Arc;

use axum::{Json, Router, extract::Path, http::StatusCode, routing::post};
use serde_json::{Value, json};

use crate::{Caller, Denial, OrgRole, Power, World, world::Target, world::is_reading};

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/api/jobs/{namespace}/auth-check/{access}", post(jobs))
        .route("/api/jobs/{namespace}/{job}/auth-check/{access}", post(job))
        .route("/api/inference-endpoints/{namespace}/auth-check/{access}", post(endpoints))
        .route(
            "/api/inference-endpoints/{namespace}/{endpoint}/auth-check/{access}",
            post(endpoint),
        )
}

async fn jobs(
    caller: Caller,
    Path((namespace, access)): Path<(String, String)>,
) -> Result<Json<Value>, Denial> {
    let permission = match access.as_str() {
        "read" => "job.read",
        "write" => "job.write",
        _ => return Err(Denial::bad_request("no such access")),
    };
    caller.may_use(&namespace, permission).map(Json)
}

async fn job(
    caller: Caller,
    Path((namespace, _, access)): Path<(String, String, String)>,
) -> Result<Json<Value>, Denial> {
    jobs(caller, Path((namespace, access))).await
}

async fn endpoints(
    caller: Caller,
    Path((namespace, access)): Path<(String, String)>,
) -> Result<(StatusCode, Json<Value>), Denial> {
    check_endpoint(&caller, &namespace, None, &access)
}

async fn endpoint(
    caller: Caller,
    Path((namespace, endpoint, access)): Path<(String, String, String)>,
) -> Result<(StatusCode, Json<Value>), Denial> {
    check_endpoint(&caller, &namespace, Some(&endpoint), &access)
}

/// A credential that is limited to endpoints of some names is told which, with 207, when no endpoint was
/// named.
fn check_endpoint(
    caller: &Caller,
    namespace: &str,
    endpoint: Option<&str>,
    access: &str,
) -> Result<(StatusCode, Json<Value>), Denial> {
    let permission = match access {
        "read" => "inference.endpoints.read",
        "write" => "inference.endpoints.write",
        "infer" => "inference.endpoints.infer.write",
        _ => return Err(Denial::bad_request("no such access")),
    };
    let mut answer = caller.may_use(namespace, permission)?;
    let patterns = match &caller.session()?.power {
        Power::Service(power) => power.endpoint_patterns.as_slice(),
        _ => &[],
    };
    match endpoint {
        _ if patterns.is_empty() => Ok((StatusCode::OK, Json(answer))),
        Some(name) if patterns.iter().any(|pattern| matches(pattern, name)) => {
            Ok((StatusCode::OK, Json(answer)))
        }
        Some(_) => Err(Denial::forbidden()),
        None => {
            answer["patternRestrictions"] = json!(patterns);
            Ok((StatusCode::MULTI_STATUS, Json(answer)))
        }
    }
}

/// Whether a name fits a pattern, in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

impl Caller {
    /// Who asks for what in which namespace, if the credential and its holder may.
    fn may_use(&self, namespace: &str, permission: &str) -> Result<Value, Denial> {
        let session = self.session()?;
        self.unrestricted(namespace)?;
        let state = self.world().state();
        let name = session.user_name().unwrap_or_default();
        let account = if let Some(user) = state.users.get(namespace) {
            (name == namespace).then(|| user.id.clone())
        } else {
            let org = state.orgs.get(namespace).ok_or_else(|| Denial::not_found("Not found"))?;
            let role = state.role_in(namespace, &session.owner);
            let needed = if is_reading(permission) { OrgRole::Read } else { OrgRole::Contributor };
            role.is_some_and(|role| role >= needed).then(|| org.id.clone())
        };
        match account {
            Some(id) if session.power.permits(permission, Target::Account(namespace)) => {
                Ok(json!({
                    "namespace": { "id": id, "name": namespace },
                    "user": { "id": state.account_id(name), "name": name },
                }))
            }
            _ => Err(Denial::forbidden()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in
            [("a", "a"), ("a*", "abc"), ("*c", "abc"), ("a*c", "abbc"), ("*", "")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "ab"), ("a*c", "ab"), ("b*", "ab"), ("a*b*c", "acb")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
