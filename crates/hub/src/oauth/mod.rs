//! `/oauth/token` and `/oauth/device`: credentials that last for hours
//! (<https://huggingface.co/docs/hub/oauth>, <https://huggingface.co/docs/hub/trusted-publishers>).

mod device;
mod exchange;

use bearhug_core::Token;
use serde::Deserialize;
use std::time::Duration;

use crate::wire;

pub use device::{DeviceCode, Poll};

/// A credential that the Hub just issued.
#[derive(Debug)]
pub struct Issued {
    /// The token to use.
    pub access: Token,
    /// The token to get the next one with, where there is one.
    pub refresh: Option<Token>,
    /// How long it lasts, if the Hub tells.
    pub lasts: Option<Duration>,
    /// What it may do, if the Hub tells.
    pub scope: Option<String>,
}

#[derive(Deserialize)]
struct IssuedWire {
    #[serde(deserialize_with = "wire::token")]
    access_token: Token,
    #[serde(default, deserialize_with = "wire::optional_token")]
    refresh_token: Option<Token>,
    expires_in: Option<u64>,
    scope: Option<String>,
}

impl From<IssuedWire> for Issued {
    fn from(wire: IssuedWire) -> Self {
        Self {
            access: wire.access_token,
            refresh: wire.refresh_token,
            lasts: wire.expires_in.map(Duration::from_secs),
            scope: wire.scope,
        }
    }
}
