//! Folders and variables that hold nothing but what a test puts there.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::Outcome;

/// How long a run may take before it counts as hung.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// A home, a folder to work in and a clean environment.
pub(crate) struct TestEnvironment {
    root: TempDir,
}

impl TestEnvironment {
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new().prefix("bearhug-it-").tempdir().unwrap();
        for folder in ["home", "home/.config", "work", "tmp"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        Self { root }
    }

    /// Everything there is: what bearhug writes, it writes somewhere below.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The folder that commands run in.
    pub(crate) fn work(&self) -> PathBuf {
        self.root.path().join("work")
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.work().join(name)
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn folder(&self, name: impl AsRef<Path>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(&path).unwrap();
        path
    }

    /// A command in the working folder, with an environment of its own.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.work()).stdin(Stdio::null());
        self.clear(&mut command);
        command
    }

    fn clear(&self, command: &mut Command) {
        let home = self.root.path().join("home");
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("TMPDIR", self.root.path().join("tmp"))
            .env("LC_ALL", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_COUNT", "3")
            .envs([
                ("GIT_CONFIG_KEY_0", "init.defaultBranch"),
                ("GIT_CONFIG_VALUE_0", "main"),
                ("GIT_CONFIG_KEY_1", "protocol.file.allow"),
                ("GIT_CONFIG_VALUE_1", "always"),
                ("GIT_CONFIG_KEY_2", "advice.detachedHead"),
                ("GIT_CONFIG_VALUE_2", "false"),
            ])
            .envs(["AUTHOR", "COMMITTER"].into_iter().flat_map(|who| {
                [
                    (format!("GIT_{who}_NAME"), "Ada Example"),
                    (format!("GIT_{who}_EMAIL"), "ada@example.org"),
                    (format!("GIT_{who}_DATE"), "2024-05-01T12:30:00+02:00"),
                ]
            }));
    }

    /// The program under test.
    pub(crate) fn program() -> &'static Path {
        Path::new(env!("CARGO_BIN_EXE_bearhug"))
    }

    /// A bearhug that is still to be started.
    pub(crate) fn bearhug(&self) -> Command {
        self.command(Self::program())
    }

    /// Runs bearhug to its end.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Outcome {
        let mut command = self.bearhug();
        command.args(arguments);
        Outcome::of(command)
    }

    /// Runs bearhug to its end with something on its standard input.
    pub(crate) fn feed(&self, input: &[u8], arguments: &[&str]) -> Outcome {
        let mut command = self.bearhug();
        command.args(arguments);
        Outcome::fed(command, input)
    }

    /// Runs a git command that must succeed, and returns what it printed.
    pub(crate) fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> String {
        self.git_in(&self.work(), arguments)
    }

    pub(crate) fn git_in<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> String {
        let outcome = self.try_git_in(folder, arguments);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        outcome.stdout()
    }

    /// Runs a git command that may fail.
    pub(crate) fn try_git<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Outcome {
        self.try_git_in(&self.work(), arguments)
    }

    pub(crate) fn try_git_in<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Outcome {
        let mut command = self.command("git");
        command.current_dir(folder).args(arguments);
        Outcome::of(command)
    }

    /// Puts a copy of the program somewhere.
    pub(crate) fn copy_program(&self, to: &Path) {
        self.install(to, &fs::read(Self::program()).unwrap());
    }

    /// Writes a file that can be run.
    ///
    /// Another process does so. Had this one the file open for writing while another thread forks,
    /// the child would hold it open too, and what is being written cannot be run.
    pub(crate) fn install(&self, to: &Path, content: &[u8]) {
        let mut install = self.command("install");
        install.args(["-D", "-m", "755", "/dev/stdin"]).arg(to);
        Outcome::fed(install, content).exits(0);
    }

    /// A shell script that has to heed permissions, which root does not: it runs as nobody when the
    /// tests run as root. `$0` is a bearhug that nobody may run.
    pub(crate) fn unprivileged(&self, script: &str) -> Command {
        let copy = self.root.path().join("bearhug");
        self.copy_program(&copy);
        fs::set_permissions(self.root.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let shell = ["bash", "-o", "pipefail", "-c", script];
        let mut command = self.command(if is_root() { "setpriv" } else { "env" });
        if is_root() {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
        }
        command.args(shell).arg(copy);
        command
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}
