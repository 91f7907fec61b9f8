//! Commits whose fate is open: the connection broke while PostgreSQL was asked to make one last.
//!
//! Such a commit may have been written or not. PostgreSQL numbers transactions and remembers how they
//! ended, so it is asked as soon as it answers again: at once, or when the same changes come again.
//! SQLite runs in this process, and always tells.

use std::sync::{Mutex, PoisonError};

use sqlx::Row as _;

use crate::{
    Changes, LedgerError,
    database::{Database, Dialect, Writing},
    write,
};

const NUMBER: &str = "SELECT CAST(pg_current_xact_id() AS TEXT)";

const FATE: &str = "SELECT pg_xact_status(CAST($1 AS xid8))";

/// A commit whose fate is open.
#[derive(Debug)]
struct Open {
    changes: Changes,
    /// The transaction's number.
    number: String,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Written,
    Undone,
}

/// The commits whose fate is open.
#[derive(Debug, Default)]
pub(crate) struct Settlement {
    open: Mutex<Vec<Open>>,
}

impl Settlement {
    /// Writes changes once, also if they were given before and nobody knows what became of them.
    pub(crate) async fn commit(
        &self,
        database: &Database,
        changes: &Changes,
    ) -> Result<(), LedgerError> {
        if let Some(number) = self.number_of(changes) {
            let fate = ask(database, &number).await?;
            self.forget(&number);
            if fate == Fate::Written {
                return Ok(());
            }
        }
        let mut writing = database.writing().await?;
        write::all(&mut writing, changes).await?;
        let number = match writing.dialect() {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(number(&mut writing).await?),
        };
        let Err(error) = writing.commit().await.map_err(LedgerError::from) else { return Ok(()) };
        match (number, error) {
            (Some(number), LedgerError::Unavailable(cause)) => {
                match ask(database, &number).await {
                    Ok(Fate::Written) => return Ok(()),
                    Ok(Fate::Undone) => {}
                    Err(_) => self.remember(changes, number),
                }
                Err(LedgerError::Unavailable(cause))
            }
            (_, error) => Err(error),
        }
    }

    fn number_of(&self, changes: &Changes) -> Option<String> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().find(|open| open.changes == *changes).map(|open| open.number.clone())
    }

    fn remember(&self, changes: &Changes, number: String) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(Open { changes: changes.clone(), number });
    }

    fn forget(&self, number: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|open| open.number != number);
    }
}

/// The number of the transaction that is under way.
async fn number(writing: &mut Writing) -> Result<String, LedgerError> {
    Ok(sqlx::query(NUMBER).fetch_one(writing.connection()).await?.try_get(0)?)
}

/// How a transaction ended. It fails while that is not decided yet.
async fn ask(database: &Database, number: &str) -> Result<Fate, LedgerError> {
    let mut connection = database.reading().await?;
    let row = sqlx::query(FATE).bind(number.to_owned()).fetch_one(&mut *connection).await?;
    match row.try_get::<Option<String>, _>(0)?.as_deref() {
        Some("committed") => Ok(Fate::Written),
        Some("aborted") => Ok(Fate::Undone),
        // A server that has not noticed yet that nobody is there any more.
        _ => Err(LedgerError::Unavailable("the server is still at it".into())),
    }
}
