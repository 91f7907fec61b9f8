//! A verdict for programs: the schema `bearhug.check/1`.

use std::io;

use serde::Serialize;

use super::{Condition, Gate, Outcome, Subject};
use crate::json::harmless;

pub(super) fn render(gate: &Gate, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&GateModel::of(gate))?))
}

/// `passed` is null where nobody knows.
#[derive(Serialize)]
struct GateModel<'a> {
    schema: &'static str,
    passed: Option<bool>,
    verdict: String,
    endpoint: &'a str,
    token: Option<SubjectModel<'a>>,
    conditions: Vec<ConditionModel<'a>>,
}

#[derive(Serialize)]
struct SubjectModel<'a> {
    fingerprint: String,
    redacted: &'a str,
    place: &'a str,
    account: Option<&'a str>,
    role: Option<&'a str>,
}

#[derive(Serialize)]
struct ConditionModel<'a> {
    condition: &'static str,
    value: Option<&'a str>,
    outcome: &'static str,
    reason: &'a str,
    fix: Option<&'a str>,
}

impl<'a> GateModel<'a> {
    fn of(gate: &'a Gate) -> Self {
        Self {
            schema: "bearhug.check/1",
            passed: match gate.outcome() {
                Outcome::Passed => Some(true),
                Outcome::Failed => Some(false),
                Outcome::Unknown => None,
            },
            verdict: gate.words(),
            endpoint: &gate.endpoint,
            token: gate.subject.as_ref().map(SubjectModel::of),
            conditions: gate.conditions.iter().map(ConditionModel::of).collect(),
        }
    }
}

impl<'a> SubjectModel<'a> {
    fn of(subject: &'a Subject) -> Self {
        Self {
            fingerprint: subject.fingerprint.to_string(),
            redacted: &subject.redacted,
            place: &subject.place,
            account: subject.account.as_deref(),
            role: subject.role.as_deref(),
        }
    }
}

impl<'a> ConditionModel<'a> {
    fn of(condition: &'a Condition) -> Self {
        Self {
            condition: condition.name,
            value: Some(condition.value.as_str()).filter(|value| !value.is_empty()),
            outcome: condition.outcome.name(),
            reason: &condition.reason,
            fix: condition.fix.as_deref(),
        }
    }
}
