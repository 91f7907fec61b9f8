//! An organisation on a local Hub, and the ledger of its administrator.

use std::process::Command;

use bearhug_localhub::{Issued, Limits, OrgRole, Plan, ServicePower, TokenSpec};
use serde_json::Value;

use crate::support::{LocalHub, Outcome, TestEnvironment};

/// acme with ada, who administers it, bob and carol.
pub(super) struct Stage {
    pub(super) env: TestEnvironment,
    pub(super) hub: LocalHub,
    pub(super) admin: Issued,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::on(LocalHub::with(Limits::generous()))
    }

    pub(super) fn on(hub: LocalHub) -> Self {
        let world = hub.world();
        world.add_org("acme", Some(Plan::Enterprise));
        world.set_role("acme", "ada", OrgRole::Admin);
        for name in ["bob", "carol"] {
            world.add_user(name);
            world.set_role("acme", name, OrgRole::Write);
        }
        let admin = world.issue("ada", TokenSpec::write("administration"));
        Self { env: TestEnvironment::new(), hub, admin }
    }

    /// A service account with what it is described as, its id, and its token.
    pub(super) fn service(&self, name: &str, description: &str) -> (String, Issued) {
        let power = ServicePower {
            permissions: ["repo.content.read".to_owned()].into(),
            ..ServicePower::default()
        };
        let (id, issued) = self.hub.world().add_service_account("acme", name, power).unwrap();
        let mut state = self.hub.world().state();
        let accounts = &mut state.orgs.get_mut("acme").unwrap().service_accounts;
        accounts.get_mut(&id).unwrap().description = Some(description.to_owned());
        (id, issued)
    }

    /// Runs bearhug with the administrator's token in the environment.
    pub(super) fn run(&self, arguments: &[&str]) -> Outcome {
        self.hub.run_as(&self.env, &self.admin.value, arguments)
    }

    /// Takes a census of acme.
    pub(super) fn census(&self, more: &[&str]) -> Census {
        let arguments = [&["census", "--org", "acme", "--format", "json"], more].concat();
        Census::of(&self.run(&arguments).exits(0))
    }

    /// Kills a token everywhere, as whoever finds it can, behind bearhug's back.
    pub(super) fn kill(&self, token: &Issued) {
        let mut curl = Command::new("curl");
        curl.args(["-sf", "-H", "Content-Type: application/json", "-d", "@-"]);
        curl.arg(format!("{}/api/credentials/revoke", self.hub.endpoint()));
        let leaked = serde_json::json!({ "credentials": [token.value] });
        Outcome::fed(curl, leaked.to_string().as_bytes()).exits(0);
        assert!(!self.hub.knows(&token.value));
    }

    /// Changes something by the Hub's API, as its administrator.
    pub(super) fn ask(&self, method: &str, path: &str, content: &str) -> Value {
        let mut curl = Command::new("curl");
        curl.args(["-sf", "-X", method, "-H", "@-", "-d", content]);
        curl.args(["-H", "Content-Type: application/json"]);
        curl.arg(format!("{}/api/organizations/acme/{path}", self.hub.endpoint()));
        let login = format!("Authorization: Bearer {}\n", self.admin.value);
        let answer = Outcome::fed(curl, login.as_bytes()).exits(0).stdout();
        serde_json::from_str(&answer).unwrap_or_default()
    }

    /// What the database itself says: how many events there are, how often identities were written, and
    /// each identity with its state.
    pub(super) fn ledger(&self) -> Stored {
        let script = "
import json, sqlite3, sys
ledger = sqlite3.connect(sys.argv[1])
count = lambda query: ledger.execute(query).fetchone()[0]
documents = ledger.execute('SELECT document FROM identity_document')
print(json.dumps({
    'events': count('SELECT count(*) FROM event'),
    'writes': count('SELECT coalesce(sum(revision), 0) FROM identity'),
    'identities': [json.loads(row[0]) for row in documents],
}))";
        let path = self.env.root().join("home/.local/state/bearhug/ledger.db");
        let mut python = Command::new("python3");
        python.args(["-c", script]).arg(path);
        let told: Value = serde_json::from_str(&Outcome::of(python).exits(0).stdout()).unwrap();
        Stored {
            events: told["events"].as_u64().unwrap(),
            writes: told["writes"].as_u64().unwrap(),
            identities: told["identities"].as_array().unwrap().clone(),
        }
    }
}

/// What a ledger's database holds.
#[derive(Debug, PartialEq)]
pub(super) struct Stored {
    pub(super) events: u64,
    pub(super) writes: u64,
    pub(super) identities: Vec<Value>,
}

impl Stored {
    /// The identity whose current token the Hub lists by this id.
    pub(super) fn listed_as(&self, hub_id: &str) -> &Value {
        let is_it = |identity: &&Value| {
            let versions = identity["versions"].as_array().unwrap();
            versions.last().is_some_and(|version| version["hub_id"] == hub_id)
        };
        let found: Vec<_> = self.identities.iter().filter(is_it).collect();
        assert_eq!(found.len(), 1, "{hub_id}: {:#?}", self.identities);
        found[0]
    }
}

/// A report in JSON.
#[derive(Debug)]
pub(super) struct Census(pub(super) Value);

impl Census {
    pub(super) fn of(outcome: &Outcome) -> Self {
        Self(serde_json::from_str(&outcome.stdout()).unwrap())
    }

    pub(super) fn changes(&self) -> &Vec<Value> {
        self.0["changes"].as_array().unwrap()
    }

    /// The details of all that happened to an identity, one after the other.
    pub(super) fn told(&self, identity: &Value) -> String {
        let change = self.changes().iter().find(|change| change["id"] == identity["id"]);
        let events = change.map_or(&Value::Null, |change| &change["events"]);
        events.to_string()
    }
}
