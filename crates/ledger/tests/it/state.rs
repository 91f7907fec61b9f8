//! What of a ledger is no event, and rows that no bearhug of this version writes.

use bearhug_core::{chain::Mismatch, event::EventKind};
use bearhug_ledger::{Changes, EventFilter};

use crate::{
    support::{
        Place, on_both_databases,
        things::{event, first, id, identity},
    },
    tampering::World,
};

on_both_databases!(
    columns_that_are_not_what_a_document_says_are_found,
    a_kind_that_only_a_newer_version_knows_is_passed_on,
);

async fn columns_that_are_not_what_a_document_says_are_found(place: Place) {
    let world = World::new(place).await;
    let mut one = identity(1);
    (one.ownership.owner, one.ownership.backup) = (Some("ada".to_owned()), Some("b".to_owned()));
    let identities = vec![one, identity(2), identity(3)];
    world.ledger.commit(&Changes { identities, ..Changes::default() }).await.unwrap();
    assert!(world.verified().await.is_sound());
    let (name, other) = (id(1).to_string(), id(2).to_string());
    for (edit, column) in [
        ("owner = 'eve'", "owner"),
        ("backup = ''", "backup"),
        ("state = 'retired'", "state"),
        ("risk = risk + 1", "risk"),
        ("attested_at = 5", "attested_at"),
        ("revision = 7", "revision"),
    ] {
        let undo = format!("UPDATE identity SET {column} = (SELECT {column} FROM kept)");
        let edit = format!("UPDATE identity SET {edit} WHERE id = '{name}'");
        world
            .behind(&[&format!("CREATE TABLE kept AS SELECT * FROM identity WHERE id = '{name}'")])
            .await;
        world.behind(&[&edit]).await;
        let expected = Mismatch { identity: name.clone(), columns: vec![column] };
        let verified = world.verified().await;
        assert!(!verified.is_sound());
        assert_eq!(verified.mismatches, [expected], "{edit}");
        world.behind(&[&format!("{undo} WHERE id = '{name}'"), "DROP TABLE kept"]).await;
    }
    let document = format!("(SELECT document FROM identity_document WHERE identity = '{other}')");
    let edit =
        format!("UPDATE identity_document SET document = {document} WHERE identity = '{name}'");
    world.behind(&[&edit]).await;
    let found = world.verified().await.mismatches;
    assert!(found.len() == 1 && found[0].columns.contains(&"id"), "{found:?}");
    let gone = format!("DELETE FROM identity_document WHERE identity = '{name}'");
    world.behind(&[&gone]).await;
    let found = world.verified().await.mismatches;
    assert_eq!(found, [Mismatch { identity: name, columns: vec!["document"] }]);
}

/// PostgreSQL has no such rows: it checks what comes in.
#[tokio::test]
async fn bytes_that_are_no_text_are_found_where_they_are() {
    let world = World::new(Place::sqlite()).await;
    let none = "CAST(x'ff' AS TEXT)";
    for column in ["kind", "actor", "identity", "hash"] {
        let ignore = "PRAGMA ignore_check_constraints = ON";
        let edit = format!("UPDATE event SET {column} = {none} WHERE seq = 7");
        assert_eq!(world.after(&[ignore, &edit]).await, [(7, 7, "unreadable")], "{column}");
    }
    let edit = format!("UPDATE checkpoint SET key = {none} WHERE seq = 10");
    assert_eq!(world.after(&[&edit]).await, [(10, 10, "forged")]);
    world
        .ledger
        .commit(&Changes { identities: vec![identity(1)], ..Changes::default() })
        .await
        .unwrap();
    world.behind(&[&format!("UPDATE identity SET owner = {none}")]).await;
    assert_eq!(world.verified().await.mismatches[0].columns, ["owner"]);
}

async fn a_kind_that_only_a_newer_version_knows_is_passed_on(place: Place) {
    let world = World::new(place).await;
    let mut newer = event(21, 21);
    newer.kind = EventKind::Other("moon.phase".to_owned());
    world
        .ledger
        .commit(&Changes { events: vec![newer.clone()], ..Changes::default() })
        .await
        .unwrap();
    assert!(world.verified().await.is_sound());
    let listed = world.ledger.events(&EventFilter::default(), &first(2)).await.unwrap().items;
    assert_eq!(listed[0].happening, newer);
    assert_eq!(listed[1].happening, event(20, 20));
}
