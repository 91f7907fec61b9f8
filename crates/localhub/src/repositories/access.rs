//! Gates: who asks for access, who decides, and whether a credential gets through.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Body,
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    call::{Answer, Call, answer, bytes, json},
    community::author_json,
    record::{Gate, Record, Request, RequestStatus},
    serve::nothing_here,
};
use crate::{Access, Denial, clock, ids};

/// `GET /api/{T}/{id}/auth-check[/write]`.
pub(super) fn check(call: &Call, rest: &[&str]) -> Answer {
    match rest {
        [] | ["read"] => call.demand(Access::Download)?,
        ["write"] => call.demand(Access::Write)?,
        _ => return Err(nothing_here()),
    }
    answer(json!({}))
}

/// `POST /[T/]{id}/ask-access`, whose form has what the owner wants to know.
pub(super) async fn ask(call: &Call, body: Body) -> Answer {
    let account = call.account()?;
    let form = bytes(body).await?;
    let is_json = call.request.header(header::CONTENT_TYPE).is_some_and(|t| t.contains("json"));
    let fields: BTreeMap<String, String> = if is_json {
        serde_json::from_slice(&form).map_err(|e| Denial::bad_request(e.to_string()))?
    } else {
        form_urlencoded::parse(&form).into_owned().collect()
    };
    let now = call.world.clock.now();
    call.world.repositories.with(&call.repo, |record| {
        let status = match record.gate {
            Gate::Open => return Err(Denial::bad_request("This repository is not gated")),
            Gate::Auto => RequestStatus::Accepted,
            Gate::Manual => RequestStatus::Pending,
        };
        let request = Request {
            id: ids::object_id(),
            status,
            asked_at: now,
            reviewed_at: None,
            reviewer: None,
            fields,
        };
        record.requests.entry(account).or_insert(request);
        Ok(())
    })??;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, call.web_url())]).into_response())
}

/// `GET /api/{T}/{id}/user-access-request/{status}`.
pub(super) fn list(call: &Call, status: &str) -> Answer {
    call.demand(Access::ReadRequests)?;
    let all = [RequestStatus::Pending, RequestStatus::Accepted, RequestStatus::Rejected];
    let Some(status) = all.into_iter().find(|known| known.name() == status) else {
        return Err(nothing_here());
    };
    let requests = call.world.repositories.with(&call.repo, |record| record.requests.clone())?;
    let wanted = requests.iter().filter(|(_, request)| request.status == status);
    answer(wanted.map(|(user, request)| request_json(call, user, request)).collect())
}

fn request_json(call: &Call, user: &str, request: &Request) -> Value {
    let mut person = author_json(&call.world, user);
    person["user"] = json!(user);
    person["email"] = json!(call.world.state().users.get(user).map(|user| user.email.clone()));
    person["verifiedOrgNames"] = json!([]);
    let mut item = json!({
        "requestId": request.id,
        "user": person,
        "status": request.status.name(),
        "fields": request.fields,
        "timestamp": clock::iso(request.asked_at),
    });
    if let Some(time) = request.reviewed_at {
        item["reviewedAt"] = json!(clock::iso(time));
    }
    if let Some(reviewer) = &request.reviewer {
        item["grantedBy"] = author_json(&call.world, reviewer);
    }
    item
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    user: Option<String>,
    user_id: Option<String>,
    request_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Decision {
    status: RequestStatus,
    #[serde(flatten)]
    person: Person,
}

#[derive(Debug, Deserialize)]
struct Decisions {
    status: RequestStatus,
    requests: Vec<Person>,
}

/// `POST /api/{T}/{id}/user-access-request/{cancel|handle|batch|grant}`.
pub(super) async fn act(call: &Call, action: &str, body: Body) -> Answer {
    if action == "cancel" {
        let account = call.account()?;
        let gone = call.world.repositories.with(&call.repo, |r| r.requests.remove(&account))?;
        return match gone {
            Some(_) => answer(json!({})),
            None => Err(Denial::not_found("No access request")),
        };
    }
    call.demand(Access::Settings)?;
    match action {
        "handle" => {
            let decision: Decision = json(body).await?;
            decide(call, &decision.person, decision.status)?;
            answer(json!({}))
        }
        "grant" => {
            grant(call, &json::<Person>(body).await?)?;
            answer(json!({}))
        }
        "batch" => {
            let decisions: Decisions = json(body).await?;
            let outcome = |person: &Person| {
                let decided = decide(call, person, decisions.status);
                let mut outcome = json!({ "user": person.user, "ok": decided.is_ok() });
                if decided.is_err() {
                    outcome["error"] = json!("request_not_found");
                }
                outcome
            };
            let outcomes: Vec<Value> = decisions.requests.iter().map(outcome).collect();
            Ok(Json(outcomes).into_response())
        }
        _ => Err(nothing_here()),
    }
}

fn decide(call: &Call, person: &Person, status: RequestStatus) -> Result<(), Denial> {
    let user = user(call, person)?;
    review(call, |record, reviewer| {
        let request = record.requests.get_mut(&user);
        let request = request.ok_or_else(|| Denial::not_found("No access request"))?;
        if request.status == status {
            let message = format!("The access request is already {}", status.name());
            return Err(Denial::bad_request(message));
        }
        request.status = status;
        request.reviewed_at = Some(call.world.clock.now());
        request.reviewer = Some(reviewer);
        Ok(())
    })
}

/// Admits somebody who did not ask.
fn grant(call: &Call, person: &Person) -> Result<(), Denial> {
    let user = user(call, person)?;
    let now = call.world.clock.now();
    review(call, |record, reviewer| {
        if record.requests.get(&user).is_some_and(|r| r.status == RequestStatus::Accepted) {
            return Err(Denial::bad_request("The user already has access to the repository"));
        }
        let request = Request {
            id: ids::object_id(),
            status: RequestStatus::Accepted,
            asked_at: now,
            reviewed_at: Some(now),
            reviewer: Some(reviewer),
            fields: BTreeMap::new(),
        };
        record.requests.insert(user, request);
        Ok(())
    })
}

fn review(
    call: &Call,
    change: impl FnOnce(&mut Record, String) -> Result<(), Denial>,
) -> Result<(), Denial> {
    let reviewer = call.account()?;
    call.world.repositories.with(&call.repo, |record| {
        if record.gate == Gate::Open {
            return Err(Denial::bad_request("This repository is not gated"));
        }
        change(record, reviewer)
    })?
}

/// The user name of somebody whom a body names, or gives the id or the request of.
fn user(call: &Call, person: &Person) -> Result<String, Denial> {
    if let Some(id) = &person.request_id {
        let asker = call.world.repositories.with(&call.repo, |record| {
            let found = record.requests.iter().find(|(_, request)| request.id == *id);
            found.map(|(user, _)| user.clone())
        })?;
        return asker.ok_or_else(|| Denial::not_found("No access request"));
    }
    let state = call.world.state();
    let is_meant = |user: &&crate::User| {
        person.user.as_ref() == Some(&user.name) || person.user_id.as_ref() == Some(&user.id)
    };
    let found = state.users.values().find(is_meant);
    found.map(|user| user.name.clone()).ok_or_else(|| Denial::not_found("User not found"))
}
