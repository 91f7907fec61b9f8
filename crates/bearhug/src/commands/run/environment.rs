//! What of this environment a child gets, and what it gets in place of the rest.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    process::Command,
};

use crate::{hub::variable, tokens};

/// The variables by which clients of the Hub are given a token, or told to get or to send none. What a
/// child sends has to be the lease, so all of them go, whatever is in them.
const CREDENTIALS: [&str; 11] = [
    "HF_API_KEY",
    "HF_API_TOKEN",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    "HF_OIDC_ID_TOKEN",
    "HF_OIDC_RESOURCE",
    "HF_TOKEN",
    "HUGGINGFACEHUB_API_TOKEN",
    "HUGGINGFACE_HUB_TOKEN",
    "HUGGINGFACE_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "UV_SCRIPT_HF_TOKEN",
];

/// What changes in an environment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The variables that are taken out.
    pub(crate) removed: BTreeSet<OsString>,
    /// The variables that are put in, with their values.
    pub(crate) added: Vec<(OsString, OsString)>,
}

impl Changes {
    /// Takes every token out of an environment.
    pub(crate) fn without_tokens(inherited: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let holds_token = |(name, value): &(OsString, OsString)| {
            CREDENTIALS.iter().any(|known| OsStr::new(known) == name)
                || tokens::are_in(&value.to_string_lossy())
        };
        Self {
            removed: inherited.filter(holds_token).map(|(name, _)| name).collect(),
            added: Vec::new(),
        }
    }

    /// Sets a variable.
    pub(crate) fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.added.push((name.into(), value.into()));
    }

    /// Sends clients of the Hub at `upstream` to a broker at `endpoint`, on this computer and without a
    /// proxy, with `lease` where they have a token.
    pub(crate) fn lend(&mut self, upstream: &str, endpoint: &str, lease: &str) {
        self.set("HF_ENDPOINT", endpoint);
        self.set("HF_TOKEN", lease);
        self.send_git(upstream, endpoint);
        for name in ["NO_PROXY", "no_proxy"] {
            let list = variable(&[name]).map_or_else(String::new, |list| format!("{list},"));
            self.set(name, format!("{list}127.0.0.1,localhost"));
        }
    }

    /// Makes git ask the broker for what it would ask the Hub for, and this program for the credential
    /// (`GIT_CONFIG_COUNT`, git-config(1)). The lease is in no address and in no file.
    fn send_git(&mut self, upstream: &str, endpoint: &str) {
        let program = std::env::current_exe().unwrap_or_else(|_| "bearhug".into());
        let program = program.to_string_lossy().replace('\'', "'\\''");
        let settings = [
            (format!("url.{endpoint}/.insteadOf"), format!("{upstream}/")),
            // An empty helper forgets those that are configured: they would keep the lease.
            (format!("credential.{endpoint}.helper"), String::new()),
            (format!("credential.{endpoint}.helper"), format!("!'{program}' git-credential")),
        ];
        let there = variable(&["GIT_CONFIG_COUNT"]);
        let first: usize = there.and_then(|count| count.parse().ok()).unwrap_or(0);
        self.set("GIT_CONFIG_COUNT", (first + settings.len()).to_string());
        for (at, (key, value)) in (first..).zip(settings) {
            self.set(format!("GIT_CONFIG_KEY_{at}"), key);
            self.set(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
    }

    /// Makes them for a command that is to be started.
    pub(crate) fn apply(&self, command: &mut Command) {
        for name in &self.removed {
            command.env_remove(name);
        }
        command.envs(self.added.iter().map(|(name, value)| (name, value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (OsString, OsString) {
        (name.into(), value.into())
    }

    #[test]
    fn tokens_are_taken_out_wherever_they_are() {
        let drawn = ["a", "b"].map(|seed| bearhug_core::Fingerprint::of(seed).to_string());
        let body: String = drawn.iter().flat_map(|name| name[3..].chars()).take(34).collect();
        let token = format!("hf_{body}");
        let inherited = vec![
            pair("PATH", "/usr/bin"),
            pair("HF_TOKEN", "whatever"),
            pair("HF_OIDC_RESOURCE", "acme/model"),
            pair("REMOTE", &format!("https://ada:{token}@hub.example/acme/model")),
            pair("HF_HOME", "/home/ada/hf"),
        ];
        let changes = Changes::without_tokens(inherited.into_iter());
        let removed: Vec<_> = changes.removed.iter().map(|name| name.to_str().unwrap()).collect();
        assert_eq!(removed, ["HF_OIDC_RESOURCE", "HF_TOKEN", "REMOTE"]);
    }
}
