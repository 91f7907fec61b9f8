//! Runs the system's `git` on one repository, away from the settings of whoever runs the Hub.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tokio::{io::AsyncWriteExt, process::Command};

/// What a caller's own environment must not tell git (git, "Environment Variables").
const FOREIGN: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_NAMESPACE",
];

/// Settings that every run has: no hooks, no upkeep in the background, and repositories of another
/// owner are as good as one's own.
const SETTINGS: [&str; 5] = [
    "core.hooksPath=/dev/null",
    "gc.auto=0",
    "maintenance.auto=false",
    "receive.autogc=false",
    "safe.directory=*",
];

/// Why a repository could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// git could not be run, or a file not be read or written.
    #[error("the repository cannot be reached")]
    Io(#[from] io::Error),
    /// A ref names another commit by now than it did when the change began.
    #[error("a commit has happened since")]
    Moved,
    /// git ran and refused.
    #[error("git {command}: {message}")]
    Git {
        /// The subcommand.
        command: String,
        /// What git wrote to its standard error.
        message: String,
    },
}

/// A bare git repository.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// The repository in a folder, which need not exist yet.
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Makes it, empty, with `main` as the branch that `HEAD` names.
    pub(crate) async fn init(&self) -> Result<(), Error> {
        tokio::fs::create_dir_all(&self.folder).await?;
        self.run(&["init", "--quiet", "--bare", "--initial-branch=main", "."], b"").await?;
        Ok(())
    }

    /// Where it lies.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A run of git in this repository that has not been started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for name in FOREIGN {
            command.env_remove(name);
        }
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_DIR", &self.folder)
            .env("LC_ALL", "C")
            .kill_on_drop(true)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs git to its end and gives what it printed; that it fails is an error.
    pub(crate) async fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Error> {
        let output = self.output(self.command(arguments), input).await?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Error::Git {
            command: arguments.first().copied().unwrap_or_default().to_owned(),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }

    /// Runs a command to its end with an input, whatever becomes of it.
    pub(crate) async fn output(&self, mut command: Command, input: &[u8]) -> Result<Output, Error> {
        let mut child = command.spawn()?;
        let stdin = child.stdin.take();
        let feed = async move {
            if let Some(mut stdin) = stdin {
                // git may end before it has read everything; how it ended says more than a broken pipe.
                drop(stdin.write_all(input).await);
            }
        };
        let ((), output) = tokio::join!(feed, child.wait_with_output());
        Ok(output?)
    }
}
