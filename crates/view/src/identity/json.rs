//! Identities as JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use bearhug_core::{
    event::Event,
    identity::{Breach, Identity, Suggestion, Version, Waived, Weighed},
    place::{Presence, Sighting},
    risk::Level,
};
use serde::Serialize;

use super::{Listing, Past, Portrait};
use crate::inspection::json::grant::{PermissionModel, permissions};

/// `bearhug.identities/1`. `T` is what stands for the identities: all of them, or their number where they
/// have lines of their own.
#[derive(Serialize)]
struct ListModel<'a, T> {
    schema: &'static str,
    identities: T,
    next: Option<&'a str>,
}

impl<'a, T> ListModel<'a, T> {
    fn of(listing: &'a Listing, identities: T) -> Self {
        Self { schema: "bearhug.identities/1", identities, next: listing.next.as_deref() }
    }
}

/// `bearhug.identity/1`.
#[derive(Serialize)]
pub struct IdentityModel<'a> {
    schema: &'static str,
    id: String,
    name: &'a str,
    kind: &'static str,
    state: &'static str,
    conditions: Vec<&'static str>,
    owner: Option<&'a str>,
    backup_owner: Option<&'a str>,
    suggested_owners: Vec<SuggestionModel<'a>>,
    attested_at: Option<String>,
    attested_by: Option<&'a str>,
    purpose: Option<&'a str>,
    environment: Option<&'a str>,
    criticality: &'static str,
    resources: &'a BTreeSet<String>,
    tags: &'a BTreeSet<String>,
    notes: Option<&'a str>,
    versions: Vec<VersionModel<'a>>,
    standing: StandingModel<'a>,
    exposure: ExposureModel<'a>,
    risk: RiskModel<'a>,
    breaches: Vec<BreachModel<'a>>,
    waived: Vec<WaivedModel<'a>>,
    to_do: &'a [String],
    urgency: u16,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct SuggestionModel<'a> {
    owner: &'a str,
    evidence: &'a str,
}

#[derive(Serialize)]
struct VersionModel<'a> {
    fingerprint: Option<String>,
    hub_id: Option<&'a str>,
    last4: Option<&'a str>,
    since: String,
    until: Option<String>,
}

#[derive(Serialize)]
struct StandingModel<'a> {
    verdict: &'static str,
    missing_from: Option<&'a str>,
    asked_at: Option<String>,
    account: Option<&'a str>,
    organisation: Option<&'a str>,
    role: Option<&'a str>,
    issued_at: Option<String>,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    permissions: Option<Vec<PermissionModel<'a>>>,
}

#[derive(Serialize)]
struct ExposureModel<'a> {
    places: u64,
    present: u64,
    in_history: u64,
    keepings: Vec<&'static str>,
    environments: &'a BTreeSet<String>,
    sources: &'a BTreeSet<String>,
}

#[derive(Serialize)]
struct RiskModel<'a> {
    score: u8,
    level: &'static str,
    parts: Vec<PartModel<'a>>,
    weighed_at: Option<String>,
}

#[derive(Serialize)]
struct PartModel<'a> {
    factor: &'a str,
    points: u8,
    limit: u8,
    reason: &'a str,
}

#[derive(Serialize)]
struct BreachModel<'a> {
    rule: &'a str,
    mode: &'a str,
    what: &'a str,
    fix: &'a str,
}

#[derive(Serialize)]
struct WaivedModel<'a> {
    #[serde(flatten)]
    breach: BreachModel<'a>,
    until: String,
    by: &'a str,
    reason: &'a str,
}

impl<'a> IdentityModel<'a> {
    /// The model of an identity.
    pub fn of(identity: &'a Identity) -> Self {
        let (ownership, purpose) = (&identity.ownership, &identity.purpose);
        let (assessment, attested) = (&identity.assessment, ownership.attested.as_ref());
        Self {
            schema: "bearhug.identity/1",
            id: identity.id.to_string(),
            name: &identity.name,
            kind: identity.kind.name(),
            state: identity.state.name(),
            conditions: identity.conditions.iter().map(|condition| condition.name()).collect(),
            owner: ownership.owner.as_deref(),
            backup_owner: ownership.backup.as_deref(),
            suggested_owners: ownership.suggestions.iter().map(suggestion).collect(),
            attested_at: attested.map(|attested| attested.at.to_string()),
            attested_by: attested.map(|attested| attested.by.as_str()),
            purpose: purpose.description.as_deref(),
            environment: purpose.environment.as_deref(),
            criticality: purpose.criticality.name(),
            resources: &purpose.resources,
            tags: &purpose.tags,
            notes: purpose.notes.as_deref(),
            versions: identity.versions.iter().map(version).collect(),
            standing: standing(identity),
            exposure: ExposureModel {
                places: identity.exposure.places,
                present: identity.exposure.present,
                in_history: identity.exposure.in_history,
                keepings: identity.exposure.keepings.iter().map(|keeping| keeping.name()).collect(),
                environments: &identity.exposure.environments,
                sources: &identity.exposure.sources,
            },
            risk: RiskModel {
                score: assessment.risk,
                level: Level::of(assessment.risk).name(),
                parts: assessment.parts.iter().map(part).collect(),
                weighed_at: assessment.at.map(|at| at.to_string()),
            },
            breaches: assessment.breaches.iter().map(breach).collect(),
            waived: assessment.waived.iter().map(waived).collect(),
            to_do: &assessment.to_do,
            urgency: assessment.urgency,
            created_at: identity.created_at.to_string(),
            updated_at: identity.updated_at.to_string(),
        }
    }
}

fn suggestion(suggestion: &Suggestion) -> SuggestionModel<'_> {
    SuggestionModel { owner: &suggestion.owner, evidence: &suggestion.evidence }
}

fn version(version: &Version) -> VersionModel<'_> {
    VersionModel {
        fingerprint: version.fingerprint.map(|name| name.to_string()),
        hub_id: version.hub_id.as_deref(),
        last4: version.last4.as_deref(),
        since: version.since.to_string(),
        until: version.until.map(|at| at.to_string()),
    }
}

fn standing(identity: &Identity) -> StandingModel<'_> {
    let standing = &identity.standing;
    StandingModel {
        verdict: standing.verdict.name(),
        missing_from: standing.missing_from.as_deref(),
        asked_at: standing.asked_at.map(|at| at.to_string()),
        account: standing.account.as_deref(),
        organisation: standing.organisation.as_deref(),
        role: identity.role(),
        issued_at: identity.issued_at().map(|at| at.to_string()),
        expires_at: identity.expires_at().map(|at| at.to_string()),
        last_used_at: standing.last_used_at.map(|at| at.to_string()),
        permissions: standing.grant.as_ref().map(permissions),
    }
}

fn part(part: &Weighed) -> PartModel<'_> {
    PartModel { factor: &part.factor, points: part.points, limit: part.limit, reason: &part.reason }
}

fn breach(breach: &Breach) -> BreachModel<'_> {
    BreachModel { rule: &breach.rule, mode: &breach.mode, what: &breach.what, fix: &breach.fix }
}

fn waived(waived: &Waived) -> WaivedModel<'_> {
    WaivedModel {
        breach: breach(&waived.breach),
        until: waived.until.to_string(),
        by: &waived.by,
        reason: &waived.reason,
    }
}

#[derive(Serialize)]
struct PortraitModel<'a> {
    #[serde(flatten)]
    identity: IdentityModel<'a>,
    sightings: Vec<SightingModel<'a>>,
    has_more_sightings: bool,
    events: Vec<EventModel<'a>>,
}

#[derive(Serialize)]
struct SightingModel<'a> {
    fingerprint: String,
    source: &'a str,
    origin: &'a str,
    path: Option<&'a str>,
    line: Option<u64>,
    commit: Option<&'a str>,
    author: Option<&'a str>,
    keeping: &'static str,
    environment: Option<&'a str>,
    presence: &'static str,
    gone_since: Option<String>,
    first_seen: String,
    last_seen: String,
}

fn sighting(place: &Sighting) -> SightingModel<'_> {
    let gone_since = match place.presence {
        Presence::Gone { since } => Some(since.to_string()),
        Presence::Present | Presence::InHistory => None,
    };
    SightingModel {
        fingerprint: place.fingerprint.to_string(),
        source: &place.source,
        origin: &place.origin,
        path: place.path.as_deref(),
        line: place.line,
        commit: place.commit.as_deref(),
        author: place.author.as_deref(),
        keeping: place.keeping.name(),
        environment: place.environment.as_deref(),
        presence: place.presence.name(),
        gone_since,
        first_seen: place.first_seen.to_string(),
        last_seen: place.last_seen.to_string(),
    }
}

/// What happened, as it stands in the past of an identity.
#[derive(Serialize)]
struct EventModel<'a> {
    seq: u64,
    at: String,
    kind: &'a str,
    actor: &'a str,
    details: &'a BTreeMap<String, String>,
}

fn event(event: &Event) -> EventModel<'_> {
    let happening = &event.happening;
    EventModel {
        seq: event.seq,
        at: happening.at.to_string(),
        kind: happening.kind.name(),
        actor: &happening.actor,
        details: &happening.details,
    }
}

/// `bearhug.history/1`. `T` is as in [`ListModel`].
#[derive(Serialize)]
struct PastModel<'a, T> {
    schema: &'static str,
    events: T,
    next: Option<&'a str>,
}

fn line(model: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, model)?;
    writeln!(out)
}

pub(super) fn list(listing: &Listing, out: &mut dyn io::Write) -> io::Result<()> {
    let identities: Vec<_> = listing.identities.iter().map(IdentityModel::of).collect();
    line(&ListModel::of(listing, identities), out)
}

pub(super) fn list_lines(listing: &Listing, out: &mut dyn io::Write) -> io::Result<()> {
    for identity in &listing.identities {
        line(&IdentityModel::of(identity), out)?;
    }
    line(&ListModel::of(listing, listing.identities.len()), out)
}

pub(super) fn portrait(portrait: &Portrait, out: &mut dyn io::Write) -> io::Result<()> {
    let model = PortraitModel {
        identity: IdentityModel::of(&portrait.identity),
        sightings: portrait.places.iter().map(sighting).collect(),
        has_more_sightings: portrait.has_more_places,
        events: portrait.past.iter().map(event).collect(),
    };
    line(&model, out)
}

pub(super) fn past(past: &Past, out: &mut dyn io::Write) -> io::Result<()> {
    let events: Vec<_> = past.events.iter().map(event).collect();
    line(&PastModel { schema: "bearhug.history/1", events, next: past.next.as_deref() }, out)
}

pub(super) fn past_lines(past: &Past, out: &mut dyn io::Write) -> io::Result<()> {
    for happened in &past.events {
        line(&event(happened), out)?;
    }
    let (events, next) = (past.events.len(), past.next.as_deref());
    line(&PastModel { schema: "bearhug.history/1", events, next }, out)
}
