//! What the local Hub knows: accounts, organisations and credentials in memory, repositories in a folder.

mod accounts;
mod audit;
mod build;
mod credentials;
mod network;
mod oauth;
mod organizations;
mod power;
mod restrictions;
mod service;
mod webhooks;

use std::{
    collections::BTreeMap,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

pub use accounts::User;
pub use audit::AuditEvent;
pub use credentials::{Authorization, AuthorizationStatus, Credential, Issued, Owner, TokenSpec};
pub(crate) use credentials::{digest, last4};
pub(crate) use network::parse_range;
pub use network::{ContentRule, NetworkSecurity};
pub(crate) use oauth::{Device, DeviceAnswer, Refresh};
pub use oauth::{OAuthApp, Publisher, Resource};
pub use organizations::{Member, Org, OrgRole, Plan, Restriction, TokenPolicy};
pub use power::{Entity, FineGrained, Power, Role, Scoped};
pub(crate) use power::{Target, is_reading};
pub use service::{ServiceAccount, ServicePower};
pub use webhooks::{Delivery, Watched, Webhook};

use serde_json::Value;

use crate::{
    Clock, Fault, Settings,
    cas::Cas,
    middleware::{Faults, Meters, Visits},
    oauth::Keys,
    repositories::Repositories,
    webhooks::Courier,
};

/// The addresses of the local Hub's origins, each without a slash at its end.
#[derive(Debug, Clone)]
pub struct Origins {
    /// The Hub itself: what clients take as `HF_ENDPOINT`.
    pub hub: String,
    /// The origin that plays the CDN, and takes uploads: a different port, hence another origin.
    pub cdn: String,
}

/// Everything that one local Hub knows.
#[derive(Debug)]
pub struct World {
    /// What time it is.
    pub clock: Clock,
    /// Where the Hub answers.
    pub origins: Origins,
    pub(crate) repositories: Repositories,
    pub(crate) keys: Keys,
    pub(crate) meters: Meters,
    pub(crate) faults: Faults,
    pub(crate) visits: Visits,
    pub(crate) courier: Courier,
    /// Xet's store, if it is offered.
    pub(crate) cas: Option<Cas>,
    state: Mutex<State>,
}

/// Who there is and what they hold. Names are keys, as in the paths of the API.
#[derive(Debug, Default)]
pub struct State {
    /// People, by user name.
    pub users: BTreeMap<String, User>,
    /// Organisations, by name.
    pub orgs: BTreeMap<String, Org>,
    pub(crate) credentials: BTreeMap<String, Credential>,
    pub(crate) digests: BTreeMap<[u8; 32], String>,
    /// Audit logs by organisation, oldest first.
    pub audit_log: BTreeMap<String, Vec<AuditEvent>>,
    /// OAuth applications, by client id.
    pub apps: BTreeMap<String, OAuthApp>,
    /// Trusted publishers.
    pub publishers: Vec<Publisher>,
    /// Key sets of issuers other than the local Hub's own, by the issuer's URL.
    pub issuers: BTreeMap<String, Value>,
    pub(crate) devices: BTreeMap<String, Device>,
    pub(crate) refreshes: BTreeMap<[u8; 32], Refresh>,
    pub(crate) webhooks: BTreeMap<String, Webhook>,
}

impl World {
    pub(crate) fn new(
        settings: Settings,
        origins: Origins,
        courier: Courier,
        cas: Option<Cas>,
    ) -> io::Result<Self> {
        Ok(Self {
            clock: settings.clock,
            origins,
            repositories: Repositories::new(settings.root),
            keys: Keys::new()?,
            meters: Meters::new(settings.limits),
            faults: Faults::default(),
            visits: Visits::default(),
            courier,
            cas,
            state: Mutex::default(),
        })
    }

    /// Lets a fault happen to requests that match.
    pub fn inject(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// The last ten thousand requests, each as `GET /api/whoami-v2?…`, oldest first.
    pub fn requests(&self) -> Vec<String> {
        self.visits.all()
    }

    /// Reads or changes what is known. Nothing else happens meanwhile: keep it short.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
