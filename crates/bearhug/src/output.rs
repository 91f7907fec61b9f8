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
/// followed.
pub(crate) fn write_file(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = Path::new(&partial);
    let written = write_new(partial, write).and_then(|()| fs::rename(partial, path));
    written.map_err(|error| {
        // The report is incomplete; what was written of it would only mislead.
        drop(fs::remove_file(partial));
        CommandError::file("write", path, error)
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

/// Writes to the standard output.
pub(crate) fn write_stdout(
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(|error| CommandError::new("cannot write to the standard output").because(error))
}
