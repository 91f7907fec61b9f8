//! What an administrator sees.

use bearhug_localhub::{
    AuthorizationStatus, Entity, FineGrained, OrgRole, Plan, Scoped, TokenPolicy, TokenSpec,
};

use super::stage::{Census, Stage};

fn on_acme(permission: &str) -> FineGrained {
    let entity = Entity { id: "d".repeat(24), kind: "org".to_owned(), name: "acme".to_owned() };
    let scoped = Scoped { entity, permissions: [permission.to_owned()].into() };
    FineGrained { scoped: vec![scoped], ..FineGrained::default() }
}

#[test]
fn a_census_twice_writes_once() {
    let stage = Stage::new();
    stage.service("deploy", "managed by ml-platform");
    stage.hub.world().issue("bob", TokenSpec::write("laptop"));
    stage.hub.world().issue("bob", TokenSpec::fine_grained("job", on_acme("repo.write")));
    let told = stage.census(&["--adopt"]);
    assert_eq!(told.changes().len(), 4, "{told:?}");
    let stored = stage.ledger();
    for more in [&[][..], &["--adopt"]] {
        let again = stage.census(more);
        assert!(again.changes().is_empty(), "{again:?}");
        assert_eq!((again.0["unchanged"].as_u64(), &again.0["reassessed"]), (Some(4), &0.into()));
        assert_eq!(stage.ledger(), stored);
    }
    assert_eq!(stage.census(&["--reassess"]).0["reassessed"], 4);
}

#[test]
fn mass_intake_suggests_owners_with_evidence() {
    let stage = Stage::new();
    let (account, _) = stage.service("deploy", "Uploads models, managed by ml-platform.");
    let made = stage.ask(
        "POST",
        &format!("service-accounts/{account}/tokens"),
        r#"{"displayName":"nightly","permissions":["repo.write"]}"#,
    );
    let bob = stage.hub.world().issue("bob", TokenSpec::write("laptop"));
    let told = stage.census(&[]);
    let strangers = told.0["not_in_ledger"].as_array().unwrap();
    assert_eq!((told.changes().len(), strangers.len()), (0, 4), "ada's own is counted once");

    stage.census(&["--adopt"]);
    let stored = stage.ledger();
    let nightly = stored.listed_as(made["tokenInfo"]["_id"].as_str().unwrap());
    assert!(nightly["name"].as_str().unwrap().ends_with(": nightly"), "{nightly}");
    assert_eq!(nightly["state"], "discovered");
    assert_eq!(nightly["standing"]["told_by"], "service_account");
    let suggestions = nightly["ownership"]["suggestions"].to_string();
    assert!(suggestions.contains(r#""owner":"ml-platform""#), "{suggestions}");
    assert!(suggestions.contains("Uploads models"), "{suggestions}");
    assert!(suggestions.contains("the audit log of `acme` has `ada` make it"), "{suggestions}");
    let laptop = stored.listed_as(&bob.id);
    let suggestion = &laptop["ownership"]["suggestions"][0];
    assert_eq!(suggestion["owner"], "bob");
    assert!(suggestion["evidence"].as_str().unwrap().contains("bob@example.test"));
    assert_eq!(laptop["standing"]["role"], "write");
    assert_eq!(laptop["standing"]["organisation"], "acme");
}

#[test]
fn whatever_changes_between_two_is_noticed_and_nothing_else() {
    let stage = Stage::new();
    let world = stage.hub.world();
    let (account, rotated) = stage.service("deploy", "");
    let (_, deleted) = stage.service("old", "");
    let (other, changed) = stage.service("train", "");
    let killed = world.issue("bob", TokenSpec::write("killed"));
    let steady = world.issue("bob", TokenSpec::write("steady"));
    let cut_off = world.issue("bob", TokenSpec::write("cut off"));
    let gone = world.issue("carol", TokenSpec::read("carol's"));
    stage.census(&["--adopt"]);
    let before = stage.ledger();

    stage.ask("POST", &format!("service-accounts/{account}/tokens/{}/rotate", rotated.id), "{}");
    stage.ask(
        "PATCH",
        &format!("service-accounts/{other}/tokens/{}", changed.id),
        r#"{"permissions":["repo.write"]}"#,
    );
    let accounts = world.state().orgs["acme"].service_accounts.clone();
    let old = accounts.values().find(|account| account.name == "old").unwrap();
    stage.ask("DELETE", &format!("service-accounts/{}/tokens/{}", old.id, deleted.id), "{}");
    stage.kill(&killed);
    world.decide("acme", &cut_off.id, AuthorizationStatus::Revoked, "ada");
    world.state().orgs.get_mut("acme").unwrap().members.remove("carol");

    let told = stage.census(&[]);
    let after = stage.ledger();
    let of = |hub_id: &str| told.told(before.listed_as(hub_id));
    assert!(of(&rotated.id).contains("it was rotated on the Hub"), "{}", of(&rotated.id));
    assert_eq!(after.listed_as(&rotated.id)["versions"].as_array().unwrap().len(), 2);
    assert!(of(&changed.id).contains("gained"), "{}", of(&changed.id));
    assert!(of(&deleted.id).contains("nothing → acme"), "{}", of(&deleted.id));
    assert_eq!(after.listed_as(&deleted.id)["standing"]["missing_from"], "acme");
    assert!(of(&killed.id).contains("nothing → acme"), "{}", of(&killed.id));
    assert_eq!(after.listed_as(&killed.id)["standing"]["verdict"], "inactive");
    assert!(of(&cut_off.id).contains("token-revoked"), "{}", of(&cut_off.id));
    assert_eq!(after.listed_as(&cut_off.id)["state"], "discovered", "it works elsewhere");
    assert!(of(&gone.id).contains(r#""left":"acme""#), "{}", of(&gone.id));
    assert_eq!(after.listed_as(&gone.id)["state"], "discovered", "carol may use it elsewhere");
    assert_eq!(told.0["left"][0]["account"], "carol");
    assert_eq!(told.0["left"][0]["identities"], 1);
    assert_eq!(after.listed_as(&steady.id), before.listed_as(&steady.id));

    let again = stage.census(&[]);
    assert!(again.changes().is_empty(), "{again:?}");
    assert_eq!(stage.ledger(), after);
}

#[test]
fn a_value_that_is_found_later_joins_what_was_listed() {
    let stage = Stage::new();
    let bob = stage.hub.world().issue("bob", TokenSpec::write("laptop"));
    stage.census(&["--adopt"]);
    let listed = stage.ledger().listed_as(&bob.id).clone();

    stage.env.write("tree/.env", format!("HF_TOKEN={}\n", bob.value));
    stage.env.run(["scan", "tree", "--record"]).exits(3);
    let two = stage.ledger().identities.len();
    let told = stage.census(&[]);
    assert!(!told.told(&listed).contains("retired"), "nobody asked whose it is: {told:?}");

    let home = stage.env.root().join("home/.cache/huggingface");
    stage.env.write(home.join("token"), &bob.value);
    let told = stage.census(&[]);
    let after = stage.ledger();
    assert_eq!(after.identities.len(), two, "both are on record");
    let one = after.listed_as(&bob.id);
    assert_ne!(one["id"], listed["id"]);
    assert_eq!(one["versions"].as_array().unwrap().len(), 1);
    assert!(one["versions"][0]["fingerprint"].as_str().unwrap().starts_with("fp_"));
    assert!(told.told(one).contains(listed["id"].as_str().unwrap()), "{told:?}");
    let old = after.identities.iter().find(|one| one["id"] == listed["id"]).unwrap();
    assert_eq!(old["state"], "retired");
    assert_eq!(old["versions"].as_array().unwrap().len(), 0);
    assert!(stage.census(&[]).changes().is_empty());
    assert_eq!(stage.ledger(), after);
}

#[test]
fn one_credential_is_written_once_though_two_organisations_tell_of_it() {
    let stage = Stage::new();
    let world = stage.hub.world();
    world.add_org("beta", Some(Plan::Enterprise));
    world.set_role("beta", "ada", OrgRole::Admin);
    world.set_role("beta", "bob", OrgRole::Write);
    let bob = world.issue("bob", TokenSpec::write("laptop"));
    stage.census(&["--adopt"]);
    let listed = stage.ledger().listed_as(&bob.id).clone();
    // acme says of the listed one that its account left, and beta that it is the one at hand.
    world.state().orgs.get_mut("acme").unwrap().members.remove("bob");
    stage.env.write(stage.env.root().join("home/.cache/huggingface/token"), &bob.value);
    let told = stage.census(&["--org", "beta", "--adopt"]);
    let after = stage.ledger();
    let one = after.listed_as(&bob.id);
    assert!(told.told(one).contains(listed["id"].as_str().unwrap()), "{told:?}");
    let old = after.identities.iter().find(|one| one["id"] == listed["id"]).unwrap();
    assert_eq!((&old["state"], &old["versions"]), (&"retired".into(), &serde_json::json!([])));
    assert!(!told.told(one).contains("retired"), "it goes on: {told:?}");
    assert!(told.told(old).contains("retired"), "{told:?}");
    assert!(stage.census(&["--org", "beta"]).changes().is_empty());
    assert_eq!(stage.ledger(), after);
}

#[test]
fn policies_of_approval_show_names_and_decisions() {
    let stage = Stage::new();
    let fine = TokenSpec::fine_grained("pipeline", on_acme("repo.write"));
    let token = stage.hub.world().issue("bob", fine);
    stage.census(&["--adopt"]);
    stage.hub.world().state().orgs.get_mut("acme").unwrap().policy = TokenPolicy::Approval;
    stage.hub.world().decide("acme", &token.id, AuthorizationStatus::Pending, "ada");
    // A classic token is kept out by this policy: the administrator asks with another.
    let admin = TokenSpec::fine_grained("approved", on_acme("org.read"));
    let admin = stage.hub.world().issue("ada", admin);
    stage.hub.world().decide("acme", &admin.id, AuthorizationStatus::Approved, "ada");
    let arguments = ["census", "--org", "acme", "--format", "json"];
    let outcome = stage.hub.run_as(&stage.env, &admin.value, &arguments);
    assert!(outcome.code == Some(0) || outcome.code == Some(6), "{outcome}");
    let told = Census::of(&outcome);
    let identity = stage.ledger().listed_as(&token.id).clone();
    assert!(told.told(&identity).contains("token-policy"), "{told:?}");
}
