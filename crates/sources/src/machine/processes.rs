//! The environments and arguments of the user's own processes, as Linux shows them under `/proc`
//! (proc(5)).

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read as _},
    ops::Range,
    path::{Path, PathBuf},
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Lines, Name, Origin, Sink, Source, Step, Storage};

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

/// How much of the variables on either side is seen with each, in bytes: the halves of a key pair
/// are mostly set one after the other.
const BESIDE: usize = 1024;

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
        self.sink.blob(&Blob::whole(&origin, &self.arguments));
        self.sink.done();
    }

    /// Delivers each variable by itself, so that its name can be said.
    fn environment(&self, mut environment: Vec<u8>) {
        if environment.len() as u64 > LIMIT {
            let origin = self.origin(&ENVIRONMENT, "environ", None);
            let reason = GapReason::Oversized { size: environment.len() as u64, limit: LIMIT };
            return self.sink.gap(Gap { origin, reason });
        }
        let variables = variables(&environment);
        replace_nul(&mut environment, b'\n');
        let lines = lines(&environment, &variables);
        for (number, own) in variables.iter().enumerate() {
            let name = self.variable_name(&environment[own.clone()]);
            let origin = self.origin(&ENVIRONMENT, "environ", Some(Step::Variable(name)));
            let near = near(&variables, number);
            let seen = variables[near.start].start..variables[near.end - 1].end;
            self.sink.blob(&Blob {
                origin: &origin,
                bytes: &environment[seen.clone()],
                own: own.start - seen.start..own.end - seen.start,
                offset: seen.start as u64,
                lines: Lines::From(lines[near.start]),
            });
        }
        self.sink.done();
    }

    fn variable_name(&self, variable: &[u8]) -> String {
        let name = variable.split(|&b| b == b'=').next().unwrap_or_default();
        printable(&String::from_utf8_lossy(name), self.sink)
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
    sink.name(Name { path: text, own_from: text.len() })
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

/// The line on which each variable starts, where a line break stands for the NUL between them.
fn lines(environment: &[u8], variables: &[Range<usize>]) -> Vec<u64> {
    let (mut counted, mut line) = (0, 1);
    let number = |variable: &Range<usize>| {
        line += memchr::memchr_iter(b'\n', &environment[counted..variable.start]).count() as u64;
        counted = variable.start;
        line
    };
    variables.iter().map(number).collect()
}

/// The numbers of a variable and of those around it that are whole and near.
fn near(variables: &[Range<usize>], number: usize) -> Range<usize> {
    let own = &variables[number];
    let first = variables.partition_point(|v| v.start + BESIDE < own.start);
    let after = variables.partition_point(|v| v.end <= own.end + BESIDE);
    first..after
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

    #[test]
    fn a_variable_stands_where_it_stands_in_a_listing() {
        let environment = b"A=1\nB=\n2\n\nC=3";
        assert_eq!(lines(environment, &[0..3, 4..8, 10..13]), [1, 2, 5]);
    }

    #[test]
    fn a_variable_is_seen_with_whole_neighbours() {
        let variables = [0..10, 11..600, 601..1_200, 1_201..1_210, 1_211..9_000, 9_001..9_010];
        let expected = [0..2, 0..4, 0..4, 2..4, 2..6, 5..6];
        assert_eq!([0, 1, 2, 3, 4, 5].map(|number| near(&variables, number)), expected);
    }
}
