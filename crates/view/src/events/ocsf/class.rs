//! Which class of OCSF an event belongs to, and what it means there.

use bearhug_core::event::{EventKind, Happening};

/// A class of events, of those that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    ComplianceFinding,
    DetectionFinding,
    EntityManagement,
    ApiActivity,
    ScanActivity,
}

impl Class {
    pub(super) fn uid(self) -> u32 {
        match self {
            Self::ComplianceFinding => 2003,
            Self::DetectionFinding => 2004,
            Self::EntityManagement => 3004,
            Self::ApiActivity => 6003,
            Self::ScanActivity => 6007,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ComplianceFinding => "Compliance Finding",
            Self::DetectionFinding => "Detection Finding",
            Self::EntityManagement => "Entity Management",
            Self::ApiActivity => "API Activity",
            Self::ScanActivity => "Scan Activity",
        }
    }

    pub(super) fn category(self) -> (u32, &'static str) {
        match self {
            Self::ComplianceFinding | Self::DetectionFinding => (2, "Findings"),
            Self::EntityManagement => (3, "Identity & Access Management"),
            Self::ApiActivity | Self::ScanActivity => (6, "Application Activity"),
        }
    }

    /// Whether a person's reason has an attribute of its own.
    pub(super) fn has_comment(self) -> bool {
        !matches!(self, Self::ApiActivity | Self::ScanActivity)
    }
}

/// A number of OCSF, and its caption.
pub(super) type Coded = (u32, &'static str);

/// What an event means.
pub(super) struct Meaning {
    pub(super) class: Class,
    pub(super) activity: Coded,
    pub(super) severity: Coded,
    pub(super) status: Coded,
}

const INFORMATIONAL: Coded = (1, "Informational");
const LOW: Coded = (2, "Low");
const MEDIUM: Coded = (3, "Medium");
const HIGH: Coded = (4, "High");
const CRITICAL: Coded = (5, "Critical");

const SUCCESS: Coded = (1, "Success");
const FAILURE: Coded = (2, "Failure");
/// Findings have states of their own.
const NEW: Coded = (1, "New");
const IN_PROGRESS: Coded = (2, "In Progress");
const RESOLVED: Coded = (4, "Resolved");

const CREATE: Coded = (1, "Create");
const READ: Coded = (2, "Read");
const UPDATE: Coded = (3, "Update");
const DELETE: Coded = (4, "Delete");
const ENROLL: Coded = (6, "Enroll");
const ENABLE: Coded = (8, "Enable");
const DISABLE: Coded = (9, "Disable");
/// Something that OCSF has no number for.
const OTHER: Coded = (99, "Other");
/// An activity of our own.
const ATTEST: Coded = (99, "Attest");
/// The activities of findings are numbered otherwise than those of entities.
const UPDATE_FINDING: Coded = (2, "Update");
const CLOSE: Coded = (3, "Close");
const COMPLETED: Coded = (2, "Completed");

impl Meaning {
    pub(super) fn of(happening: &Happening) -> Self {
        match &happening.kind {
            EventKind::Discovered => Self::entity(CREATE, MEDIUM),
            EventKind::Adopted => Self::entity(ENROLL, INFORMATIONAL),
            EventKind::Moved => Self::entity(moved(happening), INFORMATIONAL),
            EventKind::Attested => Self::entity(ATTEST, INFORMATIONAL),
            EventKind::Drifted => Self::entity(UPDATE, LOW),
            EventKind::Versioned
            | EventKind::Assigned
            | EventKind::Described
            | EventKind::Released
            | EventKind::Owner => Self::entity(UPDATE, INFORMATIONAL),
            EventKind::Other(_) => Self::entity(OTHER, INFORMATIONAL),
            EventKind::Condition => Self::condition(happening),
            EventKind::Sighted => Self::finding((CREATE, NEW), HIGH),
            EventKind::Cleared => Self::finding((CLOSE, RESOLVED), INFORMATIONAL),
            EventKind::Judged => Self::judged(happening),
            EventKind::Waived => Self {
                class: Class::ComplianceFinding,
                activity: UPDATE_FINDING,
                severity: INFORMATIONAL,
                status: IN_PROGRESS,
            },
            EventKind::Scanned => Self {
                class: Class::ScanActivity,
                activity: COMPLETED,
                severity: INFORMATIONAL,
                status: SUCCESS,
            },
            EventKind::Census => Self {
                class: Class::ApiActivity,
                activity: READ,
                severity: INFORMATIONAL,
                status: SUCCESS,
            },
            EventKind::Lent => Self::entity(CREATE, INFORMATIONAL),
            EventKind::Allowed => Self::call(happening, INFORMATIONAL, SUCCESS),
            EventKind::Denied => Self::call(happening, LOW, FAILURE),
        }
    }

    fn call(happening: &Happening, severity: Coded, status: Coded) -> Self {
        let activity = match happening.details.get("method").map(String::as_str) {
            Some("GET" | "HEAD") => READ,
            Some("DELETE") => DELETE,
            Some("PUT" | "PATCH") => UPDATE,
            Some("POST") => CREATE,
            _ => OTHER,
        };
        Self { class: Class::ApiActivity, activity, severity, status }
    }

    fn entity(activity: Coded, severity: Coded) -> Self {
        Self { class: Class::EntityManagement, activity, severity, status: SUCCESS }
    }

    fn finding((activity, status): (Coded, Coded), severity: Coded) -> Self {
        Self { class: Class::DetectionFinding, activity, severity, status }
    }

    fn condition(happening: &Happening) -> Self {
        match happening.details.get("set").map(String::as_str) {
            Some("compromised") => Self::finding((CREATE, NEW), CRITICAL),
            Some(_) => Self::finding((CREATE, NEW), LOW),
            None => Self::finding((CLOSE, RESOLVED), INFORMATIONAL),
        }
    }

    /// An identity that keeps a rule again may break others still, of which this event does not tell.
    fn judged(happening: &Happening) -> Self {
        let breaks = happening.details.contains_key("breaks");
        Self {
            class: Class::ComplianceFinding,
            activity: if breaks { CREATE } else { UPDATE_FINDING },
            severity: if breaks { MEDIUM } else { INFORMATIONAL },
            status: if breaks { NEW } else { IN_PROGRESS },
        }
    }
}

/// What a move to another state is to an entity.
fn moved(happening: &Happening) -> Coded {
    match happening.details.get("to").map(String::as_str) {
        Some("active") => ENABLE,
        Some("revoked") => DISABLE,
        Some("retired") => DELETE,
        _ => UPDATE,
    }
}
