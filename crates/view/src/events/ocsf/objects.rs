//! The objects of OCSF that events are made of.

use bearhug_core::{
    event::{Event, EventKind, Happening},
    identity::IdentityId,
};
use serde::Serialize;

use crate::text::hex;

/// What is told of the event itself.
#[derive(Serialize)]
pub(super) struct Metadata {
    version: &'static str,
    product: Product,
    /// The event's hash.
    uid: String,
    sequence: u64,
    log_name: &'static str,
    /// To the microsecond, as the ledger has it.
    original_time: String,
}

#[derive(Serialize)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
    version: &'static str,
}

impl Metadata {
    pub(super) fn of(event: &Event) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self {
            version: "1.8.0",
            product: Product { name: "bearhug", vendor_name: "bearhug", version },
            uid: hex(&event.hash),
            sequence: event.seq,
            log_name: "ledger",
            original_time: event.happening.at.to_string(),
        }
    }
}

/// Who made it happen.
#[derive(Serialize)]
pub(super) struct Actor<'a> {
    user: User<'a>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
}

impl<'a> Actor<'a> {
    pub(super) fn of(name: &'a str) -> Self {
        Self { user: User { name } }
    }
}

/// What was changed.
#[derive(Serialize)]
pub(super) struct Entity<'a> {
    /// 99: none of OCSF's own types.
    type_id: u32,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<String>,
}

impl<'a> Entity<'a> {
    pub(super) fn of(happening: &'a Happening) -> Self {
        let (r#type, named) = match happening.kind {
            EventKind::Owner => ("Owner", ["name", "owner"]),
            _ => ("Token Identity", ["name", "token"]),
        };
        let name = named.iter().find_map(|key| happening.details.get(*key).map(String::as_str));
        let uid = happening.identity.map(|id| id.to_string());
        // One of the two is required.
        let name = name.or_else(|| uid.is_none().then_some("unnamed"));
        Self { type_id: 99, r#type, name, uid }
    }
}

/// A token that something was found about.
#[derive(Serialize)]
pub(super) struct Resource {
    uid: String,
    r#type: &'static str,
}

impl Resource {
    pub(super) fn of(id: IdentityId) -> Self {
        Self { uid: id.to_string(), r#type: "Token Identity" }
    }
}

/// What was found. Events about the same thing have the same `uid`.
#[derive(Serialize)]
pub(super) struct FindingInfo {
    uid: String,
    title: String,
    types: [&'static str; 1],
}

impl FindingInfo {
    pub(super) fn of(happening: &Happening) -> Self {
        let told = |keys: [&str; 2]| {
            let value = keys.iter().find_map(|key| happening.details.get(*key));
            value.map_or("unknown", String::as_str)
        };
        let (about, title, of_type) = match happening.kind {
            EventKind::Condition => {
                let condition = told(["set", "cleared"]);
                (condition, format!("A token is {condition}"), "Condition")
            }
            EventKind::Judged => ("policy", "A token breaks the policy".to_owned(), "Policy"),
            EventKind::Waived => ("policy", "A token may break the policy".to_owned(), "Policy"),
            _ => ("exposure", "A token lies where it should not".to_owned(), "Secret Leakage"),
        };
        let whose = happening.identity.map_or_else(|| "ledger".to_owned(), |id| id.to_string());
        Self { uid: format!("{whose}/{about}"), title, types: [of_type] }
    }
}

/// How an identity stands with the policy.
#[derive(Serialize)]
pub(super) struct Compliance<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

impl<'a> Compliance<'a> {
    pub(super) fn of(happening: &'a Happening) -> Self {
        let told = |key| happening.details.get(key).map(String::as_str);
        let (control, status) = match (told("breaks"), told("keeps")) {
            (Some(rules), _) => (Some(rules), Some((3, "Fail"))),
            (None, Some(rules)) => (Some(rules), Some((1, "Pass"))),
            (None, None) => (told("rule"), None),
        };
        Self { control, status_id: status.map(|s| s.0), status: status.map(|s| s.1) }
    }
}

/// What was called.
#[derive(Serialize)]
pub(super) struct Api {
    operation: String,
    service: Service,
}

#[derive(Serialize)]
struct Service {
    name: &'static str,
}

impl Api {
    /// What a request would have done. Whatever else asks the Hub is a census.
    pub(super) fn of(happening: &Happening) -> Self {
        let named = ["operation", "method"].iter().find_map(|name| happening.details.get(*name));
        let operation = named.cloned().unwrap_or_else(|| "census".to_owned());
        Self { operation, service: Service { name: "Hugging Face Hub" } }
    }
}

/// Where a call came from: a workload's address, or this program.
#[derive(Serialize)]
pub(super) struct Endpoint {
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    svc_name: &'static str,
}

impl Endpoint {
    pub(super) fn of(happening: &Happening) -> Self {
        Self { ip: happening.details.get("source").cloned(), svc_name: "bearhug" }
    }
}

/// A hunt for tokens.
#[derive(Serialize)]
pub(super) struct Scan {
    name: &'static str,
    /// 0: who or what started it is not recorded.
    type_id: u32,
    uid: String,
}

impl Scan {
    pub(super) fn of(seq: u64) -> Self {
        Self { name: "bearhug scan", type_id: 0, uid: seq.to_string() }
    }
}
