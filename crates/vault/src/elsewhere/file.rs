//! Files that hold a token and nothing else, as orchestrators mount them.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

use nix::libc::O_NONBLOCK;
use zeroize::Zeroizing;

use super::{LONGEST, Problem};

/// What a file holds. A link is followed, since that is how Kubernetes mounts secrets.
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, Problem> {
    let mut options = OpenOptions::new();
    let file = options.read(true).custom_flags(O_NONBLOCK).open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(Problem::NoToken);
    }
    // The group is who a secret is mounted for.
    if metadata.mode() & 0o007 != 0 {
        return Err(Problem::Exposed);
    }
    // It is never moved while it grows, which would leave a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(LONGEST + 1));
    match file.take(LONGEST as u64 + 1).read_to_string(&mut text) {
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(Problem::NoToken),
        Err(error) => Err(failed(error)),
        Ok(_) => Ok(text),
    }
}

/// Makes a file that only its owner can read. One that is there is not overwritten: what it held would be
/// lost, and may be a token that nothing else has.
pub(super) fn write(path: &Path, value: &str) -> Result<(), Problem> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    let mut file = match file {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Problem::ReadOnly("there is a file already, which is not overwritten"));
        }
        other => other.map_err(failed)?,
    };
    let written = file.write_all(value.as_bytes()).and_then(|()| file.write_all(b"\n"));
    written.and_then(|()| file.sync_all()).map_err(|error| {
        drop(fs::remove_file(path));
        failed(error)
    })
}

fn failed(error: io::Error) -> Problem {
    match error.kind() {
        ErrorKind::NotFound => Problem::Missing,
        ErrorKind::PermissionDenied => Problem::Denied,
        _ => Problem::File(error),
    }
}
