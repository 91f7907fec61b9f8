//! Signing in a device without a browser (RFC 8628).

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{
    OAuthError, Params,
    grants::DEVICE_SECONDS,
    mint::{Session, after},
    scopes,
};
use crate::{
    World, ids,
    world::{Device, DeviceAnswer},
};

/// How long a code waits for an answer.
const WAIT_SECONDS: i64 = 900;

/// `POST /oauth/device`.
pub(super) async fn begin(
    State(world): State<Arc<World>>,
    params: Params,
) -> Result<Json<Value>, OAuthError> {
    let client_id = params.need("client_id")?;
    if !world.knows_client(client_id) {
        return Err(OAuthError::new("invalid_client", "unknown client_id"));
    }
    let code = ids::letters(8).to_ascii_uppercase();
    let user_code = format!("{}-{}", &code[..4], &code[4..]);
    let device_code = ids::letters(40);
    let device = Device {
        client_id: client_id.to_owned(),
        user_code: user_code.clone(),
        scopes: scopes(params.get("scope").unwrap_or("openid profile manage-repos")),
        expires_at: after(world.clock.now(), WAIT_SECONDS),
        answer: DeviceAnswer::Pending,
    };
    world.state().devices.insert(device_code.clone(), device);
    Ok(Json(json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": format!("{}/oauth/device", world.origins.hub),
        "expires_in": WAIT_SECONDS,
    })))
}

impl World {
    /// Answers a waiting device in a person's name, or denies it: what would happen in a browser.
    /// Whether a device waits under that code.
    pub fn answer_device(&self, user_code: &str, user: Option<&str>) -> bool {
        let mut state = self.state();
        let device = state.devices.values_mut().find(|device| device.user_code == user_code);
        let Some(device) = device else { return false };
        device.answer = user
            .map_or(DeviceAnswer::Denied, |user| DeviceAnswer::Approved { user: user.to_owned() });
        true
    }

    /// The user codes of the devices that wait.
    pub fn waiting_devices(&self) -> Vec<String> {
        let state = self.state();
        let waiting = state.devices.values().filter(|d| d.answer == DeviceAnswer::Pending);
        waiting.map(|device| device.user_code.clone()).collect()
    }

    /// The token of a device, once somebody approved it. A code works once.
    pub(super) fn device_token(&self, params: &Params) -> Result<Value, OAuthError> {
        let code = params.need("device_code")?;
        let client_id = params.need("client_id")?;
        let device = {
            let state = self.state();
            let device = state.devices.get(code).filter(|device| device.client_id == client_id);
            device
                .cloned()
                .ok_or_else(|| OAuthError::new("invalid_grant", "unknown device_code"))?
        };
        if device.expires_at <= self.clock.now() {
            return Err(OAuthError::new("expired_token", "the device code is expired"));
        }
        match device.answer {
            DeviceAnswer::Pending => {
                Err(OAuthError::new("authorization_pending", "nobody has answered yet"))
            }
            DeviceAnswer::Denied => Err(OAuthError::new("access_denied", "it was denied")),
            DeviceAnswer::Approved { user } => {
                self.state().devices.remove(code);
                self.mint_refreshable(&Session {
                    user: &user,
                    client_id,
                    scopes: device.scopes,
                    seconds: DEVICE_SECONDS,
                })
            }
        }
    }
}
