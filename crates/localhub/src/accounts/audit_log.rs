//! `GET …/audit-log/export`: what happened in an organisation.

use axum::{Json, extract::Path};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{TEAM, avatar_url};
use crate::{
    AuditEvent, Caller, Credential, Denial, Power, Role, State, clock::iso, json::UrlQuery,
    paging::Terms,
};

/// The export's limit: <https://huggingface.co/docs/hub/audit-logs>.
const LIMIT: usize = 100_000;

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    q: String,
}

/// The newest events come first.
pub(super) async fn export(
    caller: Caller,
    Path(org): Path<String>,
    UrlQuery(filter): UrlQuery<Filter>,
) -> Result<Json<Vec<Value>>, Denial> {
    caller.administers(&org, "org.auditLog.write", TEAM)?;
    let terms = Terms::parse(&filter.q, &["author", "ip", "type"]);
    let state = caller.world().state();
    let events = state.audit_log.get(&org).map(Vec::as_slice).unwrap_or_default();
    let wanted = events.iter().rev().filter(|event| {
        terms.hold(|key, value| match key {
            "author" => event.author.as_deref() == Some(value),
            "ip" => event.ip.as_deref() == Some(value),
            _ => event.kind == value,
        })
    });
    Ok(Json(wanted.take(LIMIT).map(|event| described(&state, event)).collect()))
}

fn described(state: &State, event: &AuditEvent) -> Value {
    let mut answer = json!({
        "_id": event.id,
        "createdAt": iso(event.created_at),
        "type": event.kind,
        "message": event.message,
        "author": author(state, event.author.as_deref()),
    });
    let credential = event.credential.as_ref().and_then(|id| state.credentials.get(id));
    let optional = [
        ("data", event.data.clone()),
        ("ip", event.ip.as_ref().map(|ip| json!(ip))),
        ("userAgent", event.user_agent.as_ref().map(|agent| json!(agent))),
        ("token", credential.and_then(token)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            answer[name] = value;
        }
    }
    answer
}

fn author(state: &State, name: Option<&str>) -> Value {
    let name = name.unwrap_or("system");
    let id = state.account_id(name);
    let kind = if id.is_empty() { "system" } else { "user" };
    json!({
        "_id": if id.is_empty() { "0".repeat(24) } else { id },
        "user": name,
        "avatarUrl": avatar_url(name),
        "type": kind,
    })
}

/// The access token that was used; sessions of OAuth are none.
fn token(credential: &Credential) -> Option<Value> {
    let role = match &credential.power {
        Power::Role(Role::Read) => "read",
        Power::Role(Role::Write | Role::God) => "write",
        Power::FineGrained(_) | Power::Service(_) => "fineGrained",
        Power::OAuth(_) | Power::Publisher { .. } => return None,
    };
    Some(json!({
        "type": "access_token",
        "id": credential.id,
        "role": role,
        "last4": credential.last4,
        "deleted": credential.dead,
    }))
}
