//! The chain of events and its checkpoints.

use bearhug_core::event::EventKind;
use bearhug_ledger::{
    Changes, EventFilter, Ledger,
    chain::{Checkpoint, GENESIS, Witness, link},
};

use crate::support::{
    Place, on_both_databases,
    things::{at, event, first, token},
};

on_both_databases!(events_are_linked_with_the_one_before, checkpoints_are_kept_in_order,);

/// How many events there are, after a look at each: its place follows the last, and its hash is over it
/// and the hash before.
pub(crate) async fn is_intact(ledger: &Ledger) -> u64 {
    let page = first(100_000);
    let filter = EventFilter { oldest_first: true, ..EventFilter::default() };
    let mut events = Vec::new();
    let mut page = page;
    loop {
        let part = ledger.events(&filter, &page).await.unwrap();
        events.extend(part.items);
        page.after = part.next;
        if page.after.is_none() {
            break;
        }
    }
    events.sort_by_key(|event| event.seq);
    let (mut last, mut hash) = (0, GENESIS);
    for event in events {
        assert_eq!(event.seq, last + 1, "a gap in the chain");
        hash = link(&hash, event.seq, &event.happening);
        assert_eq!(event.hash, hash, "event {}", event.seq);
        last = event.seq;
    }
    assert_eq!(ledger.head().await.unwrap(), (last, hash));
    last
}

async fn events_are_linked_with_the_one_before(place: Place) {
    let ledger = place.open().await;
    assert_eq!(ledger.head().await.unwrap(), (0, GENESIS));
    let mut count = 0;
    for size in [1, 0, 3, 6000] {
        // Clocks of different computers disagree, so that times run backwards here.
        let events = (0..size).map(|n| event(n, -i64::try_from(n).unwrap())).collect();
        ledger.commit(&Changes { events, ..Changes::default() }).await.unwrap();
        count += size;
        assert_eq!(is_intact(&ledger).await, count as u64);
    }
    let rows = ledger.chain(i64::MIN, 5).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(rows[0].kind, EventKind::Discovered.name());
    let last = ledger.chain(6000, 9000).await.unwrap();
    assert_eq!(last.len(), 4);
    let hash = data_encoding::HEXLOWER.encode(&ledger.head().await.unwrap().1);
    assert_eq!(last[3].hash, hash);
}

async fn checkpoints_are_kept_in_order(place: Place) {
    let ledger = place.open().await;
    let checkpoint = |seq: u64| Checkpoint {
        seq,
        hash: [u8::try_from(seq).unwrap(); 32],
        at: at(5),
        previous: seq / 2,
        key: token(1).to_string(),
        signature: vec![0, 255, 7],
    };
    for seq in [7, 3, 9] {
        ledger.add_checkpoint(&checkpoint(seq)).await.unwrap();
    }
    let other = Checkpoint { hash: [1; 32], ..checkpoint(3) };
    ledger.add_checkpoint(&other).await.unwrap();
    let expected = [3, 7, 9].map(checkpoint);
    assert_eq!(ledger.checkpoints().await.unwrap(), expected);
    // Somebody else's checkpoint that is further hides none of before.
    let folder = tempfile::tempdir().unwrap();
    let witness = Witness::of(&ledger, folder.path());
    for (end, last) in [(2, 0), (8, 7), (9, 9)] {
        witness.remember(&ledger, (end, [0; 32])).await.unwrap();
        assert_eq!(witness.anchor().unwrap().map(|anchor| anchor.checkpoint), Some(last));
    }
}
