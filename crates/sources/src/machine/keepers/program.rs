//! Asks a program that may hang, talk without end or fail.

use std::{
    io::{self, ErrorKind, Read, Write as _},
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use bearhug_core::{Flow, Sink};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use zeroize::Zeroizing;

use crate::stream::fill;

/// How much is heard of either stream, in bytes.
pub(super) const LIMIT: usize = 1 << 20;

/// How long a stop may go unnoticed, and the end of a process.
const TICK: Duration = Duration::from_millis(50);

/// What a program said, and how it ended.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its standard output.
    pub(super) out: Said,
    /// Its standard error.
    pub(super) err: Said,
    /// None if it was ended, because it said too much or otherwise.
    pub(super) code: Option<i32>,
}

/// What came from one stream. It is wiped from memory when it is done with.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Whether there was more than [`LIMIT`].
    pub(super) is_cut: bool,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Silence {
    /// There is no such program.
    NotInstalled,
    /// It could not be started or listened to.
    Failed(io::Error),
    /// It took too long.
    TimedOut,
    /// The user interrupted.
    Stopped,
}

impl From<io::Error> for Silence {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NotInstalled,
            _ => Self::Failed(error),
        }
    }
}

/// Runs a command, hands it a few lines and hears it out. No later than `patience` it is ended, with
/// all that it started.
pub(super) fn ask(
    command: &mut Command,
    input: &[u8],
    patience: Duration,
    sink: &dyn Sink,
) -> Result<Answer, Silence> {
    let wait = Wait { deadline: Instant::now() + patience, sink };
    let mut running = Running::start(command)?;
    // The input fits in the pipe: writing it does not wait for a reader, which need not be there.
    drop(running.child.stdin.take().map(|mut pipe| pipe.write_all(input)));
    let [out, err] = running.listen()?;
    let out = wait.hear(&out)?;
    if out.is_cut {
        return Ok(Answer { out, err: Said::nothing(), code: None });
    }
    let err = wait.hear(&err)?;
    let code = if err.is_cut { None } else { wait.end(&mut running)?.code() };
    Ok(Answer { out, err, code })
}

impl Said {
    fn nothing() -> Self {
        Self { bytes: Zeroizing::default(), is_cut: false }
    }

    /// Reads a stream to its end or the limit, into a buffer that is never moved: moving it would
    /// leave a copy behind.
    fn by(pipe: &mut dyn Read) -> io::Result<Self> {
        let mut bytes = Zeroizing::new(vec![0; LIMIT + 1]);
        let read = fill(pipe, &mut bytes)?;
        bytes.truncate(read.min(LIMIT));
        Ok(Self { bytes, is_cut: read > LIMIT })
    }
}

/// A program that runs in a process group of its own, and so with whatever it starts.
struct Running {
    child: Child,
    has_ended: bool,
}

impl Running {
    fn start(command: &mut Command) -> io::Result<Self> {
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(Self { child: pipes.process_group(0).spawn()?, has_ended: false })
    }

    /// Listens to both streams at once, since a program waits when one of them is full.
    fn listen(&mut self) -> io::Result<[Receiver<io::Result<Said>>; 2]> {
        let no_pipe = || io::Error::other("no pipe to the process");
        let out = self.child.stdout.take().ok_or_else(no_pipe)?;
        let err = self.child.stderr.take().ok_or_else(no_pipe)?;
        Ok([listen(out)?, listen(err)?])
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        // Its number is its own until it is waited for. What cannot be ended is not there any more.
        if let Ok(id) = i32::try_from(self.child.id()) {
            killpg(Pid::from_raw(id), Signal::SIGKILL).ok();
        }
        drop(self.child.wait());
    }
}

/// Reads in a thread of its own, which is left behind where the stream never ends.
fn listen(mut pipe: impl Read + Send + 'static) -> io::Result<Receiver<io::Result<Said>>> {
    let (send, receive) = sync_channel(1);
    drop(thread::Builder::new().spawn(move || drop(send.send(Said::by(&mut pipe))))?);
    Ok(receive)
}

/// How long to wait, and who may say that it is enough.
struct Wait<'a> {
    deadline: Instant,
    sink: &'a dyn Sink,
}

impl Wait<'_> {
    fn hear(&self, stream: &Receiver<io::Result<Said>>) -> Result<Said, Silence> {
        loop {
            match stream.recv_timeout(TICK) {
                Ok(said) => return said.map_err(Silence::Failed),
                Err(RecvTimeoutError::Timeout) => self.go_on()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Silence::Failed(io::Error::other("nobody listens to the process")));
                }
            }
        }
    }

    /// Waits for the end of a program that has closed its streams and so is about to end.
    fn end(&self, running: &mut Running) -> Result<ExitStatus, Silence> {
        loop {
            if let Some(status) = running.child.try_wait().map_err(Silence::Failed)? {
                running.has_ended = true;
                return Ok(status);
            }
            self.go_on()?;
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn go_on(&self) -> Result<(), Silence> {
        if self.sink.flow() == Flow::Stop {
            return Err(Silence::Stopped);
        }
        if Instant::now() >= self.deadline { Err(Silence::TimedOut) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        sync::atomic::{AtomicBool, Ordering},
    };

    use bearhug_core::{Blob, Gap, Lead, Name};

    use super::*;

    /// Says to go on until it is raised.
    #[derive(Default)]
    struct Flag(AtomicBool);

    impl Sink for Flag {
        fn name(&self, name: Name<'_>) -> String {
            name.path.to_owned()
        }

        fn blob(&self, _: &Blob<'_>) -> Vec<Lead> {
            Vec::new()
        }

        fn done(&self) {}

        fn gap(&self, _: Gap) {}

        fn flow(&self) -> Flow {
            if self.0.load(Ordering::Relaxed) { Flow::Stop } else { Flow::Continue }
        }
    }

    const LONG: Duration = Duration::from_secs(20);

    fn asked(script: &str, patience: Duration, sink: &Flag) -> Result<Answer, Silence> {
        ask(Command::new("sh").args(["-c", script]), b"a line\n", patience, sink)
    }

    #[test]
    fn both_streams_and_the_code_are_heard() {
        let answer = asked("cat; echo no >&2; exit 3", LONG, &Flag::default()).unwrap();
        assert_eq!(
            (&answer.out.bytes[..], &answer.err.bytes[..]),
            (&b"a line\n"[..], &b"no\n"[..])
        );
        assert_eq!((answer.code, answer.out.is_cut), (Some(3), false));
        let deaf = asked("exec 0<&-; sleep 0.1; echo yes", LONG, &Flag::default()).unwrap();
        assert_eq!(&deaf.out.bytes[..], b"yes\n");
        let full = format!("head -c {LIMIT} /dev/zero; head -c {LIMIT} /dev/zero >&2");
        let answer = asked(&full, LONG, &Flag::default()).unwrap();
        assert_eq!((answer.out.bytes.len(), answer.err.bytes.len()), (LIMIT, LIMIT));
        assert!(!answer.out.is_cut && !answer.err.is_cut);
    }

    #[test]
    fn what_never_ends_is_cut() {
        for script in
            ["cat /dev/zero", "cat /dev/zero >&2", "trap '' PIPE; cat /dev/zero; sleep 99"]
        {
            let started = Instant::now();
            let answer = asked(script, LONG, &Flag::default()).unwrap();
            assert!(answer.out.is_cut || answer.err.is_cut, "{script}");
            assert!(answer.out.bytes.len() <= LIMIT && started.elapsed() < LONG, "{script}");
        }
    }

    #[test]
    fn what_hangs_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("id");
        let script = format!("sleep 999 & echo $! > {}; wait", note.display());
        let silence = asked(&script, Duration::from_millis(300), &Flag::default()).unwrap_err();
        assert!(matches!(silence, Silence::TimedOut), "{silence:?}");
        let id = fs::read_to_string(note).unwrap();
        let is_running = || {
            let status = fs::read_to_string(format!("/proc/{}/status", id.trim()));
            status.is_ok_and(|status| !status.contains("State:\tZ"))
        };
        let started = Instant::now();
        while is_running() {
            assert!(started.elapsed() < LONG, "{id} still runs");
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_stop_does_not_wait() {
        let flag = Flag::default();
        let started = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(200));
                flag.0.store(true, Ordering::Relaxed);
            });
            let silence = asked("exec sleep 999", Duration::from_secs(999), &flag).unwrap_err();
            assert!(matches!(silence, Silence::Stopped), "{silence:?}");
        });
        assert!(started.elapsed() < LONG);
    }

    #[test]
    fn what_is_not_there_is_not_installed() {
        let mut command = Command::new("no-such-program-anywhere");
        let silence = ask(&mut command, b"", LONG, &Flag::default()).unwrap_err();
        assert!(matches!(silence, Silence::NotInstalled), "{silence:?}");
    }
}
