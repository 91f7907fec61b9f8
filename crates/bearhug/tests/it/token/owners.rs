//! Who answers for tokens, and who leaves.

use super::{json, token, tokens};
use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// A ledger in which ada has three tokens and is backup owner of a fourth, which bob has.
fn ledger(env: &TestEnvironment, seed: u64) -> Vec<String> {
    let values = Forge::new(seed).tokens(4);
    for (at, value) in values.iter().enumerate() {
        env.write(format!("keys/{at}.env"), format!("HF_TOKEN={value}\n"));
    }
    env.run(["scan", "keys", "--record"]).exits(3);
    let ids: Vec<_> = values.iter().map(|value| fingerprint(value)).collect();
    env.run(["token", "adopt", &ids[0], &ids[1], &ids[2], "--owner", "ada"]).exits(0);
    env.run(["token", "adopt", &ids[3], "--owner", "bob", "--backup", "ada"]).exits(0);
    ids
}

#[test]
fn owners_are_added_found_by_alias_and_listed() {
    let env = TestEnvironment::new();
    ledger(&env, 30);
    env.run(["owner", "add", "ada", "--email", "ada@example.org", "--alias", "ada-hub"]).exits(0);
    env.run(["owner", "alias", "ada", "Ada Example"]).exits(0);
    let outcome = env.run(["owner", "alias", "bob", "ada-hub"]).exits(1);
    assert!(outcome.stderr().contains("ada is called"), "{outcome}");
    let list = json(&env.run(["owner", "list", "--format", "json"]).exits(0));
    let ada = &list["owners"][0];
    assert_eq!((&ada["name"], &ada["owns"], &ada["backs"]), (&"ada".into(), &3.into(), &1.into()));
    let shown = json(&env.run(["owner", "show", "ada-hub", "--format", "json"]).exits(0));
    assert_eq!(shown["owned"].as_array().unwrap().len(), 3);
    assert_eq!(shown["backed"].as_array().unwrap().len(), 1);
    let words = env.run(["owner", "show", "ada"]).exits(0).stdout();
    assert!(words.contains("answers for 3 tokens"), "{words}");
    env.run(["owner", "show", "nobody"]).exits(1);
    env.run(["owner", "add", "no spaces"]).exits(2);
}

#[test]
fn a_suggestion_can_be_typed_as_it_stands() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 31);
    let suggested = "Carol C <carol@example.org>";
    env.run(["token", "assign", &ids[0], "--owner", suggested]).exits(0);
    assert_eq!(token(&env, &ids[0])["owner"], "carol");
    env.run(["token", "assign", &ids[1], "--owner", "Carol C"]).exits(0);
    assert_eq!(token(&env, &ids[1])["owner"], "carol", "and by what else she is called");
}

#[test]
fn whoever_leaves_leaves_nothing_undecided() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 32);
    let listed = env.run(["owner", "offboard", "ada", "--dry-run"]).exits(0).stdout();
    assert!(listed.contains("answers for 3 tokens"), "{listed}");
    let before = tokens(&env);
    env.run(["owner", "offboard", "ada"]).exits(2);
    assert_eq!(tokens(&env), before, "nobody decided");
    let id = |at: usize| token(&env, &ids[at])["id"].as_str().unwrap().to_owned();
    let (one, two, three) = (id(0), id(1), id(2));
    env.write("half.csv", format!("{one},transfer,bob\n{two},kill\n"));
    let outcome = env.run(["owner", "offboard", "ada", "--plan", "half.csv"]).exits(2);
    assert!(outcome.stderr().contains("does not decide"), "{outcome}");
    assert_eq!(tokens(&env), before);
    env.write(
        "plan.csv",
        format!("# who gets what\n{one},transfer,bob\n{two},kill\n{three},kill\n"),
    );
    let said = env.run(["owner", "offboard", "ada", "--plan", "plan.csv"]).exits(0).stderr();
    let command = format!("--fingerprint {}", ids[1]);
    assert!(said.contains("bearhug revoke '") && said.contains(&command), "{said}");
    let moved = token(&env, &one);
    assert_eq!((&moved["owner"], &moved["state"]), (&"bob".into(), &"rotating".into()));
    let killed = token(&env, &two);
    assert_eq!(killed["conditions"][0], "compromised");
    assert_eq!(killed["state"], "adopted", "it is revoked when that is proved");
    assert!(killed["owner"].is_null());
    assert!(token(&env, &ids[3])["backup_owner"].is_null());
    let shown = json(&env.run(["owner", "show", "ada", "--format", "json"]).exits(0));
    assert!(shown["left_at"].is_string());
    let outcome = env.run(["token", "assign", &ids[3], "--owner", "ada"]).exits(1);
    assert!(outcome.stderr().contains("left on"), "{outcome}");
}

#[test]
fn all_can_go_to_one_heir_or_be_decided_at_a_terminal() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 33);
    env.run(["owner", "offboard", "ada", "--transfer-to", "ada"]).exits(2);
    env.run(["owner", "add", "carol"]).exits(0);
    let mut command = env.command("script");
    let program = TestEnvironment::program().display();
    command.args(["-qec", &format!("{program} owner offboard ada"), "/dev/null"]);
    let outcome = Outcome::fed(command, b"t carrol\nt carol\n\nk\n").exits(6);
    assert!(outcome.stdout().contains("did you mean `carol`?"), "{outcome}");
    assert!(outcome.stdout().contains("undecided"), "{outcome}");
    let shown = json(&env.run(["owner", "show", "ada", "--format", "json"]).exits(0));
    assert!(shown["left_at"].is_null(), "one is open");
    let outcome = env.run(["owner", "offboard", "ada", "--transfer-to", "bobb"]).exits(1);
    assert!(outcome.stderr().contains("did you mean `bob`?"), "{outcome}");
    assert!(outcome.stderr().contains("owner add"), "{outcome}");
    env.run(["owner", "offboard", "ada", "--transfer-to", "bob"]).exits(0);
    for more in [&[][..], &["--transfer-to", "bob"], &["--kill"], &["--dry-run"]] {
        let again = env.run([&["owner", "offboard", "ada"], more].concat()).exits(0);
        assert!(again.stderr().contains("ada left on"), "{again}");
    }
    let all = tokens(&env);
    let (killed, kept): (Vec<_>, Vec<_>) =
        all.iter().partition(|token| token["conditions"][0] == "compromised");
    assert!(kept.iter().all(|token| token["owner"] == "bob" || token["owner"] == "carol"));
    assert!(killed.len() == 1 && killed[0]["owner"].is_null(), "she answers for nothing any more");
    assert!(all.iter().all(|token| token["backup_owner"].is_null()), "bob is no backup of bob");
    assert_eq!(ids.len(), all.len());
}

#[test]
fn whoever_is_added_while_another_is_asked_is_not_overwritten() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 35);
    let program = TestEnvironment::program().display().to_string();
    let script = "{ sleep 2; \"$0\" owner add carol --email carol@example.org; echo 'assign 3'; } |
        script -qec \"$0 token assign --all-matching owner=ada --owner carol\" /dev/null";
    let mut command = env.command("bash");
    command.args(["-c", script, &program]);
    Outcome::of(command).exits(0);
    assert_eq!(token(&env, &ids[0])["owner"], "carol");
    let carol = json(&env.run(["owner", "show", "carol", "--format", "json"]).exits(0));
    assert_eq!(carol["email"], "carol@example.org", "{carol}");
}

#[test]
fn a_campaign_says_what_is_due_and_fails_if_something_is_overdue() {
    let env = TestEnvironment::new();
    let ids = ledger(&env, 34);
    let due = |every: &str| env.run(["owner", "campaign", "--every", every, "--format", "json"]);
    let rounds = json(&due("365d").exits(0));
    assert_eq!(rounds["due"].as_array().unwrap().len(), 0, "{rounds}");
    let rounds = json(&due("7d").exits(0));
    assert_eq!(rounds["due"].as_array().unwrap().len(), 4, "{rounds}");
    assert_eq!(rounds["overdue"], 0);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(json(&due("1s").exits(3))["overdue"], 4);
    env.run(["token", "confirm", &ids[0]]).exits(0);
    let rounds = json(&due("1s"));
    let attested = |due: &serde_json::Value| due["attested_at"].is_string();
    assert_eq!(rounds["due"].as_array().unwrap().iter().filter(|due| attested(due)).count(), 1);
    let words = env.run(["owner", "campaign", "--every", "7d"]).exits(0).stdout();
    assert!(words.contains("every 7 days: 0 overdue, 4 due soon"), "{words}");
}
