//! The connections to a database, and the little in which SQLite and PostgreSQL differ.
//!
//! Everything else is written once, in SQL that both understand, and goes through sqlx's `Any` driver.
//! It passes texts, 64-bit integers and nulls, and no more is asked of it: digests are hexadecimal,
//! documents are JSON, times are microseconds.

mod dialect;
mod failure;
mod file;

use std::time::Duration;

use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions as _, Connection as _, Transaction,
    any::{AnyConnectOptions, AnyPoolOptions},
    pool::PoolConnection,
};

pub(crate) use dialect::Dialect;
pub(crate) use failure::classify;

use crate::{LedgerError, address::Address};

/// How long one waits for others: for a lock, a connection, a server.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many statements a process has under way at once. One of them can write.
const CONNECTIONS: u32 = 4;

/// A database that answers.
pub(crate) struct Database {
    pool: AnyPool,
    pub(crate) dialect: Dialect,
    pub(crate) address: Address,
}

/// A transaction under way. It is undone unless it is committed.
pub(crate) struct Writing {
    connection: PoolConnection<Any>,
    dialect: Dialect,
    is_committed: bool,
}

/// A transaction that reads.
pub(crate) struct Snapshot {
    transaction: Transaction<'static, Any>,
}

impl Snapshot {
    /// What statements are run on.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

impl Database {
    /// Connects, and makes SQLite's file if it is not there.
    pub(crate) async fn connect(address: Address) -> Result<Self, LedgerError> {
        sqlx::any::install_default_drivers();
        let (dialect, url) = match &address {
            Address::File(path) => (Dialect::Sqlite, file::prepare(path)?),
            Address::Server(url) => (Dialect::Postgres, url.clone()),
        };
        let options: AnyConnectOptions =
            url.parse().map_err(|_| LedgerError::Address(address.to_string()))?;
        let options = options.disable_statement_logging();
        // A pool keeps trying where nobody listens. The first attempt tells at once.
        let mut first = AnyConnection::connect_with(&options).await?;
        if dialect == Dialect::Sqlite {
            file::use_wal(&mut first).await?;
        }
        first.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| Box::pin(settle(connection, dialect)))
            .connect_lazy_with(options);
        Ok(Self { pool, dialect, address })
    }

    /// A connection to read with.
    pub(crate) async fn reading(&self) -> Result<PoolConnection<Any>, LedgerError> {
        Ok(self.pool.acquire().await?)
    }

    /// Starts a transaction.
    pub(crate) async fn writing(&self) -> Result<Writing, LedgerError> {
        let connection = self.pool.acquire().await?;
        let mut writing = Writing { connection, dialect: self.dialect, is_committed: false };
        sqlx::raw_sql(self.dialect.begin()).execute(writing.connection()).await?;
        Ok(writing)
    }

    /// Starts a transaction that reads everything as it is at one moment, and keeps nobody waiting.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, LedgerError> {
        let transaction = self.pool.begin_with(self.dialect.begin_snapshot()).await?;
        Ok(Snapshot { transaction })
    }

    /// A statement in the words of this database. Only constants are said, never what a user typed.
    pub(crate) fn say(&self, statement: &str) -> AssertSqlSafe<String> {
        AssertSqlSafe(self.dialect.say(statement))
    }

    /// Waits until every connection is closed. SQLite then folds its log into its file.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

impl Writing {
    /// A statement in the words of this database. Only constants are said, never what a user typed.
    pub(crate) fn say(&self, statement: &str) -> AssertSqlSafe<String> {
        AssertSqlSafe(self.dialect.say(statement))
    }

    /// Which database it is.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What statements are run on.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    /// Makes it last.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::raw_sql("COMMIT").execute(self.connection()).await?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for Writing {
    /// Whatever a transaction that was not committed has left behind goes with its connection. SQLite
    /// has undone some by itself and others not, and a broken connection is worth nothing.
    fn drop(&mut self) {
        if !self.is_committed {
            self.connection.close_on_drop();
        }
    }
}

/// Brings a new connection into the state that statements count on.
async fn settle(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), sqlx::Error> {
    let patience = PATIENCE.as_millis();
    let settings = match dialect {
        // FULL: a commit has reached the disk before it returns. With WAL that costs one fsync a
        // commit, and NORMAL would let a power cut take back what was reported as recorded.
        Dialect::Sqlite => format!(
            "PRAGMA busy_timeout = {patience}; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA trusted_schema = OFF"
        ),
        Dialect::Postgres => format!("SET lock_timeout = {patience}"),
    };
    sqlx::raw_sql(AssertSqlSafe(settings)).execute(connection).await?;
    Ok(())
}
