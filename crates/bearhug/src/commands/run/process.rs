//! A child process that is as good as started by the user's shell.

use std::{
    ffi::OsString,
    io::ErrorKind,
    os::unix::process::ExitStatusExt as _,
    process::{Child, Command, ExitStatus},
    thread,
};

use nix::{
    errno::Errno,
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2},
    iterator::{SignalsInfo, exfiltrator::WithOrigin},
};

use crate::{Exit, error::CommandError};

/// What shells answer for a command that is not there (POSIX, Shell & Utilities §2.8.2).
const NOT_FOUND: u8 = 127;

/// What shells answer for a command that cannot be run.
const NOT_EXECUTABLE: u8 = 126;

/// The signals that are passed on.
const PASSED_ON: [i32; 6] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];

/// Signals that wait to be passed on, from before there is anybody to pass them to.
pub(crate) struct Signals(SignalsInfo<WithOrigin>);

impl Signals {
    /// From now on none of them ends this process.
    pub(crate) fn hold() -> Result<Self, CommandError> {
        SignalsInfo::new(PASSED_ON)
            .map(Self)
            .map_err(|error| CommandError::new("cannot listen for signals").because(error))
    }

    /// Passes on to a child what a process sends to this one. What the terminal sends, it sends to both.
    fn pass_on(mut self, child: &Child) -> (signal_hook::iterator::Handle, thread::JoinHandle<()>) {
        let to = Pid::from_raw(child.id().cast_signed());
        let handle = self.0.handle();
        let passing = thread::spawn(move || {
            for origin in &mut self.0 {
                if origin.process.is_some()
                    && let Ok(signal) = Signal::try_from(origin.signal)
                {
                    // A child that has just ended needs no signal any more.
                    kill(to, signal).unwrap_or_default();
                }
            }
        });
        (handle, passing)
    }
}

/// A command line that could not be started.
pub(crate) fn unstarted(program: &OsString, error: std::io::Error) -> CommandError {
    let exit = if error.kind() == ErrorKind::NotFound { NOT_FOUND } else { NOT_EXECUTABLE };
    CommandError::new(format!("cannot start `{}`", program.display()))
        .because(error)
        .hint("check the command after `--`; it is run as it is, by no shell")
        .with_exit(Exit::Child(exit))
}

/// Waits until a child ends, with the signals that come in passed on to it.
pub(crate) fn attend(mut child: Child, signals: Signals) -> Result<ExitStatus, CommandError> {
    let (handle, passing) = signals.pass_on(&child);
    let unwaited = |error| CommandError::new("the command cannot be waited for").because(error);
    // Until it is reaped its number is nobody else's, so that no signal can reach a stranger.
    let id = Pid::from_raw(child.id().cast_signed());
    let ended = loop {
        match waitid(Id::Pid(id), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {
            Err(Errno::EINTR) => {}
            other => break other,
        }
    };
    handle.close();
    drop(passing.join());
    ended.map_err(|error| unwaited(error.into()))?;
    child.wait().map_err(unwaited)
}

/// The exit code of a child, as shells have it: its own, or 128 and the number of the signal that ended it.
pub(crate) fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// A command from its words.
pub(crate) fn command(words: &[OsString]) -> Command {
    let (program, arguments) =
        words.split_first().map_or_else(Default::default, |(p, a)| (p.clone(), a.to_vec()));
    let mut command = Command::new(program);
    command.args(arguments);
    command
}
