//! What is committed is read again, once, as it was.

use bearhug_core::{
    event::EventKind,
    identity::{Condition, State},
    owner::{Owner, OwnerKind},
};
use bearhug_ledger::{
    Changes, Clearance, EventFilter, Filter, LedgerError, Order, Presence, SightingFilter,
};

use jiff::Timestamp;

use crate::support::{
    Place, on_both_databases,
    things::{at, event, first, id, identity, owner, sighting, token, version, waiver},
};

on_both_databases!(
    everything_is_read_again_as_it_was,
    the_same_again_changes_nothing,
    who_read_before_another_wrote_is_refused,
    an_owner_who_was_changed_meanwhile_is_not_overwritten,
    a_place_that_is_cleared_is_gone_until_it_is_seen_again,
    a_token_has_one_identity,
    all_or_nothing_is_written,
    texts_that_databases_dislike_are_kept,
);

async fn everything_is_read_again_as_it_was(place: Place) {
    let ledger = place.open().await;
    let mut written = identity(1);
    written.conditions.insert(Condition::Dormant);
    written.purpose.tags.insert("ci".to_owned());
    let mut left = owner("bob");
    (left.kind, left.left_at) = (OwnerKind::Team, Some(at(9)));
    let mut seen = sighting(1, "file:a", 5);
    (seen.commit, seen.author) = (Some("c0ffee".to_owned()), Some("alice".to_owned()));
    let changes = Changes {
        identities: vec![written.clone()],
        sightings: vec![seen.clone()],
        owners: vec![left.clone(), owner("alice")],
        waivers: vec![waiver("maximum-age", 1)],
        events: vec![event(1, 5), event(2, 6)],
        ..Changes::default()
    };
    ledger.commit(&changes).await.unwrap();
    ledger.close().await;

    let ledger = place.open().await;
    written.revision = 1;
    assert_eq!(ledger.identity(id(1)).await.unwrap(), Some(written.clone()));
    assert_eq!(ledger.identity(id(2)).await.unwrap(), None);
    let all = ledger.identities(&Filter::default(), Order::default(), &first(9)).await.unwrap();
    assert_eq!(all.items, [written.clone()]);
    let holders = ledger.holders(&[token(1), token(2)]).await.unwrap();
    assert_eq!(holders.into_iter().collect::<Vec<_>>(), [(token(1), written)]);
    let sightings = ledger.sightings(&SightingFilter::default(), &first(9)).await.unwrap();
    assert_eq!(sightings.items, [seen]);
    let mut alice = owner("alice");
    (alice.revision, left.revision) = (1, 1);
    assert_eq!(ledger.owners().await.unwrap(), [alice, left]);
    assert_eq!(ledger.waivers().await.unwrap(), changes.waivers);
    let events = ledger.events(&EventFilter::default(), &first(9)).await.unwrap();
    let read: Vec<_> = events.items.iter().map(|e| (e.seq, e.happening.clone())).collect();
    assert_eq!(read, [(2, event(2, 6)), (1, event(1, 5))]);
}

async fn the_same_again_changes_nothing(place: Place) {
    let ledger = place.open().await;
    let mut changes = Changes {
        identities: vec![identity(1)],
        sightings: vec![
            sighting(1, "file:a", 5),
            sighting(1, "file:b", 5),
            sighting(1, "file:a", 5),
        ],
        clearances: vec![Clearance { source: sighting(1, "", 0).source, at: at(5) }],
        owners: vec![owner("alice")],
        waivers: vec![waiver("maximum-age", 1)],
        events: vec![],
    };
    ledger.commit(&changes).await.unwrap();
    let before = dump(&place).await;
    changes.identities[0].revision = 1;
    changes.owners[0].revision = 1;
    ledger.commit(&changes).await.unwrap();
    assert_eq!(dump(&place).await, before);
    assert_eq!(ledger.identity(id(1)).await.unwrap().unwrap().revision, 1);
}

/// All rows of all tables but those of the ledger's own records, as text.
async fn dump(place: &Place) -> Vec<String> {
    use sqlx::Row as _;
    let pool = place.behind().await;
    let mut rows = Vec::new();
    for (table, columns) in [
        ("identity", "id, revision, name, searched"),
        ("identity_document", "identity, document"),
        ("version", "fingerprint, identity"),
        ("sighting", "id, place, presence, looked_at, first_seen, last_seen, keeping"),
        ("owner", "name, revision, kind, aliases"),
        ("waiver", "rule, identity, reason"),
        ("chain", "seq, hash"),
    ] {
        let cast: Vec<String> =
            columns.split(", ").map(|column| format!("CAST({column} AS TEXT)")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY 1", cast.join(" || ' ' || "));
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap() {
            rows.push(format!("{table}: {}", row.get::<String, _>(0)));
        }
    }
    assert!(rows.len() > 6, "{rows:?}");
    rows
}

async fn who_read_before_another_wrote_is_refused(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let add = Changes { identities: vec![identity(1)], ..Changes::default() };
    one.commit(&add).await.unwrap();
    let mut mine = one.identity(id(1)).await.unwrap().unwrap();
    let mut yours = other.identity(id(1)).await.unwrap().unwrap();
    (mine.state, yours.state) = (State::Adopted, State::Revoked);
    let mine = Changes { identities: vec![mine], ..Changes::default() };
    let yours =
        Changes { identities: vec![yours], events: vec![event(1, 1)], ..Changes::default() };
    one.commit(&mine).await.unwrap();
    let refused = other.commit(&yours).await;
    assert!(
        matches!(&refused, Err(LedgerError::Conflict(who)) if *who == id(1).to_string()),
        "{refused:?}"
    );
    let mut again = identity(1);
    again.name = "another".to_owned();
    for twice in [vec![again.clone()], vec![identity(2), identity(2)]] {
        let refused = one.commit(&Changes { identities: twice, ..Changes::default() }).await;
        assert!(matches!(refused, Err(LedgerError::Conflict(_))), "{refused:?}");
    }
    let now = one.identity(id(1)).await.unwrap().unwrap();
    assert_eq!((now.state, now.revision), (State::Adopted, 2));
    assert_eq!(one.head().await.unwrap().0, 0, "no event of what was refused");
}

async fn an_owner_who_was_changed_meanwhile_is_not_overwritten(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let of =
        |owner| Changes { owners: vec![owner], events: vec![event(1, 1)], ..Changes::default() };
    one.commit(&of(owner("alice"))).await.unwrap();
    let read = other.owners().await.unwrap().remove(0);
    let mine = Owner { email: Some("mine".to_owned()), ..read.clone() };
    let yours = Owner { left_at: Some(at(9)), ..read };
    one.commit(&of(mine.clone())).await.unwrap();
    for late in [yours, owner("alice")] {
        let refused = other.commit(&of(late)).await;
        assert!(
            matches!(&refused, Err(LedgerError::Conflict(who)) if who == "alice"),
            "{refused:?}"
        );
    }
    let twice = Changes { owners: vec![owner("bob"), owner("bob")], ..Changes::default() };
    assert!(matches!(one.commit(&twice).await, Err(LedgerError::Conflict(_))));
    assert_eq!(one.owners().await.unwrap(), [Owner { revision: 2, ..mine }]);
    assert_eq!(one.head().await.unwrap().0, 2, "no event of what was refused");
}

async fn a_place_that_is_cleared_is_gone_until_it_is_seen_again(place: Place) {
    let ledger = place.open().await;
    let mut elsewhere = sighting(1, "file:a", 1);
    elsewhere.source = "elsewhere".to_owned();
    let clear = |second| Clearance { source: sighting(1, "", 0).source, at: at(second) };
    let see = |sightings, clearances| Changes { sightings, clearances, ..Changes::default() };
    let add = Changes { identities: vec![identity(1)], ..Changes::default() };
    ledger.commit(&add).await.unwrap();
    let presence = async || {
        let places = ledger.sightings(&SightingFilter::default(), &first(9)).await.unwrap().items;
        let place = places.into_iter().find(|place| place.source != "elsewhere").unwrap();
        (place.presence, place.first_seen, place.last_seen)
    };
    ledger.commit(&see(vec![sighting(1, "file:a", 5), elsewhere], vec![])).await.unwrap();
    ledger.commit(&see(vec![], vec![clear(5)])).await.unwrap();
    assert_eq!(presence().await, (Presence::Present, at(5), at(5)), "seen since the look began");
    ledger.commit(&see(vec![], vec![clear(7), clear(9)])).await.unwrap();
    let gone = Presence::Gone { since: at(7) };
    assert_eq!(presence().await, (gone, at(5), at(5)));
    ledger.commit(&see(vec![sighting(1, "file:a", 6)], vec![])).await.unwrap();
    assert_eq!(presence().await, (gone, at(5), at(6)), "old news");
    ledger.commit(&see(vec![sighting(1, "file:a", 3)], vec![])).await.unwrap();
    assert_eq!(presence().await, (gone, at(3), at(6)), "older news");
    let mut again = sighting(1, "file:a", 8);
    again.presence = Presence::InHistory;
    ledger.commit(&see(vec![again], vec![clear(8)])).await.unwrap();
    assert_eq!(presence().await, (Presence::InHistory, at(3), at(8)));
    let filter = SightingFilter { present: true, ..SightingFilter::default() };
    assert_eq!(ledger.sightings(&filter, &first(9)).await.unwrap().items.len(), 2);
    let exposure = ledger.exposures(&[id(1), id(2)]).await.unwrap();
    assert_eq!((exposure[&id(1)].places, exposure[&id(1)].present), (2, 2));
    assert_eq!(exposure[&id(1)].in_history, 1);
    assert_eq!(exposure[&id(2)].places, 0);
}

async fn a_token_has_one_identity(place: Place) {
    let ledger = place.open().await;
    let seen = |number| vec![sighting(number, "file:a", 5)];
    let unknown = ledger.commit(&Changes { sightings: seen(1), ..Changes::default() }).await;
    assert!(matches!(unknown, Err(LedgerError::Unknown(who)) if who == token(1)), "{unknown:?}");
    let add = Changes {
        identities: vec![identity(1), identity(2)],
        sightings: seen(2),
        ..Changes::default()
    };
    ledger.commit(&add).await.unwrap();
    let mut one = ledger.identity(id(1)).await.unwrap().unwrap();
    one.versions.push(version(2));
    let take = Changes { identities: vec![one.clone()], ..Changes::default() };
    let taken = ledger.commit(&take).await;
    assert!(
        matches!(taken, Err(LedgerError::Taken { holder, .. }) if holder == id(2)),
        "{taken:?}"
    );
    let mut two = ledger.identity(id(2)).await.unwrap().unwrap();
    two.versions.clear();
    let hand_over = Changes { identities: vec![one, two], ..Changes::default() };
    ledger.commit(&hand_over).await.unwrap();
    assert_eq!(ledger.holders(&[token(2)]).await.unwrap()[&token(2)].id, id(1));
    let filter = SightingFilter { fingerprint: Some(token(2)), ..SightingFilter::default() };
    assert_eq!(ledger.sightings(&filter, &first(9)).await.unwrap().items[0].identity, id(1));
}

async fn all_or_nothing_is_written(place: Place) {
    let ledger = place.open().await;
    let changes = Changes {
        identities: vec![identity(1)],
        sightings: vec![sighting(1, "file:a", 5), sighting(2, "file:a", 5)],
        owners: vec![owner("alice")],
        events: vec![event(1, 5)],
        ..Changes::default()
    };
    assert!(ledger.commit(&changes).await.is_err());
    assert_eq!(ledger.identity(id(1)).await.unwrap(), None);
    assert_eq!(ledger.owners().await.unwrap(), []);
    assert_eq!(ledger.head().await.unwrap().0, 0);
}

async fn texts_that_databases_dislike_are_kept(place: Place) {
    let ledger = place.open().await;
    let odd = "a'b\"c\\d\u{1f43b}\n{rows} $1 ? %_ \u{202e}";
    let long = "x".repeat(50_000);
    let mut strange = identity(1);
    strange.name = format!("{odd}\0{long}");
    strange.purpose.tags.extend([odd.to_owned(), long.clone()]);
    let mut seen = sighting(1, &format!("{odd}{long}"), 5);
    seen.source = format!("{long}{odd}");
    let mut happening = event(1, 5);
    (happening.actor, happening.kind) = (odd.to_owned(), EventKind::Sighted);
    // Between two microseconds.
    happening.at = Timestamp::new(1_790_000_000, 123_456_789).unwrap();
    happening.details.insert(odd.to_owned(), format!("{long}\0"));
    let changes = Changes {
        identities: vec![strange.clone()],
        sightings: vec![seen.clone()],
        events: vec![happening.clone()],
        ..Changes::default()
    };
    ledger.commit(&changes).await.unwrap();
    strange.revision = 1;
    assert_eq!(ledger.identity(id(1)).await.unwrap(), Some(strange));
    let filter = SightingFilter { source: Some(seen.source.clone()), ..SightingFilter::default() };
    assert_eq!(ledger.sightings(&filter, &first(9)).await.unwrap().items, [seen]);
    for filter in [
        Filter { text: Some(odd.to_owned()), ..Filter::default() },
        Filter { tag: Some(odd.to_owned()), ..Filter::default() },
        Filter { tag: Some(long.clone()), ..Filter::default() },
    ] {
        let found = ledger.identities(&filter, Order::Name, &first(9)).await.unwrap();
        assert_eq!(found.items.len(), 1, "{filter:?}");
    }
    happening.details.insert(odd.to_owned(), format!("{long}\u{fffd}"));
    happening.at = Timestamp::new(1_790_000_000, 123_456_000).unwrap();
    let filter = EventFilter { actor: Some(odd.to_owned()), ..EventFilter::default() };
    let events = ledger.events(&filter, &first(9)).await.unwrap().items;
    assert_eq!(events[0].happening, happening);
    let hash = bearhug_ledger::chain::link(&[0; 32], 1, &happening);
    assert_eq!(events[0].hash, hash, "the hash is of what is read");
}
