//! Owners as JSON.

use std::{collections::BTreeSet, io};

use bearhug_core::owner::{Owner, OwnerKind};
use serde::Serialize;

use super::{Due, Holding, Holdings, Possessions, Rounds};
use crate::identity::IdentityModel;

/// `bearhug.owner/1`.
#[derive(Serialize)]
struct OwnerModel<'a> {
    schema: &'static str,
    name: &'a str,
    kind: &'static str,
    email: Option<&'a str>,
    aliases: &'a BTreeSet<String>,
    left_at: Option<String>,
}

fn owner(owner: &Owner) -> OwnerModel<'_> {
    OwnerModel {
        schema: "bearhug.owner/1",
        name: &owner.name,
        kind: match owner.kind {
            OwnerKind::Person => "person",
            OwnerKind::Team => "team",
        },
        email: owner.email.as_deref(),
        aliases: &owner.aliases,
        left_at: owner.left_at.map(|at| at.to_string()),
    }
}

#[derive(Serialize)]
struct HoldingModel<'a> {
    #[serde(flatten)]
    owner: OwnerModel<'a>,
    owns: usize,
    backs: usize,
    riskiest: Option<u8>,
}

fn holding(holding: &Holding) -> HoldingModel<'_> {
    let Holding { owns, backs, riskiest, .. } = *holding;
    HoldingModel { owner: owner(&holding.owner), owns, backs, riskiest }
}

/// `bearhug.owners/1`. `T` is what stands for the owners: all of them, or their number where they have
/// lines of their own.
#[derive(Serialize)]
struct HoldingsModel<T> {
    schema: &'static str,
    owners: T,
    orphans: usize,
}

#[derive(Serialize)]
struct PossessionsModel<'a> {
    #[serde(flatten)]
    owner: OwnerModel<'a>,
    owned: Vec<IdentityModel<'a>>,
    backed: Vec<IdentityModel<'a>>,
}

#[derive(Serialize)]
struct DueModel<'a> {
    owner: &'a str,
    id: String,
    name: &'a str,
    due_at: String,
    overdue: bool,
    attested_at: Option<String>,
}

fn due<'a>(rounds: &Rounds, due: &'a Due) -> DueModel<'a> {
    let attested = due.identity.ownership.attested.as_ref();
    DueModel {
        owner: due.owner(),
        id: due.identity.id.to_string(),
        name: &due.identity.name,
        due_at: due.at.to_string(),
        overdue: due.is_over(rounds.now),
        attested_at: attested.map(|attested| attested.at.to_string()),
    }
}

/// `bearhug.campaign/1`. `T` is as in [`HoldingsModel`].
#[derive(Serialize)]
struct RoundsModel<T> {
    schema: &'static str,
    every_days: i64,
    due: T,
    overdue: usize,
    orphans: usize,
}

impl<T> RoundsModel<T> {
    fn of(rounds: &Rounds, due: T) -> Self {
        Self {
            schema: "bearhug.campaign/1",
            every_days: rounds.days,
            due,
            overdue: rounds.overdue(),
            orphans: rounds.orphans,
        }
    }
}

fn line(model: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, model)?;
    writeln!(out)
}

pub(super) fn holdings(holdings: &Holdings, out: &mut dyn io::Write) -> io::Result<()> {
    let owners: Vec<_> = holdings.owners.iter().map(holding).collect();
    line(&HoldingsModel { schema: "bearhug.owners/1", owners, orphans: holdings.orphans }, out)
}

pub(super) fn holdings_lines(holdings: &Holdings, out: &mut dyn io::Write) -> io::Result<()> {
    for held in &holdings.owners {
        line(&holding(held), out)?;
    }
    let (owners, orphans) = (holdings.owners.len(), holdings.orphans);
    line(&HoldingsModel { schema: "bearhug.owners/1", owners, orphans }, out)
}

pub(super) fn possessions(held: &Possessions, out: &mut dyn io::Write) -> io::Result<()> {
    let model = PossessionsModel {
        owner: owner(&held.owner),
        owned: held.owned.iter().map(IdentityModel::of).collect(),
        backed: held.backed.iter().map(IdentityModel::of).collect(),
    };
    line(&model, out)
}

pub(super) fn rounds(rounds: &Rounds, out: &mut dyn io::Write) -> io::Result<()> {
    let all: Vec<_> = rounds.due.iter().map(|item| due(rounds, item)).collect();
    line(&RoundsModel::of(rounds, all), out)
}

pub(super) fn rounds_lines(rounds: &Rounds, out: &mut dyn io::Write) -> io::Result<()> {
    for item in &rounds.due {
        line(&due(rounds, item), out)?;
    }
    line(&RoundsModel::of(rounds, rounds.due.len()), out)
}
