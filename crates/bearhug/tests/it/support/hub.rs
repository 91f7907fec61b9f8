//! A local Hub for bearhug to ask.

use std::process::Command;

use bearhug_localhub::{
    Clock, Entity, FineGrained, Hub, Limits, RepoKind, RepoName, Running, Scoped, Settings,
    TokenSpec, World,
};
use jiff::{SignedDuration, Timestamp};
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
        Self::at(limits, Clock::new(Timestamp::now))
    }

    /// A Hub whose clock is ahead of this computer's.
    pub(crate) fn fast_by(ahead: SignedDuration) -> Self {
        Self::at(Limits::generous(), Clock::new(move || Timestamp::now() + ahead))
    }

    fn at(limits: Limits, clock: Clock) -> Self {
        let root = tempfile::tempdir().unwrap();
        let settings = Settings { limits, ..Settings::new(root.path(), clock) };
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

    /// Adds a repository of ada's making with one file, `config.json`, and gives its name.
    pub(crate) fn repository(&self, kind: RepoKind, id: &str, is_private: bool) -> RepoName {
        let (namespace, name) = id.split_once('/').unwrap();
        let name = RepoName::new(kind, namespace, name).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            self.world().add_repo(&name, "ada", is_private).await.unwrap();
            self.world().add_file(&name, "config.json", b"{}").await.unwrap();
        });
        name
    }

    /// The value of a new fine-grained token of ada's, with permissions on things by kind and name.
    pub(crate) fn fine_grained(&self, listed: &[(&str, &str, &[&str])]) -> String {
        let scoped = listed.iter().map(|(kind, name, permissions)| Scoped {
            entity: Entity {
                id: "a".repeat(24),
                kind: (*kind).to_owned(),
                name: (*name).to_owned(),
            },
            permissions: permissions.iter().map(|&permission| permission.to_owned()).collect(),
        });
        let fine = FineGrained { scoped: scoped.collect(), ..FineGrained::default() };
        self.token(TokenSpec::fine_grained("job", fine))
    }

    /// Runs bearhug with a token in the environment.
    pub(crate) fn run_as(&self, env: &TestEnvironment, token: &str, arguments: &[&str]) -> Outcome {
        let mut command = self.bearhug(env, arguments);
        command.env("HF_TOKEN", token);
        Outcome::of(command)
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
