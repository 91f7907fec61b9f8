//! A census for programs: the schemas `bearhug.census/1` and `bearhug.census-change/1`.

use std::{collections::BTreeMap, io};

use bearhug_core::event::Happening;
use serde::Serialize;

use super::{Census, Change, Doubt, Gap, Left, Stranger};
use crate::json::harmless;

pub(super) fn render(census: &Census, out: &mut dyn io::Write) -> io::Result<()> {
    let changes: Vec<_> = census.changes.iter().map(ChangeModel::of).collect();
    let model = CensusModel::of(census, changes);
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
}

pub(super) fn render_lines(census: &Census, out: &mut dyn io::Write) -> io::Result<()> {
    for change in &census.changes {
        writeln!(out, "{}", harmless(&serde_json::to_string(&ChangeModel::of(change))?))?;
    }
    let model = CensusModel::of(census, census.changes.len());
    writeln!(out, "{}", harmless(&serde_json::to_string(&model)?))
}

/// `bearhug.census/1`. `T` is what stands for the changes: all of them, or their number where they have
/// lines of their own.
#[derive(Serialize)]
struct CensusModel<'a, T> {
    schema: &'static str,
    endpoint: &'a str,
    at: String,
    dry_run: bool,
    interrupted: bool,
    asked: Vec<AskedModel<'a>>,
    gaps: Vec<GapModel<'a>>,
    changes: T,
    unchanged: usize,
    not_in_ledger: Vec<StrangerModel<'a>>,
    doubts: Vec<DoubtModel<'a>>,
    left: Vec<LeftModel<'a>>,
    reassessed: usize,
}

impl<'a, T> CensusModel<'a, T> {
    fn of(census: &'a Census, changes: T) -> Self {
        let asked = census.answered.iter();
        Self {
            schema: "bearhug.census/1",
            endpoint: &census.endpoint,
            at: census.at.to_string(),
            dry_run: census.is_plan,
            interrupted: census.interrupted,
            asked: asked.map(|(what, number)| AskedModel { what, number: *number }).collect(),
            gaps: census.gaps.iter().map(|Gap { what, why }| GapModel { what, why }).collect(),
            changes,
            unchanged: census.unchanged,
            not_in_ledger: census.strangers.iter().map(StrangerModel::of).collect(),
            doubts: census.doubts.iter().map(DoubtModel::of).collect(),
            left: census.left.iter().map(LeftModel::of).collect(),
            reassessed: census.reassessed,
        }
    }
}

#[derive(Serialize)]
struct AskedModel<'a> {
    what: &'a str,
    number: usize,
}

#[derive(Serialize)]
struct GapModel<'a> {
    what: &'a str,
    why: &'a str,
}

/// `bearhug.census-change/1`.
#[derive(Serialize)]
struct ChangeModel<'a> {
    schema: &'static str,
    id: String,
    name: &'a str,
    token: &'a str,
    owner: Option<&'a str>,
    risk: u8,
    events: Vec<EventModel<'a>>,
}

impl<'a> ChangeModel<'a> {
    fn of(change: &'a Change) -> Self {
        Self {
            schema: "bearhug.census-change/1",
            id: change.id.to_string(),
            name: &change.name,
            token: &change.token,
            owner: change.owner.as_deref(),
            risk: change.risk,
            events: change.events.iter().map(EventModel::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct EventModel<'a> {
    kind: &'a str,
    at: String,
    details: &'a BTreeMap<String, String>,
}

impl<'a> EventModel<'a> {
    fn of(event: &'a Happening) -> Self {
        Self { kind: event.kind.name(), at: event.at.to_string(), details: &event.details }
    }
}

#[derive(Serialize)]
struct StrangerModel<'a> {
    token: &'a str,
    place: &'a str,
    account: Option<&'a str>,
    role: Option<&'a str>,
}

impl<'a> StrangerModel<'a> {
    fn of(one: &'a Stranger) -> Self {
        let (account, role) = (one.account.as_deref(), one.role.as_deref());
        Self { token: &one.token, place: &one.place, account, role }
    }
}

#[derive(Serialize)]
struct DoubtModel<'a> {
    token: &'a str,
    organisation: &'a str,
    candidates: Vec<String>,
    why: &'a str,
}

impl<'a> DoubtModel<'a> {
    fn of(doubt: &'a Doubt) -> Self {
        Self {
            token: &doubt.token,
            organisation: &doubt.organisation,
            candidates: doubt.candidates.iter().map(ToString::to_string).collect(),
            why: &doubt.why,
        }
    }
}

#[derive(Serialize)]
struct LeftModel<'a> {
    account: &'a str,
    organisation: &'a str,
    owner: Option<&'a str>,
    identities: usize,
}

impl<'a> LeftModel<'a> {
    fn of(left: &'a Left) -> Self {
        Self {
            account: &left.account,
            organisation: &left.organisation,
            owner: left.owner.as_deref(),
            identities: left.identities,
        }
    }
}
