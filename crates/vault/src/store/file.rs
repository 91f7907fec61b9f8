//! Reading and replacing the file.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use nix::libc::{O_NOFOLLOW, O_NONBLOCK};

use crate::VaultError;

/// The most that is read or written, in bytes: some tens of thousands of entries.
const LIMIT: u64 = 16 << 20;

/// How often, and how long after each other, the lock is tried. A writer holds it for some milliseconds.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// Keeps others from writing while it lives. The system ends it with the process, however that ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "it is the lock as long as it is open")] File);

impl Lock {
    /// Waits for the lock of a vault, whose folder is made if it is not there.
    pub(crate) fn take(vault: &Path) -> Result<Self, VaultError> {
        let path = beside(vault, ".lock");
        let failed = |source| VaultError::File { path: path.clone(), source };
        make_folder(vault).map_err(failed)?;
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).mode(0o600);
        let file = options.custom_flags(O_NOFOLLOW | O_NONBLOCK).open(&path).map_err(failed)?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        Err(VaultError::Busy)
    }
}

/// What is in the file, if there is one.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    let failed = |source| VaultError::File { path: path.to_owned(), source };
    let mut options = OpenOptions::new();
    let file = match options.read(true).custom_flags(O_NOFOLLOW | O_NONBLOCK).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() || metadata.len() > LIMIT {
        return Err(VaultError::NoFile(path.to_owned()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(VaultError::Exposed(path.to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LIMIT {
        return Err(VaultError::NoFile(path.to_owned()));
    }
    Ok(Some(bytes))
}

/// Replaces the file at once. Whoever holds the lock may do so; what a writer that died left half done is
/// overwritten, and was sealed like the rest.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    if bytes.len() as u64 > LIMIT {
        return Err(VaultError::Full);
    }
    replace(path, bytes).map_err(|source| VaultError::File { path: path.to_owned(), source })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = beside(path, ".partial");
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    File::open(folder(path))?.sync_all()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the folder, for its user alone, if it is not there.
fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder(path))
}
