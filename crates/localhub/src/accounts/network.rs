//! Network security of an organisation.

use axum::{Json, extract::Path};
use serde_json::{Map, Value};

use super::PLUS;
use crate::{Caller, Denial, NetworkSecurity, json::JsonBody, world::parse_range};

pub(super) async fn show(
    caller: Caller,
    Path(org): Path<String>,
) -> Result<Json<NetworkSecurity>, Denial> {
    caller.administers(&org, "org.networkSecurity.read", PLUS)?;
    let state = caller.world().state();
    Ok(Json(state.orgs.get(&org).map(|org| org.network.clone()).unwrap_or_default()))
}

/// Replaces the settings that are named, and keeps the others.
pub(super) async fn update(
    caller: Caller,
    Path(org): Path<String>,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> Result<Json<NetworkSecurity>, Denial> {
    caller.administers(&org, "org.networkSecurity.write", PLUS)?;
    let mut state = caller.world().state();
    let found = state.orgs.get_mut(&org).ok_or_else(|| Denial::not_found("Not found"))?;
    let before = found.network.clone();
    let bad = |e: serde_json::Error| Denial::bad_request(e.to_string());
    let mut merged = serde_json::to_value(&before).map_err(bad)?;
    if let Some(merged) = merged.as_object_mut() {
        merged.extend(body);
    }
    let after: NetworkSecurity = serde_json::from_value(merged).map_err(bad)?;
    if !after.ip_ranges.iter().all(|range| parse_range(range).is_some()) {
        return Err(Denial::bad_request("ipRanges has what is no range"));
    }
    found.network = after.clone();
    let mut kinds = vec!["org.settings.network"];
    if before.enforce_ip_restriction != after.enforce_ip_restriction {
        kinds.push(if after.enforce_ip_restriction {
            "org.settings.network.ip_restriction.enable"
        } else {
            "org.settings.network.ip_restriction.disable"
        });
    }
    if before.enforce_auth != after.enforce_auth {
        kinds.push(if after.enforce_auth {
            "org.settings.network.auth_enforcement.enable"
        } else {
            "org.settings.network.auth_enforcement.disable"
        });
    }
    for kind in kinds {
        state.record(&org, caller.event(kind, "Updated network security"));
    }
    Ok(Json(after))
}
