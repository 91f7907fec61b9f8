//! What went wrong, where, and what to do next.

use std::{
    error::Error,
    fmt,
    io::{self, ErrorKind},
    path::Path,
};

use bearhug_guard::hunt::{baseline::BaselineError, state::StateError};
use bearhug_sources::{
    files::FilesError,
    git::{GitError, history::UnknownRevision},
    images::{EngineError, ImageError},
};

use crate::{Exit, interrupt::Interrupted};

/// An error as a person sees it: a sentence, its causes, and a hint.
#[derive(Debug)]
pub(crate) struct CommandError {
    exit: Exit,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    hint: Option<&'static str>,
}

impl CommandError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { exit: Exit::Error, message: message.into(), source: None, hint: None }
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    pub(crate) fn usage(mut self) -> Self {
        self.exit = Exit::Usage;
        self
    }

    pub(crate) fn not_authenticated(mut self) -> Self {
        self.exit = Exit::NotAuthenticated;
        self
    }

    pub(crate) fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    pub(crate) fn interrupted() -> Self {
        Self { exit: Exit::Interrupted, ..Self::new("interrupted before all was searched") }
    }

    /// Says what an interruption leaves behind. Other errors stay as they are.
    pub(crate) fn if_interrupted(self, message: &str) -> Self {
        match self.exit {
            Exit::Interrupted => Self { message: message.to_owned(), ..self },
            _ => self,
        }
    }

    pub(crate) fn file(what: &str, path: &Path, source: io::Error) -> Self {
        let hint = hint_for(&source);
        Self { hint, ..Self::new(format!("cannot {what} `{}`", path.display())).because(source) }
    }

    pub(crate) fn stdout(source: io::Error) -> Self {
        let hint = hint_for(&source);
        Self { hint, ..Self::new("cannot write to the standard output").because(source) }
    }

    /// What went wrong, without causes and hints.
    pub(crate) fn message(&self) -> String {
        self.message.clone()
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Whether the reader of the output went away, which is its right.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        let mut cause = self.source.as_deref().map(|s| s as &(dyn Error + 'static));
        while let Some(error) = cause {
            let io = error.downcast_ref::<io::Error>();
            if io.is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

fn hint_for(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        ErrorKind::StorageFull => Some("free some space, or write to another disk"),
        ErrorKind::PermissionDenied => Some("check who owns it and its mode"),
        ErrorKind::NotFound => Some("check the spelling; paths are relative to this folder"),
        _ => None,
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        let mut cause = self.source.as_deref().map(|s| s as &(dyn Error + 'static));
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        writeln!(f)?;
        match self.hint {
            Some(hint) => writeln!(f, "hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<Interrupted> for CommandError {
    fn from(Interrupted: Interrupted) -> Self {
        Self { exit: Exit::Interrupted, ..Self::new("interrupted before all was answered") }
    }
}

impl From<FilesError> for CommandError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Root { path, source } => Self::file("read", &path, source),
            FilesError::Glob { .. } => Self::new("an `--exclude` cannot be used")
                .because(error)
                .hint("globs are written as in .gitignore, for example 'data/**' or '*.bin'")
                .usage(),
            other => Self::new("the files cannot be walked").because(other),
        }
    }
}

impl From<GitError> for CommandError {
    fn from(error: GitError) -> Self {
        let hint = match &error {
            GitError::Start(_) => "install git and make sure that it is on the PATH",
            GitError::Failed { .. } => "run this inside a git working copy",
            _ => "run `git --version`: bearhug needs git 2.31 or later",
        };
        Self::new("git could not be asked").because(error).hint(hint)
    }
}

impl From<ImageError> for CommandError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Unreadable { path, source } => Self::file("read", &path, source),
            ImageError::NoTag { .. } => Self::new("there is no such image").because(error),
            ImageError::TooLarge { .. } => {
                Self::new("the images cannot be looked for").because(error)
            }
            other => Self::new("there is no image to read").because(other).hint(
                "`docker-archive:` takes what `docker save` writes, and `oci:` a folder with an \
                 `index.json`; anything else is scanned by its path alone",
            ),
        }
    }
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        let hint = match &error {
            EngineError::NoSocket { .. } => {
                "without a socket, use `docker save NAME | bearhug scan -`"
            }
            EngineError::Unreachable { source, .. }
                if source.kind() == ErrorKind::PermissionDenied =>
            {
                "ask as somebody who may use the engine, or use `docker save NAME | bearhug scan -`"
            }
            EngineError::Refused { status: 404, .. } => "images are never pulled: pull it first",
            EngineError::Name(_) => "write it as `docker:NAME` or `docker:NAME:TAG`",
            _ => "look whether the engine is well, for example with `docker info`",
        };
        Self::new("the image cannot be read").because(error).hint(hint)
    }
}

impl From<UnknownRevision> for CommandError {
    fn from(error: UnknownRevision) -> Self {
        Self::new("the part of the history cannot be found")
            .because(error)
            .hint("name a branch, a tag or a commit that is here; a shallow clone lacks some")
    }
}

impl From<(&Path, StateError)> for CommandError {
    fn from((path, error): (&Path, StateError)) -> Self {
        Self::new(format!("`{}` does not say what was scanned", path.display()))
            .because(error)
            .hint("name a file that `--state` wrote, or one that is not there yet")
    }
}

impl From<(&Path, BaselineError)> for CommandError {
    fn from((path, error): (&Path, BaselineError)) -> Self {
        Self::new(format!("`{}` cannot be used as a baseline", path.display()))
            .because(error)
            .hint("make one with `bearhug scan --write-baseline FILE`")
    }
}
