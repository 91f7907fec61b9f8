//! Asking a person for a secret: on the terminal itself, so that the standard input may be a pipe, and
//! without showing what is typed. Ctrl-C ends the question as if it were an answer: a process that it ended
//! would leave the terminal as it is while a secret is typed.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    sync::atomic::AtomicBool,
};

use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

use crate::{
    error::CommandError,
    interrupt::{self, Interrupted},
};

/// The longest line that is read, in bytes.
const LONGEST: usize = 4096;

/// What a terminal makes of a Ctrl-C, unless it sends a signal instead.
const CTRL_C: u8 = 3;

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
    let line = line?.map_err(failed)?;
    if line.contains(char::from(CTRL_C)) { Err(Interrupted.into()) } else { Ok(line) }
}

/// What is typed up to the end of the line, or with a Ctrl-C at its end. What is typed ahead for the next
/// question stays where it is.
fn line(mut terminal: File) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0]);
    while line.len() < LONGEST && terminal.read(&mut *byte)? == 1 {
        let [typed] = *byte;
        if matches!(typed, b'\r' | b'\n') {
            break;
        }
        line.push(typed);
        if typed == CTRL_C {
            break;
        }
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Zeroizing::new(text.to_owned()))
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
        silent.local_flags.remove(LocalFlags::ECHO | LocalFlags::ISIG);
        // It ends a line, so that nobody waits for one.
        if let Some(ends) = silent.control_chars.get_mut(SpecialCharacterIndices::VEOL as usize) {
            *ends = CTRL_C;
        }
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
