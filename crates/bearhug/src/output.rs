//! Where reports go.

use std::{
    fs::{self, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use crate::error::CommandError;

/// Writes a file so that a reader sees the old one or the whole new one: into a new file beside it,
/// readable by its owner alone, which then takes its place. A link of that name is replaced, not
/// followed. What is no file, such as a device or a pipe, is written to.
pub(crate) fn write_file(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    let written = if is_special(path) { write_into(path, write) } else { replace(path, write) };
    written.map_err(|error| CommandError::file("write", path, error))
}

/// Whether a file cannot take the place of what is there. Links below `/dev`, such as `/dev/stdout`,
/// are the system's own.
fn is_special(path: &Path) -> bool {
    let is_other = |kind: fs::FileType| !kind.is_file() && !kind.is_dir() && !kind.is_symlink();
    path.starts_with("/dev") || fs::symlink_metadata(path).is_ok_and(|m| is_other(m.file_type()))
}

fn write_into(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(OpenOptions::new().write(true).open(path)?);
    write(&mut out)?;
    out.flush()
}

fn replace(path: &Path, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = Path::new(&partial);
    write_new(partial, write).and_then(|()| fs::rename(partial, path)).inspect_err(|_| {
        // The report is incomplete; what was written of it would only mislead.
        drop(fs::remove_file(partial));
    })
}

fn write_new(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.into_inner()?.sync_all()
}

/// Writes to a file, or to the standard output, what is read elsewhere meanwhile: that may fail, too.
pub(crate) fn write_while(
    output: Option<&Path>,
    write: &mut dyn FnMut(&mut dyn Write) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut failed = None;
    let mut write = |out: &mut dyn Write| {
        write(out).map_err(|error| {
            failed = Some(error);
            io::Error::other("there is no more to write")
        })
    };
    let written = match output {
        Some(path) => write_file(path, &mut write),
        None => write_stdout(&mut write),
    };
    failed.map_or(written, Err)
}

/// Writes to the standard output.
pub(crate) fn write_stdout(
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    write(&mut out).and_then(|()| out.flush()).map_err(CommandError::stdout)
}
