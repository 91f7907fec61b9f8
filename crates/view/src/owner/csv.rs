//! Owners for spreadsheets.

use std::io;

use bearhug_core::owner::OwnerKind;

use super::{Holdings, Possessions, Rounds};
use crate::identity::csv::{list, write};

const HOLDINGS: [&str; 8] =
    ["name", "kind", "email", "aliases", "left_at", "owns", "backs", "riskiest"];

const ROUNDS: [&str; 5] = ["owner", "id", "name", "due_at", "overdue"];

pub(super) fn holdings(holdings: &Holdings, out: &mut dyn io::Write) -> io::Result<()> {
    let row = |held: &super::Holding| {
        let aliases: Vec<_> = held.owner.aliases.iter().map(String::as_str).collect();
        vec![
            held.owner.name.clone(),
            match held.owner.kind {
                OwnerKind::Person => "person".to_owned(),
                OwnerKind::Team => "team".to_owned(),
            },
            held.owner.email.clone().unwrap_or_default(),
            aliases.join("; "),
            held.owner.left_at.map(|at| at.to_string()).unwrap_or_default(),
            held.owns.to_string(),
            held.backs.to_string(),
            held.riskiest.map(|risk| risk.to_string()).unwrap_or_default(),
        ]
    };
    write(&HOLDINGS, holdings.owners.iter().map(row), out)
}

pub(super) fn possessions(held: &Possessions, out: &mut dyn io::Write) -> io::Result<()> {
    list(held.owned.iter().chain(&held.backed), out)
}

pub(super) fn rounds(rounds: &Rounds, out: &mut dyn io::Write) -> io::Result<()> {
    let row = |due: &super::Due| {
        vec![
            due.owner().to_owned(),
            due.identity.id.to_string(),
            due.identity.name.clone(),
            due.at.to_string(),
            due.is_over(rounds.now).to_string(),
        ]
    };
    write(&ROUNDS, rounds.due.iter().map(row), out)
}
