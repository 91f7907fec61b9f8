//! `bearhug inspect` against a local Hub: whose a token is, what it may do, and where it was found.

use bearhug_localhub::{
    Fault, FaultKind, OrgRole, Plan, RepoKind, Restriction, TokenPolicy, TokenSpec,
};
use serde_json::Value;

use crate::support::{Forge, LocalHub, Outcome, TestEnvironment, fingerprint};

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout()).unwrap_or_else(|error| panic!("{error}: {outcome}"))
}

/// A Hub with ada in two organisations, one of which takes fine-grained tokens only.
fn hub() -> LocalHub {
    let hub = LocalHub::start();
    let world = hub.world();
    world.add_org("acme", Some(Plan::Enterprise));
    world.add_org("strict", Some(Plan::Team));
    world.set_role("acme", "ada", OrgRole::Admin);
    world.set_role("strict", "ada", OrgRole::Write);
    world.state().orgs.get_mut("strict").unwrap().policy = TokenPolicy::FineGrainedOnly;
    hub
}

#[test]
fn a_write_token_is_told_with_its_blast_radius() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::write("old-ci"));
    let outcome = hub.run_as(&env, &token, &["inspect", "--format", "json"]).exits(0);
    let whole = json(&outcome);
    assert_eq!(whole["schema"], "bearhug.inspection/1");
    let told = &whole["tokens"][0];
    assert_eq!(told["status"], "live");
    assert_eq!(told["fingerprint"], fingerprint(&token));
    assert_eq!(told["places"][0], "the variable HF_TOKEN");
    assert_eq!(told["account"]["name"], "ada");
    assert_eq!(told["credential"]["role"], "write");
    assert_eq!(told["credential"]["name"], "old-ci");
    assert_eq!(told["orgs"][1]["restrictions"][0]["name"], "token-policy");
    for impact in ["download", "alter", "poison", "pivot"] {
        let on: Vec<_> = told["impact"][impact]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["on"].to_string())
            .collect();
        assert!(on.iter().any(|on| on.contains("ada/*")), "{impact}: {on:?}");
        assert!(!on.iter().any(|on| on.contains("strict")), "{impact}: {on:?}");
    }
    assert_eq!(told["risk"]["parts"].as_array().unwrap().len(), 4);
    let words = hub.run_as(&env, &token, &["inspect"]).exits(0).stdout();
    for part in [
        "ada (user)",
        "kept out: the organisation takes fine-grained",
        "alter repositories",
        "risk:",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
}

#[test]
fn a_fine_grained_token_is_told_permission_by_permission() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.fine_grained(&[
        ("dataset", "acme/train", &["repo.content.read", "repo.write"]),
        ("user", "ada", &["user.teleport.write"]),
    ]);
    let told =
        &json(&hub.run_as(&env, &token, &["inspect", "--format", "json"]).exits(0))["tokens"][0];
    let permissions = told["permissions"].as_array().unwrap();
    let named: Vec<_> = permissions
        .iter()
        .map(|p| (p["permission"].as_str().unwrap(), p["on"]["name"].as_str().unwrap()))
        .collect();
    assert_eq!(
        named,
        [
            ("repo.content.read", "acme/train"),
            ("repo.write", "acme/train"),
            ("user.teleport.write", "ada")
        ]
    );
    assert_eq!(told["unknown_permissions"][0], "user.teleport.write");
    assert_eq!(told["impact"]["alter"][0]["on"][0], "datasets/acme/train");
}

#[test]
fn a_need_gives_the_least_token_and_its_link() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::read("laptop"));
    let needs = [
        "--need",
        "read:acme/model",
        "--need",
        "write:datasets/acme/train",
        "--need",
        "inference:ada",
    ];
    let arguments = [&["inspect", "--format", "json"][..], &needs].concat();
    let need = &json(&hub.run_as(&env, &token, &arguments).exits(0))["tokens"][0]["need"];
    let link = format!(
        "{}/settings/tokens/new?tokenType=fineGrained&ownUserPermissions=inference.serverless.write",
        hub.endpoint()
    );
    assert_eq!(need["link"], link);
    let answers: Vec<_> =
        need["allowed"].as_array().unwrap().iter().map(|a| a["answer"].as_str().unwrap()).collect();
    assert_eq!(answers, ["yes", "no", "yes"], "{need}");
    assert_eq!(need["permissions"][1]["on"], "acme/model");
    // What is asked for, given to a token, suffices.
    let made = hub.fine_grained(&[
        ("model", "acme/model", &["repo.content.read"]),
        ("dataset", "acme/train", &["repo.content.read", "repo.write"]),
        ("user", "ada", &["inference.serverless.write"]),
    ]);
    let need = &json(&hub.run_as(&env, &made, &arguments).exits(0))["tokens"][0]["need"];
    assert!(need["allowed"].as_array().unwrap().iter().all(|a| a["answer"] == "yes"), "{need}");
}

#[test]
fn private_repositories_are_listed_if_asked_for() {
    let (env, hub) = (TestEnvironment::new(), hub());
    hub.repository(RepoKind::Model, "acme/secret", true);
    hub.repository(RepoKind::Dataset, "acme/train", true);
    hub.repository(RepoKind::Model, "acme/open", false);
    hub.repository(RepoKind::Space, "ada/demo", true);
    let listed = |token: &str| {
        let outcome =
            hub.run_as(&env, token, &["inspect", "--repositories", "--format", "json"]).exits(0);
        json(&outcome)["tokens"][0]["private_repositories"].clone()
    };
    let all = listed(&hub.token(TokenSpec::read("laptop")));
    assert_eq!(
        all["names"],
        serde_json::json!(["acme/secret", "datasets/acme/train", "spaces/ada/demo"])
    );
    assert_eq!(all["complete"], true);
    let one = listed(&hub.fine_grained(&[("model", "acme/secret", &["repo.content.read"])]));
    assert_eq!(one["names"], serde_json::json!(["acme/secret"]));
}

#[test]
fn dead_expired_and_unasked_tokens_are_told_apart() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let mut forge = Forge::new(5);
    let expired = hub.token(TokenSpec::read("gone").until("2020-01-01T00:00:00Z".parse().unwrap()));
    let live = hub.token(TokenSpec::read("laptop"));
    let refresh = format!("hf_oauth__refresh_{}", &forge.token()[3..]);
    let input = format!("{expired}\n{}\n\n{live}\n{refresh}\n{live}\nhf_short\n", forge.token());
    let outcome = hub.feed(&env, &input, &["inspect", "-", "--format", "jsonl"]).exits(4);
    let told = outcome.stdout();
    let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let statuses: Vec<_> = lines.iter().filter_map(|l| l["status"].as_str()).collect();
    assert_eq!(statuses, ["dead", "dead", "live", "unasked", "dead"]);
    assert!(lines[0]["reason"].as_str().unwrap().contains("expired"));
    assert!(lines[1]["reason"].as_str().unwrap().contains("does not know"));
    assert_eq!((&lines[5]["live"], &lines[5]["dead"]), (&1.into(), &3.into()));
}

#[test]
fn tokens_come_from_where_clients_keep_them() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let [one, two, three] = ["a", "b", "c"].map(|name| hub.token(TokenSpec::read(name)));
    let home = env.root().join("home/.cache/huggingface");
    let file = |name: &str, text: &str| env.write(home.join(name), text);
    let ini = format!("[ci]\nhf_token = {one}\n\n[other]\nhf_token = {two}\n");
    file("token", &one);
    file("stored_tokens", &ini);
    let names = |outcome: Outcome| -> Vec<String> {
        let tokens = json(&outcome.exits(0))["tokens"].clone();
        tokens
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t["credential"]["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let run =
        |arguments: &[&str]| hub.run(&env, &[&["inspect", "--format", "json"], arguments].concat());
    assert_eq!(names(run(&[])), ["a"]);
    assert_eq!(names(run(&["--cache"])), ["a", "b"]);
    let stored = format!("{{\"tokens\":{{\"x\":{{\"token\":\"{three}\"}}}},\"active\":\"x\"}}");
    file("stored_tokens", &stored);
    assert_eq!(names(run(&["--cache"])), ["a", "c"]);
    env.write("deploy/.env", format!("# for the job\nexport HF_TOKEN=\"{two}\"\n"));
    assert_eq!(names(run(&["--file", "deploy/.env"])), ["b"]);
    let as_client = |name: &str, value: &str, arguments: &[&str]| {
        let mut command =
            hub.bearhug(&env, &[&["inspect", "--format", "json"], arguments].concat());
        command.env(name, value);
        names(Outcome::of(command))
    };
    assert_eq!(as_client("HF_TOKEN", &format!(" {two}\n"), &[]), ["b"]);
    assert_eq!(as_client("HUGGING_FACE_HUB_TOKEN", &three, &[]), ["c"]);
    assert_eq!(as_client("DEPLOY", &three, &["--env", "DEPLOY"]), ["c"]);
    let elsewhere = env.write("elsewhere/token", &two);
    assert_eq!(as_client("HF_TOKEN_PATH", elsewhere.to_str().unwrap(), &[]), ["b"]);
    assert_eq!(as_client("HF_HOME", elsewhere.parent().unwrap().to_str().unwrap(), &[]), ["b"]);
    assert_eq!(as_client("HF_TOKEN", "", &[]), ["a"]);
    env.write(env.root().join("home/kept/token"), &three);
    assert_eq!(as_client("HF_HOME", "~/kept", &[]), ["c"]);
    assert_eq!(as_client("HF_HOME", "$HOME/kept", &[]), ["c"]);
    assert_eq!(as_client("HF_TOKEN_PATH", "${HOME}/kept/token", &[]), ["c"]);
    assert_eq!(as_client("HF_HUB_DISABLE_IMPLICIT_TOKEN", "0", &[]), ["a"]);
    for value in ["1", "true", "Yes", "ON"] {
        let mut command = hub.bearhug(&env, &["inspect"]);
        command.env("HF_HUB_DISABLE_IMPLICIT_TOKEN", value).env("HF_TOKEN", &two);
        let outcome = Outcome::of(command).exits(4);
        assert!(outcome.stderr().contains("HF_HUB_DISABLE_IMPLICIT_TOKEN is set"), "{outcome}");
    }
    assert_eq!(as_client("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1", &["--cache"]), ["a", "c"]);
}

#[test]
fn what_cannot_be_asked_is_not_dead() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::read("laptop"));
    for fault in [
        FaultKind::Status { status: 500, message: None },
        FaultKind::Truncated { bytes: 10 },
        FaultKind::Status { status: 418, message: None },
    ] {
        hub.world().inject(Fault {
            method: None,
            path: "/api/whoami-v2".to_owned(),
            times: 9,
            fault,
        });
        let outcome = hub.run_as(&env, &token, &["inspect", "--format", "json"]).exits(1);
        assert_eq!(json(&outcome)["tokens"][0]["status"], "unanswered", "{outcome}");
        let words = hub.run_as(&env, &token, &["inspect"]).exits(1).stdout();
        assert!(words.contains("this says nothing about the token"), "{words}");
        hub.heal();
    }
    let mut command = env.bearhug();
    command.args(["inspect"]).env("HF_TOKEN", &token).env("HF_ENDPOINT", "http://127.0.0.1:9");
    Outcome::of(command).exits(1);
}

#[test]
fn a_hub_that_does_not_answer_is_not_asked_for_ever() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let mut forge = Forge::new(77);
    let tokens: Vec<_> = (0..20).map(|_| forge.token()).collect();
    let tokens = tokens.join("\n");
    let fault = FaultKind::Status { status: 500, message: None };
    hub.world().inject(Fault { method: None, path: "/api/whoami-v2".to_owned(), times: 99, fault });
    let outcome = hub.feed(&env, &tokens, &["inspect", "-", "--format", "json"]).exits(1);
    let asked_again = outcome.stdout().matches("was not asked again").count();
    assert_eq!(asked_again, 17, "{outcome}");
}

#[test]
fn no_token_is_no_authentication() {
    let (env, hub) = (TestEnvironment::new(), hub());
    for arguments in [
        &["inspect"][..],
        &["inspect", "--cache"],
        &["inspect", "--env", "NOTHING"],
        &["inspect", "-"],
    ] {
        let outcome = hub.run(&env, arguments).exits(4);
        assert!(outcome.stderr().contains("hint: "), "{outcome}");
    }
    env.write("empty", "nothing here\n");
    hub.run(&env, &["inspect", "--file", "empty"]).exits(4);
    hub.run(&env, &["inspect", "--file", "absent"]).exits(1);
    let outcome = hub.run(&env, &["inspect", "something"]).exits(2);
    assert!(outcome.stderr().contains("a token is no argument"), "{outcome}");
}

#[test]
fn members_see_what_keeps_them_out() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.fine_grained(&[("org", "acme", &["repo.write"])]);
    let keep_out = |restriction| {
        let mut state = hub.world().state();
        let member = state.orgs.get_mut("acme").unwrap().members.get_mut("ada").unwrap();
        member.restrictions = [restriction].into();
    };
    for (restriction, words) in
        [(Restriction::Sso, "single sign-on"), (Restriction::Ip, "network address")]
    {
        keep_out(restriction);
        let told = hub.run_as(&env, &token, &["inspect"]).exits(0).stdout();
        assert!(told.contains(words) && told.contains("not alter repositories"), "{told}");
    }
}
