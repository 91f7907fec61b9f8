//! A writer that is killed at any moment leaves whole commits and an intact chain.

use std::{collections::BTreeSet, thread, time::Duration};

use bearhug_core::identity::IdentityId;
use bearhug_ledger::{Filter, Ledger, Order, SightingFilter};
use rand::RngExt as _;

use crate::{
    chain::is_intact,
    support::{Place, on_both_databases, process, things::first},
};

on_both_databases!(whatever_moment_a_writer_is_killed_at_commits_are_whole);

/// How often.
const KILLS: usize = 40;

async fn whatever_moment_a_writer_is_killed_at_commits_are_whole(place: Place) {
    place.open().await.close().await;
    let mut acknowledged = BTreeSet::new();
    for round in 0..KILLS {
        let mut child = process::writer(&place, round, 10_000);
        let mut lines = process::lines(&mut child);
        let mut note = |line: String| {
            let id = line.strip_prefix("committed ").and_then(|id| id.parse::<IdentityId>().ok());
            acknowledged.extend(id);
        };
        // Once it is at work, any moment is as good as another.
        note(lines.find(|line| line.as_ref().unwrap().starts_with("committed")).unwrap().unwrap());
        let moment = rand::rng().random_range(0..60_000);
        thread::sleep(Duration::from_micros(moment));
        child.kill().unwrap();
        child.wait().unwrap();
        lines.map_while(Result::ok).for_each(&mut note);
    }
    place.is_left().await;
    let found = whole_ones(&place.open().await).await;
    assert!(acknowledged.is_subset(&found), "what was reported as written is there");
    assert!(found.len() <= acknowledged.len() + KILLS, "each had at most one commit under way");
}

/// The identities of all commits, after a look whether each is whole.
async fn whole_ones(ledger: &Ledger) -> BTreeSet<IdentityId> {
    let all = first(u32::MAX);
    let found = ledger.identities(&Filter::default(), Order::Name, &all).await.unwrap().items;
    let ids: Vec<IdentityId> = found.iter().map(|identity| identity.id).collect();
    for (id, exposure) in ledger.exposures(&ids).await.unwrap() {
        assert_eq!(exposure.places, process::PLACES as u64, "{id}");
    }
    let places = ledger.sightings(&SightingFilter::default(), &all).await.unwrap().items;
    assert_eq!(places.len(), ids.len() * process::PLACES);
    let events = is_intact(ledger).await;
    assert_eq!(events, (ids.len() * process::EVENTS) as u64);
    ids.into_iter().collect()
}
