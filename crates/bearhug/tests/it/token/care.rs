//! What people do with tokens of the ledger.

use bearhug_localhub::TokenSpec;
use serde_json::Value;

use super::{json, token, tokens};
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment, fingerprint};

/// A ledger with so many tokens, in files of one folder.
fn ledger(env: &TestEnvironment, seed: u64, count: usize) -> Vec<String> {
    let values = Forge::new(seed).tokens(count);
    for (at, value) in values.iter().enumerate() {
        env.write(format!("keys/{at}.env"), format!("HF_TOKEN={value}\n"));
    }
    env.run(["scan", "keys", "--record"]).exits(3);
    values.iter().map(|value| fingerprint(value)).collect()
}

fn kinds(token: &Value) -> Vec<String> {
    let events = token["events"].as_array().unwrap().iter();
    events.map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_token_is_adopted_described_confirmed_and_its_history_says_so() {
    let env = TestEnvironment::new();
    let id = ledger(&env, 20, 1).remove(0);
    env.run(["token", "adopt", &id, "--owner", "ada", "--backup", "bob", "--reason", "mine"])
        .exits(0);
    env.run([
        "token",
        "describe",
        &id,
        "--name",
        "nightly",
        "--purpose",
        "uploads",
        "--environment",
        "ci",
        "--criticality",
        "high",
        "--resource",
        "acme/model",
        "--note",
        "n",
    ])
    .exits(0);
    env.run(["token", "tag", "nightly", "--add", "x", "--add", "y"]).exits(0);
    env.run(["token", "tag", "nightly", "--remove", "x"]).exits(0);
    env.run(["token", "confirm", "nightly"]).exits(0);
    env.run(["token", "mark", "nightly", "--as", "active"]).exits(0);
    env.run(["token", "assign", "nightly", "--owner", "carol", "--no-backup"]).exits(0);
    let told = token(&env, "nightly");
    for (key, value) in [
        ("owner", "carol"),
        ("name", "nightly"),
        ("purpose", "uploads"),
        ("environment", "ci"),
        ("criticality", "high"),
        ("state", "active"),
        ("notes", "n"),
    ] {
        assert_eq!(told[key], value, "{key}");
    }
    assert_eq!((&told["backup_owner"], &told["tags"]), (&Value::Null, &serde_json::json!(["y"])));
    let kinds = kinds(&told);
    for kind in ["adopted", "described", "attested", "moved", "assigned", "discovered", "sighted"] {
        let kind = format!("identity.{kind}");
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let history = env.run(["token", "history", "nightly"]).exits(0).stdout();
    assert!(history.contains("why mine"), "{history}");
    let page = ["token", "history", "nightly", "--format", "json", "--limit", "2"];
    let page = json(&env.run(page).exits(0));
    assert_eq!(page["events"].as_array().unwrap().len(), 2);
    let cursor = page["next"].as_str().unwrap();
    let next = ["token", "history", "nightly", "--format", "json", "--after", cursor];
    let next = json(&env.run(next).exits(0));
    assert!(next["events"][0]["seq"].as_u64() < page["events"][1]["seq"].as_u64());
}

#[test]
fn a_release_is_recorded_and_asks_for_a_new_token() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let value = hub.token(TokenSpec::write("ci"));
    let add = ["token", "add", "-", "--name", "ci", "--owner", "ada", "--verify"];
    hub.feed(&env, &value, &add).exits(0);
    let breaks = || token(&env, "ci")["breaches"].to_string().contains("rotate-after-release");
    assert!(!breaks());
    env.run(["token", "released", "ci", "--at", "2020-01-31"]).exits(0);
    assert!(!breaks(), "that was before the token was made");
    env.run(["token", "released", "ci", "--at", "9998-01-01"]).exits(2);
    env.run(["token", "released", "ci", "--at", "yesterday"]).exits(2);
    env.run(["token", "released", "ci", "--reason", "acme/model 1.4"]).exits(0);
    assert!(breaks());
    let told = token(&env, "ci");
    let events = told["events"].as_array().unwrap();
    let event = events.iter().find(|event| event["kind"] == "identity.released").unwrap();
    assert_eq!(event["details"]["why"], "acme/model 1.4", "{event}");
    let said = env.run(["token", "released", "ci", "--at", "2020-02-01"]).exits(0).stderr();
    assert!(said.contains("as it was"), "{said}");
    let next = hub.token(TokenSpec::write("next"));
    hub.feed(&env, &next, &["token", "add", "-", "--replaces", "ci", "--verify"]).exits(0);
    assert!(!breaks());
}

#[test]
fn an_illegal_move_is_refused_with_its_reason_and_nothing_changes() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 21, 2);
    env.run(["token", "adopt", &ids[0], "--owner", "ada"]).exits(0);
    let before = tokens(&env);
    for arguments in [
        &["token", "retire", &ids[0]][..],
        &["token", "mark", &ids[1], "--as", "active"],
        // One of them may move, and neither does.
        &["token", "adopt", &ids[1], &ids[0], "--owner", "bob"],
    ] {
        let outcome = env.run(arguments).exits(1);
        assert!(outcome.stderr().contains("stays as it is"), "{outcome}");
    }
    assert_eq!(tokens(&env), before);
}

#[test]
fn a_name_means_one_token_or_is_refused() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 22, 3);
    let all = tokens(&env);
    let id = all[0]["id"].as_str().unwrap();
    assert_eq!(token(&env, &id[..11])["id"], id);
    let outcome = env.run(["token", "show", "fp_"]).exits(2);
    assert!(outcome.stderr().contains("more than one"), "{outcome}");
    for unknown in ["nonsense", "id_", "", &id[5..11], &ids[0][5..12]] {
        env.run(["token", "show", unknown]).exits(1);
    }
    assert_eq!(token(&env, &ids[0][..12])["versions"][0]["fingerprint"], ids[0]);
    assert_eq!(token(&env, &ids[1])["versions"][0]["fingerprint"], ids[1]);
    let value = Forge::new(23).token();
    let outcome = env.run(["token", "show", &value]).exits(2);
    assert!(outcome.stderr().contains("no argument"), "{outcome}");
}

#[test]
fn lists_are_filtered_sorted_and_paged() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 24, 5);
    env.run(["token", "adopt", &ids[0], &ids[1], "--owner", "ada"]).exits(0);
    env.run(["token", "describe", &ids[0], "--environment", "ci", "--name", "aaa"]).exits(0);
    let list = |options: &[&str]| {
        let arguments = [&["token", "list", "--format", "json"][..], options].concat();
        json(&env.run(arguments).exits(0))
    };
    let count = |options: &[&str]| list(options)["identities"].as_array().unwrap().len();
    for (options, expected) in [
        (&[][..], 5),
        (&["--owner", "ada"], 2),
        (&["--no-owner"], 3),
        (&["--env", "ci"], 1),
        (&["--state", "adopted"], 2),
        (&["--state", "adopted", "--state", "discovered"], 5),
        (&["--search", "aaa"], 1),
        (&["--min-risk", "100"], 0),
        (&["--breach"], 5),
        (&["--breach", "owner-required"], 3),
        (&["--verdict", "unverified"], 5),
        (&["--role", "write"], 0),
        (&["--tag", "x"], 0),
    ] {
        assert_eq!(count(options), expected, "{options:?}");
    }
    assert_eq!(list(&["--sort", "name"])["identities"][0]["name"], "aaa");
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut options = vec!["--limit", "2"];
        options.extend(after.iter().flat_map(|cursor| ["--after", cursor.as_str()]));
        let page = list(&options);
        let page_ids = page["identities"].as_array().unwrap().iter();
        seen.extend(page_ids.map(|identity| identity["id"].as_str().unwrap().to_owned()));
        after = page["next"].as_str().map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5, "each is on one page");
    let csv = env.run(["token", "list", "--format", "csv"]).exits(0).stdout();
    assert_eq!(csv.lines().count(), 6);
    env.run(["token", "list", "--after", "nonsense"]).exits(2);
    env.run(["token", "list", "--state", "nonsense"]).exits(2);
}

#[test]
fn many_at_once_take_a_yes() {
    let env = TestEnvironment::new();
    ledger(&env, 25, 3);
    let adopt = ["token", "adopt", "--all-matching", "state=discovered", "--owner", "ada"];
    let outcome = env.run(adopt).exits(2);
    assert!(outcome.stderr().contains("3 tokens match"), "{outcome}");
    assert!(tokens(&env).iter().all(|token| token["owner"].is_null()));
    env.run([&adopt[..], &["--yes"]].concat()).exits(0);
    assert!(tokens(&env).iter().all(|token| token["owner"] == "ada"));
    env.run(["token", "confirm", "--all-matching", "owner="]).exits(1);
    env.run(["token", "confirm"]).exits(2);
}

#[test]
fn a_value_is_added_and_replaced_and_never_kept() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let (old, new) = (hub.token(TokenSpec::write("ci")), hub.token(TokenSpec::read("ci-2")));
    let add = ["token", "add", "-", "--name", "ci", "--owner", "ada", "--verify"];
    hub.feed(&env, &old, &add).exits(0);
    let told = token(&env, "ci");
    assert_eq!((&told["state"], &told["standing"]["role"]), (&"adopted".into(), &"write".into()));
    let words = env.run(["token", "show", "ci"]).exits(0).stdout();
    assert!(words.contains("does whatever its owner may do"), "{words}");
    hub.feed(&env, &new, &["token", "add", "--replaces", "ci", "--verify"]).exits(0);
    let told = token(&env, "ci");
    assert_eq!((&told["state"], &told["standing"]["role"]), (&"active".into(), &"read".into()));
    let versions = told["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[0]["fingerprint"], fingerprint(&old));
    assert!(versions[0]["until"].is_string() && versions[1]["until"].is_null());
    assert_eq!(token(&env, &fingerprint(&old))["id"], told["id"], "the past names it too");
    env.feed(b"nonsense", &["token", "add", "-"]).exits(4);
    env.feed(format!("{old}\n{new}\n").as_bytes(), &["token", "add", "-"]).exits(2);
    let outcome = env.run(["token", "add", &old]).exits(2);
    assert!(!outcome.stderr().contains(&old[3..]), "{outcome}");
}

#[test]
fn several_writers_do_not_lose_each_others_work() {
    let env = TestEnvironment::new();
    let id = ledger(&env, 26, 1).remove(0);
    let running: Vec<_> = (0..6)
        .map(|n| {
            let mut command = env.bearhug();
            command.args(["token", "tag", &id, "--add", &format!("tag-{n}")]);
            std::thread::spawn(move || Outcome::of(command))
        })
        .collect();
    for writer in running {
        writer.join().unwrap().exits(0);
    }
    assert_eq!(token(&env, &id)["tags"].as_array().unwrap().len(), 6);
}

/// The end of a token's value, as reports print it.
fn printed(value: &str) -> String {
    format!("hf_…{}", &value[value.len() - 4..])
}

#[test]
fn a_token_goes_by_what_a_scan_prints_whatever_it_is_called() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(25);
    let [one, two, three] = [forge.token(), forge.token(), forge.token()];
    // Two whose ends are the same.
    let two = format!("{}{}", &two[..two.len() - 4], &one[one.len() - 4..]);
    for value in [&one, &three] {
        env.feed(value.as_bytes(), &["token", "add", "-"]).exits(0);
    }
    env.run(["token", "describe", &fingerprint(&one), "--name", "nightly"]).exits(0);
    assert_eq!(token(&env, &printed(&one))["name"], "nightly");
    env.feed(two.as_bytes(), &["token", "add", "-", "--name", "weekly"]).exits(0);
    let outcome = env.run(["token", "show", &printed(&one)]).exits(2);
    for value in [&one, &two] {
        let id = token(&env, &fingerprint(value))["id"].as_str().unwrap()[..11].to_owned();
        assert!(outcome.stderr().contains(&id), "{id}: {outcome}");
    }
    assert_eq!(token(&env, &printed(&three))["name"], printed(&three));
}

#[test]
fn no_two_tokens_are_given_one_name() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 26, 2);
    let name = |id: &str, name: &str| env.run(["token", "describe", id, "--name", name]);
    name(&ids[0], "nightly").exits(0);
    name(&ids[0], "nightly").exits(0);
    let outcome = name(&ids[1], "nightly").exits(1);
    assert!(outcome.stderr().contains("is called `nightly` already"), "{outcome}");
    let value = Forge::new(27).token();
    env.feed(value.as_bytes(), &["token", "add", "-", "--name", "nightly"]).exits(1);
    assert_eq!(tokens(&env).len(), 2, "nothing was added");
    let both = ["token", "describe", &ids[0], &ids[1], "--name", "both"];
    let outcome = env.run(both).exits(2);
    assert!(outcome.stderr().contains("several tokens cannot have one name"), "{outcome}");
    assert!(tokens(&env).iter().all(|token| token["name"] != "both"));
}

#[test]
fn no_filter_takes_a_token() {
    let env = TestEnvironment::new();
    ledger(&env, 28, 1);
    let value = Forge::new(29).token();
    for flag in ["--search", "--owner", "--tag", "--env", "--role", "--source"] {
        let outcome = env.run(["token", "list", flag, &value]).exits(2);
        assert!(outcome.stderr().contains("a token is no argument"), "{flag}: {outcome}");
        assert!(!outcome.to_string().contains(&value), "{flag}");
    }
    let filter = format!("owner={value}");
    let outcome = env.run(["token", "confirm", "--all-matching", &filter, "--yes"]).exits(2);
    assert!(outcome.stderr().contains("a token is no argument"), "{outcome}");
    let outcome = env.run(["token", "confirm", "--all-matching", "all"]).exits(2);
    assert!(outcome.stderr().contains("1 token matches"), "{outcome}");
    let outcome = env.run(["token", "list", "--after", "garbage"]).exits(2);
    assert!(outcome.stderr().contains("a cursor is what a page ends with"), "{outcome}");
}
