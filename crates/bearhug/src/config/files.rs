//! The files that say how bearhug is to work, and whether to believe them.
//!
//! A repository that somebody else wrote must not configure the scan that looks through it. So its
//! `bearhug.toml` counts only where the command runs inside of it, and only if the user owns the file,
//! not everybody can write it, and it is a file and no link to another.

use std::{
    fmt,
    fs::{File, Metadata, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use nix::{
    libc::{ELOOP, ENOENT, O_NOFOLLOW, O_NONBLOCK},
    unistd::geteuid,
};

/// The name of a repository's file.
pub(crate) const FILE_NAME: &str = "bearhug.toml";

/// The longest file that is read, in bytes. It has room for ten thousand accepted tokens.
const LONGEST: u64 = 1 << 20;

/// The permission of everybody to write.
const WRITABLE_BY_ALL: u32 = 0o002;

/// A file that may say something.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// As people are to see it.
    pub(crate) name: String,
    pub(crate) said: Said,
}

/// What a file said.
#[derive(Debug)]
pub(crate) enum Said {
    /// This text.
    Text(String),
    /// There is no file.
    Nothing,
    /// There is one that does not count.
    Distrusted(Distrust),
}

/// Why a file does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// It is a link.
    Link,
    /// It is something else than a file.
    NoFile,
    /// Another user owns it.
    Stranger(u32),
    /// Everybody can write it.
    Writable,
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link => f.write_str("it is a link"),
            Self::NoFile => f.write_str("it is no file"),
            Self::Stranger(user) => write!(f, "it belongs to another user ({user})"),
            Self::Writable => f.write_str("every user of this computer can write it"),
        }
    }
}

/// The file of the repository that a folder is in.
pub(super) fn of_repository(folder: &Path) -> io::Result<Option<Source>> {
    let is_root = |folder: &&Path| folder.join(".git").symlink_metadata().is_ok();
    let Some(root) = folder.ancestors().find(is_root) else { return Ok(None) };
    let path = root.join(FILE_NAME);
    let name = if root == folder { FILE_NAME.to_owned() } else { path.display().to_string() };
    let said = read(&path, O_NOFOLLOW, |file| match file {
        file if file.uid() != geteuid().as_raw() => Some(Distrust::Stranger(file.uid())),
        file if file.mode() & WRITABLE_BY_ALL != 0 => Some(Distrust::Writable),
        _ => None,
    })?;
    Ok(Some(Source { path, name, said }))
}

/// The user's own file. It may be a link, as many keep such files elsewhere.
pub(super) fn of_user(path: PathBuf) -> io::Result<Source> {
    let said =
        read(&path, 0, |file| (file.mode() & WRITABLE_BY_ALL != 0).then_some(Distrust::Writable))?;
    Ok(Source { name: path.display().to_string(), path, said })
}

/// A file that the user names.
pub(super) fn named(path: &Path) -> io::Result<String> {
    match read(path, 0, |_| None)? {
        Said::Text(text) => Ok(text),
        Said::Nothing => Err(io::Error::from_raw_os_error(ENOENT)),
        Said::Distrusted(why) => Err(io::Error::other(why.to_string())),
    }
}

/// Reads a file unless something is wrong with it. What is asked about is what is read.
fn read(
    path: &Path,
    flags: i32,
    distrust: impl Fn(&Metadata) -> Option<Distrust>,
) -> io::Result<Said> {
    // Opening a pipe would wait for whoever writes to it.
    let opened = OpenOptions::new().read(true).custom_flags(flags | O_NONBLOCK).open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.raw_os_error() == Some(ELOOP) => {
            return Ok(Said::Distrusted(Distrust::Link));
        }
        Err(error) => return is_absence(&error).then_some(Said::Nothing).ok_or(error),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Said::Distrusted(Distrust::NoFile));
    }
    match distrust(&metadata) {
        Some(why) => Ok(Said::Distrusted(why)),
        None => text(file).map(Said::Text),
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn text(file: File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(format!("it is larger than {LONGEST} bytes")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        io::Error::other(format!("it is no UTF-8 text from byte {at} on"))
    })
}
