//! Brings a database to the schema that this version knows.
//!
//! A migration is a file of SQL for each database. Once released it is never edited: what it was is
//! recorded where it ran, and a difference is refused. All that are missing run in one transaction.

use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use crate::{
    LedgerError,
    database::{Database, Dialect, Writing},
    stored::hex,
};

/// One step from a schema to the next.
struct Migration {
    name: &'static str,
    sql: &'static str,
}

/// Declares the migrations of one database, in order.
macro_rules! migrations {
    ($database:literal: $($name:literal),+ $(,)?) => {
        &[$(Migration {
            name: $name,
            sql: include_str!(concat!("../migrations/", $database, "/", $name, ".sql")),
        }),+]
    };
}

/// The schema of one database.
struct Schema {
    /// Makes the table that records migrations.
    record: &'static str,
    migrations: &'static [Migration],
    /// Counts the tables, and among them the one that records migrations.
    tables: &'static str,
}

const SQLITE: Schema = Schema {
    record: include_str!("../migrations/sqlite/record.sql"),
    migrations: migrations!("sqlite": "0001_ledger", "0002_owners"),
    tables: "SELECT COUNT(*), COUNT(CASE name WHEN 'migration' THEN 1 END)
             FROM sqlite_schema WHERE type = 'table'",
};

const POSTGRES: Schema = Schema {
    record: include_str!("../migrations/postgres/record.sql"),
    migrations: migrations!("postgres": "0001_ledger", "0002_owners"),
    tables: "SELECT COUNT(*), COUNT(CASE tablename WHEN 'migration' THEN 1 END)
             FROM pg_tables WHERE schemaname = current_schema()",
};

const RECORDED: &str = "SELECT number, sha256 FROM migration ORDER BY number";
const ADD: &str = "INSERT INTO migration (number, name, sha256) VALUES ($1, $2, $3)";

/// Two that open a new ledger at once queue for this. The number is arbitrary: `bearhug` in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(27700818733624679)";

/// The version of the schema that this bearhug has: how many migrations lead to it, on both databases.
pub(crate) fn latest() -> i64 {
    i64::try_from(SQLITE.migrations.len()).unwrap_or(i64::MAX)
}

/// Runs the migrations that have not run yet.
pub(crate) async fn run(database: &Database) -> Result<(), LedgerError> {
    let schema = match database.dialect {
        Dialect::Sqlite => SQLITE,
        Dialect::Postgres => POSTGRES,
    };
    if is_current(database, schema.migrations).await? {
        return Ok(());
    }
    let mut writing = database.writing().await?;
    if database.dialect == Dialect::Postgres {
        sqlx::query(LOCK).execute(writing.connection()).await?;
    }
    prepare(&mut writing, &schema).await?;
    let ran = check(&mut writing, schema.migrations).await?;
    for (number, migration) in (1_i64..).zip(schema.migrations).skip(ran) {
        sqlx::raw_sql(migration.sql).execute(writing.connection()).await?;
        let add = sqlx::query(ADD).bind(number).bind(migration.name).bind(digest(migration.sql));
        add.execute(writing.connection()).await?;
    }
    writing.commit().await?;
    Ok(())
}

/// Whether nothing is missing, as far as reading tells: who only reads need not wait for a writer.
async fn is_current(database: &Database, known: &[Migration]) -> Result<bool, LedgerError> {
    let mut connection = database.reading().await?;
    // Without a table there is nothing to read, and whatever else fails will fail again below.
    let Ok(rows) = sqlx::query(RECORDED).fetch_all(&mut *connection).await else {
        return Ok(false);
    };
    let ran = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    let ran = ran.collect::<Result<Vec<(i64, String)>, LedgerError>>()?;
    Ok((1..).zip(known).map(|(n, one)| (n, digest(one.sql))).eq(ran))
}

/// Makes the record of migrations in an empty database, and stays out of one that is somebody else's.
async fn prepare(writing: &mut Writing, schema: &Schema) -> Result<(), LedgerError> {
    let row = sqlx::query(schema.tables).fetch_one(writing.connection()).await?;
    let (all, ours): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    match (all, ours) {
        (0, _) => {
            sqlx::raw_sql(schema.record).execute(writing.connection()).await?;
            Ok(())
        }
        (_, 0) => Err(LedgerError::Foreign("it has tables of something else".to_owned())),
        _ => Ok(()),
    }
}

/// How many of the known migrations ran. Fails if others did.
async fn check(writing: &mut Writing, known: &[Migration]) -> Result<usize, LedgerError> {
    let latest = i64::try_from(known.len()).unwrap_or(i64::MAX);
    let rows = sqlx::query(RECORDED).fetch_all(writing.connection()).await?;
    for (expected, row) in rows.iter().enumerate() {
        let (number, sha256): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        let Some(migration) = known.get(expected) else {
            let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            return Err(LedgerError::Newer { found, known: latest });
        };
        if usize::try_from(number) != Ok(expected + 1) || sha256 != digest(migration.sql) {
            let name = migration.name;
            return Err(LedgerError::Foreign(format!("its migration {name} is another one")));
        }
    }
    Ok(rows.len())
}

/// SHA-256 in hexadecimal, as `sha256sum` prints it.
fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}
