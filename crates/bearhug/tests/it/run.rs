//! Commands that reach the Hub with a lease in place of a token.

mod clients;
mod process;
mod record;

use std::process::Command;

use bearhug_localhub::TokenSpec;

use crate::support::{LocalHub, TestEnvironment};

/// A Hub, and somebody who lends a token of it.
pub(super) struct Lender {
    env: TestEnvironment,
    hub: LocalHub,
    token: String,
}

impl Lender {
    pub(super) fn new() -> Self {
        let (env, hub) = (TestEnvironment::new(), LocalHub::start());
        let token = hub.token(TokenSpec::write("laptop"));
        Self { env, hub, token }
    }

    /// A `bearhug run` that is still to be started. `words` are its options, `--` and a command.
    pub(super) fn run(&self, words: &[&str]) -> Command {
        let mut command = self.hub.bearhug(&self.env, &["run"]);
        command.args(words).env("HF_TOKEN", &self.token);
        command
    }
}
