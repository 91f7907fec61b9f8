//! Tokens for programs: the schemas `bearhug.inspection/1` and `bearhug.token/1`.

use std::{collections::BTreeMap, io};

use bearhug_core::grant::Permission;
use jiff::Timestamp;
use serde::Serialize;

pub(crate) mod grant;
mod harm;
mod need;

use grant::{AccountModel, CredentialModel, OrgModel, PermissionModel};
use harm::{EvidenceModel, PrivateModel, RiskModel};
use need::NeedModel;

use super::{Inspected, Inspection, Live, Status};
use crate::json::harmless;

pub(super) fn render(inspection: &Inspection, out: &mut dyn io::Write) -> io::Result<()> {
    let tokens = inspection.tokens.iter().map(|token| TokenModel::of(token, inspection.now));
    let model = InspectionModel::of(inspection, tokens.collect::<Vec<_>>());
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
}

pub(super) fn render_lines(inspection: &Inspection, out: &mut dyn io::Write) -> io::Result<()> {
    for token in &inspection.tokens {
        let model = TokenModel::of(token, inspection.now);
        writeln!(out, "{}", harmless(&serde_json::to_string(&model)?))?;
    }
    let model = InspectionModel::of(inspection, inspection.tokens.len());
    writeln!(out, "{}", harmless(&serde_json::to_string(&model)?))
}

/// `bearhug.inspection/1`. `T` is what stands for the tokens: all of them, or their number where they
/// have lines of their own.
#[derive(Serialize)]
struct InspectionModel<'a, T> {
    schema: &'static str,
    endpoint: &'a str,
    asked_at: String,
    tokens: T,
    live: usize,
    dead: usize,
    unanswered: usize,
    unasked: usize,
}

impl<'a, T> InspectionModel<'a, T> {
    fn of(inspection: &'a Inspection, tokens: T) -> Self {
        Self {
            schema: "bearhug.inspection/1",
            endpoint: &inspection.endpoint,
            asked_at: inspection.now.to_string(),
            tokens,
            live: inspection.count(|s| matches!(s, Status::Live(_))),
            dead: inspection.count(|s| matches!(s, Status::Dead { .. })),
            unanswered: inspection.count(|s| matches!(s, Status::Unanswered(_))),
            unasked: inspection.count(|s| matches!(s, Status::Unasked(_))),
        }
    }
}

/// `bearhug.token/1`.
#[derive(Serialize)]
struct TokenModel<'a> {
    schema: &'static str,
    fingerprint: String,
    kind: &'static str,
    redacted: &'a str,
    places: &'a [String],
    status: &'static str,
    reason: Option<&'a str>,
    request_id: Option<&'a str>,
    #[serde(flatten)]
    live: Option<LiveModel<'a>>,
}

impl<'a> TokenModel<'a> {
    fn of(token: &'a Inspected, now: Timestamp) -> Self {
        let (reason, request_id, live) = match &token.status {
            Status::Live(live) => (None, &live.request_id, Some(LiveModel::of(live, now))),
            Status::Dead { reason, request_id } => (Some(reason.as_str()), request_id, None),
            Status::Unanswered(reason) | Status::Unasked(reason) => {
                (Some(reason.as_str()), &None, None)
            }
        };
        Self {
            schema: "bearhug.token/1",
            fingerprint: token.fingerprint.to_string(),
            kind: token.kind.name(),
            redacted: &token.redacted,
            places: &token.places,
            status: token.status.name(),
            reason,
            request_id: request_id.as_deref(),
            live,
        }
    }
}

#[derive(Serialize)]
struct LiveModel<'a> {
    account: AccountModel<'a>,
    auth: &'a str,
    credential: CredentialModel<'a>,
    expires_at: Option<String>,
    orgs: Vec<OrgModel<'a>>,
    permissions: Vec<PermissionModel<'a>>,
    can_read_gated: Option<bool>,
    impact: BTreeMap<&'static str, Vec<EvidenceModel<'a>>>,
    private_repositories: Option<PrivateModel<'a>>,
    unknown_permissions: Vec<&'a str>,
    risk: RiskModel<'a>,
    need: Option<NeedModel<'a>>,
}

impl<'a> LiveModel<'a> {
    fn of(live: &'a Live, now: Timestamp) -> Self {
        let told = &live.grant;
        Self {
            account: AccountModel {
                kind: told.account.kind.name(),
                id: &told.account.id,
                name: &told.account.name,
                full_name: told.account.full_name.as_deref(),
            },
            auth: &told.auth,
            credential: CredentialModel::of(&told.credential, now),
            expires_at: told.expires_at.map(|at| at.to_string()),
            orgs: told.orgs.iter().map(OrgModel::of).collect(),
            permissions: grant::permissions(told),
            can_read_gated: grant::fine_grained(told).map(|fine| fine.can_read_gated),
            impact: harm::impacts(&live.radius),
            private_repositories: live.private.as_ref().map(PrivateModel::of),
            unknown_permissions: live.radius.unknown.iter().map(Permission::name).collect(),
            risk: RiskModel::of(&live.risk),
            need: live.wanted.as_ref().map(NeedModel::of),
        }
    }
}
