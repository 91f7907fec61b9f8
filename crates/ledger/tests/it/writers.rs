//! Many writers at once: nothing is lost, and the chain has no gap and no fork.

use std::sync::Arc;

use bearhug_core::identity::{Identity, State};
use bearhug_ledger::{Changes, Filter, Ledger, LedgerError, Order, SightingFilter};

use crate::{
    chain::is_intact,
    support::{
        Place, on_both_databases, process,
        things::{event, first, id, identity},
    },
};

on_both_databases!(
    eight_tasks_write_through_one_ledger,
    eight_processes_write,
    who_keeps_trying_is_not_overwritten,
);

const WRITERS: usize = 8;
const COMMITS: usize = 12;

/// That all of what all writers wrote is there, and nothing else.
async fn holds_everything(ledger: &Ledger) {
    let expected = WRITERS * COMMITS;
    assert_eq!(is_intact(ledger).await, (expected * process::EVENTS) as u64);
    let all = first(u32::MAX);
    let found = ledger.identities(&Filter::default(), Order::Name, &all).await.unwrap();
    assert_eq!(found.items.len(), expected);
    let places = ledger.sightings(&SightingFilter::default(), &all).await.unwrap();
    assert_eq!(places.items.len(), expected * process::PLACES);
}

async fn eight_tasks_write_through_one_ledger(place: Place) {
    let ledger = Arc::new(place.open().await);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let ledger = Arc::clone(&ledger);
            tokio::spawn(async move {
                let first = process::first_of(writer);
                for number in first..first + COMMITS {
                    ledger.commit(&process::changes(number)).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    holds_everything(&ledger).await;
}

async fn eight_processes_write(place: Place) {
    let writers: Vec<_> = (0..WRITERS).map(|n| process::writer(&place, n, COMMITS)).collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    holds_everything(&place.open().await).await;
}

/// Each adds one to a number in the same identity, and reads again when another was first.
async fn who_keeps_trying_is_not_overwritten(place: Place) {
    let ledger = place.open().await;
    let add = Changes { identities: vec![identity(1)], ..Changes::default() };
    ledger.commit(&add).await.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let address = place.address.clone();
            tokio::spawn(async move {
                let ledger = Ledger::open(&address).await.unwrap();
                for _ in 0..COMMITS {
                    while !count_up(&ledger).await {}
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let counted = ledger.identity(id(1)).await.unwrap().unwrap();
    assert_eq!(counted.purpose.notes, Some((WRITERS * COMMITS).to_string()));
    assert_eq!(counted.revision, (WRITERS * COMMITS) as u64 + 1);
    assert_eq!(is_intact(&ledger).await, (WRITERS * COMMITS) as u64);
}

/// Whether it was written.
async fn count_up(ledger: &Ledger) -> bool {
    let mut counter: Identity = ledger.identity(id(1)).await.unwrap().unwrap();
    let count: usize = counter.purpose.notes.as_deref().unwrap_or("0").parse().unwrap();
    counter.purpose.notes = Some((count + 1).to_string());
    counter.state = State::Active;
    let changes =
        Changes { identities: vec![counter], events: vec![event(1, 0)], ..Changes::default() };
    match ledger.commit(&changes).await {
        Ok(()) => true,
        Err(LedgerError::Conflict(_)) => false,
        Err(error) => panic!("{error:?}"),
    }
}
