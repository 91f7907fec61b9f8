//! A local Hub with two people, and ways to talk to it.

use std::{
    future::Future,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bearhug_localhub::{Clock, Hub, Limits, Running, Settings, Sizes, TokenSpec};
use jiff::Timestamp;
use serde_json::Value;

pub(crate) struct Stage {
    pub(crate) hub: Running,
    folder: tempfile::TempDir,
    /// What opens the Hub as somebody who writes to `alice/…`.
    pub(crate) alice: String,
    /// And as somebody else, who writes to `bob/…`.
    pub(crate) bob: String,
}

/// What a server said.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::start(None)
    }

    /// A Hub that offers Xet. `./test` says where its store's program is.
    pub(crate) fn with_xet() -> Self {
        let program = std::env::var_os("BEARHUG_TEST_CAS_SERVER").expect("run ./test once");
        Self::start(Some(program.into()))
    }

    fn start(cas_server: Option<PathBuf>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("hub");
        std::fs::create_dir(&root).expect("a folder");
        let settings = Settings {
            cas_server,
            limits: Limits::generous(),
            ..Settings::new(root, Clock::new(Timestamp::now))
        };
        let hub = Hub::start(settings).expect("a hub");
        for person in ["alice", "bob"] {
            hub.world().add_user(person);
        }
        let alice = hub.world().issue("alice", TokenSpec::write("alice's")).value;
        let bob = hub.world().issue("bob", TokenSpec::write("bob's")).value;
        // Large files are sent in parts from sizes on that a test can afford.
        hub.world().set_sizes(Sizes { regular: 1 << 20, single: 1 << 20, part: 400_000 });
        Self { hub, folder, alice, bob }
    }

    /// A folder for what is not the Hub's; it is gone afterwards.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    /// Where the Hub keeps a repository: `models/alice/x`.
    pub(crate) fn bare(&self, name: &str) -> PathBuf {
        self.folder.path().join("hub").join(format!("{name}.git"))
    }

    /// Asks the Hub, and follows no redirect.
    pub(crate) fn ask(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: impl Into<Value>,
    ) -> Reply {
        let body: Value = body.into();
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(token, method, path, ("application/json", &body))
    }

    /// The same with a body of any kind.
    pub(crate) fn send(&self, token: &str, method: &str, path: &str, body: (&str, &[u8])) -> Reply {
        let url = format!("{}{path}", self.hub.endpoint());
        let mut headers = vec![("content-type", body.0.to_owned())];
        if !token.is_empty() {
            headers.push(("authorization", format!("Bearer {token}")));
        }
        send(method, &url, &headers, body.1)
    }

    /// Makes a repository of alice's.
    pub(crate) fn create(&self, name: &str, is_private: bool) {
        let body = serde_json::json!({ "name": name, "private": is_private });
        let reply = self.ask(&self.alice, "POST", "/api/repos/create", body);
        assert_eq!(reply.status, 200, "{reply:?}");
    }

    /// Commits lines of a commit's body to a revision of `alice/…`.
    pub(crate) fn commit(&self, repo: &str, revision: &str, lines: &[Value]) -> Reply {
        let header = serde_json::json!({ "key": "header", "value": { "summary": "A change" } });
        let lines: Vec<String> =
            [&header].into_iter().chain(lines).map(ToString::to_string).collect();
        let body = lines.join("\n");
        let path = format!("/api/models/{repo}/commit/{revision}");
        self.send(&self.alice, "POST", &path, ("application/x-ndjson", body.as_bytes()))
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// One request, as it is.
pub(crate) fn send(method: &str, url: &str, headers: &[(&str, String)], body: &[u8]) -> Reply {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(body).expect("a request");
    let mut response = agent.run(request).expect("an answer");
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.body_mut().read_to_vec().expect("a body"),
    }
}

/// Waits for what the world does.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// git, away from the settings of whoever runs the tests.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_AUTHOR_NAME", "a")
        .env("GIT_AUTHOR_EMAIL", "a@example.test")
        .env("GIT_COMMITTER_NAME", "a")
        .env("GIT_COMMITTER_EMAIL", "a@example.test")
        .output()
        .expect("git")
}

/// What git printed, if it did not fail.
pub(crate) fn git_says(folder: &Path, arguments: &[&str]) -> String {
    let output = git(folder, arguments);
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    said
}
