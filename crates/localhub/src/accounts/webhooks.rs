//! Webhooks of a person: `/api/settings/webhooks`.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::Path,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Caller, Denial, Watched, Webhook, World, clock::iso, ids, json::JsonBody, world::Target,
};

pub(super) fn routes() -> Router<Arc<World>> {
    let one = "/api/settings/webhooks/{webhook}";
    Router::new()
        .route("/api/settings/webhooks", get(list).post(create))
        .route(one, get(show).post(update).delete(delete))
        .route(&format!("{one}/{{action}}"), post(switch))
        .route(&format!("{one}/replay/{{log}}"), post(replay))
}

const READ: &str = "user.webhooks.read";
const WRITE: &str = "user.webhooks.write";

impl Caller {
    /// The person whose webhooks the caller may read or write.
    fn webhook_owner(&self, permission: &str) -> Result<String, Denial> {
        let session = self.session()?;
        let user = session.user_name().ok_or_else(Denial::forbidden)?;
        if !session.power.permits(permission, Target::Account(user)) {
            return Err(Denial::forbidden());
        }
        Ok(user.to_owned())
    }

    /// Looks at or changes one of the caller's webhooks.
    fn with_webhook<T>(
        &self,
        permission: &str,
        id: &str,
        f: impl FnOnce(&mut Webhook) -> T,
    ) -> Result<T, Denial> {
        let user = self.webhook_owner(permission)?;
        let mut state = self.world().state();
        let webhook = state.webhooks.get_mut(id).filter(|webhook| webhook.user == user);
        Ok(f(webhook.ok_or_else(|| Denial::not_found("Webhook not found"))?))
    }
}

async fn list(caller: Caller) -> Result<Json<Vec<Value>>, Denial> {
    let user = caller.webhook_owner(READ)?;
    let state = caller.world().state();
    let own = state.webhooks.values().filter(|webhook| webhook.user == user);
    Ok(Json(own.map(described).collect()))
}

#[derive(Deserialize)]
struct Body {
    watched: Vec<Watched>,
    url: Option<String>,
    job: Option<Value>,
    domains: Option<Vec<String>>,
    secret: Option<String>,
}

impl Body {
    fn check(&self) -> Result<(), Denial> {
        let bad = |message: &str| Err(Denial::bad_request(message));
        if self.url.is_none() == self.job.is_none() {
            return bad("a webhook has a url or a job");
        }
        let secret = self.secret.as_deref().unwrap_or_default();
        if !secret.bytes().all(|byte| (b' '..=b'\x7f').contains(&byte)) {
            return bad("secret must be printable ASCII");
        }
        let known = ["repo", "discussion"];
        if !self.domains.iter().flatten().all(|domain| known.contains(&domain.as_str())) {
            return bad("domains has an unknown domain");
        }
        Ok(())
    }

    fn apply(self, webhook: &mut Webhook) {
        webhook.watched = self.watched;
        webhook.url = self.url;
        webhook.job = self.job;
        webhook.secret = self.secret.or(webhook.secret.take());
        if let Some(domains) = self.domains {
            webhook.domains = domains;
        }
    }
}

async fn create(caller: Caller, JsonBody(body): JsonBody<Body>) -> Result<Json<Value>, Denial> {
    let user = caller.webhook_owner(WRITE)?;
    body.check()?;
    let mut webhook = Webhook {
        id: ids::object_id(),
        user,
        url: None,
        job: None,
        watched: Vec::new(),
        domains: vec!["repo".to_owned(), "discussion".to_owned()],
        secret: None,
        disabled: false,
        last_trigger_at: None,
        deliveries: Vec::new(),
    };
    body.apply(&mut webhook);
    let answer = json!({ "webhook": described(&webhook) });
    caller.world().state().webhooks.insert(webhook.id.clone(), webhook);
    Ok(Json(answer))
}

async fn show(caller: Caller, Path(id): Path<String>) -> Result<Json<Value>, Denial> {
    let webhook = caller.with_webhook(READ, &id, |webhook| described(webhook))?;
    Ok(Json(json!({ "webhook": webhook })))
}

async fn update(
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Value>, Denial> {
    body.check()?;
    let webhook = caller.with_webhook(WRITE, &id, |webhook| {
        body.apply(webhook);
        described(webhook)
    })?;
    Ok(Json(json!({ "webhook": webhook })))
}

async fn delete(caller: Caller, Path(id): Path<String>) -> Result<Json<Value>, Denial> {
    caller.with_webhook(WRITE, &id, |_| ())?;
    caller.world().state().webhooks.remove(&id);
    Ok(Json(json!({})))
}

async fn switch(
    caller: Caller,
    Path((id, action)): Path<(String, String)>,
) -> Result<Json<Value>, Denial> {
    let disabled = match action.as_str() {
        "enable" => false,
        "disable" => true,
        _ => return Err(Denial::bad_request("no such action")),
    };
    let webhook = caller.with_webhook(WRITE, &id, |webhook| {
        webhook.disabled = disabled;
        described(webhook)
    })?;
    Ok(Json(json!({ "webhook": webhook })))
}

/// Sends once more what was sent. The answer's status is that of having taken the order.
async fn replay(
    caller: Caller,
    Path((id, log)): Path<(String, String)>,
) -> Result<Json<Value>, Denial> {
    let world = caller.world();
    caller.with_webhook(WRITE, &id, |webhook| {
        let sent = webhook.deliveries.iter().find(|delivery| delivery.id == log);
        let payload = sent.map(|delivery| delivery.payload.clone());
        let payload = payload.ok_or_else(|| Denial::not_found("Log not found"))?;
        world.send(webhook, payload);
        Ok(Json(json!({ "status": 200 })))
    })?
}

fn described(webhook: &Webhook) -> Value {
    let mut answer = json!({
        "id": webhook.id,
        "disabled": webhook.disabled,
        "watched": webhook.watched,
        "hasSecret": webhook.secret.is_some(),
        "domains": webhook.domains,
    });
    if let Some(url) = &webhook.url {
        answer["url"] = json!(url);
    }
    if let Some(job) = &webhook.job {
        answer["job"] = shown_job(job);
    }
    if let Some(at) = webhook.last_trigger_at {
        answer["lastTriggerAt"] = json!(iso(at));
    }
    answer
}

/// A job without what is not shown: of its secrets, the names are.
fn shown_job(job: &Value) -> Value {
    let mut shown = json!({
        "environment": job.get("environment").cloned().unwrap_or_else(|| json!({})),
        "flavor": job.get("flavor").cloned().unwrap_or_else(|| json!("cpu-basic")),
        "timeoutSeconds": job.get("timeoutSeconds").cloned().unwrap_or(Value::Null),
    });
    for name in ["dockerImage", "spaceId", "arguments", "command", "labels"] {
        if let Some(value) = job.get(name) {
            shown[name] = value.clone();
        }
    }
    if let Some(secrets) = job.get("secrets").and_then(Value::as_object) {
        shown["secrets"] = secrets.keys().map(|key| json!(key)).collect();
    }
    shown
}
