//! Every kind of place in a repository that a token can be left in, made by git itself.

mod commits;
mod elsewhere;
mod leftovers;
mod plain;

use std::collections::BTreeMap;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// A repository, and the token that each place in it holds.
struct Planter {
    env: TestEnvironment,
    forge: Forge,
    places: BTreeMap<&'static str, String>,
}

impl Planter {
    fn new() -> Self {
        let env = TestEnvironment::new();
        env.git(["init", "-q"]);
        // Reflogs repeat messages, which are to be found where they are.
        env.git(["config", "core.logAllRefUpdates", "false"]);
        env.git(["config", "gc.auto", "0"]);
        let mut planter = Self { env, forge: Forge::new(45), places: BTreeMap::new() };
        planter.commit("first");
        planter
    }

    /// A token for a place.
    fn token(&mut self, place: &'static str) -> String {
        let token = self.forge.token();
        let earlier = self.places.insert(place, token.clone());
        assert!(earlier.is_none(), "{place} is there twice");
        token
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.env.git(arguments)
    }

    /// Runs git with something on its standard input, and returns the first line it prints.
    fn feed(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = self.env.command("git");
        command.args(arguments);
        Outcome::fed(command, input).exits(0).stdout().trim().to_owned()
    }

    fn commit(&mut self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    /// Commits a file and removes it again.
    fn commit_for_a_while(&mut self, name: &str, content: impl AsRef<[u8]>) {
        self.env.write(name, content);
        self.commit("add");
        self.git(&["rm", "-rqf", name.split('/').next().unwrap()]);
        self.commit("remove");
    }

    /// The places whose tokens are not reported.
    fn missed(&self) -> Vec<&'static str> {
        let found = self.env.run(["scan", ".", "--format", "jsonl"]).fingerprints();
        let is_missed = |token: &String| !found.contains(&fingerprint(token));
        self.places.iter().filter(|(_, token)| is_missed(token)).map(|(place, _)| *place).collect()
    }
}

#[test]
fn a_token_is_found_in_every_place() {
    let mut planter = Planter::new();
    plain::plant(&mut planter);
    commits::plant(&mut planter);
    elsewhere::plant(&mut planter);
    leftovers::plant(&mut planter);
    assert!(planter.places.len() >= 60, "{} places", planter.places.len());
    assert_eq!(planter.missed(), [""; 0]);
    // The same when git has packed all that leads anywhere, and what does not into a pack of its own.
    planter.git(&["repack", "-dfq", "--cruft", "--depth=50"]);
    planter.git(&["pack-refs", "--all"]);
    planter.git(&["multi-pack-index", "write"]);
    assert_eq!(planter.missed(), [""; 0]);
}
