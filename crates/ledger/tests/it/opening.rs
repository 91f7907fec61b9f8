//! Making a ledger and opening one that is there.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use bearhug_ledger::{Changes, Filter, Ledger, LedgerError, Order};
use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;

use crate::support::{
    Place, on_both_databases,
    place::{run, server},
    process,
    things::{self, id, identity},
};

on_both_databases!(
    many_processes_make_a_new_ledger_at_once,
    a_ledger_of_an_older_version_is_brought_up_to_date,
    a_ledger_of_a_newer_version_is_refused,
    a_ledger_whose_migrations_were_edited_is_refused,
    a_database_of_something_else_is_left_alone,
);

async fn many_processes_make_a_new_ledger_at_once(place: Place) {
    let children: Vec<_> = (0..6).map(|number| process::writer(&place, number, 1)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let ledger = place.open().await;
    for number in 0..6 {
        let first = process::first_of(number);
        assert!(ledger.identity(id(first)).await.unwrap().is_some(), "{number}");
    }
}

async fn change(place: &Place, statement: &str) {
    let pool = place.behind().await;
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    pool.close().await;
}

async fn a_ledger_of_an_older_version_is_brought_up_to_date(place: Place) {
    let folder = if place.is_sqlite() { "sqlite" } else { "postgres" };
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).join(folder);
    let [record, first] =
        ["record", "0001_ledger"].map(|f| fs::read_to_string(folder.join(f).with_extension("sql")));
    if place.is_sqlite() {
        fs::create_dir(place.file().parent().unwrap()).unwrap();
        process::plant(&place.file(), b"");
    }
    let first = first.unwrap();
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&first));
    let ran = format!("INSERT INTO migration VALUES (1, '0001_ledger', '{digest}')");
    let mut old = identity(1);
    (old.revision, old.name) = (1, "token\\\0\\u0000".to_owned());
    old.ownership.backup = Some("b'ob\\\0\\u0000".to_owned());
    let document = serde_json::to_string(&old).unwrap().replace('\'', "''");
    let (id, token, since) = (id(1), things::token(1), things::at(0).as_microsecond());
    let name = "token\\\u{fffd}\\u0000";
    let old_rows = format!(
        "INSERT INTO owner (name, kind, aliases) VALUES ('alice', 'person', '[]');
         INSERT INTO identity VALUES ('{id}', 1, '{name}', 'user_token', 'discovered', 0, 0, '', '', 1, '',
             'unverified', 0, 0, NULL, {since}, {since}, {since}, '{name}\n\n{token}', '\n', '\n');
         INSERT INTO identity_document VALUES ('{id}', '{document}');
         INSERT INTO version VALUES ('{token}', '{id}')"
    );
    for statement in [record.unwrap().as_str(), &first, &ran, &old_rows] {
        change(&place, statement).await;
    }
    let ledger = place.open().await;
    let mut alice = ledger.owners().await.unwrap().remove(0);
    assert_eq!((alice.name.as_str(), alice.revision), ("alice", 1));
    alice.email = Some("alice@acme.example".to_owned());
    ledger.commit(&Changes { owners: vec![alice], ..Changes::default() }).await.unwrap();
    assert_eq!(ledger.owners().await.unwrap()[0].revision, 2);
    for filter in [
        Filter { backup: old.ownership.backup.clone(), ..Filter::default() },
        Filter { text: Some("…Ab3x".to_owned()), ..Filter::default() },
    ] {
        let found = ledger.identities(&filter, Order::Name, &things::first(9)).await.unwrap().items;
        assert_eq!(found, [old.clone()], "{filter:?}");
    }
    let verification = ledger.verify(None, &[]).await.unwrap();
    assert_eq!(verification.mismatches, [], "what was there before has the new columns");
}

async fn a_ledger_of_a_newer_version_is_refused(place: Place) {
    place.open().await.close().await;
    change(&place, "INSERT INTO migration VALUES (3, '0003_later', 'x')").await;
    let error = Ledger::open(&place.address).await.unwrap_err();
    assert!(matches!(error, LedgerError::Newer { found: 3, known: 2 }), "{error:?}");
    let said = "the ledger has version 3, and this bearhug knows only up to 2";
    assert_eq!(error.to_string(), said);
}

async fn a_ledger_whose_migrations_were_edited_is_refused(place: Place) {
    place.open().await.close().await;
    change(&place, "UPDATE migration SET sha256 = 'x'").await;
    let error = Ledger::open(&place.address).await.unwrap_err();
    assert!(matches!(error, LedgerError::Foreign(_)), "{error:?}");
}

async fn a_database_of_something_else_is_left_alone(place: Place) {
    if place.is_sqlite() {
        fs::create_dir(place.file().parent().unwrap()).unwrap();
        process::plant(&place.file(), b"");
    }
    change(&place, "CREATE TABLE invoice (number INTEGER)").await;
    let error = Ledger::open(&place.address).await.unwrap_err();
    assert!(matches!(error, LedgerError::Foreign(_)), "{error:?}");
    change(&place, "DROP TABLE invoice").await;
    place.open().await;
}

#[tokio::test]
async fn nobody_else_can_read_the_file() {
    let place = Place::sqlite();
    let ledger = place.open().await;
    let changes = Changes { identities: vec![identity(1)], ..Changes::default() };
    ledger.commit(&changes).await.unwrap();
    let folder = place.file().parent().unwrap().to_owned();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "the database, its log and the index of the log: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_link_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("ledger.db");
    symlink(folder.path().join("elsewhere"), &link).unwrap();
    let error = Ledger::open(link.to_str().unwrap()).await.unwrap_err();
    assert!(matches!(error, LedgerError::File { .. }), "{error:?}");
    assert!(!folder.path().join("elsewhere").exists());
}

#[tokio::test]
async fn what_is_no_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = b"remember the milk".repeat(100);
    process::plant(&path, &text);
    let error = Ledger::open(path.to_str().unwrap()).await.unwrap_err();
    assert!(matches!(error, LedgerError::Foreign(_)), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), text);
    let error = Ledger::open(folder.path().to_str().unwrap()).await.unwrap_err();
    assert!(matches!(error, LedgerError::File { .. }), "{error:?}");
}

#[tokio::test]
async fn odd_names_of_files_are_taken_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a b.db", "a?mode=ro#x", "100%41.db", "sqlite:x", "bär 🐻.db"] {
        let path = folder.path().join(name);
        let address = format!("sqlite:{}", path.display());
        let ledger = Ledger::open(&address).await.unwrap();
        assert_eq!(ledger.address(), address);
        ledger.close().await;
        assert!(path.metadata().unwrap().len() > 4096, "{name}");
    }
}

/// Everything that an error says, to users and to developers.
fn all_of(error: &LedgerError) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.extend([format!(" {error} {error:?}")]);
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn no_error_tells_a_password() {
    let (front, place) =
        server().rsplit_once('@').map(|(f, p)| (f.to_owned(), p.to_owned())).unwrap();
    let password = front.rsplit_once(':').unwrap().1.to_owned();
    let (host, _) = place.split_once('/').unwrap();
    for (address, kind) in [
        (format!("postgres://bearhug:wrong-{password}@{place}"), "Denied"),
        (format!("{front}@{host}/there_is_no_such_database"), "Database"),
        (format!("{front}@127.0.0.1:1/postgres"), "Unavailable"),
        (format!("{front}@{place}?sslmode=verify-full"), "Unavailable"),
        (format!("{front}@{place}?sslmode={password}"), "Address"),
        (format!("{front}@[bad/postgres"), "Address"),
        (format!("postgres://bearhug:{password}"), "Address"),
        (format!("mysql://bearhug:{password}@{place}"), "Address"),
    ] {
        let error = Ledger::open(&address).await.unwrap_err();
        let text = all_of(&error);
        assert!(format!("{error:?}").starts_with(kind), "{address}: {text}");
        assert!(!text.contains(&password), "{address}: {text}");
    }
    let place = Place::postgres().await;
    let shown = format!("{:?} {}", place.open().await, place.open().await.address());
    assert!(!shown.contains(&password) && shown.contains(host), "{shown}");
    run(&server(), "SELECT 1").await;
}
