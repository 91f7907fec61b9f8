//! What an error of a database means to those who use the ledger.

use sqlx::{Error, error::DatabaseError};

use crate::LedgerError;

/// Sorts an error by what can be done about it.
pub(crate) fn classify(error: Error) -> LedgerError {
    match error {
        Error::Database(said) => by_code(said),
        // What cannot be parsed may hold a password, so that it is not repeated.
        Error::Configuration(_) => LedgerError::Address("what was given".to_owned()),
        error @ (Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed
        | Error::BeginFailed) => LedgerError::Unavailable(error.into()),
        error @ (Error::ColumnDecode { .. } | Error::Decode(_)) => {
            LedgerError::Damaged(error.to_string())
        }
        error => LedgerError::Database(error.into()),
    }
}

/// SQLite's extended result codes are numbers (<https://www.sqlite.org/rescode.html>), PostgreSQL's
/// have five characters, the first two of which are a class
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn by_code(said: Box<dyn DatabaseError>) -> LedgerError {
    let code = said.code().unwrap_or_default().into_owned();
    let sqlite = code.parse::<u32>().ok().filter(|_| code.len() != 5).map(|code| code & 0xff);
    let cause = said.into();
    match (sqlite, code.as_str()) {
        // SQLITE_BUSY, SQLITE_LOCKED; lock_not_available.
        (Some(5 | 6), _) | (None, "55P03") => LedgerError::Busy(cause),
        // SQLITE_FULL; disk_full.
        (Some(13), _) | (None, "53100") => LedgerError::Full(cause),
        // SQLITE_CORRUPT; data_corrupted, index_corrupted.
        (Some(11), _) | (None, "XX001" | "XX002") => LedgerError::Damaged(cause.to_string()),
        // SQLITE_NOTADB.
        (Some(26), _) => LedgerError::Foreign(cause.to_string()),
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_AUTH; insufficient_privilege,
        // and the class of refused authorisations.
        (Some(3 | 8 | 14 | 23), _) | (None, "42501") => LedgerError::Denied(cause),
        (None, code) if code.starts_with("28") => LedgerError::Denied(cause),
        // Failing connections, exhausted servers, servers that shut down or start.
        (None, code) if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => {
            LedgerError::Unavailable(cause)
        }
        _ => LedgerError::Database(cause),
    }
}
