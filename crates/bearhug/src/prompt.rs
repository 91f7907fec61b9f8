//! Asking a person for a secret: on the terminal itself, so that the standard input may be a pipe, and
//! without showing what is typed.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    sync::atomic::AtomicBool,
};

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::{error::CommandError, interrupt};

/// The longest line that is read, in bytes.
const LONGEST: u64 = 4096;

/// Room for that, so that what is read into never grows and leaves no copy behind.
const ROOM: usize = 2 * 4096;

/// The terminal of this process, if it has one.
fn terminal() -> Option<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty").ok()
}

/// Whether somebody can be asked.
pub(crate) fn is_possible() -> bool {
    terminal().is_some()
}

/// Asks for a secret, which is what is typed up to the end of the line.
pub(crate) fn secret(question: &str, stop: &AtomicBool) -> Result<Zeroizing<String>, CommandError> {
    let failed =
        |error: io::Error| CommandError::new("the terminal cannot be asked").because(error);
    let terminal = terminal().ok_or_else(|| {
        CommandError::new(format!("nobody can be asked: {question}"))
            .hint("run it on a terminal, or name a file: `--help` says how")
    })?;
    let silent = Silent::start(terminal.try_clone().map_err(failed)?).map_err(failed)?;
    let mut out = &terminal;
    write!(out, "{question}: ").and_then(|()| out.flush()).map_err(failed)?;
    let reading = terminal.try_clone().map_err(failed)?;
    let line = interrupt::reading(stop, move || line(reading));
    // The line break that was typed was not shown either.
    drop(writeln!(out));
    drop(silent);
    line?.map_err(failed)
}

fn line(terminal: File) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(ROOM));
    BufReader::with_capacity(1, terminal).take(LONGEST).read_line(&mut line)?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    Ok(line)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Silent {
    terminal: File,
    before: Termios,
}

impl Silent {
    fn start(terminal: File) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(&terminal, SetArg::TCSAFLUSH, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // A terminal that is gone shows nothing anyway.
        tcsetattr(&self.terminal, SetArg::TCSANOW, &self.before).ok();
    }
}
