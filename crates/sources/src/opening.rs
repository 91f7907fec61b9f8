//! Opening what was seen to be a file, though somebody may have put something else in its place.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Component, Path},
};

use nix::libc::{O_NOFOLLOW, O_NONBLOCK};

/// Opens a file that was named. Links are followed.
pub(crate) fn named(path: &Path) -> io::Result<File> {
    open(path, O_NONBLOCK)
}

/// Opens a file that was met. It is no link.
pub(crate) fn met(path: &Path) -> io::Result<File> {
    open(path, O_NONBLOCK | O_NOFOLLOW)
}

/// Opens a file below a folder, where nothing is a link.
pub(crate) fn below(folder: &Path, path: &Path) -> io::Result<File> {
    let mut below = folder.to_owned();
    for component in path.components() {
        let Component::Normal(name) = component else {
            return Err(io::Error::other("its path leads elsewhere"));
        };
        below.push(name);
        if fs::symlink_metadata(&below)?.is_symlink() {
            return Err(io::Error::other("it is a link"));
        }
    }
    let file = met(&below)?;
    check(&file)?;
    Ok(file)
}

/// Reads a file that was named and is at most `limit` bytes long.
pub(crate) fn whole(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = named(path)?;
    check(&file)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let is_whole = bytes.len() as u64 <= limit;
    if is_whole {
        Ok(bytes)
    } else {
        Err(io::Error::other(format!("it is larger than {limit} bytes")))
    }
}

/// Opening a pipe, or reading one, would wait for whoever writes to it.
fn open(path: &Path, flags: i32) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// Fails if what was opened is no file. To ask takes a system call, so it is asked where there is
/// nothing to read, as in a pipe, or no end to be seen, as in a device.
pub(crate) fn check(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() { Ok(()) } else { Err(io::Error::other("it is no file")) }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

    use super::{below, check, met, named};

    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        for open in [named, met] {
            let pipe = open(&pipe).expect("it opens at once");
            assert_eq!(check(&pipe).expect_err("it is a pipe").to_string(), "it is no file");
        }
    }

    #[test]
    fn links_are_followed_only_where_they_were_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("in")).expect("a folder");
        assert!(Command::new("touch").arg(path("in/file")).status().expect("touch runs").success());
        symlink("in", path("folder")).expect("a link");
        symlink("in/file", path("link")).expect("a link");
        assert!(named(&path("link")).is_ok());
        assert!(met(&path("link")).is_err());
        assert!(below(folder.path(), Path::new("in/file")).is_ok());
        for link in ["link", "folder/file"] {
            let error = below(folder.path(), Path::new(link)).expect_err("it is a link");
            assert_eq!(error.to_string(), "it is a link");
        }
        assert!(below(&path("in"), Path::new("../in/file")).is_err());
    }
}
