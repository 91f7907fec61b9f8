//! Git, through its own commands, for hooks: what a commit would record and what a push would send.
//!
//! The commands run in a repository that the user works in. Even so nothing that its configuration
//! could name is run: no external diff, no text conversion, no file-system monitor.

mod attribution;
mod batch;
mod code_owners;
mod commit;
mod config;
pub mod history;
mod id;
mod layout;
mod loose;
mod pack;
mod refs;
pub mod remote;
mod staging;
mod store;
mod tree;
#[doc(hidden)]
pub mod workbench;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use bearhug_core::{Flow, Gap, GapReason, Name, Origin, Sink, Source, Step};

use crate::containers::{Opener, Reading};
use batch::Batch;
pub use code_owners::CodeOwners;
pub use layout::Layout;

/// Why git could not be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// The program did not start.
    #[error("cannot run `git`")]
    Start(#[source] io::Error),
    /// The program failed.
    #[error("`git {command}` failed: {stderr}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What it said.
        stderr: String,
    },
    /// The program answered in a form that it does not document.
    #[error("`git {command}` gave an answer that cannot be read")]
    Answer {
        /// The subcommand.
        command: &'static str,
    },
}

/// A working copy, as seen from one of its folders.
#[derive(Debug, Clone)]
pub struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// The repository that `folder` lies in. Nothing is checked until git is asked something.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.folder)
            .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            // What a commit holds is what is sent, whatever stands in for it here.
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_TERMINAL_PROMPT", "0");
        command
    }

    /// Runs a git subcommand to its end and returns what it printed.
    fn ask<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8]) -> Result<Vec<u8>, GitError> {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(GitError::Start)?;
        let pipe = child.stdin.take();
        let output = thread::scope(|scope| {
            // A git that exits without reading its input says why on its standard error.
            scope.spawn(|| drop(pipe.map(|mut pipe| pipe.write_all(input))));
            child.wait_with_output().map_err(GitError::Start)
        })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let command = arguments.first().map(|a| a.as_ref().to_string_lossy().into_owned());
        let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(GitError::Failed { command: command.unwrap_or_default(), stderr })
    }

    /// A path that git answers a query with.
    ///
    /// # Errors
    ///
    /// If this is no repository or git cannot be run.
    pub fn path(&self, query: &[&str]) -> Result<PathBuf, GitError> {
        let mut arguments = vec!["rev-parse", "--path-format=absolute"];
        arguments.extend(query);
        let answer = self.ask(&arguments, &[])?;
        Ok(PathBuf::from(String::from_utf8_lossy(&answer).trim_end_matches('\n')))
    }

    /// The object that a revision names.
    ///
    /// # Errors
    ///
    /// If it names none, this is no repository or git cannot be run.
    pub fn object_id(&self, revision: &str) -> Result<String, GitError> {
        let answer = self.ask(&["rev-parse", "--verify", "--end-of-options", revision], &[])?;
        Ok(String::from_utf8_lossy(&answer).trim_end().to_owned())
    }

    /// What a commit would add or change.
    ///
    /// # Errors
    ///
    /// If this is no repository or git cannot be run.
    pub fn staged(&self, reading: Reading) -> Result<Objects, GitError> {
        let answer = self.ask(
            &[
                "diff",
                "--cached",
                "--raw",
                "-z",
                "--no-abbrev",
                "--no-renames",
                "--no-relative",
                "--no-ext-diff",
                "--ignore-submodules=all",
            ],
            &[],
        )?;
        let wanted = parse_raw_diff(&answer).ok_or(GitError::Answer { command: "diff" })?;
        Ok(Objects::new(self.clone(), wanted, true, reading))
    }

    fn has_remote(&self, name: &str) -> Result<bool, GitError> {
        let names = self.ask(&["remote"], &[])?;
        Ok(names.split(|&b| b == b'\n').any(|known| known == name.as_bytes()))
    }

    /// What a push would send, given the lines that git hands to a pre-push hook and the name of
    /// the remote.
    ///
    /// # Errors
    ///
    /// If the lines are not such lines, this is no repository, or git cannot be run.
    pub fn pushed(
        &self,
        updates: &str,
        remote: &str,
        reading: Reading,
    ) -> Result<Objects, GitError> {
        let mut revisions = String::new();
        for update in updates.lines().filter(|line| !line.trim().is_empty()) {
            let fields: Vec<&str> = update.split_whitespace().collect();
            let [_, local, _, there] = fields[..] else {
                return Err(GitError::Answer { command: "push" });
            };
            if !is_object_id(local) || !is_object_id(there) {
                return Err(GitError::Answer { command: "push" });
            }
            if is_null(local) {
                continue;
            }
            revisions.extend([local, "\n"]);
            if !is_null(there) && self.ask(&["cat-file", "-e", there], &[]).is_ok() {
                revisions.extend(["^", there, "\n"]);
            }
        }
        if revisions.is_empty() {
            return Ok(Objects::new(self.clone(), Vec::new(), false, reading));
        }
        let known = format!("--remotes={remote}");
        // A push to an address has no name, nothing is known of what is there, and the address may
        // hold a password.
        let known = if self.has_remote(remote)? { &["--not", &known][..] } else { &[] };
        let list = |what: &[&str]| {
            self.ask(&[&["rev-list", "--stdin"], what, known].concat(), revisions.as_bytes())
        };
        let objects = list(&["--objects"])?;
        let wanted = String::from_utf8_lossy(&objects).lines().map(Wanted::from_rev_list).collect();
        let names = self.changed_paths(&list(&[])?)?;
        Ok(Objects { names, ..Objects::new(self.clone(), wanted, false, reading) })
    }

    /// The paths that commits add or change, against all of their parents.
    ///
    /// Objects do not tell them all: what is moved is the same under another name.
    fn changed_paths(&self, commits: &[u8]) -> Result<BTreeSet<String>, GitError> {
        let answer = self.ask(
            &[
                "diff-tree",
                "--stdin",
                "--root",
                "-r",
                "-c",
                "-z",
                "--name-only",
                "--no-commit-id",
                "--no-renames",
                "--diff-filter=d",
            ],
            commits,
        )?;
        let paths = answer.split(|&b| b == 0).filter(|path| !path.is_empty());
        Ok(paths.map(|path| String::from_utf8_lossy(path).into_owned()).collect())
    }
}

fn is_object_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_null(id: &str) -> bool {
    id.bytes().all(|b| b == b'0')
}

/// An object to read, and the path that it has somewhere, if it has one.
#[derive(Debug, Clone)]
struct Wanted {
    id: String,
    path: String,
}

impl Wanted {
    fn from_rev_list(line: &str) -> Self {
        let (id, path) = line.split_once(' ').unwrap_or((line, ""));
        Self { id: id.to_owned(), path: path.to_owned() }
    }
}

/// Reads `:mode mode id id status NUL path NUL` records.
fn parse_raw_diff(answer: &[u8]) -> Option<Vec<Wanted>> {
    const SUBMODULE: &str = "160000";
    let mut wanted = Vec::new();
    let mut fields = answer.split(|&b| b == 0).map(String::from_utf8_lossy);
    while let Some(record) = fields.next().filter(|record| !record.is_empty()) {
        let path = fields.next()?;
        let parts: Vec<&str> = record.strip_prefix(':')?.split(' ').collect();
        let [_, mode, _, id, _] = parts[..] else { return None };
        if !is_null(id) && mode != SUBMODULE {
            wanted.push(Wanted { id: id.to_owned(), path: path.into_owned() });
        }
    }
    Some(wanted)
}

/// Objects of a repository, chosen beforehand.
#[derive(Debug)]
pub struct Objects {
    repository: Repository,
    wanted: Vec<Wanted>,
    /// Paths to search that `wanted` may not have.
    names: BTreeSet<String>,
    staged: bool,
    reading: Reading,
    unread: AtomicUsize,
}

impl Objects {
    fn new(repository: Repository, wanted: Vec<Wanted>, staged: bool, reading: Reading) -> Self {
        let (names, unread) = (BTreeSet::new(), AtomicUsize::new(0));
        Self { repository, wanted, names, staged, reading, unread }
    }

    /// How many objects were not read when they were walked because git failed. Each is a gap, and
    /// who asks on behalf of a commit has not been answered.
    pub fn unread(&self) -> usize {
        self.unread.load(Ordering::Relaxed)
    }

    fn origin(&self, wanted: &Wanted, printable: String) -> Origin {
        let mut steps = Vec::new();
        if self.staged {
            steps.push(Step::Staged(printable.clone()));
        } else {
            steps.push(Step::Object(wanted.id.clone()));
            if !printable.is_empty() {
                steps.push(Step::File(printable.clone()));
            }
        }
        let path = if printable.is_empty() { wanted.id.clone() } else { printable };
        Origin { path, steps }
    }

    /// Delivers the objects. Once git has failed, only their names.
    fn deliver(&self, batch: io::Result<Batch>, sink: &dyn Sink) {
        let opener = Opener { sink, reading: self.reading };
        let mut batch = batch.map_err(|error| error.to_string());
        for wanted in &self.wanted {
            if sink.flow() == Flow::Stop {
                return;
            }
            // Git names no folders, so their names are searched with each file's.
            let printable = sink.name(Name { within: None, path: &wanted.path, own_from: 0 });
            let origin = self.origin(wanted, printable);
            let gap = |why| Gap { origin: origin.clone(), reason: GapReason::Unreadable(why) };
            if let Ok(running) = &mut batch {
                match running.deliver(&wanted.id, &origin, &opener) {
                    Ok(true) => {}
                    Ok(false) => sink.gap(gap("the object is not present".to_owned())),
                    Err(error) => batch = Err(error.to_string()),
                }
            }
            if let Err(why) = &batch {
                self.unread.fetch_add(1, Ordering::Relaxed);
                sink.gap(gap(format!("git: {why}")));
            }
        }
    }
}

impl Source for Objects {
    fn walk(&self, sink: &dyn Sink) {
        let told: BTreeSet<_> = self.wanted.iter().map(|wanted| wanted.path.as_str()).collect();
        for path in self.names.iter().filter(|path| !told.contains(path.as_str())) {
            sink.name(Name { within: None, path, own_from: 0 });
        }
        if !self.wanted.is_empty() {
            self.deliver(Batch::start(self.repository.command()), sink);
        }
    }
}

/// The folder that holds the hooks git runs for `repository`, from its own configuration.
///
/// # Errors
///
/// If this is no repository or git cannot be run.
pub fn hooks_folder(repository: &Path) -> Result<PathBuf, GitError> {
    Repository::at(repository).path(&["--git-path", "hooks"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_diffs_are_read_and_deletions_left_out() {
        let (zero, one) = ("0".repeat(40), "1".repeat(40));
        let answer = format!(
            ":000000 100644 {zero} {one} A\0a b\nc\0:100644 000000 {one} {zero} D\0gone\0\
             :000000 160000 {zero} {one} A\0module\0"
        );
        let wanted = parse_raw_diff(answer.as_bytes()).unwrap();
        assert_eq!(wanted.len(), 1);
        assert_eq!((wanted[0].id.as_str(), wanted[0].path.as_str()), (one.as_str(), "a b\nc"));
        assert!(parse_raw_diff(b"nonsense\0x\0").is_none());
    }
}
