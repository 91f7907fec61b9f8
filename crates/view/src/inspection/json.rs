//! Tokens for programs: the schemas `bearhug.inspection/1` and `bearhug.token/1`.

use std::{collections::BTreeMap, io};

use bearhug_core::{
    grant::{
        Credential, Entity, FineGrained, Grant, OrgAccess, OrgRole, Permission, Plan, Power, Role,
    },
    impact::{BlastRadius, Evidence, Impact},
    need::{Need, Permissions},
    rights::Answer,
    risk::Risk,
};
use jiff::Timestamp;
use serde::Serialize;

use super::{Inspected, Inspection, Live, Status, Wanted};
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
    unknown_permissions: Vec<&'a str>,
    risk: RiskModel<'a>,
    need: Option<NeedModel<'a>>,
}

impl<'a> LiveModel<'a> {
    fn of(live: &'a Live, now: Timestamp) -> Self {
        let grant = &live.grant;
        Self {
            account: AccountModel {
                kind: grant.account.kind.name(),
                id: &grant.account.id,
                name: &grant.account.name,
                full_name: grant.account.full_name.as_deref(),
            },
            auth: &grant.auth,
            credential: CredentialModel::of(&grant.credential, now),
            expires_at: grant.expires_at.map(|at| at.to_string()),
            orgs: grant.orgs.iter().map(OrgModel::of).collect(),
            permissions: permissions(grant),
            can_read_gated: fine_grained(grant).map(|fine| fine.can_read_gated),
            impact: impacts(&live.radius),
            unknown_permissions: live.radius.unknown.iter().map(Permission::name).collect(),
            risk: RiskModel::of(&live.risk),
            need: live.wanted.as_ref().map(NeedModel::of),
        }
    }
}

#[derive(Serialize)]
struct AccountModel<'a> {
    kind: &'a str,
    id: &'a str,
    name: &'a str,
    full_name: Option<&'a str>,
}

#[derive(Serialize)]
struct CredentialModel<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: Option<&'a str>,
    role: Option<&'a str>,
    created_at: Option<String>,
    age_days: Option<i64>,
    resource: Option<&'a str>,
}

impl<'a> CredentialModel<'a> {
    fn of(credential: &'a Credential, now: Timestamp) -> Self {
        let none = |kind| Self {
            kind,
            name: None,
            role: None,
            created_at: None,
            age_days: None,
            resource: None,
        };
        match credential {
            Credential::AccessToken(token) => Self {
                name: Some(&token.display_name),
                role: Some(token.role.name()),
                created_at: token.created_at.map(|at| at.to_string()),
                age_days: token.created_at.map(|at| now.duration_since(at).as_hours() / 24),
                ..none("access_token")
            },
            Credential::Session(session) => {
                Self { resource: session.resource.as_deref(), ..none("session") }
            }
            Credential::App(scope) => {
                Self { role: scope.as_ref().map(|scope| scope.role.name()), ..none("app") }
            }
        }
    }
}

#[derive(Serialize)]
struct OrgModel<'a> {
    name: &'a str,
    role: Option<&'a str>,
    plan: Option<&'a str>,
    restrictions: Vec<RestrictionModel<'a>>,
    resource_groups: Vec<GroupModel<'a>>,
}

#[derive(Serialize)]
struct RestrictionModel<'a> {
    name: &'a str,
    words: &'a str,
}

#[derive(Serialize)]
struct GroupModel<'a> {
    name: &'a str,
    role: &'a str,
}

impl<'a> OrgModel<'a> {
    fn of(org: &'a OrgAccess) -> Self {
        let restrictions = org.restrictions.iter();
        let groups = org.resource_groups.iter();
        Self {
            name: &org.name,
            role: org.role.as_ref().map(OrgRole::name),
            plan: org.plan.as_ref().map(Plan::name),
            restrictions: restrictions
                .map(|r| RestrictionModel { name: r.name(), words: r.words() })
                .collect(),
            resource_groups: groups
                .map(|group| GroupModel { name: &group.name, role: group.role.name() })
                .collect(),
        }
    }
}

/// A permission, and what it is on: nothing where it holds everywhere.
#[derive(Serialize)]
struct PermissionModel<'a> {
    permission: &'a str,
    words: &'a str,
    power: &'static str,
    known: bool,
    on: Option<EntityModel<'a>>,
}

#[derive(Serialize, Clone, Copy)]
struct EntityModel<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    id: &'a str,
    name: Option<&'a str>,
}

impl<'a> EntityModel<'a> {
    fn of(entity: &'a Entity) -> Self {
        Self { kind: entity.kind.name(), id: &entity.id, name: entity.name.as_deref() }
    }
}

impl<'a> PermissionModel<'a> {
    fn of(permission: &'a Permission, on: Option<EntityModel<'a>>) -> Self {
        let power = match permission.power() {
            Power::Low => "low",
            Power::High => "high",
            Power::Critical => "critical",
        };
        Self {
            permission: permission.name(),
            words: permission.words(),
            power,
            known: !permission.is_unknown(),
            on,
        }
    }
}

fn fine_grained(grant: &Grant) -> Option<&FineGrained> {
    match &grant.credential {
        Credential::AccessToken(token) => match &token.role {
            Role::FineGrained(fine) => Some(fine),
            _ => None,
        },
        _ => None,
    }
}

fn permissions(grant: &Grant) -> Vec<PermissionModel<'_>> {
    let fine = fine_grained(grant).into_iter();
    let listed = fine.flat_map(|fine| {
        let scoped = fine.scoped.iter().flat_map(|scoped| {
            let on = EntityModel::of(&scoped.entity);
            scoped.permissions.iter().map(move |p| PermissionModel::of(p, Some(on)))
        });
        scoped.chain(fine.global.iter().map(|p| PermissionModel::of(p, None)))
    });
    let scopes = match &grant.credential {
        Credential::Session(session) => session.scopes.as_deref().unwrap_or(&[]),
        _ => &[],
    };
    listed.chain(scopes.iter().map(|p| PermissionModel::of(p, None))).collect()
}

#[derive(Serialize)]
struct EvidenceModel<'a> {
    words: &'a str,
    on: Vec<String>,
    part: Option<&'a str>,
    by: String,
}

impl<'a> EvidenceModel<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            words: &evidence.words,
            on: evidence.on.iter().map(ToString::to_string).collect(),
            part: evidence.part.as_deref(),
            by: evidence.by.to_string().replace('`', ""),
        }
    }
}

fn impacts(radius: &BlastRadius) -> BTreeMap<&'static str, Vec<EvidenceModel<'_>>> {
    let all = Impact::ALL.into_iter().map(|impact| {
        let evidence = radius.evidence(impact).iter().map(EvidenceModel::of);
        (impact.name(), evidence.collect())
    });
    all.collect()
}

#[derive(Serialize)]
struct RiskModel<'a> {
    score: u8,
    level: &'static str,
    parts: Vec<PartModel<'a>>,
}

#[derive(Serialize)]
struct PartModel<'a> {
    factor: &'static str,
    points: u8,
    of: u8,
    reason: &'a str,
}

impl<'a> RiskModel<'a> {
    fn of(risk: &'a Risk) -> Self {
        let parts = risk.parts.iter().map(|part| PartModel {
            factor: part.factor.name(),
            points: part.points,
            of: part.factor.limit(),
            reason: &part.reason,
        });
        Self { score: risk.score(), level: risk.level().name(), parts: parts.collect() }
    }
}

#[derive(Serialize)]
struct NeedModel<'a> {
    scope: Vec<String>,
    allowed: Vec<AnswerModel<'a>>,
    permissions: Vec<NeededModel<'a>>,
    can_read_gated: bool,
    impossible: Vec<String>,
    link: &'a str,
    partly_by_hand: bool,
    wider_than_asked: bool,
}

#[derive(Serialize)]
struct AnswerModel<'a> {
    scope: String,
    answer: &'static str,
    reason: &'a str,
}

#[derive(Serialize)]
struct NeededModel<'a> {
    on: String,
    permissions: Vec<&'a str>,
}

impl<'a> NeedModel<'a> {
    fn of(wanted: &'a Wanted) -> Self {
        let answers = wanted.answers.iter().map(|(access, answer)| AnswerModel {
            scope: access.to_string(),
            answer: match answer {
                Answer::Yes(_) => "yes",
                Answer::No(_) => "no",
                Answer::Unknown(_) => "unknown",
            },
            reason: answer.reason(),
        });
        Self {
            scope: wanted.scope.iter().map(ToString::to_string).collect(),
            allowed: answers.collect(),
            permissions: needed(&wanted.need),
            can_read_gated: wanted.need.gated,
            impossible: wanted.need.impossible.iter().map(ToString::to_string).collect(),
            link: &wanted.link,
            partly_by_hand: wanted.need.is_partly_by_hand(),
            wider_than_asked: wanted.need.is_wider_than_asked(&wanted.scope),
        }
    }
}

fn needed(need: &Need) -> Vec<NeededModel<'_>> {
    let model = |on: String, permissions: &Permissions| NeededModel {
        on,
        permissions: permissions.iter().copied().collect(),
    };
    let own = [model("own".to_owned(), &need.own)];
    let orgs = need.orgs.iter().map(|(org, permissions)| model(format!("{org}/*"), permissions));
    let single =
        need.repositories.iter().map(|(on, permissions)| model(on.to_string(), permissions));
    let global = [model("everywhere".to_owned(), &need.global)];
    let all = own.into_iter().chain(orgs).chain(single).chain(global);
    all.filter(|needed| !needed.permissions.is_empty()).collect()
}
