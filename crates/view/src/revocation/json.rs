//! A proof for programs: the schemas `bearhug.revocation/1` and `bearhug.ending/1`.

use std::{io, time::Duration};

use bearhug_core::revocation::{Check, Ending, Namesake, Outcome, Standing};
use serde::Serialize;

use super::Proof;
use crate::json::harmless;

pub(super) fn render(proof: &Proof, out: &mut dyn io::Write) -> io::Result<()> {
    let endings: Vec<_> = proof.endings.iter().map(EndingModel::of).collect();
    let model = ProofModel::of(proof, endings);
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
}

pub(super) fn render_lines(proof: &Proof, out: &mut dyn io::Write) -> io::Result<()> {
    for ending in &proof.endings {
        writeln!(out, "{}", harmless(&serde_json::to_string(&EndingModel::of(ending))?))?;
    }
    let model = ProofModel::of(proof, proof.endings.len());
    writeln!(out, "{}", harmless(&serde_json::to_string(&model)?))
}

/// `bearhug.revocation/1`. `T` is what stands for the tokens: all of them, or their number where they
/// have lines of their own.
#[derive(Serialize)]
struct ProofModel<'a, T> {
    schema: &'static str,
    endpoint: &'a str,
    started_at: String,
    organisation: Option<&'a str>,
    dry_run: bool,
    interrupted: bool,
    tokens: T,
    planned: usize,
    revoked: usize,
    cut_off: usize,
    already_gone: usize,
    still_alive: usize,
    unproven: usize,
    not_sent: usize,
    slowest_milliseconds: Option<u64>,
    lives_on: Vec<&'static str>,
}

impl<'a, T> ProofModel<'a, T> {
    fn of(proof: &'a Proof, tokens: T) -> Self {
        Self {
            schema: "bearhug.revocation/1",
            endpoint: &proof.endpoint,
            started_at: proof.started.to_string(),
            organisation: proof.organisation.as_deref(),
            dry_run: proof.is_plan,
            interrupted: proof.interrupted,
            tokens,
            planned: proof.count(|o| matches!(o, Outcome::Planned)),
            revoked: proof.count(|o| matches!(o, Outcome::Revoked)),
            cut_off: proof.count(|o| matches!(o, Outcome::CutOff)),
            already_gone: proof.count(|o| matches!(o, Outcome::AlreadyGone)),
            still_alive: proof.count(|o| matches!(o, Outcome::StillAlive)),
            unproven: proof.count(|o| matches!(o, Outcome::Unproven(_))),
            not_sent: proof.count(|o| matches!(o, Outcome::NotSent(_))),
            slowest_milliseconds: proof.slowest().map(milliseconds),
            lives_on: proof.remnants(),
        }
    }
}

/// `bearhug.ending/1`.
#[derive(Serialize)]
struct EndingModel<'a> {
    schema: &'static str,
    fingerprint: String,
    kind: &'static str,
    redacted: &'a str,
    outcome: &'static str,
    reason: Option<&'a str>,
    before: Option<CheckModel<'a>>,
    revocation_request_id: Option<&'a str>,
    after: Option<CheckModel<'a>>,
    milliseconds_to_dead: Option<u64>,
    candidates: Vec<Candidate<'a>>,
}

impl<'a> EndingModel<'a> {
    fn of(ending: &'a Ending) -> Self {
        Self {
            schema: "bearhug.ending/1",
            fingerprint: ending.fingerprint.to_string(),
            kind: ending.kind.name(),
            redacted: &ending.redacted,
            outcome: ending.outcome.name(),
            reason: ending.outcome.reason(),
            before: ending.before.as_ref().map(CheckModel::of),
            revocation_request_id: ending.revoked_by.as_deref(),
            after: ending.after.as_ref().map(CheckModel::of),
            milliseconds_to_dead: ending.proved_within.map(milliseconds),
            candidates: ending.namesakes.iter().map(Candidate::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct CheckModel<'a> {
    standing: &'static str,
    reason: Option<&'a str>,
    account: Option<&'a str>,
    request_id: Option<&'a str>,
}

impl<'a> CheckModel<'a> {
    fn of(check: &'a Check) -> Self {
        let reason = match &check.standing {
            Standing::Untold(reason) => Some(reason.as_str()),
            _ => None,
        };
        Self {
            standing: check.standing.name(),
            reason,
            account: check.account.as_deref(),
            request_id: check.request_id.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Candidate<'a> {
    id: &'a str,
    owner: Option<&'a str>,
    display_name: Option<&'a str>,
    created_at: Option<String>,
    last_used_at: Option<String>,
}

impl<'a> Candidate<'a> {
    fn of(namesake: &'a Namesake) -> Self {
        Self {
            id: &namesake.id,
            owner: namesake.owner.as_deref(),
            display_name: namesake.display_name.as_deref(),
            created_at: namesake.created_at.map(|at| at.to_string()),
            last_used_at: namesake.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// Whole milliseconds, rounded up: a death within one is not within none.
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros().div_ceil(1000)).unwrap_or(u64::MAX)
}
