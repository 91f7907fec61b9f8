//! The environments and arguments of the user's own processes, as Linux shows them under `/proc`
//! (proc(5)).

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read as _},
    ops::Range,
    path::{Path, PathBuf},
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Name, Origin, Sink, Source, Step, Storage};

/// A variable that a process was started with.
pub const ENVIRONMENT: Storage = Storage {
    name: "process_environment",
    title: "process environment",
    advice: "Unset the variable where it is set and restart the process: every program that it \
             starts inherits the token, and debuggers and crash reports show it.",
};

/// Words of the command that started a process.
pub const ARGUMENTS: Storage = Storage {
    name: "process_arguments",
    title: "process arguments",
    advice: "Restart the process without it: every user of this computer can list arguments. Most \
             programs take the token from a file or the standard input.",
};

/// How much of an environment is read, in bytes. The kernel starts no process with more than six
/// mebibytes of arguments and environment together (execve(2)).
const LIMIT: u64 = 8 << 20;

/// How much of a command is shown, in characters.
const SHOWN: usize = 60;

/// The processes that the user runs. Those of others are left alone, even where root could read
/// them: whose environment it is, is for its user to ask.
#[derive(Debug, Clone)]
pub struct Processes {
    proc: PathBuf,
}

impl Processes {
    /// The processes below a `proc` file system. Where there is none, there are none.
    pub fn below(root: &Path) -> Self {
        Self { proc: root.join("proc") }
    }

    /// The ids of the user's processes, in order.
    fn own(&self) -> Vec<u32> {
        let Some(me) = user_of(&self.proc.join("self")) else { return Vec::new() };
        let entries = fs::read_dir(&self.proc).into_iter().flatten().flatten();
        let mut ids: Vec<u32> = entries
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|id: &u32| user_of(&self.proc.join(id.to_string())) == Some(me))
            .collect();
        ids.sort_unstable();
        ids
    }
}

impl Source for Processes {
    fn walk(&self, sink: &dyn Sink) {
        for id in self.own() {
            if sink.flow() == Flow::Stop {
                return;
            }
            Process::new(id, self.proc.join(id.to_string()), sink).deliver();
        }
    }
}

/// The user that a process runs as. None where its real and its effective user differ, as with
/// programs that lend somebody else's rights, and where the process is gone.
fn user_of(process: &Path) -> Option<u32> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    let mut ids = line.split_whitespace().map_while(|id| id.parse().ok());
    let (real, effective) = (ids.next()?, ids.next()?);
    (real == effective).then_some(real)
}

/// A process, and who is told of it.
struct Process<'a> {
    folder: PathBuf,
    step: Step,
    arguments: Vec<u8>,
    sink: &'a dyn Sink,
}

impl<'a> Process<'a> {
    fn new(id: u32, folder: PathBuf, sink: &'a dyn Sink) -> Self {
        // Without them it is still known by its number.
        let mut arguments = read(&folder.join("cmdline")).unwrap_or_default();
        while arguments.last() == Some(&0) {
            arguments.pop();
        }
        replace_nul(&mut arguments, b' ');
        let command = command(&arguments, sink);
        Self { folder, step: Step::Process { id, command }, arguments, sink }
    }

    fn deliver(&self) {
        match read(&self.folder.join("environ")) {
            Ok(environment) => self.environment(environment),
            Err(error) if has_ended(&error) => return,
            Err(error) => self.sink.gap(Gap {
                origin: self.origin(&ENVIRONMENT, "environ", None),
                reason: GapReason::Unreadable(error.to_string()),
            }),
        }
        let origin = self.origin(&ARGUMENTS, "cmdline", Some(Step::Arguments));
        self.search(&Blob::whole(&origin, &self.arguments));
    }

    /// Delivers an environment with the names of its variables.
    fn environment(&self, mut environment: Vec<u8>) {
        if environment.len() as u64 > LIMIT {
            let origin = self.origin(&ENVIRONMENT, "environ", None);
            let reason = GapReason::Oversized { size: environment.len() as u64, limit: LIMIT };
            return self.sink.gap(Gap { origin, reason });
        }
        let variables = variables(&environment);
        // As text with a variable a line, so that a line number means something.
        replace_nul(&mut environment, b'\n');
        let step = |variable: &Range<usize>| self.variable(&environment[variable.clone()]);
        let outline: Vec<_> = variables.into_iter().map(|v| (v.clone(), step(&v))).collect();
        let origin = self.origin(&ENVIRONMENT, "environ", None);
        self.search(&Blob { outline: &outline, ..Blob::whole(&origin, &environment) });
    }

    /// Searches text. A variable or an argument is too short for a container to be worth opening.
    fn search(&self, blob: &Blob<'_>) {
        drop(self.sink.blob(blob));
        self.sink.done();
    }

    fn variable(&self, variable: &[u8]) -> Step {
        let name = variable.split(|&b| b == b'=').next().unwrap_or_default();
        Step::Variable(printable(&String::from_utf8_lossy(name), self.sink))
    }

    fn origin(&self, storage: &'static Storage, file: &str, inner: Option<Step>) -> Origin {
        let machine = Step::Machine { storage, mode: None };
        let steps = [machine, self.step.clone()].into_iter().chain(inner).collect();
        Origin { path: self.folder.join(file).to_string_lossy().into_owned(), steps }
    }
}

/// Reads a file of `/proc`, and one byte more than the limit of one that exceeds it.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the process went away meanwhile. Linux says ESRCH of a file that was open by then.
fn has_ended(error: &io::Error) -> bool {
    const ESRCH: i32 = 3;
    error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(ESRCH)
}

fn replace_nul(bytes: &mut [u8], by: u8) {
    bytes.iter_mut().filter(|b| **b == 0).for_each(|b| *b = by);
}

/// The command that a process was started with: redacted first and shortened then, since a half of
/// a token would not be recognised.
fn command(arguments: &[u8], sink: &dyn Sink) -> String {
    let shown = &arguments[..arguments.len().min(64 * SHOWN)];
    let text = printable(&String::from_utf8_lossy(shown), sink);
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() { format!("{start}…") } else { start }
}

/// A text with the tokens in it redacted, which are found elsewhere.
fn printable(text: &str, sink: &dyn Sink) -> String {
    sink.name(Name { within: None, path: text, own_from: text.len() })
}

/// Where each variable stands in an environment.
fn variables(environment: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let ranges = environment.split(|&b| b == 0).map(|variable| {
        let range = start..start + variable.len();
        start = range.end + 1;
        range
    });
    ranges.filter(|range| !range.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_what_stands_between_nul_bytes() {
        let environment = b"A=1\0B=\n2\0\0C=3";
        let parts: Vec<_> = variables(environment).into_iter().map(|v| &environment[v]).collect();
        assert_eq!(parts, [&b"A=1"[..], b"B=\n2", b"C=3"]);
        assert!(variables(b"").is_empty() && variables(b"\0\0").is_empty());
    }
}
