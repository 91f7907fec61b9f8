//! Grants as the Hub sends them, and what they allow.

use super::{
    Answer,
    samples::{fine, grant, org, scoped, token},
};
use crate::{
    grant::{
        AppScope, Credential, Entity, EntityKind, FineGrained, Grant, OrgRole, Pattern,
        ResourceGroup, Restriction, Role, Scoped, Session,
    },
    scope::Access,
};

fn access(text: &str) -> Access {
    text.parse().unwrap()
}

/// `+` yes, `-` no, `?` unknown: first whether all of it is allowed, then whether any is.
fn verdict(grant: &Grant, text: &str) -> String {
    let sign = |answer: Answer| match answer {
        Answer::Yes(_) => '+',
        Answer::No(_) => '-',
        Answer::Unknown(_) => '?',
    };
    let access = access(text);
    [sign(grant.allows_all(&access)), sign(grant.allows_any(&access))].into_iter().collect()
}

fn check(grant: &Grant, expected: &[(&str, &str)]) {
    for (text, verdicts) in expected {
        assert_eq!(verdict(grant, text), *verdicts, "{text} in {:?}", grant.rights());
    }
}

#[test]
fn a_read_token_reads_what_its_owner_can() {
    check(
        &token(Role::Read),
        &[
            ("read:alice/model", "++"),
            ("read:datasets/beta/secret", "++"),
            ("read:acme/*", "++"),
            ("read:stranger/model", "??"),
            ("write:alice/model", "--"),
            ("write", "--"),
            ("inference:alice", "++"),
            ("inference:acme", "?+"),
            ("jobs", "--"),
            ("admin:acme", "--"),
        ],
    );
}

#[test]
fn a_write_token_writes_where_its_owner_may() {
    let mut grant = token(Role::Write);
    grant.orgs.push(org("gamma", OrgRole::Contributor));
    grant.orgs.push(org("delta", OrgRole::NoAccess));
    grant.orgs.push(org("kappa", OrgRole::NoAccess));
    let role = OrgRole::Write;
    let group = ResourceGroup { id: String::new(), name: "group".to_owned(), role };
    grant.orgs[3].resource_groups = vec![group];
    grant.orgs.push(org("omega", OrgRole::Admin));
    check(
        &grant,
        &[
            ("write:alice/*", "++"),
            ("manage:acme/model", "++"),
            ("write:beta/model", "--"),
            ("read:beta/model", "++"),
            ("write:gamma/model", "??"),
            ("write:delta/model", "??"),
            ("write:kappa/model", "--"),
            ("write", "-+"),
            ("admin", "-+"),
            ("admin:omega", "++"),
            ("admin:acme", "--"),
            ("jobs:acme", "++"),
            ("webhooks:alice", "++"),
        ],
    );
}

#[test]
fn a_fine_grained_token_has_what_is_listed() {
    let grant = fine(vec![
        scoped(EntityKind::Model, Some("acme/model"), &["repo.content.read"]),
        scoped(EntityKind::Dataset, Some("acme/train"), &["repo.write"]),
        scoped(EntityKind::User, Some("alice"), &["inference.serverless.write"]),
    ]);
    check(
        &grant,
        &[
            ("read:acme/model", "++"),
            ("read:acme/*", "-+"),
            ("read:datasets/acme/model", "?-"),
            ("write:datasets/acme/train", "++"),
            ("write:acme/train", "--"),
            ("write", "-+"),
            ("write:alice/*", "--"),
            ("inference:alice", "++"),
            ("inference:acme", "--"),
        ],
    );
}

#[test]
fn what_is_listed_on_an_owner_holds_for_all_it_has() {
    let grant = fine(vec![
        scoped(EntityKind::Org, Some("acme"), &["repo.write", "org.serviceAccounts.write"]),
        Scoped {
            entity: Entity { kind: EntityKind::Org, id: "id-beta".to_owned(), name: None },
            ..scoped(EntityKind::Org, None, &["repo.content.read"])
        },
    ]);
    check(
        &grant,
        &[
            ("manage:spaces/acme/demo", "++"),
            ("read:beta/*", "++"),
            ("admin:acme", "?+"),
            // A service account's token may be made to do it.
            ("jobs:acme", "?+"),
            ("admin:beta", "--"),
            ("read:alice/model", "?-"),
        ],
    );
}

#[test]
fn a_token_does_not_exceed_its_owner() {
    let grant = fine(vec![
        scoped(EntityKind::Org, Some("beta"), &["repo.write", "repo.content.read"]),
        scoped(EntityKind::Org, Some("acme"), &["repo.write", "org.write"]),
    ]);
    check(
        &grant,
        &[
            ("write:beta/*", "?+"),
            ("read:beta/*", "++"),
            ("write:acme/*", "++"),
            ("admin:acme", "?+"),
        ],
    );
    let reason = grant.allows_all(&access("write:beta/*")).reason().to_owned();
    assert!(reason.contains("whose role there is `read`"), "{reason}");
}

#[test]
fn an_organisation_that_bars_the_token_leaves_it_nothing_there() {
    let mut grant = token(Role::Write);
    grant.orgs[0].restrictions = vec![Restriction::TokenRevoked];
    check(&grant, &[("read:acme/model", "--"), ("write:acme/*", "--"), ("write", "-+")]);
    let Answer::No(reason) = grant.allows_all(&access("read:acme/model")) else { panic!() };
    assert!(reason.contains("revoked this token"), "{reason}");
}

#[test]
fn what_is_withheld_at_the_moment_is_forbidden_all_the_same() {
    for name in ["sso", "ip", "mfa", "token-policy", "passkey"] {
        let mut grant = token(Role::Write);
        grant.orgs[0].restrictions = vec![Restriction::from(name)];
        check(&grant, &[("write:acme/*", "-+"), ("write:acme/model", "-+"), ("admin:acme", "--")]);
        let reason = grant.allows_any(&access("write:acme/*")).reason().to_owned();
        assert!(reason.contains("if not at the moment: `acme` keeps it out"), "{reason}");
        grant.orgs[0].restrictions.push(Restriction::TokenRevoked);
        check(&grant, &[("write:acme/*", "--"), ("write:alice/*", "++")]);
    }
}

#[test]
fn a_permission_that_is_not_documented_may_be_anything() {
    for name in ["repo.contribute", "telepathy.read", "x"] {
        let grant = fine(vec![scoped(EntityKind::Org, Some("acme"), &[name])]);
        for text in ["write:acme/model", "jobs:acme", "webhooks:acme", "admin:acme"] {
            check(&grant, &[(text, "??")]);
            let reason = grant.allows_any(&access(text)).reason().to_owned();
            assert!(reason.contains(&format!("`{name}`")), "{reason}");
        }
        check(&grant, &[("write", "-?"), ("jobs", "-?"), ("jobs:beta", "--")]);
    }
    let everywhere = token(Role::FineGrained(FineGrained {
        global: vec!["x".into()],
        ..FineGrained::default()
    }));
    check(&everywhere, &[("write", "??"), ("jobs:beta", "??")]);
}

#[test]
fn an_account_without_a_usable_name_has_its_things_somewhere() {
    let mut grant = token(Role::Write);
    grant.account.name = "hf_…Ab3x".to_owned();
    grant.orgs.clear();
    check(&grant, &[("write", "?+"), ("jobs:acme", "??"), ("admin", "--")]);
}

#[test]
fn what_the_hub_leaves_open_is_unknown() {
    let group =
        ResourceGroup { id: "id-group".to_owned(), name: "group".to_owned(), role: OrgRole::Write };
    let mut grant = fine(vec![
        scoped(EntityKind::ResourceGroup, Some("group"), &["repo.write"]),
        scoped(EntityKind::Model, None, &["repo.content.read"]),
    ]);
    grant.orgs[0].resource_groups = vec![group];
    check(
        &grant,
        &[
            ("write:acme/model", "??"),
            ("write:beta/model", "--"),
            ("read:beta/model", "??"),
            ("write", "-+"),
        ],
    );
    let mut endpoints = scoped(EntityKind::Org, Some("acme"), &["inference.endpoints.write"]);
    endpoints.patterns = vec![Pattern {
        resource: "inference-endpoint".to_owned(),
        wildcards: vec!["ci-*".to_owned()],
    }];
    check(&fine(vec![endpoints]), &[("endpoints:acme", "?+"), ("endpoints:beta", "--")]);
    check(
        &token(Role::Unknown("owner".to_owned())),
        &[("write:alice/model", "??"), ("jobs", "??")],
    );
}

#[test]
fn sessions_and_applications_have_what_is_told_of_them() {
    let session = |scopes: Option<&[&str]>, resource: Option<&str>| {
        grant(Credential::Session(Session {
            scopes: scopes.map(|names| names.iter().map(|&name| name.into()).collect()),
            resource: resource.map(str::to_owned),
        }))
    };
    check(&session(None, None), &[("read:alice/model", "??"), ("admin", "??")]);
    check(
        &session(Some(&["read-repos", "inference-api"]), None),
        &[
            ("read:alice/model", "++"),
            ("read:acme/model", "??"),
            ("write", "--"),
            ("inference:alice", "++"),
        ],
    );
    check(
        &session(None, Some("datasets/acme/train")),
        &[("write:datasets/acme/train", "++"), ("write:acme/model", "--"), ("inference", "--")],
    );
    check(&session(None, Some("alice")), &[("write", "--"), ("read:meta/llama", "??")]);
    for subject in ["repo:acme/llm", "acme/*", "a/b/c", ""] {
        check(&session(None, Some(subject)), &[("write:acme/llm", "??"), ("jobs", "??")]);
    }
    let app = |ids: &[&str]| {
        let entities = ids.iter().map(|&id| id.to_owned()).collect();
        grant(Credential::App(Some(AppScope { role: OrgRole::Write, entities })))
    };
    check(&app(&["id-acme"]), &[("write:acme/model", "++"), ("write:beta/x", "--")]);
    check(&app(&["id-else"]), &[("write:acme/model", "??")]);
}

#[test]
fn reasons_name_what_gives_a_right() {
    let grant = fine(vec![scoped(EntityKind::Model, Some("acme/model"), &["repo.content.read"])]);
    let reason = |text: &str| grant.allows_all(&access(text)).reason().to_owned();
    assert_eq!(reason("read:acme/model"), "`repo.content.read` allows read:acme/model");
    assert_eq!(
        reason("write:acme/model"),
        "nothing that it has allows write:acme/model, only read:acme/model"
    );
    assert_eq!(reason("jobs:alice"), "nothing that it has allows jobs:alice");
}
