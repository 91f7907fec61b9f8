//! SQLite's file: made so that nobody else can read it.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
    time::{Duration, Instant},
};

use nix::libc::O_NOFOLLOW;
use sqlx::AnyConnection;

use super::PATIENCE;
use crate::LedgerError;

/// Makes the file if it is not there, readable by its owner alone, and gives its URL. SQLite gives its
/// log and its index of the log the same permissions
/// (<https://www.sqlite.org/src/file/src/os_unix.c>, `findCreateFileMode`).
pub(super) fn prepare(path: &Path) -> Result<String, LedgerError> {
    let failed = |source| LedgerError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    }
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(O_NOFOLLOW)
        .open(path)
        .map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(failed(io::Error::other("it is no file")));
    }
    // Without steps upwards, which a URL would resolve by their names and a file system by its links.
    let path = path.canonicalize().map_err(failed)?;
    url(&path).ok_or_else(|| failed(io::Error::other("its name is not UTF-8")))
}

/// The URL of a file. Every byte that could mean something in a URL is encoded.
fn url(path: &Path) -> Option<String> {
    let mut url = "sqlite://".to_owned();
    for byte in path.to_str()?.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.extend([format!("%{byte:02X}")]);
        }
    }
    Some(url)
}

/// Readers and the one writer do not wait for one another with a write-ahead log. Whether there is one
/// is written in the file. SQLite does not wait for a lock to change it, so this does.
pub(super) async fn use_wal(connection: &mut AnyConnection) -> Result<(), LedgerError> {
    let start = Instant::now();
    loop {
        let set = sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&mut *connection).await;
        match set.map_err(LedgerError::from) {
            Err(LedgerError::Busy(_)) if start.elapsed() < PATIENCE => {
                // A library has no timer of its own: the connection waits instead.
                std::thread::sleep(Duration::from_millis(10));
            }
            set => return set.map(drop),
        }
    }
}
