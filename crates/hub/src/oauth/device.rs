//! The device flow: a person confirms in a browser, elsewhere (RFC 8628).

use std::{fmt, time::Duration};

use bearhug_core::Token;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::Issued;
use crate::{
    client::Client,
    error::{Error, Problem},
    request::{Login, Request},
    wire,
};

#[derive(Serialize)]
struct Start<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
}

/// What to show to the person, and what to poll with.
#[derive(Deserialize)]
pub struct DeviceCode {
    /// What to poll with.
    #[serde(rename = "device_code", deserialize_with = "wire::token")]
    secret: Token,
    /// What the person types.
    pub user_code: String,
    /// Where the person types it.
    pub verification_uri: String,
    /// How many seconds the person has.
    expires_in: f64,
    /// How many seconds to wait between two questions.
    interval: Option<f64>,
}

/// How a device login stands.
#[derive(Debug)]
pub enum Poll {
    /// The person confirmed.
    Done(Issued),
    /// Not yet: ask again after the interval.
    Pending,
    /// Not yet, and asked too often: add five seconds to the interval (RFC 8628, section 3.5).
    SlowDown,
}

impl DeviceCode {
    /// How long the person has.
    pub fn lasts(&self) -> Duration {
        seconds(self.expires_in)
    }

    /// How long to wait between two questions: five seconds, unless the Hub says otherwise.
    pub fn interval(&self) -> Duration {
        seconds(self.interval.unwrap_or(5.0)).max(Duration::from_secs(1))
    }
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode")
            .field("verification_uri", &self.verification_uri)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Starts a device login.
    ///
    /// # Errors
    ///
    /// If the Hub refuses or cannot be asked.
    pub async fn start_device_login(
        &self,
        client_id: &str,
        scope: Option<&str>,
    ) -> Result<DeviceCode, Error> {
        let request = Request::new(Method::POST, &["oauth", "device"], Login::Nobody);
        let asked = request.asked();
        let request = request.json(&Start { client_id, scope });
        let request = request.map_err(|problem| Error::new(&asked, problem.into()))?;
        self.ask(&request).await?.json_with_secrets()
    }

    /// Asks whether the person confirmed.
    ///
    /// # Errors
    ///
    /// If the person declined or was too late, or the Hub cannot be asked.
    #[expect(clippy::disallowed_methods, reason = "the device code is what is exchanged")]
    pub async fn poll_device_login(
        &self,
        client_id: &str,
        code: &DeviceCode,
    ) -> Result<Poll, Error> {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", code.secret.expose_secret()),
            ("client_id", client_id),
        ];
        match self.token_for(Login::Nobody, &fields, &[&code.secret]).await {
            Ok(issued) => Ok(Poll::Done(issued)),
            Err(Error { problem: Problem::Refused(refusal), asked }) => {
                match refusal.code.as_deref().unwrap_or(&refusal.text) {
                    "authorization_pending" => Ok(Poll::Pending),
                    "slow_down" => Ok(Poll::SlowDown),
                    _ => Err(Error { asked, problem: Problem::Refused(refusal) }),
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// Whatever number a server sends, as a time within reason.
fn seconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number).unwrap_or_default().min(Duration::from_hours(24))
}
