//! Hooks, as the real git runs them.

mod commits;
mod installing;
mod pushes;

use std::path::Path;

use crate::support::{Outcome, TestEnvironment};

/// A repository with hooks and one commit, at `name` below the working folder.
fn repository(env: &TestEnvironment, name: &str) -> Clone {
    let clone = Clone { folder: env.folder(name) };
    clone.git(env, &["init", "-q"]);
    clone.hook(env, &["install"]).exits(0);
    env.write(clone.folder.join("README.md"), "# A model\n");
    clone.git(env, &["add", "."]);
    clone.git(env, &["commit", "-q", "-m", "first"]);
    clone
}

/// A working copy.
struct Clone {
    folder: std::path::PathBuf,
}

impl Clone {
    fn git(&self, env: &TestEnvironment, arguments: &[&str]) -> String {
        env.git_in(&self.folder, arguments)
    }

    fn try_git(&self, env: &TestEnvironment, arguments: &[&str]) -> Outcome {
        env.try_git_in(&self.folder, arguments)
    }

    fn hook(&self, env: &TestEnvironment, arguments: &[&str]) -> Outcome {
        let mut command = env.bearhug();
        command.current_dir(&self.folder).arg("hook").args(arguments);
        Outcome::of(command)
    }

    /// Writes a file and stages it.
    fn stage(&self, env: &TestEnvironment, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = env.write(self.folder.join(name), content);
        env.git_in(&self.folder, ["add".as_ref(), path.as_os_str()]);
    }

    fn head(&self, env: &TestEnvironment) -> String {
        self.git(env, &["rev-parse", "HEAD"])
    }

    /// Checks that git refuses to commit, and that it is for the token.
    fn refuses(&self, env: &TestEnvironment, arguments: &[&str]) -> Outcome {
        let before = self.try_git(env, &["rev-parse", "HEAD"]).out;
        let outcome = self.try_git(env, &[&["commit", "-q", "-m", "x"], arguments].concat());
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr().contains("The commit was stopped."), "{outcome}");
        assert_eq!(self.try_git(env, &["rev-parse", "HEAD"]).out, before);
        outcome
    }

    fn accepts(&self, env: &TestEnvironment, arguments: &[&str]) {
        self.git(env, &[&["commit", "-q", "-m", "x"], arguments].concat());
    }

    /// Commits whatever is staged, token or not.
    fn force(&self, env: &TestEnvironment, message: &str) {
        self.git(env, &["commit", "-q", "--no-verify", "--allow-empty", "-m", message]);
    }

    /// Checks that git refuses to push, and that it is for the token.
    fn refuses_push(&self, env: &TestEnvironment, arguments: &[&str]) -> Outcome {
        let outcome = self.try_git(env, &[&["push", "-q"], arguments].concat());
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr().contains("The push was stopped."), "{outcome}");
        outcome
    }

    fn pushes(&self, env: &TestEnvironment, arguments: &[&str]) {
        self.git(env, &[&["push", "-q"], arguments].concat());
    }
}
