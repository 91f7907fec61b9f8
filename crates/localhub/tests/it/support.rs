//! A local Hub to ask, with a clock that can be turned, and the Hub's own schemas to hold answers against.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use bearhug_localhub::{
    Clock, Entity, FineGrained, Hub, Limits, Member, OrgRole, Plan, RepoName, Running, Scoped,
    Settings, TokenPolicy, TokenSpec, World,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// A local Hub with the organisation `acme` (Enterprise Plus), of which alice is an administrator and bob
/// a member who writes; carol is in none.
pub(crate) struct Fixture {
    hub: Running,
    offset: Arc<AtomicI64>,
    agent: ureq::Agent,
    spec: Value,
    _root: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    pub(crate) fn error(&self) -> &str {
        self.body["error"].as_str().unwrap_or_default()
    }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with_limits(Limits::generous())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        Self::start(limits, None)
    }

    /// A Hub that offers Xet, with that program as its store.
    pub(crate) fn with_store(program: PathBuf) -> Self {
        Self::start(Limits::generous(), Some(program))
    }

    fn start(limits: Limits, cas_server: Option<PathBuf>) -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let offset = Arc::new(AtomicI64::new(0));
        let turned = Arc::clone(&offset);
        let clock = Clock::new(move || {
            Timestamp::now() + SignedDuration::from_secs(turned.load(Ordering::Relaxed))
        });
        let settings = Settings { limits, cas_server, ..Settings::new(root.path(), clock) };
        let hub = Hub::start(settings).expect("a hub");
        let world = hub.world();
        for name in ["alice", "bob", "carol"] {
            world.add_user(name);
        }
        world.add_org("acme", Some(Plan::Plus));
        assert!(world.set_role("acme", "alice", OrgRole::Admin));
        assert!(world.set_role("acme", "bob", OrgRole::Write));
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = ureq::Agent::new_with_config(config.proxy(None).build());
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hub-openapi.json");
        let spec = std::fs::read(spec).expect("the Hub's description");
        let spec = serde_json::from_slice(&spec).expect("JSON");
        Self { hub, offset, agent, spec, _root: root }
    }

    pub(crate) fn world(&self) -> &World {
        self.hub.world()
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.hub.endpoint()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world().clock.now()
    }

    /// Adds a repository of alice's making.
    pub(crate) fn add_repo(&self, repo: &RepoName, is_private: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let added = self.world().add_repo(repo, "alice", is_private);
        runtime.expect("a runtime").block_on(added).expect("a repository");
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::Relaxed);
    }

    /// A token of that person, that does what the person can.
    pub(crate) fn write_token(&self, user: &str) -> String {
        self.world().issue(user, TokenSpec::write("full")).value
    }

    pub(crate) fn set_policy(&self, policy: TokenPolicy) {
        self.world().state().orgs.get_mut("acme").expect("acme").policy = policy;
    }

    /// Changes somebody's membership of `acme`.
    pub(crate) fn change_member(&self, user: &str, change: impl FnOnce(&mut Member)) {
        let mut state = self.world().state();
        let acme = state.orgs.get_mut("acme").expect("acme");
        change(acme.members.get_mut(user).expect("a member"));
    }

    /// A fine-grained token of bob's with permissions on `acme`.
    pub(crate) fn fine(&self, permissions: &[&str]) -> FineGrained {
        let id = self.world().state().orgs["acme"].id.clone();
        let entity = Entity { id, kind: "org".to_owned(), name: "acme".to_owned() };
        FineGrained {
            scoped: vec![Scoped { entity, permissions: names(permissions) }],
            ..FineGrained::default()
        }
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        self.ask("GET", path, token, None)
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.ask("POST", path, token, Some(body))
    }

    /// Asks with a bearer token, unless it is empty.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Answer {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.endpoint())
        };
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(body.to_string()).expect("a request"))
            }
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut answer = answer.expect("an answer");
        let text = answer.body_mut().read_to_string().expect("text");
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }

    /// Holds an answer against the Hub's schema of an operation.
    pub(crate) fn assert_fits(&self, answer: &Answer, method: &str, path: &str) {
        let status = answer.status.to_string();
        let operation = &self.spec["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is no operation of the Hub");
        let schema = &operation["responses"][&status]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {path} has no schema for {status}: {answer:?}");
        let mut schema = schema.clone();
        schema["components"] = self.spec["components"].clone();
        open(&mut schema, false);
        let validator =
            jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        let errors: Vec<String> = validator
            .iter_errors(&answer.body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{method} {path}: {errors:#?}\n{:#}", answer.body);
    }
}

/// Lets objects have members that a schema does not name, where it demands that one is two things at once:
/// the description closes both halves, and so nothing at all would fit.
fn open(schema: &mut Value, is_half: bool) {
    match schema {
        Value::Object(members) => {
            if is_half {
                members.remove("additionalProperties");
            }
            for (key, value) in members {
                let is_choice = matches!(key.as_str(), "anyOf" | "oneOf");
                open(value, key == "allOf" || is_choice && is_half);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| open(item, is_half)),
        _ => {}
    }
}

pub(crate) fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}
