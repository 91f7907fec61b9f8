//! Ledgers that are changed behind their backs.

use bearhug_core::{chain::Verification, event::Happening};
use bearhug_ledger::{
    Changes, Ledger,
    chain::{Checkpoint, Sealing, SigningKey, Witness, link},
};
use data_encoding::HEXLOWER;
use sqlx::{Any, AssertSqlSafe, Pool, Row as _};
use tempfile::TempDir;

use crate::support::{
    Place, on_both_databases,
    things::{at, event},
};

on_both_databases!(
    an_untouched_ledger_is_sound,
    edits_are_found_where_they_are,
    rows_that_went_came_or_moved_are_found,
    an_end_that_was_cut_off_is_found,
    a_chain_that_was_worked_out_anew_is_found,
    what_was_done_to_checkpoints_is_found,
    a_witness_does_not_vouch_for_what_was_changed,
    a_witness_does_not_sign_after_a_broken_checkpoint,
    many_witnesses_vouch_side_by_side,
);

/// A ledger with twenty events, and a witness that vouched for it after 5, 10 and 20.
pub(crate) struct World {
    place: Place,
    pub(crate) ledger: Ledger,
    state: TempDir,
    witness: Witness,
}

impl World {
    pub(crate) async fn new(place: Place) -> Self {
        let ledger = place.open().await;
        let state = tempfile::tempdir().unwrap();
        let witness = Witness::of(&ledger, state.path());
        assert_eq!(witness.seal(&ledger, at(0)).await.unwrap(), Sealing::Empty);
        let world = Self { place, ledger, state, witness };
        for (from, until) in [(1, 5), (6, 10), (11, 20)] {
            world.write(from..=until).await;
            let sealed = world.witness.seal(&world.ledger, at(99)).await.unwrap();
            assert_eq!(sealed, Sealing::Sealed { until: until.try_into().unwrap() });
        }
        world
    }

    async fn write(&self, numbers: std::ops::RangeInclusive<usize>) {
        let events = numbers.map(|n| event(n, i64::try_from(n).unwrap())).collect();
        self.ledger.commit(&Changes { events, ..Changes::default() }).await.unwrap();
    }

    /// Somebody does this to the database.
    pub(crate) async fn behind(&self, statements: &[&str]) {
        let pool = self.place.behind().await;
        for statement in statements {
            say(&pool, statement).await;
        }
        pool.close().await;
    }

    pub(crate) async fn verified(&self) -> Verification {
        let anchor = self.witness.anchor().unwrap();
        let key = self.witness.key().unwrap();
        self.ledger.verify(anchor, key.as_slice()).await.unwrap()
    }

    async fn found(&self) -> Vec<(u64, u64, &'static str)> {
        let faults = self.verified().await.faults;
        faults.iter().map(|f| (f.first, f.last, f.kind.name())).collect()
    }

    /// What is found after somebody does this to the database, which is then undone.
    pub(crate) async fn after(&self, statements: &[&str]) -> Vec<(u64, u64, &'static str)> {
        let kept = ["event", "checkpoint", "chain"];
        let keep = kept.map(|table| format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"));
        self.behind(&keep.each_ref().map(String::as_str)).await;
        self.behind(statements).await;
        let found = self.found().await;
        for table in kept {
            self.behind(&[
                &format!("DELETE FROM {table}"),
                &format!("INSERT INTO {table} SELECT * FROM kept_{table}"),
                &format!("DROP TABLE kept_{table}"),
            ])
            .await;
        }
        assert!(self.verified().await.is_sound(), "it was not undone");
        found
    }

    /// The statements that work out every hash from a place on anew, as somebody does who has read how.
    async fn worked_out_anew(&self, edit: &str) -> Vec<String> {
        let pool = self.place.behind().await;
        let mut statements = vec![edit.to_owned()];
        let mut writing = pool.begin().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(edit.to_owned())).execute(&mut *writing).await.unwrap();
        let query = "SELECT seq, at, kind, actor, identity, details FROM event ORDER BY seq";
        let rows = sqlx::query(query).fetch_all(&mut *writing).await.unwrap();
        writing.rollback().await.unwrap();
        pool.close().await;
        let mut previous = [0; 32];
        for (seq, row) in (1..).zip(rows) {
            let identity: Option<String> = row.get("identity");
            let happening = Happening {
                at: jiff::Timestamp::from_microsecond(row.get("at")).unwrap(),
                kind: serde_json::from_value(row.get::<String, _>("kind").into()).unwrap(),
                actor: row.get("actor"),
                identity: identity.map(|id| id.parse().unwrap()),
                details: serde_json::from_str(row.get("details")).unwrap(),
            };
            previous = link(&previous, seq, &happening);
            let hash = HEXLOWER.encode(&previous);
            statements.push(format!("UPDATE event SET hash = '{hash}' WHERE seq = {seq}"));
        }
        let hash = HEXLOWER.encode(&previous);
        statements.push(format!("UPDATE chain SET hash = '{hash}'"));
        statements
    }
}

async fn say(pool: &Pool<Any>, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(pool).await.unwrap();
}

async fn an_untouched_ledger_is_sound(place: Place) {
    let world = World::new(place).await;
    let verified = world.verified().await;
    assert!(verified.is_sound(), "{:?}", verified.faults);
    assert_eq!((verified.events, verified.last, verified.checkpoints), (20, 20, 3));
    assert_eq!((verified.vouched_until, verified.remembered_until), (Some(20), Some(20)));
    assert_eq!((verified.last, verified.hash), world.ledger.head().await.unwrap());
    let again = world.witness.seal(&world.ledger, at(100)).await.unwrap();
    assert_eq!(again, Sealing::Sealed { until: 20 });
    assert_eq!(world.ledger.checkpoints().await.unwrap().len(), 3, "it was vouched for already");
}

async fn edits_are_found_where_they_are(place: Place) {
    let world = World::new(place).await;
    for edit in [
        "UPDATE event SET details = '{\"why\":\"other\"}' WHERE seq = 7",
        "UPDATE event SET at = at + 1 WHERE seq = 7",
        "UPDATE event SET actor = 'eve' WHERE seq = 7",
        "UPDATE event SET kind = 'identity.retired' WHERE seq = 7",
        "UPDATE event SET identity = NULL WHERE seq = 7",
        "UPDATE event SET identity = (SELECT identity FROM event WHERE seq = 8) WHERE seq = 7",
    ] {
        assert_eq!(world.after(&[edit]).await, [(7, 7, "altered")], "{edit}");
    }
    for edit in [
        "UPDATE event SET details = '[]' WHERE seq = 7",
        "UPDATE event SET details = '{\"why\":\"x\",\"why\":\"number 7\"}' WHERE seq = 7",
        "UPDATE event SET details = '{\"why\" : \"number 7\"}' WHERE seq = 7",
        "UPDATE event SET identity = '' WHERE seq = 7",
        "UPDATE event SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 7",
    ] {
        assert_eq!(world.after(&[edit]).await, [(7, 7, "unreadable")], "{edit}");
    }
    let hash = "UPDATE event SET hash = (SELECT hash FROM event WHERE seq = 8) WHERE seq = 7";
    assert_eq!(world.after(&[hash]).await, [(7, 8, "altered")]);
    let head = "UPDATE chain SET hash = (SELECT hash FROM event WHERE seq = 8)";
    assert_eq!(world.after(&[head]).await, [(20, 20, "head")]);
    let nonsense = "UPDATE chain SET hash = replace(hash, substr(hash, 1, 1), 'x')";
    assert_eq!(world.after(&[nonsense]).await, [(20, 20, "head")]);
}

async fn rows_that_went_came_or_moved_are_found(place: Place) {
    let world = World::new(place).await;
    let dropped = world.after(&["DELETE FROM event WHERE seq = 7"]).await;
    assert_eq!(dropped, [(7, 7, "missing")]);
    let several = world.after(&["DELETE FROM event WHERE seq IN (3, 4, 8)"]).await;
    assert_eq!(several, [(3, 4, "missing"), (8, 8, "missing")]);
    let closed = world
        .after(&[
            "DELETE FROM event WHERE seq = 7",
            "UPDATE event SET seq = seq + 1000 WHERE seq > 7",
            "UPDATE event SET seq = seq - 1001 WHERE seq > 1000",
            "UPDATE chain SET seq = 19",
        ])
        .await;
    assert!(closed.contains(&(7, 19, "altered")), "{closed:?}");
    assert!(closed.contains(&(20, 20, "forgotten")), "{closed:?}");
    let swapped = world
        .after(&[
            "UPDATE event SET seq = 1000 WHERE seq = 7",
            "UPDATE event SET seq = 7 WHERE seq = 8",
            "UPDATE event SET seq = 8 WHERE seq = 1000",
        ])
        .await;
    assert_eq!(swapped, [(7, 9, "altered")]);
    let inserted = world
        .after(&[
            "UPDATE event SET seq = seq + 1000 WHERE seq >= 7",
            "UPDATE event SET seq = seq - 999 WHERE seq > 1000",
            "INSERT INTO event SELECT 7, at, kind, 'eve', identity, details, hash FROM event WHERE seq = 8",
            "UPDATE chain SET seq = 21",
        ])
        .await;
    assert!(inserted.contains(&(7, 21, "altered")), "{inserted:?}");
    let appended = world
        .after(&["INSERT INTO event SELECT 21, at, kind, 'eve', identity, details, hash FROM event WHERE seq = 20"])
        .await;
    assert_eq!(appended, [(21, 21, "altered"), (21, 21, "head")]);
}

async fn an_end_that_was_cut_off_is_found(place: Place) {
    let world = World::new(place).await;
    let end = "DELETE FROM event WHERE seq > 17";
    let head = "UPDATE chain SET seq = 17, hash = (SELECT hash FROM event WHERE seq = 17)";
    let clumsy = world.after(&[end]).await;
    assert_eq!(clumsy, [(17, 17, "head"), (18, 20, "forgotten"), (20, 20, "cut_off")]);
    let quiet = world.after(&[end, head]).await;
    assert_eq!(quiet, [(18, 20, "forgotten"), (20, 20, "cut_off")]);
    let thorough = world.after(&[end, head, "DELETE FROM checkpoint WHERE seq = 20"]).await;
    assert_eq!(thorough, [(18, 20, "forgotten"), (20, 20, "checkpoint_missing")]);
    let everything = [
        "DELETE FROM event",
        "DELETE FROM checkpoint",
        &format!("UPDATE chain SET seq = 0, hash = '{}'", "0".repeat(64)),
    ];
    let found = world.after(&everything).await;
    assert_eq!(found, [(1, 20, "forgotten"), (20, 20, "checkpoint_missing")]);
}

async fn a_chain_that_was_worked_out_anew_is_found(place: Place) {
    let world = World::new(place).await;
    let anew = world.worked_out_anew("UPDATE event SET actor = 'eve' WHERE seq = 7").await;
    let anew: Vec<_> = anew.iter().map(String::as_str).collect();
    let found = world.after(&anew).await;
    let expected = [(10, 10, "contradicted"), (20, 20, "contradicted"), (20, 20, "rewritten")];
    assert_eq!(found, expected);
    let unsigned = [anew, vec!["DELETE FROM checkpoint WHERE seq > 5"]].concat();
    let found = world.after(&unsigned).await;
    assert_eq!(found, [(20, 20, "checkpoint_missing"), (20, 20, "rewritten")]);
}

async fn what_was_done_to_checkpoints_is_found(place: Place) {
    let world = World::new(place).await;
    let signature = "UPDATE checkpoint SET signature = replace(signature, 'a', 'b') WHERE seq = 10";
    assert_eq!(world.after(&[signature]).await, [(10, 10, "forged")]);
    let nonsense =
        "UPDATE checkpoint SET signature = 'x', hash = replace(hash, 'a', 'x') WHERE seq = 10";
    assert_eq!(world.after(&[nonsense]).await, [(10, 10, "forged")]);
    let time = "UPDATE checkpoint SET at = at + 1 WHERE seq = 10";
    assert_eq!(world.after(&[time]).await, [(10, 10, "forged")]);
    for seq in [5, 10, 20] {
        let gone = world.after(&[&format!("DELETE FROM checkpoint WHERE seq = {seq}")]).await;
        assert_eq!(gone, [(seq, seq, "checkpoint_missing")]);
    }
    let moved = world.after(&["UPDATE checkpoint SET seq = 11 WHERE seq = 10"]).await;
    assert_eq!(moved, [(10, 10, "checkpoint_missing"), (11, 11, "forged")]);

    let key = SigningKey::open_or_make(&world.state.path().join("eve.key")).unwrap();
    let last = world.ledger.last_checkpoint().await.unwrap().unwrap();
    let forged = Checkpoint::sign(&key, (20, last.hash), 10, at(99));
    let by_another = format!(
        "UPDATE checkpoint SET key = '{}', signature = '{}' WHERE seq = 20",
        forged.key,
        HEXLOWER.encode(&forged.signature)
    );
    assert_eq!(world.after(&[&by_another]).await, [(20, 20, "unknown_key")]);
}

async fn a_witness_does_not_vouch_for_what_was_changed(place: Place) {
    let world = World::new(place).await;
    world.write(21..=23).await;
    let [before, edit] =
        ["alice", "eve"].map(|actor| format!("UPDATE event SET actor = '{actor}' WHERE seq = 22"));
    world.behind(&[&edit]).await;
    let sealed = world.witness.seal(&world.ledger, at(99)).await.unwrap();
    assert!(
        matches!(&sealed, Sealing::Broken(f) if f.len() == 1 && f[0].first == 22),
        "{sealed:?}"
    );
    world.behind(&[&before]).await;
    let sealed = world.witness.seal(&world.ledger, at(99)).await.unwrap();
    assert_eq!(sealed, Sealing::Sealed { until: 23 });
    let anchor = world.witness.anchor().unwrap();
    world
        .behind(&["UPDATE event SET hash = (SELECT hash FROM event WHERE seq = 8) WHERE seq = 23"])
        .await;
    world.write(24..=25).await;
    let sealed = world.witness.seal(&world.ledger, at(99)).await.unwrap();
    assert!(
        matches!(&sealed, Sealing::Broken(faults) if faults.iter().any(|f| f.kind.name() == "rewritten")),
        "{sealed:?}"
    );
    assert_eq!(world.witness.anchor().unwrap(), anchor, "what was remembered must not be lost");
    assert_eq!(world.ledger.checkpoints().await.unwrap().len(), 4);
    world.behind(&["DELETE FROM event WHERE seq >= 23"]).await;
    let sealed = world.witness.seal(&world.ledger, at(99)).await.unwrap();
    assert!(
        matches!(&sealed, Sealing::Broken(faults) if faults.iter().any(|f| f.kind.name() == "forgotten")),
        "{sealed:?}"
    );
    assert!(!world.verified().await.is_sound());
}

async fn a_witness_does_not_sign_after_a_broken_checkpoint(place: Place) {
    let world = World::new(place).await;
    let key = SigningKey::open_or_make(&world.state.path().join("eve.key")).unwrap();
    let far = Checkpoint::sign(&key, (1 << 40, [7; 32]), 20, at(99));
    let far = format!(
        "INSERT INTO checkpoint VALUES ({}, '{}', {}, 20, '{}', '{}')",
        far.seq,
        HEXLOWER.encode(&far.hash),
        far.at.as_microsecond(),
        far.key,
        HEXLOWER.encode(&far.signature)
    );
    let before = world.ledger.checkpoints().await.unwrap();
    let anchor = world.witness.anchor().unwrap();
    for (number, (statement, kind)) in [
        ("DELETE FROM checkpoint WHERE seq = 20", "checkpoint_missing"),
        ("UPDATE checkpoint SET signature = replace(signature, 'a', 'b') WHERE seq = 20", "forged"),
        ("UPDATE checkpoint SET seq = 21 WHERE seq = 20", "checkpoint_missing"),
        (&far, "cut_off"),
    ]
    .into_iter()
    .enumerate()
    {
        world.behind(&["CREATE TABLE kept AS SELECT * FROM checkpoint", statement]).await;
        let found = world.ledger.checkpoints().await.unwrap();
        world.write(30 + number..=30 + number).await;
        let sealed = world.witness.seal(&world.ledger, at(99)).await.unwrap();
        let is_found =
            matches!(&sealed, Sealing::Broken(f) if f.iter().any(|f| f.kind.name() == kind));
        assert!(is_found, "{statement}: {sealed:?}");
        assert_eq!(world.ledger.checkpoints().await.unwrap(), found, "nothing is signed after it");
        assert_eq!(world.witness.anchor().unwrap(), anchor);
        let undo = ["DELETE FROM checkpoint", "INSERT INTO checkpoint SELECT * FROM kept"];
        world.behind(&[undo[0], undo[1], "DROP TABLE kept"]).await;
    }
    assert_eq!(world.ledger.checkpoints().await.unwrap(), before);
    let sealed = world.witness.seal(&world.ledger, at(99)).await.unwrap();
    assert_eq!(sealed, Sealing::Sealed { until: 24 });
}

async fn many_witnesses_vouch_side_by_side(place: Place) {
    let world = World::new(place).await;
    let states: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let witnesses: Vec<_> = states.iter().map(|s| Witness::of(&world.ledger, s.path())).collect();
    for round in 0..5 {
        let sealing = witnesses.iter().enumerate().map(|(i, witness)| {
            let (world, number) = (&world, 100 + 10 * round + i);
            async move {
                world.write(number..=number).await;
                witness.seal(&world.ledger, at(99)).await.unwrap()
            }
        });
        for sealed in futures_util::future::join_all(sealing).await {
            assert!(matches!(sealed, Sealing::Sealed { .. }), "{sealed:?}");
        }
    }
    world.witness.seal(&world.ledger, at(99)).await.unwrap();
    let mut keys: Vec<_> = witnesses.iter().filter_map(|w| w.key().unwrap()).collect();
    keys.extend(world.witness.key().unwrap());
    for witness in witnesses.iter().chain([&world.witness]) {
        let anchor = witness.anchor().unwrap();
        let verified = world.ledger.verify(anchor, &keys).await.unwrap();
        assert_eq!(verified.faults, []);
        assert_eq!(verified.vouched_until, Some(40));
    }
}
