//! Sending events to webhooks.
//!
//! Only receivers on loopback are sent anything: a local Hub talks to no other machine.

use std::{
    io,
    net::IpAddr,
    sync::{
        Arc, Weak,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use axum::http::Uri;
use serde_json::{Value, json};

use crate::{Delivery, RepoName, Watched, Webhook, World, ids};

/// Hands events to the thread that sends them.
#[derive(Debug, Clone)]
pub(crate) struct Courier(Sender<Parcel>);

/// One event on its way to one webhook.
#[derive(Debug)]
struct Parcel {
    webhook: String,
    delivery: String,
    url: String,
    secret: Option<String>,
    payload: Value,
}

/// What sends the events once the world is there to note the results.
#[derive(Debug)]
pub(crate) struct Round(Receiver<Parcel>);

impl Courier {
    pub(crate) fn new() -> (Self, Round) {
        let (sender, receiver) = channel();
        (Self(sender), Round(receiver))
    }
}

impl Round {
    /// Sends events from a thread of its own, until the world is gone.
    pub(crate) fn start(self, world: &Arc<World>) -> io::Result<()> {
        let world = Arc::downgrade(world);
        thread::Builder::new().name("webhooks".to_owned()).spawn(move || self.run(&world))?;
        Ok(())
    }

    fn run(self, world: &Weak<World>) {
        let agent = ureq::Agent::new_with_config(
            ureq::Agent::config_builder()
                .timeout_global(Some(Duration::from_secs(10)))
                .http_status_as_error(false)
                .max_redirects(0)
                .proxy(None)
                .build(),
        );
        for parcel in self.0 {
            let mut request = agent.post(&parcel.url).header("content-type", "application/json");
            if let Some(secret) = &parcel.secret {
                request = request.header("x-webhook-secret", secret);
            }
            let answer = request.send(parcel.payload.to_string());
            let status = answer.map_or(0, |answer| answer.status().as_u16());
            let Some(world) = world.upgrade() else { return };
            if let Some(webhook) = world.state().webhooks.get_mut(&parcel.webhook) {
                for delivery in &mut webhook.deliveries {
                    if delivery.id == parcel.delivery {
                        delivery.status = Some(status);
                    }
                }
            }
        }
    }
}

/// Something that happened to a repository, for webhooks.
#[derive(Debug, Clone)]
pub struct RepoEvent<'a> {
    /// The repository.
    pub repo: &'a RepoName,
    /// Its id.
    pub repo_id: &'a str,
    /// Whether it is private.
    pub is_private: bool,
    /// `create`, `update`, `delete` or `move`.
    pub action: &'static str,
    /// `repo`, `repo.content`, `repo.config`, `discussion` or `discussion.comment`.
    pub scope: &'static str,
    /// Further members of the payload: `discussion`, `updatedRefs`.
    pub more: Vec<(&'static str, Value)>,
}

impl World {
    /// Sends an event to every webhook that watches the repository or its owner.
    pub fn notify(&self, event: &RepoEvent<'_>) {
        let domain = if event.scope.starts_with("discussion") { "discussion" } else { "repo" };
        let payload = self.payload(event);
        let now = self.clock.now();
        let mut state = self.state();
        let is_interested = |webhook: &Webhook| {
            !webhook.disabled
                && webhook.domains.iter().any(|d| d == domain)
                && webhook.watched.iter().any(|watched| covers(watched, event.repo))
        };
        for webhook in state.webhooks.values_mut().filter(|webhook| is_interested(webhook)) {
            webhook.last_trigger_at = Some(now);
            self.send(webhook, payload.clone());
        }
    }

    /// Sends a payload to one webhook and notes it.
    pub(crate) fn send(&self, webhook: &mut Webhook, mut payload: Value) {
        payload["webhook"] = json!({ "id": webhook.id, "version": 3 });
        let delivery = Delivery { id: ids::object_id(), payload: payload.clone(), status: None };
        if let Some(url) = webhook.url.as_ref().filter(|url| is_loopback(url)) {
            let parcel = Parcel {
                webhook: webhook.id.clone(),
                delivery: delivery.id.clone(),
                url: url.clone(),
                secret: webhook.secret.clone(),
                payload,
            };
            // The thread ends with the world, and then nobody waits for the event.
            let _gone = self.courier.0.send(parcel);
        }
        webhook.deliveries.push(delivery);
    }

    /// The payload of version 3 (<https://huggingface.co/docs/hub/webhooks>).
    fn payload(&self, event: &RepoEvent<'_>) -> Value {
        let hub = &self.origins.hub;
        let api = format!("{hub}/api/{}/{}", event.repo.kind.plural(), event.repo.id());
        let owner = {
            let state = self.state();
            let org = state.orgs.get(&event.repo.namespace).map(|org| org.id.clone());
            org.unwrap_or_else(|| state.account_id(&event.repo.namespace))
        };
        let mut payload = json!({
            "event": { "action": event.action, "scope": event.scope },
            "repo": {
                "type": event.repo.kind.singular(),
                "name": event.repo.id(),
                "id": event.repo_id,
                "private": event.is_private,
                "url": { "web": format!("{hub}/{}", event.repo.web_path()), "api": api },
                "owner": { "id": owner },
            },
        });
        for (name, value) in &event.more {
            payload[*name] = value.clone();
        }
        payload
    }
}

fn covers(watched: &Watched, repo: &RepoName) -> bool {
    match watched.kind.as_str() {
        "user" | "org" => watched.name == repo.namespace,
        kind => kind == repo.kind.singular() && watched.name == repo.id(),
    }
}

/// Whether a URL names this machine by an address.
fn is_loopback(url: &str) -> bool {
    let Ok(url) = url.parse::<Uri>() else { return false };
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
