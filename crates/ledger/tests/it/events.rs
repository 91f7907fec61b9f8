//! Questions about events: answers are what a plain search through everything finds.

use std::collections::BTreeSet;

use bearhug_core::event::{Event, EventKind, Happening};
use bearhug_ledger::{Changes, EventFilter};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

use crate::support::{
    Place, all_pages, on_both_databases,
    things::{at, event, id},
};

on_both_databases!(events_are_found_as_a_plain_search_finds_them);

/// Filters by one thing each, and by several.
fn filters() -> Vec<EventFilter> {
    let none = EventFilter::default();
    let kinds = |kinds: &[EventKind]| kinds.iter().cloned().collect::<BTreeSet<_>>();
    vec![
        none.clone(),
        EventFilter { kinds: kinds(&[EventKind::Moved]), ..none.clone() },
        EventFilter {
            kinds: kinds(&[EventKind::Moved, EventKind::Census, EventKind::Owner]),
            ..none.clone()
        },
        EventFilter { identity: Some(id(3)), ..none.clone() },
        EventFilter {
            identity: Some(id(3)),
            kinds: kinds(&[EventKind::Moved, EventKind::Census]),
            ..none.clone()
        },
        EventFilter { actor: Some("bob".to_owned()), ..none.clone() },
        EventFilter { since: Some(at(10)), ..none.clone() },
        EventFilter { until: Some(at(10)), ..none.clone() },
        EventFilter {
            since: Some(at(5)),
            until: Some(at(30)),
            kinds: kinds(EventKind::ALL),
            ..none
        },
    ]
}

/// What a filter means, said another way.
fn passes(filter: &EventFilter, it: &Happening) -> bool {
    (filter.kinds.is_empty() || filter.kinds.contains(&it.kind))
        && filter.identity.is_none_or(|id| it.identity == Some(id))
        && filter.actor.as_ref().is_none_or(|actor| *actor == it.actor)
        && filter.since.is_none_or(|since| it.at >= since)
        && filter.until.is_none_or(|until| it.at < until)
}

async fn events_are_found_as_a_plain_search_finds_them(place: Place) {
    let ledger = place.open().await;
    let mut rng = StdRng::seed_from_u64(7);
    let random = |_| {
        let mut it = event(rng.random_range(0..5), rng.random_range(0..40));
        it.kind = [EventKind::Moved, EventKind::Sighted, EventKind::Census]
            .choose(&mut rng)
            .unwrap()
            .clone();
        it.actor = (*["alice", "bob"].choose(&mut rng).unwrap()).to_owned();
        it.identity = it.identity.filter(|_| rng.random_bool(0.8));
        it
    };
    let events: Vec<Happening> = (0..300).map(random).collect();
    ledger.commit(&Changes { events: events.clone(), ..Changes::default() }).await.unwrap();
    for filter in filters() {
        for oldest_first in [false, true] {
            let filter = EventFilter { oldest_first, ..filter.clone() };
            let numbered = (1..).zip(events.clone());
            let mut expected: Vec<(u64, Happening)> =
                numbered.filter(|(_, it)| passes(&filter, it)).collect();
            expected.sort_by_key(|(seq, it)| (it.at, *seq));
            if !oldest_first {
                expected.reverse();
            }
            for limit in [11, 1000] {
                let found = all_pages!(limit, |page| ledger.events(&filter, &page));
                let found: Vec<_> = found
                    .into_iter()
                    .map(|Event { seq, happening, .. }| (seq, happening))
                    .collect();
                assert_eq!(found, expected, "{filter:?}");
            }
        }
    }
}
