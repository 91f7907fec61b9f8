//! A place for one ledger, which goes with the test.

use std::{env, path::PathBuf, thread, time::Duration};

use bearhug_ledger::Ledger;
use sqlx::{
    Any, AnyConnection, AssertSqlSafe, Connection as _, Pool, Row as _, any::AnyPoolOptions,
};
use tempfile::TempDir;

/// Where a ledger can be made that nobody else knows of.
pub(crate) struct Place {
    pub(crate) address: String,
    home: Home,
}

enum Home {
    Folder(#[expect(dead_code, reason = "it is there to be dropped")] TempDir),
    Server { url: String, database: String },
}

impl Place {
    /// A file in a folder of its own.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/ledger.db");
        Self { address: format!("sqlite:{}", path.display()), home: Home::Folder(folder) }
    }

    /// An empty database on the server that `tests/postgres.sh` started.
    pub(crate) async fn postgres() -> Self {
        let url = server();
        let database = format!("test_{:016x}", rand::random::<u64>());
        run(&url, &format!("CREATE DATABASE {database}")).await;
        let (front, _) = url.rsplit_once('/').unwrap();
        Self { address: format!("{front}/{database}"), home: Home::Server { url, database } }
    }

    pub(crate) async fn open(&self) -> Ledger {
        Ledger::open(&self.address).await.unwrap()
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.home, Home::Folder(_))
    }

    /// The file of a ledger in SQLite.
    pub(crate) fn file(&self) -> PathBuf {
        PathBuf::from(self.address.strip_prefix("sqlite:").expect("a file"))
    }

    /// The database, without the ledger between.
    pub(crate) async fn behind(&self) -> Pool<Any> {
        sqlx::any::install_default_drivers();
        let url = self.address.replace("sqlite:", "sqlite://");
        AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap()
    }
}

impl Place {
    /// Waits until a server has noticed that nobody is there any more. Until then it may still commit.
    pub(crate) async fn is_left(&self) {
        if self.is_sqlite() {
            return;
        }
        let others = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let behind = self.behind().await;
        while sqlx::query(others).fetch_one(&behind).await.unwrap().get::<i64, _>(0) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Home::Server { url, database } = &self.home else { return };
        let (url, drop) = (url.clone(), format!("DROP DATABASE {database} WITH (FORCE)"));
        // The test's own runtime cannot be waited for in here.
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(run(&url, &drop));
        });
        assert!(dropped.join().is_ok() || thread::panicking(), "the database is still there");
    }
}

/// The URL of the server for tests.
#[expect(clippy::disallowed_methods, reason = "the server for tests is named by the environment")]
pub(crate) fn server() -> String {
    env::var("BEARHUG_TEST_POSTGRES").expect(
        "tests of PostgreSQL need a server: run ./test, or tests/postgres.sh and the command",
    )
}

/// The file of the certificate that the server for tests shows.
#[expect(clippy::disallowed_methods, reason = "the server for tests is named by the environment")]
pub(crate) fn certificate() -> String {
    env::var("BEARHUG_TEST_POSTGRES_CERTIFICATE").expect(
        "tests of PostgreSQL need a server: run ./test, or tests/postgres.sh and the command",
    )
}

/// Runs a statement on the server itself.
pub(crate) async fn run(url: &str, statement: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
