//! A local Hub for bearhug to ask.

use std::process::Command;

use bearhug_localhub::{Clock, Hub, Limits, Running, Settings, TokenSpec, World};
use jiff::Timestamp;
use tempfile::TempDir;

use super::{Outcome, TestEnvironment};

/// A Hub on this computer, with a user named ada.
pub(crate) struct LocalHub {
    running: Running,
    _root: TempDir,
}

impl LocalHub {
    pub(crate) fn start() -> Self {
        Self::with(Limits::generous())
    }

    pub(crate) fn with(limits: Limits) -> Self {
        let root = tempfile::tempdir().unwrap();
        let settings =
            Settings { limits, ..Settings::new(root.path(), Clock::new(Timestamp::now)) };
        let running = Hub::start(settings).unwrap();
        running.world().add_user("ada");
        Self { running, _root: root }
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.running.endpoint()
    }

    pub(crate) fn world(&self) -> &World {
        self.running.world()
    }

    /// The value of a new token of ada's.
    pub(crate) fn token(&self, spec: TokenSpec) -> String {
        self.world().issue("ada", spec).value
    }

    /// A bearhug that is still to be started, which asks this Hub.
    pub(crate) fn bearhug(&self, env: &TestEnvironment, arguments: &[&str]) -> Command {
        let mut command = env.bearhug();
        command.args(arguments).env("HF_ENDPOINT", self.endpoint());
        command
    }

    pub(crate) fn run(&self, env: &TestEnvironment, arguments: &[&str]) -> Outcome {
        Outcome::of(self.bearhug(env, arguments))
    }

    pub(crate) fn feed(&self, env: &TestEnvironment, input: &str, arguments: &[&str]) -> Outcome {
        Outcome::fed(self.bearhug(env, arguments), input.as_bytes())
    }

    /// Ends all faults that were injected.
    pub(crate) fn heal(&self) {
        let mut curl = Command::new("curl");
        curl.args(["-s", "-X", "DELETE", &format!("{}/_localhub/faults", self.endpoint())]);
        Outcome::of(curl).exits(0);
    }

    /// Whether the Hub still knows a token, by the word of curl.
    pub(crate) fn knows(&self, value: &str) -> bool {
        let mut curl = Command::new("curl");
        curl.args(["-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "@-"]);
        curl.arg(format!("{}/api/whoami-v2", self.endpoint()));
        let outcome = Outcome::fed(curl, format!("Authorization: Bearer {value}\n").as_bytes());
        match outcome.stdout().as_str() {
            "200" => true,
            "401" => false,
            other => panic!("status {other}"),
        }
    }
}
