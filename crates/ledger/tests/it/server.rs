//! A server that breaks off, seen from a ledger: errors say so, and the same changes again are written
//! once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use bearhug_ledger::{Filter, Ledger, LedgerError, Order};
use sqlx::AssertSqlSafe;

use crate::{
    chain::is_intact,
    support::{
        Place,
        place::certificate,
        process::{EVENTS, changes},
        proxy::{Cut, Proxy},
        things::first,
    },
};

/// Commits until it is done, as long as errors say that it may help to try again.
async fn insist(ledger: &Ledger, number: usize) -> usize {
    let changes = changes(number);
    let mut failures = 0;
    while let Err(error) = ledger.commit(&changes).await {
        assert!(matches!(error, LedgerError::Unavailable(_)), "{error:?}");
        assert!(error.is_passing());
        failures += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    failures
}

async fn holds(ledger: &Ledger, commits: usize) {
    let all = first(u32::MAX);
    let found = ledger.identities(&Filter::default(), Order::Name, &all).await.unwrap();
    assert_eq!(found.items.len(), commits);
    assert_eq!(is_intact(ledger).await, (commits * EVENTS) as u64);
}

const TERMINATE: &str = "
SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_terminated_at_work_lose_and_double_nothing() {
    let place = Place::postgres().await;
    let ledger = place.open().await;
    let is_done = Arc::new(AtomicBool::new(false));
    let behind = place.behind().await;
    let terminating = tokio::spawn({
        let is_done = Arc::clone(&is_done);
        async move {
            while !is_done.load(SeqCst) {
                sqlx::query(AssertSqlSafe(TERMINATE)).execute(&behind).await.unwrap();
                tokio::time::sleep(Duration::from_millis(rand::random_range(1..40))).await;
            }
        }
    });
    let mut failures = 0;
    for number in 0..60 {
        failures += insist(&ledger, number).await;
    }
    is_done.store(true, SeqCst);
    terminating.await.unwrap();
    assert!(failures > 5, "they were terminated at work: {failures}");
    // A connection may have been terminated after its last use.
    tokio::time::sleep(Duration::from_millis(100)).await;
    holds(&place.open().await, 60).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_a_connection_is_cut_the_same_again_is_written_once() {
    let place = Place::postgres().await;
    let proxy = Proxy::start(&place.address).await;
    let ledger = Ledger::open(&proxy.address).await.unwrap();
    let mut number = 0;
    for cut in [
        Cut::Before("BEGIN"),
        Cut::Before("\"looked_at\""),
        Cut::After("\"details\""),
        Cut::Before("COMMIT\0"),
        Cut::After("COMMIT\0"),
    ] {
        for stays_down in [false, true] {
            proxy.cut(cut, stays_down);
            let given = changes(number);
            number += 1;
            let result = ledger.commit(&given).await;
            assert!(proxy.has_cut(), "{cut:?}");
            let is_settled = cut == Cut::After("COMMIT\0") && !stays_down;
            assert_eq!(result.is_ok(), is_settled, "{cut:?} {stays_down}: {result:?}");
            if stays_down {
                assert!(ledger.commit(&given).await.unwrap_err().is_passing());
                assert!(ledger.owners().await.unwrap_err().is_passing());
                proxy.up();
            }
            if !is_settled {
                insist(&ledger, number - 1).await;
            }
            holds(&ledger, number).await;
        }
    }
}

#[tokio::test]
async fn connections_are_encrypted_as_the_address_says() {
    let place = Place::postgres().await;
    for (mode, is_encrypted) in [
        ("sslmode=disable".to_owned(), false),
        ("sslmode=require".to_owned(), true),
        (format!("sslmode=verify-full&sslrootcert={}", certificate()), true),
    ] {
        let address = format!("{}?{mode}", place.address);
        let ledger = Ledger::open(&address).await.unwrap();
        let seen = sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
             WHERE a.datname = current_database() AND s.ssl AND a.pid <> pg_backend_pid()",
        );
        let row = seen.fetch_one(&place.behind().await).await.unwrap();
        assert_eq!(sqlx::Row::get::<i64, _>(&row, 0) > 0, is_encrypted, "{mode}");
        ledger.close().await;
    }
    let unknown = format!("{}?sslmode=verify-full", place.address);
    let error = Ledger::open(&unknown).await.unwrap_err();
    assert!(matches!(error, LedgerError::Unavailable(_)), "nobody known vouches: {error:?}");
}

/// Makes every commit with an event fail as the server would for a reason of its own.
const FAIL: &str = "
CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '{code}'; END $$;
CREATE OR REPLACE TRIGGER fail BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION fail()";

#[tokio::test]
async fn what_the_server_says_is_told_by_what_can_be_done_about_it() {
    let place = Place::postgres().await;
    let ledger = place.open().await;
    let behind = place.behind().await;
    for (code, kind) in [
        ("53100", "Full"),
        ("53300", "Unavailable"),
        ("57P01", "Unavailable"),
        ("55P03", "Busy"),
        ("42501", "Denied"),
        ("XX001", "Damaged"),
        ("22012", "Database"),
    ] {
        let fail = FAIL.replace("{code}", code);
        sqlx::raw_sql(AssertSqlSafe(fail)).execute(&behind).await.unwrap();
        let error = ledger.commit(&changes(1)).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(kind), "{code}: {error:?}");
    }
    holds(&ledger, 0).await;
}
