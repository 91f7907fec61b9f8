//! Events as the Open Cybersecurity Schema Framework has them, in version 1.8.0
//! (<https://schema.ocsf.io/1.8.0>, made from <https://github.com/ocsf/ocsf-schema/tree/v1.8.0>).
//!
//! What OCSF has no attribute for stands in `unmapped`, so that no event loses anything.

mod class;
mod objects;

use std::collections::BTreeMap;

use bearhug_core::event::{Event, EventKind, Happening};
use serde::Serialize;

use self::{
    class::{Class, Meaning},
    objects::{Actor, Api, Compliance, Endpoint, Entity, FindingInfo, Metadata, Resource, Scan},
};
use super::human::particulars;

/// One event. Attributes that its class does not have are left out.
#[derive(Serialize)]
pub(super) struct Record<'a> {
    category_uid: u32,
    category_name: &'static str,
    class_uid: u32,
    class_name: &'static str,
    activity_id: u32,
    activity_name: &'static str,
    /// `class_uid` times a hundred and `activity_id`.
    type_uid: u32,
    type_name: String,
    severity_id: u32,
    severity: &'static str,
    /// Milliseconds since 1970. The exact time is in the metadata.
    time: i64,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    status_id: u32,
    status: &'static str,
    metadata: Metadata,
    #[serde(flatten)]
    subject: Subject<'a>,
    unmapped: Unmapped<'a>,
}

/// What a class is about.
#[derive(Serialize)]
#[serde(untagged)]
enum Subject<'a> {
    Entity {
        actor: Actor<'a>,
        entity: Entity<'a>,
    },
    Detection {
        finding_info: FindingInfo,
        resources: Vec<Resource>,
    },
    Compliance {
        finding_info: FindingInfo,
        compliance: Compliance<'a>,
        resources: Vec<Resource>,
    },
    Call {
        actor: Actor<'a>,
        api: Api,
        src_endpoint: Endpoint,
    },
    Scan {
        scan: Scan,
        #[serde(skip_serializing_if = "Option::is_none")]
        num_detections: Option<u32>,
    },
}

/// What OCSF has no attribute for.
#[derive(Serialize)]
struct Unmapped<'a> {
    kind: &'a str,
    actor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<String>,
    details: &'a BTreeMap<String, String>,
}

impl<'a> Record<'a> {
    pub(super) fn of(event: &'a Event) -> Self {
        let happening = &event.happening;
        let meaning = Meaning::of(happening);
        let (class, (activity_id, activity_name)) = (meaning.class, meaning.activity);
        let why = happening.details.get("why").map(String::as_str);
        Self {
            category_uid: class.category().0,
            category_name: class.category().1,
            class_uid: class.uid(),
            class_name: class.name(),
            activity_id,
            activity_name,
            type_uid: class.uid() * 100 + activity_id,
            type_name: format!("{}: {}", class.name(), activity_name),
            severity_id: meaning.severity.0,
            severity: meaning.severity.1,
            time: happening.at.as_millisecond(),
            message: message(happening),
            comment: why.filter(|_| class.has_comment()),
            status_id: meaning.status.0,
            status: meaning.status.1,
            metadata: Metadata::of(event),
            subject: Subject::of(class, event),
            unmapped: Unmapped {
                kind: happening.kind.name(),
                actor: &happening.actor,
                identity: happening.identity.map(|id| id.to_string()),
                details: &happening.details,
            },
        }
    }
}

impl<'a> Subject<'a> {
    fn of(class: Class, event: &'a Event) -> Self {
        let happening = &event.happening;
        let actor = Actor::of(&happening.actor);
        let resources = || happening.identity.map(Resource::of).into_iter().collect();
        match class {
            Class::EntityManagement => Self::Entity { actor, entity: Entity::of(happening) },
            Class::DetectionFinding => {
                Self::Detection { finding_info: FindingInfo::of(happening), resources: resources() }
            }
            Class::ComplianceFinding => Self::Compliance {
                finding_info: FindingInfo::of(happening),
                compliance: Compliance::of(happening),
                resources: resources(),
            },
            Class::ApiActivity => {
                Self::Call { actor, api: Api::of(happening), src_endpoint: Endpoint::of(happening) }
            }
            Class::ScanActivity => Self::Scan {
                scan: Scan::of(event.seq),
                num_detections: happening.details.get("tokens").and_then(|n| n.parse().ok()),
            },
        }
    }
}

/// What happened, in words.
fn message(happening: &Happening) -> String {
    let what = match &happening.kind {
        EventKind::Discovered => "A token was seen that no identity had",
        EventKind::Adopted => "Somebody took an identity on",
        EventKind::Moved => "An identity moved on in its life",
        EventKind::Condition => "A condition of an identity changed",
        EventKind::Versioned => "An identity got another token",
        EventKind::Assigned => "Who answers for an identity changed",
        EventKind::Described => "What an identity is for was described anew",
        EventKind::Released => "Something was released with an identity",
        EventKind::Attested => "Somebody confirmed an identity",
        EventKind::Drifted => "The Hub told something new of an identity",
        EventKind::Sighted => "A token was seen in new places",
        EventKind::Cleared => "A token is no longer where it was",
        EventKind::Judged => "An identity breaks other rules than before",
        EventKind::Waived => "Leave to break a rule was given or withdrawn",
        EventKind::Owner => "An owner entered the ledger, changed or left",
        EventKind::Scanned => "A scan was recorded",
        EventKind::Other(_) => "Something happened that only a newer bearhug knows",
        EventKind::Census => "The Hub was asked about what the ledger holds",
        EventKind::Lent => "A lease was handed out in place of a token",
        EventKind::Allowed => "A request with a lease was let through",
        EventKind::Denied => "A request was refused",
    };
    match particulars(&happening.details) {
        details if details.is_empty() => what.to_owned(),
        details => format!("{what}: {details}"),
    }
}
