//! Secrets and variables of a space.

use std::collections::BTreeMap;

use axum::{body::Body, http::Method};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    call::{Answer, Call, answer, json},
    events,
    record::{Record, Variable},
    serve::nothing_here,
};
use crate::{Access, Denial, RepoKind, clock};

/// `GET /api/spaces/{id}/secrets`: names, never values.
pub(super) fn secrets(call: &Call) -> Answer {
    demand(call)?;
    let secrets = call.world.repositories.with(&call.repo, |record| record.secrets.clone())?;
    answer(listed(&secrets, false))
}

/// `GET /api/spaces/{id}/variables`.
pub(super) fn variables(call: &Call) -> Answer {
    demand(call)?;
    let variables = call.world.repositories.with(&call.repo, |record| record.variables.clone())?;
    answer(listed(&variables, true))
}

#[derive(Debug, Deserialize)]
struct Setting {
    key: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    description: String,
}

/// `POST` and `DELETE` of both.
pub(super) async fn change(call: &Call, path: &[&str], body: Body) -> Answer {
    demand(call)?;
    let setting: Setting = json(body).await?;
    if !is_name(&setting.key) {
        return Err(Denial::bad_request(format!("Invalid key: {}", setting.key)));
    }
    let is_secret = path == ["secrets"];
    let now = call.world.clock.now();
    let changed = call.world.repositories.with(&call.repo, |record| {
        let map = map_of(record, is_secret);
        match call.request.method {
            Method::POST => {
                let value = if is_secret { String::new() } else { setting.value };
                let description = setting.description;
                map.insert(setting.key, Variable { description, value, updated_at: now });
            }
            Method::DELETE => drop(map.remove(&setting.key)),
            _ => return Err(nothing_here()),
        }
        Ok(map.clone())
    })??;
    let is_set = call.request.method == Method::POST;
    let kind = match (is_secret, is_set) {
        (true, true) => "repo.add_secret",
        (true, false) => "repo.remove_secret",
        (false, true) => "repo.add_variable",
        (false, false) => "repo.remove_variable",
    };
    events::tell(&call.world, &call.repo, ("update", "repo.config"), vec![]);
    events::log(&call.caller, &call.repo, kind, "Changed the settings of");
    answer(listed(&changed, !is_secret))
}

fn map_of(record: &mut Record, is_secret: bool) -> &mut BTreeMap<String, Variable> {
    if is_secret { &mut record.secrets } else { &mut record.variables }
}

fn demand(call: &Call) -> Result<(), Denial> {
    if call.repo.kind != RepoKind::Space {
        return Err(nothing_here());
    }
    call.demand(Access::Settings)
}

/// `^[a-zA-Z][_a-zA-Z0-9]*$`, as the Hub's specification has it.
fn is_name(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

fn listed(variables: &BTreeMap<String, Variable>, with_values: bool) -> Value {
    let item = |(key, variable): (&String, &Variable)| {
        let mut item = json!({
            "key": key,
            "description": variable.description,
            "updatedAt": clock::iso(variable.updated_at),
        });
        if with_values {
            item["value"] = json!(variable.value);
        }
        (key.clone(), item)
    };
    Value::Object(variables.iter().map(item).collect::<Map<String, Value>>())
}
